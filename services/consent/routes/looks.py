"""Who looked at a person's record, over HTTP: as JSON, and as a page that a family can print."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.consent.actions import looking
from services.consent.actions.looking import Asked, Looks, Rationale
from services.consent.domain.bases import Basis
from services.consent.domain.looks import Answered, Look, LookKind
from services.consent.domain.plain_words import BASES, LOOKS, PURPOSES
from services.consent.routes.callers import Now
from services.consent.routes.desk import Answer, AskingWorker, AtDesk
from services.consent.routes.pages import page
from shared.calendar import ENGLAND
from shared.categories import CATEGORIES
from shared.cursor import CursorUnknown
from shared.errors import ActingWorkerMissing, NotFound, problems
from shared.purposes import Purpose

router = APIRouter(prefix="/api/v1/looks", tags=["Who looked"])
_ON_A_PAGE = 1_000
"""What a family prints at once; the newest come first."""
_REFUSED = problems(ActingWorkerMissing, NotFound, CursorUnknown)


class AnsweredOut(Answer):
    """The same answer for these categories, and what it rests on."""

    categories: list[str]
    permitted: bool
    why: str | None = None
    """Of what was not shown, only for who asked and who answers for sharing."""
    bases: list[str]
    """UK GDPR, article 6(1)."""
    conditions: list[str]
    """Of article 9, grounds of article 10, and their paragraphs of Schedule 1."""
    obligations: list[str]
    clauses: list[str]

    @classmethod
    def of(cls, one: Answered) -> Self:
        return cls.model_validate(vars(one), from_attributes=True)


class LookOut(Answer):
    """One thing that happened to the person's record."""

    at: AwareDatetime
    kind: LookKind
    audit_index: int | None = None
    """The leaf of the audit log; absent where an access record tells it."""
    client_id: str
    agency_id: UUID | None = None
    agency: str | None = None
    """What the agency is called."""
    worker_id: UUID | None = None
    purpose: str | None = None
    operation: str | None = None
    answers: list[AnsweredOut]
    consent_ids: list[UUID]
    override_ids: list[UUID]
    """It was released by these overrides of a safeguarding lead."""
    family_told: bool = True
    """False: not all of it may be told to the family. The page for them leaves that out."""

    @classmethod
    def of(cls, one: Look, **more: Any) -> Self:
        return cls(
            at=one.at,
            kind=one.kind,
            audit_index=one.index,
            client_id=one.client_id,
            agency_id=one.agency,
            worker_id=one.worker,
            purpose=one.purpose,
            operation=one.operation,
            answers=[AnsweredOut.of(answer) for answer in one.answers],
            consent_ids=list(one.consents),
            override_ids=list(one.overrides),
            **more,
        )


class LooksOut(Answer):
    """Who looked at one person's record, the newest first. `next` leads on."""

    person_id: UUID
    looks: list[LookOut]
    next: str | None = None


class ClauseOut(Answer):
    """What was agreed, as it stood when the answer was given."""

    key: str
    purpose: str | None
    basis: str | None
    law: str | None
    condition: str | None
    paragraph: int | None
    ground: str | None
    dpia: str | None


class OverrideReason(Answer):
    """Why a safeguarding lead went past everything else, in codes."""

    id: UUID
    danger: str
    reason: str
    protects: str
    declared_by: UUID
    until: AwareDatetime


class PersonLook(LookOut):
    """What the look was about one person."""

    person_id: UUID


class RationaleOut(Answer):
    """Why something was shown, or was not: one look of each person that it was about."""

    audit_index: int
    policy_hash: str | None = None
    """Of the published policies that decided: with them it can be decided again."""
    looks: list[PersonLook]
    clauses: list[ClauseOut]
    overrides: list[OverrideReason]

    @classmethod
    def of(cls, index: int, found: Rationale) -> Self:
        overrides = [
            OverrideReason.model_validate(one, from_attributes=True) for one in found.overrides
        ]
        names = [name for name in ClauseOut.model_fields if name != "key"]
        clauses = [
            ClauseOut(key=key, **{name: getattr(clause, name) for name in names})
            for key, clause in found.clauses.items()
        ]
        return cls(
            audit_index=index,
            policy_hash=found.looks[0].policy_hash,
            looks=[
                PersonLook.of(one, person_id=one.person, family_told=one.person not in found.untold)
                for one in found.looks
            ],
            clauses=clauses,
            overrides=overrides,
        )


class AskingWhose(BaseModel):
    """Whose record."""

    model_config = ConfigDict(extra="forbid")

    person_id: Annotated[UUID, Query(description="Whose record")]
    cursor: Annotated[str | None, Query(max_length=400, description="As `next` gives it")] = None


class AskingForLooks(AskingWhose):
    """What the list shows."""

    limit: Annotated[int, Query(ge=1, le=100, description="How many on a page")] = 20


@router.get("", response_model_exclude_none=True, responses=_REFUSED)
async def list_looks(
    caller: AskingWorker, asked: Annotated[AskingForLooks, Query()], desk: AtDesk, now: Now
) -> LooksOut:
    """Who looked at a person's record, what for, on which basis, and whether it was permitted.

    For a worker of an agency that works with the person, who tells the family.
    """
    wanted = Asked(asked.person_id, asked.cursor, asked.limit)
    found = await looking.page(desk, wanted, by=caller, now=now)
    more = None
    if found.more:
        more = f"{router.prefix}?person_id={found.person}&limit={asked.limit}&cursor={found.more}"
    told = {*found.told}
    looks = [
        LookOut.of(
            one,
            agency=found.names.get(one.agency) if one.agency else None,
            family_told=one in told,
        )
        for one in found.looks
    ]
    return LooksOut(person_id=found.person, looks=looks, next=more)


@router.get("/page", response_class=HTMLResponse, responses=_REFUSED)
async def print_looks(
    caller: AskingWorker, asked: Annotated[AskingWhose, Query()], desk: AtDesk, now: Now
) -> HTMLResponse:
    """The same in words, as a page that a family can read and print."""
    wanted = Asked(asked.person_id, asked.cursor, _ON_A_PAGE, "looks.page")
    found = await looking.page(desk, wanted, by=caller, now=now)
    council = desk.authorities.of(caller.authority).name
    return page("looks.html", council=council, **_in_words(found, now))


def _in_words(found: Looks, now: datetime) -> dict[str, Any]:
    return {
        "person": found.person,
        "printed": _when(now),
        "looks": [_line(one, found) for one in found.told],
        "more": found.more is not None,
    }


def _line(one: Look, found: Looks) -> dict[str, Any]:
    named = found.names.get(one.agency) if one.agency else None
    shown = [answer for answer in one.answers if answer.permitted]
    bases = {basis for answer in shown for basis in answer.bases}
    return {
        "at": one.at.isoformat(),
        "when": _when(one.at),
        "agency": named or ("an agency" if one.agency else "the hub itself"),
        "worker": one.worker,
        "did": LOOKS[one.kind],
        "override": bool(one.overrides),
        "purpose": PURPOSES[Purpose(one.purpose)] if one.purpose in list(Purpose) else "",
        "shown": _categories(shown),
        "hidden": _categories(answer for answer in one.answers if not answer.permitted),
        "bases": [BASES[Basis(basis)] for basis in sorted(bases) if basis in list(Basis)],
    }


def _categories(answers: Any) -> list[str]:
    codes = {code for answer in answers for code in answer.categories}
    return [CATEGORIES.get(code, code) for code in sorted(codes)]


def _when(at: datetime) -> str:
    local = at.astimezone(ENGLAND)
    return f"{local.day} {local:%B %Y, %H:%M}"


@router.get(
    "/{index}/rationale",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def explain_a_look(
    caller: AskingWorker,
    index: Annotated[int, Path(ge=0, le=2**53 - 1, description="Its `audit_index`")],
    desk: AtDesk,
    now: Now,
) -> RationaleOut:
    """Why something was shown, or was not: the clauses, bases, consents and the override."""
    return RationaleOut.of(index, await looking.rationale(desk, index, by=caller, now=now))
