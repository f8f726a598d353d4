"""Overrides over HTTP: declared by a safeguarding lead, reviewed by who answers for sharing."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from services.consent.actions import overriding
from services.consent.actions.overriding import Finding
from services.consent.domain.bases import Reason
from services.consent.domain.holding import AlreadyReviewed, KeptOverride
from services.consent.domain.overrides import Danger, Override, OverrideIncomplete, Protected
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    Answer,
    AtDesk,
    Categories,
    OverrideReader,
    OverrideReviewer,
    Page,
    People,
    SafeguardingLead,
    Said,
    Words,
    once_of,
)
from shared.auth import Caller
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IdempotencyKey, IfMatch
from shared.ids import new_id
from shared.instants import Instant

router = APIRouter(prefix="/api/v1/overrides", tags=["Overrides"])


class Declaring(Said):
    """Whose data is needed now, why, and for how long."""

    people: People
    categories: Categories
    danger: Danger
    words: Words
    """Why, in at least 20 characters."""
    reason: Reason
    """Why consent is not relied on."""
    protects: Protected
    until: Instant
    """Within the authority's limit, which is a day at most."""
    second_approver: UUID | None = None
    """Needed while the review of an earlier override about them is overdue: another safeguarding
    lead of your agency, or who answers for sharing."""
    family_told: bool = True
    untold_because: Words | None = None
    """Why it is unsafe to tell the family."""

    def override(self, caller: Caller, now: datetime) -> Override:
        agency_id, worker_id = caller.acting()
        return Override(
            id=new_id(),
            agency=agency_id,
            people=frozenset(self.people),
            categories=frozenset(self.categories),
            danger=self.danger,
            words=self.words,
            reason=self.reason,
            protects=self.protects,
            declared_by=worker_id,
            declared_at=now,
            until=self.until,
            second_approver=self.second_approver,
            family_told=self.family_told,
            untold_because=self.untold_because,
        )


class Reviewing(Said):
    """What the review found."""

    justified: bool
    words: Words


class Declared(Answer):
    """It works from now on, and is reviewed by `review_due`."""

    id: UUID
    version: int
    review_due: AwareDatetime


class OverrideOut(Answer):
    """An override, and what its review found."""

    id: UUID
    version: int
    agency_id: UUID
    people: list[UUID]
    categories: list[str]
    danger: Danger
    words: str
    reason: Reason
    protects: Protected
    declared_by: UUID
    declared_at: AwareDatetime
    until: AwareDatetime
    live: bool
    second_approver: UUID | None = None
    family_told: bool
    untold_because: str | None = None
    review_due: AwareDatetime
    review_overdue: bool
    reviewed_at: AwareDatetime | None = None
    reviewed_by: UUID | None = None
    justified: bool | None = None
    review_words: str | None = None

    @classmethod
    def of(cls, kept: KeptOverride, now: datetime) -> Self:
        said = kept.said
        same = {name: getattr(said, name) for name in cls.model_fields if hasattr(said, name)}
        return cls(
            **same
            | {
                "version": kept.version,
                "agency_id": said.agency,
                "people": sorted(said.people),
                "categories": sorted(said.categories),
                "live": said.is_live(now),
                "review_due": said.review_due(),
                "review_overdue": said.is_review_overdue(now),
                "reviewed_by": kept.reviewed_by,
                "justified": kept.justified,
                "review_words": kept.review_words,
            }
        )


class Overrides(Answer):
    """Overrides, what was declared first first. `next` leads on; without it, that was all."""

    overrides: list[OverrideOut]
    next: str | None = None


class Queue(Page):
    """What the list shows."""

    unreviewed: Annotated[bool, Query(description="Only what nobody has reviewed yet")] = True


@router.post(
    "", status_code=201, responses=problems(ActingWorkerMissing, OverrideIncomplete, *ONCE)
)
async def declare_an_override(
    caller: SafeguardingLead,
    said: Declaring,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> Declared:
    """Release to your agency, for the purpose of safeguarding, what nothing else permits.

    Nothing that is sealed is released. Who answers for sharing is told at once.
    """
    once = once_of(caller, key, "override.declare", await request.body())
    override = said.override(caller, now)
    receipt = await overriding.declare(desk, override, by=caller, once=once, now=now)
    response.headers["Location"] = f"{router.prefix}/{receipt['id']}"
    response.headers["ETag"] = f'"{receipt["version"]}"'
    return Declared.model_validate(receipt)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_overrides(
    caller: OverrideReader, asked: Annotated[Queue, Query()], desk: AtDesk, now: Now
) -> Overrides:
    """The queue of reviews: your agency's, or the authority's for who answers for sharing."""
    found = await overriding.page(
        desk,
        by=caller,
        unreviewed=asked.unreviewed,
        after=asked.cursor,
        limit=asked.limit,
        now=now,
    )
    shown = [OverrideOut.of(one, now) for one in found[: asked.limit]]
    more = None
    if len(found) > asked.limit:
        unreviewed = str(asked.unreviewed).lower()
        more = f"{router.prefix}?unreviewed={unreviewed}&limit={asked.limit}"
        more += f"&cursor={shown[-1].id}"
    return Overrides(overrides=shown, next=more)


@router.get(
    "/{override_id}",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def look_at_an_override(
    caller: OverrideReader, override_id: UUID, response: Response, desk: AtDesk, now: Now
) -> OverrideOut:
    """One override, with its words."""
    kept = await overriding.get(desk, override_id, by=caller, now=now)
    response.headers["ETag"] = f'"{kept.version}"'
    return OverrideOut.of(kept, now)


@router.post(
    "/{override_id}/review",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound, AlreadyReviewed, Stale, PreconditionRequired),
)
async def review_an_override(
    caller: OverrideReviewer,
    override_id: UUID,
    said: Reviewing,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> OverrideOut:
    """Say whether it was right, once."""
    found = Finding(said.justified, said.words)
    kept = await overriding.review(desk, override_id, found, by=caller, version=version, now=now)
    response.headers["ETag"] = f'"{kept.version}"'
    return OverrideOut.of(kept, now)
