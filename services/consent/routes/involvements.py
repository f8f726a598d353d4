"""Involvements over HTTP: who somebody is, and which agency works with it."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field

from services.consent.actions import involving
from services.consent.actions.consenting import About
from services.consent.domain.bases import Reason
from services.consent.domain.involving import EndedByOthers, Introduction, InvolvementOver, OwnWord
from services.consent.domain.people import Involvement, Part
from services.consent.domain.saying import SaidBefore, Saying
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    Agencies,
    Answer,
    AskingWorker,
    AtDesk,
    InvolvementEnder,
    Page,
    PageAbout,
    Practitioner,
    ReadingLead,
    Said,
    once_of,
)
from shared.auth import Caller
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IdempotencyKey, IfMatch
from shared.ids import new_id
from shared.instants import Instant
from shared.people import PersonKind

router = APIRouter(prefix="/api/v1/involvements", tags=["Who works with whom"])


class PersonSaid(Said):
    """What of a person decides; never who it is. What is left out stays as it is known."""

    person_id: UUID
    kind: PersonKind
    competent: bool = False
    """A child that is able to understand what it is asked: it speaks for itself."""
    adult_at_risk: bool = False
    """An adult at risk."""
    parents: Agencies = []
    """Ids of those with parental responsibility for it."""
    attorneys: Agencies = []
    """Ids of those who may decide for an adult that cannot."""

    def saying(self, authority: str, worker: UUID, now: datetime) -> Saying:
        sent: dict[str, Any] = {
            name: getattr(self, name) for name in self.model_fields_set - {"person_id"}
        }
        facts = {name: frozenset(x) if isinstance(x, list) else x for name, x in sent.items()}
        return Saying(id=self.person_id, authority=authority, facts=facts, by=worker, at=now)


class Introducing(Said):
    """Some people, and the agency that works with them."""

    people: Annotated[list[PersonSaid], Field(min_length=1, max_length=50)]
    agency_id: UUID | None = None
    """Your own where it is left out: that is a claim, and is told to who answers for sharing."""
    welfare: bool = False
    """What is known is relevant to the child's welfare, and would help that agency in its function
    (Children Act 2004, s.16LA)."""
    reason: Reason | None = None
    """Why consent is not relied on (Data Protection Act 2018, Schedule 1, paragraph 18)."""
    within_contract: bool = False
    """The agency works with them within the service it is contracted for."""
    until: Instant
    """It ends then at the latest; a claim within 92 days."""

    def introduction(self, caller: Caller, authority: str, now: datetime) -> Introduction:
        agency_id, worker_id = caller.acting()
        each = {one.person_id: one for one in self.people}
        people = [one.saying(authority, worker_id, now) for one in each.values()]
        return Introduction(
            people=people,
            agency=self.agency_id or agency_id,
            welfare=self.welfare,
            reason=self.reason,
            within_contract=self.within_contract,
            until=self.until,
            ids=[new_id() for _ in people],
            now=now,
        )


class InvolvementReceipt(Answer):
    """The ids of what was recorded, one for each person in their order."""

    involvements: list[UUID]


class InvolvementOut(Answer):
    """That an agency works with a person, or did."""

    id: UUID
    person_id: UUID
    agency_id: UUID
    referral_id: UUID | None = None
    """It follows from this referral, and lasts as long as the agency has a part in it."""
    part: Part | None = None
    recorded_by_agency: UUID | None = None
    claimed: bool
    """The agency says it of itself."""
    welfare: bool
    reason: Reason | None = None
    within_contract: bool
    since: AwareDatetime
    until: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    version: int

    @classmethod
    def of(cls, found: Involvement) -> Self:
        names = set(cls.model_fields)
        return cls(**{name: getattr(found, name) for name in names})


class Involvements(Answer):
    """Some of them, the newest first. `next` leads on; without it, that was all."""

    involvements: list[InvolvementOut]
    next: str | None = None


_INTRODUCING = problems(ActingWorkerMissing, NotFound, OwnWord, SaidBefore, EndedByOthers, *ONCE)


@router.post("", status_code=201, responses=_INTRODUCING)
async def introduce_people(
    caller: Practitioner,
    said: Introducing,
    key: IdempotencyKey,
    request: Request,
    desk: AtDesk,
    now: Now,
) -> InvolvementReceipt:
    """Say who somebody is and that an agency works with it: every release begins with this.

    Your own agency can claim it of anybody. Another agency is introduced by the front door, or by
    an agency that was introduced itself; and where others have ended your agency's work with
    somebody, your own claim does not begin it again.

    Who may speak for somebody is said by the first who says it. After that the front door corrects
    it, and who has referred the person, unless somebody who has spoken would be heard no more. A
    claim changes nothing that is known.
    """
    once = once_of(caller, key, "involvement.record", await request.body())
    introduction = said.introduction(caller, desk.authority(caller), now)
    receipt = await involving.introduce(desk, introduction, by=caller, once=once, now=now)
    return InvolvementReceipt.model_validate(receipt)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing, NotFound))
async def list_involvements(
    caller: AskingWorker, asked: Annotated[PageAbout, Query()], desk: AtDesk, now: Now
) -> Involvements:
    """Which agencies work with a person, or did."""
    about = About(asked.person_id, asked.cursor, asked.limit)
    found = await involving.listed(desk, about, by=caller, now=now)
    return _page(f"{router.prefix}?person_id={asked.person_id}&", asked, found)


def _page(path: str, asked: Page, found: list[Involvement]) -> Involvements:
    """What was asked for of one more than that; `path` leads on."""
    shown = [InvolvementOut.of(one) for one in found[: asked.limit]]
    more = f"{path}limit={asked.limit}&cursor={shown[-1].id}" if shown else ""
    return Involvements(involvements=shown, next=more if len(found) > asked.limit else None)


@router.get("/claims", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_claims(
    caller: ReadingLead, asked: Annotated[Page, Query()], desk: AtDesk, now: Now
) -> Involvements:
    """Which agencies say of themselves that they work with somebody, and have not ended it.

    For who answers for sharing, who was told of each and ends what is not so.
    """
    after, limit = asked.cursor, asked.limit
    found = await involving.claims(desk, by=caller, after=after, limit=limit, now=now)
    return _page(f"{router.prefix}/claims?", asked, found)


@router.get(
    "/{involvement_id}",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def look_at_an_involvement(
    caller: AskingWorker, involvement_id: UUID, response: Response, desk: AtDesk, now: Now
) -> InvolvementOut:
    """One involvement."""
    found = await involving.get(desk, involvement_id, by=caller, now=now)
    response.headers["ETag"] = f'"{found.version}"'
    return InvolvementOut.of(found)


@router.post(
    "/{involvement_id}/end",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound, InvolvementOver, Stale, PreconditionRequired),
)
async def end_an_involvement(
    caller: InvolvementEnder,
    involvement_id: UUID,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> InvolvementOut:
    """The agency works with the person no more, and sees nothing more of it.

    The agency itself says so, the one that has introduced it, the front door, or whoever answers
    for sharing and does not believe a claim.
    """
    moved = await involving.end(desk, involvement_id, by=caller, version=version, now=now)
    response.headers["ETag"] = f'"{moved.version}"'
    return InvolvementOut.of(moved)
