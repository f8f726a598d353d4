"""Rectifications over HTTP: what was wrong, and who is told that it is put right."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from services.consent.actions import rectifying
from services.consent.domain.rectifying import Rectification, RectificationIncomplete
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    Answer,
    AskingWorker,
    AtDesk,
    Categories,
    ForTheFamily,
    Page,
    Said,
    Words,
    once_of,
)
from shared.auth import Caller, Role
from shared.errors import ActingWorkerMissing, NotFound, problems
from shared.http import IdempotencyKey
from shared.ids import new_id
from shared.instants import Instant

router = APIRouter(prefix="/api/v1/rectifications", tags=["Rectifications"])


class Rectifying(Said):
    """Which data of whom was wrong since when. Put the data itself right where it is kept."""

    person_id: UUID
    categories: Categories
    since: Instant
    """Since when it was wrong, or was first recorded."""
    because: Words
    """What was wrong, in at least 20 characters; the recipients do not see it."""


class ToldRecipient(Answer):
    """An agency that had received what was wrong, and is told."""

    agency_id: UUID
    agency: str | None = None
    last: AwareDatetime
    """When it was last permitted to see it."""
    audit_index: int
    """The leaf of that time."""


class RectificationReceipt(Answer):
    """It is recorded, and these are told of it by an event."""

    id: UUID
    recipients: list[ToldRecipient]


class RectificationOut(Answer):
    """Data of a person was put right: fetch it again. Recipients do not see of each other."""

    id: UUID
    person_id: UUID
    categories: list[str]
    since: AwareDatetime
    recorded_by_agency: UUID
    recorded_at: AwareDatetime
    because: str | None = None
    recipients: list[UUID] | None = None

    @classmethod
    def of(cls, kept: Rectification, caller: Caller) -> Self:
        leads = Role.INFORMATION_GOVERNANCE_LEAD in caller.roles
        whole = leads or caller.agency_id == kept.by_agency
        return cls(
            id=kept.id,
            person_id=kept.person,
            categories=sorted(kept.categories),
            since=kept.since,
            recorded_by_agency=kept.by_agency,
            recorded_at=kept.recorded_at,
            because=kept.because if whole else None,
            recipients=sorted(kept.recipients) if whole else None,
        )


class Rectifications(Answer):
    """Rectifications that concern your agency, the newest first. `next` leads on."""

    rectifications: list[RectificationOut]
    next: str | None = None


def _rectification(
    said: Rectifying, caller: Caller, authority: str, base: str, now: datetime
) -> Rectification:
    agency, worker = caller.acting()
    new = new_id()
    return Rectification(
        id=new,
        authority=authority,
        person=said.person_id,
        categories=frozenset(said.categories),
        since=said.since,
        because=said.because,
        recorded_by=worker,
        by_agency=agency,
        recorded_at=now,
        url=f"{base}{router.prefix}/{new}",
    )


@router.post(
    "",
    status_code=201,
    responses=problems(ActingWorkerMissing, NotFound, RectificationIncomplete, *ONCE),
)
async def record_a_rectification(
    caller: ForTheFamily,
    said: Rectifying,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> RectificationReceipt:
    """Tell every agency that was permitted to see what was wrong, and learn which these are."""
    once = once_of(caller, key, "rectification.record", await request.body())
    new = _rectification(said, caller, desk.authority(caller), desk.base, now)
    receipt = await rectifying.record(desk, new, by=caller, once=once, now=now)
    response.headers["Location"] = f"{router.prefix}/{receipt['id']}"
    return RectificationReceipt.model_validate(receipt)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_rectifications(
    caller: AskingWorker, asked: Annotated[Page, Query()], desk: AtDesk, now: Now
) -> Rectifications:
    """What your agency has put right, and what was put right that it had received."""
    found = await rectifying.page(desk, by=caller, after=asked.cursor, limit=asked.limit, now=now)
    shown = [RectificationOut.of(one, caller) for one in found[: asked.limit]]
    more = f"{router.prefix}?limit={asked.limit}&cursor={shown[-1].id}" if shown else None
    return Rectifications(rectifications=shown, next=more if len(found) > asked.limit else None)


@router.get(
    "/{rectification_id}",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def look_at_a_rectification(
    caller: AskingWorker, rectification_id: UUID, desk: AtDesk, now: Now
) -> RectificationOut:
    """What was put right, for who recorded it and for who had received it."""
    kept = await rectifying.get(desk, rectification_id, by=caller, now=now)
    return RectificationOut.of(kept, caller)
