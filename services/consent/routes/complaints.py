"""Complaints over HTTP: about how a person's data was used."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from services.consent.actions import complaining
from services.consent.actions.complaining import Changing
from services.consent.domain.complaining import (
    AlreadyAcknowledged,
    Complaint,
    ComplaintAnswered,
    ComplaintIncomplete,
)
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    Answer,
    AskingWorker,
    AtDesk,
    ForTheFamily,
    Page,
    Received,
    Said,
    SharingLead,
    Words,
    once_of,
)
from shared.auth import Caller
from shared.calendar import ENGLAND
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IdempotencyKey, IfMatch
from shared.ids import new_id

router = APIRouter(prefix="/api/v1/complaints", tags=["Complaints"])
_CHANGE = (ActingWorkerMissing, NotFound, Stale, PreconditionRequired)


class Complaining(Said):
    """Who complains of what about whose data."""

    person_id: UUID
    """Whose data."""
    lodged_by: UUID
    """The id of the person who complains."""
    words: Words
    """What is complained of, in its own words."""
    received_on: Received | None = None
    """Today where it is left out. It is acknowledged within 30 days of that day."""

    def complaint(self, caller: Caller, authority: str, base: str, now: datetime) -> Complaint:
        agency, worker = caller.acting()
        new = new_id()
        return Complaint(
            id=new,
            authority=authority,
            person=self.person_id,
            lodged_by=self.lodged_by,
            received_on=self.received_on or now.astimezone(ENGLAND).date(),
            words=self.words,
            recorded_by=worker,
            by_agency=agency,
            recorded_at=now,
            url=f"{base}{router.prefix}/{new}",
        )


class AnsweringComplaint(Said):
    """What came of it."""

    answer: Words


class ComplaintReceipt(Answer):
    """It is taken down, and is acknowledged by `due`."""

    id: UUID
    version: int
    due: date


class ComplaintOut(Answer):
    """A complaint, for who took it down and who answers for sharing."""

    id: UUID
    version: int
    person_id: UUID
    lodged_by: UUID
    words: str
    received_on: date
    due: date
    overdue: bool
    recorded_by: UUID
    recorded_by_agency: UUID
    recorded_at: AwareDatetime
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by: UUID | None = None
    answer: str | None = None
    answered_at: AwareDatetime | None = None
    answered_by: UUID | None = None

    @classmethod
    def of(cls, kept: Complaint, now: datetime) -> Self:
        same = {name: getattr(kept, name) for name in cls.model_fields if hasattr(kept, name)}
        overdue = kept.is_overdue(now.astimezone(ENGLAND).date())
        return cls(
            **same,
            person_id=kept.person,
            recorded_by_agency=kept.by_agency,
            overdue=overdue,
        )


class Complaints(Answer):
    """Complaints, what was recorded first first. `next` leads on; without it, that was all."""

    complaints: list[ComplaintOut]
    next: str | None = None


class Open(Page):
    """What the list shows."""

    unanswered: Annotated[bool, Query(description="Only what nobody has answered yet")] = True


@router.post(
    "",
    status_code=201,
    responses=problems(ActingWorkerMissing, NotFound, ComplaintIncomplete, *ONCE),
)
async def lodge_a_complaint(
    caller: ForTheFamily,
    said: Complaining,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> ComplaintReceipt:
    """Take down that somebody complains about how data was used; who answers for it is told."""
    once = once_of(caller, key, "complaint.lodge", await request.body())
    new = said.complaint(caller, desk.authority(caller), desk.base, now)
    receipt = await complaining.lodge(desk, new, by=caller, once=once, now=now)
    response.headers["Location"] = f"{router.prefix}/{receipt['id']}"
    response.headers["ETag"] = f'"{receipt["version"]}"'
    return ComplaintReceipt.model_validate(receipt)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_complaints(
    caller: AskingWorker, asked: Annotated[Open, Query()], desk: AtDesk, now: Now
) -> Complaints:
    """What your agency took down; all of the authority's for who answers for sharing."""
    found = await complaining.page(
        desk,
        by=caller,
        unanswered=asked.unanswered,
        after=asked.cursor,
        limit=asked.limit,
        now=now,
    )
    shown = [ComplaintOut.of(one, now) for one in found[: asked.limit]]
    more = None
    if len(found) > asked.limit:
        unanswered = str(asked.unanswered).lower()
        more = f"{router.prefix}?unanswered={unanswered}&limit={asked.limit}"
        more += f"&cursor={shown[-1].id}"
    return Complaints(complaints=shown, next=more)


@router.get(
    "/{complaint_id}",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def look_at_a_complaint(
    caller: AskingWorker, complaint_id: UUID, response: Response, desk: AtDesk, now: Now
) -> ComplaintOut:
    """How far one complaint has come."""
    return _shown(await complaining.get(desk, complaint_id, by=caller, now=now), response, now)


def _shown(kept: Complaint, response: Response, now: datetime) -> ComplaintOut:
    response.headers["ETag"] = f'"{kept.version}"'
    return ComplaintOut.of(kept, now)


@router.post(
    "/{complaint_id}/acknowledgement",
    response_model_exclude_none=True,
    responses=problems(*_CHANGE, AlreadyAcknowledged),
)
async def acknowledge_a_complaint(
    caller: SharingLead,
    complaint_id: UUID,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> ComplaintOut:
    """Record that whoever complained was told that it is looked into."""
    changing = Changing(desk, complaint_id, caller, version, now)
    return _shown(await complaining.acknowledge(changing), response, now)


@router.post(
    "/{complaint_id}/answer",
    response_model_exclude_none=True,
    responses=problems(*_CHANGE, ComplaintAnswered),
)
async def answer_a_complaint(
    caller: SharingLead,
    complaint_id: UUID,
    said: AnsweringComplaint,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> ComplaintOut:
    """Record what came of it."""
    changing = Changing(desk, complaint_id, caller, version, now)
    return _shown(await complaining.answer(changing, said.answer), response, now)
