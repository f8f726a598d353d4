"""Agreements over HTTP: drafted, reviewed, published, suspended by who answers for them."""

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.consent.actions import agreeing
from services.consent.actions.agreeing import AgreementExists, Changing, Compared, Seen
from services.consent.domain.agreeing import (
    AgreementNotSuspended,
    AgreementSuspended,
    NotThisVersion,
    Standing,
)
from services.consent.domain.agreements import Agreement, Published, Review, review_state
from services.consent.domain.decision_table import Difference
from services.consent.domain.publishing import NotPublishable
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    AgreementLead,
    AgreementReader,
    Answer,
    AtDesk,
    Said,
    once_of,
)
from shared.calendar import ENGLAND
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IdempotencyKey, IfMatch

router = APIRouter(prefix="/api/v1/agreements", tags=["Agreements"])

Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$", examples=["early-help"])]
"""The id that the agreement was given when it was drafted."""
_ONE = problems(ActingWorkerMissing, NotFound)
_CHANGE = problems(ActingWorkerMissing, NotFound, Stale, PreconditionRequired)


class VersionOut(Answer):
    """A published version: what it says never changes."""

    key: str
    """By which decisions and audit records name it."""
    number: int
    published_at: AwareDatetime
    hash: str
    """SHA-256 of what it says, and of its number."""
    agreement: Agreement

    @classmethod
    def of(cls, version: Published) -> Self:
        return cls(
            key=version.key,
            number=version.version,
            published_at=version.published_at,
            hash=version.hash,
            agreement=version.agreement,
        )


class AgreementOut(Answer):
    """An agreement as it stands. Only who answers for it sees its draft."""

    id: str
    title: str
    version: int
    """The ETag; the published versions are counted apart."""
    published: VersionOut | None = None
    review: Review | None = None
    suspended_at: AwareDatetime | None = None
    draft: Agreement | None = None
    signed_by: list[UUID] | None = None
    """The agencies that have signed the version in use, and take part."""

    @classmethod
    def of(cls, standing: Standing, now: AwareDatetime, **more: Any) -> Self:
        published = standing.published
        said = published.agreement if published else standing.draft
        today = now.astimezone(ENGLAND).date()
        return cls(
            id=said.id,
            title=said.title,
            version=standing.version,
            published=VersionOut.of(published) if published else None,
            review=review_state(said, today) if published else None,
            suspended_at=standing.suspended_at,
            **more,
        )

    @classmethod
    def seen(cls, seen: Seen, now: AwareDatetime) -> Self:
        draft = seen.standing.draft if seen.has_draft else None
        return cls.of(seen.standing, now, draft=draft, signed_by=list(seen.signers))


class Drafted(Answer):
    """The draft is kept."""

    id: str
    version: int


class Agreements(Answer):
    """Some agreements by id. `next` leads on; without it, that was all."""

    agreements: list[AgreementOut]
    next: str | None = None


class ChangeOut(Answer):
    """What the draft changes for one recipient, purpose and kind of person."""

    recipient: str
    """A kind of agency, or an agency's id."""
    purpose: str
    person: str
    difference: Difference
    categories: list[str]


class FaultOut(Answer):
    """What stands in the way of publishing; `clause` is absent where it is the agreement's own."""

    clause: str | None = None
    rule: str
    detail: str


class Comparison(Answer):
    """The draft beside the version in use: read it before you publish."""

    changes: list[ChangeOut]
    faults: list[FaultOut]

    @classmethod
    def of(cls, compared: Compared) -> Self:
        return cls.model_validate(
            {
                "changes": [
                    {name: getattr(one, name) for name in ChangeOut.model_fields}
                    for one in compared.changes
                ],
                "faults": [vars(one) for one in compared.faults],
            }
        )


class Whom(Said):
    """Which agency; without one the whole agreement."""

    agency_id: UUID | None = None


class ByName(BaseModel):
    """What the list shows."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str | None, Query(max_length=80, description="As `next` gives it")] = None
    limit: Annotated[int, Query(ge=1, le=100, description="How many on a page")] = 20


@router.post("", status_code=201, responses=problems(ActingWorkerMissing, AgreementExists, *ONCE))
async def draft_an_agreement(
    caller: AgreementLead,
    said: Agreement,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> Drafted:
    """Begin an agreement; a draft may be incomplete."""
    once = once_of(caller, key, "agreement.draft", await request.body())
    receipt = await agreeing.draft(desk, said, by=caller, once=once, now=now)
    response.headers["Location"] = f"{router.prefix}/{receipt['id']}"
    response.headers["ETag"] = f'"{receipt["version"]}"'
    return Drafted.model_validate(receipt)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_agreements(
    caller: AgreementReader, asked: Annotated[ByName, Query()], desk: AtDesk, now: Now
) -> Agreements:
    """The agreements that your agency is a party to."""
    found = await agreeing.listed(desk, by=caller, after=asked.cursor)
    shown = [AgreementOut.of(one, now) for one in found[: asked.limit]]
    more = f"{router.prefix}?limit={asked.limit}&cursor={shown[-1].id}" if shown else None
    return Agreements(agreements=shown, next=more if len(found) > asked.limit else None)


@router.get("/{name}", response_model_exclude_none=True, responses=_ONE)
async def look_at_an_agreement(
    caller: AgreementReader, name: Name, response: Response, desk: AtDesk, now: Now
) -> AgreementOut:
    """The agreement as it stands, with the version in use."""
    seen = await agreeing.get(desk, name, by=caller, now=now)
    response.headers["ETag"] = f'"{seen.standing.version}"'
    return AgreementOut.seen(seen, now)


@router.put("/{name}", response_model_exclude_none=True, responses=_CHANGE)
async def rewrite_a_draft_agreement(
    caller: AgreementLead,
    name: Name,
    said: Agreement,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> Drafted:
    """The whole draft anew; the version in use stays as it is."""
    moved = await agreeing.rewrite(Changing(desk, name, caller, version, now), said)
    response.headers["ETag"] = f'"{moved.version}"'
    return Drafted(id=name, version=moved.version)


@router.get("/{name}/review", response_model_exclude_none=True, responses=_ONE)
async def review_a_draft_agreement(caller: AgreementLead, name: Name, desk: AtDesk) -> Comparison:
    """What publishing the draft would change for whom, and what stands in its way."""
    return Comparison.of(await agreeing.review(desk, name, by=caller))


@router.post(
    "/{name}/publication",
    response_model_exclude_none=True,
    responses=_CHANGE | problems(NotPublishable),
)
async def publish_an_agreement(
    caller: AgreementLead,
    name: Name,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> AgreementOut:
    """The draft becomes the version in use. It works for whoever signs it, and only then."""
    moved = await agreeing.publish(Changing(desk, name, caller, version, now))
    response.headers["ETag"] = f'"{moved.version}"'
    return AgreementOut.of(moved, now)


@router.post(
    "/{name}/suspension",
    response_model_exclude_none=True,
    responses=_CHANGE | problems(AgreementSuspended, NotThisVersion),
)
async def suspend_an_agreement(
    caller: AgreementLead,
    name: Name,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
    whom: Annotated[Whom | None, Body()] = None,
) -> AgreementOut:
    """Nothing is shared under it any more, from the commit on; with `agency_id` only with that."""
    changing = Changing(desk, name, caller, version, now)
    moved = await agreeing.suspend(changing, whom.agency_id if whom else None)
    response.headers["ETag"] = f'"{moved.version}"'
    return AgreementOut.of(moved, now)


@router.post(
    "/{name}/reinstatement",
    response_model_exclude_none=True,
    responses=_CHANGE | problems(AgreementNotSuspended),
)
async def reinstate_an_agreement(
    caller: AgreementLead,
    name: Name,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
    whom: Annotated[Whom | None, Body()] = None,
) -> AgreementOut:
    """Take up what was suspended; who has signed it need not sign again."""
    changing = Changing(desk, name, caller, version, now)
    moved = await agreeing.reinstate(changing, whom.agency_id if whom else None)
    response.headers["ETag"] = f'"{moved.version}"'
    return AgreementOut.of(moved, now)
