"""Until when what is held about somebody is kept, over HTTP, and the erasing when that is over."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field

from services.consent.actions import erasing
from services.consent.actions.erasing import Kept
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    Answer,
    AskingWorker,
    AtDesk,
    ForTheFamily,
    Page,
    ReadingLead,
    Said,
    SharingLead,
    once_of,
)
from shared.auth import Caller, Role
from shared.authority.hours import SharingRecords
from shared.errors import ActingWorkerMissing, NotFound, problems
from shared.http import IdempotencyKey

router = APIRouter(prefix="/api/v1/retentions", tags=["Retention"])
_ONE = problems(ActingWorkerMissing, NotFound)
Month = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2016-04"])]


class BornIn(Said):
    """The month in which somebody was born; the day is not asked for, and not kept."""

    month: Month


class Retention(Answer):
    """Until when what was said and decided about sharing somebody's data is kept."""

    person_id: UUID
    month: Month | None = None
    """Of birth, where somebody has told it."""
    until: date
    """From that day on it is erased, unless an agency works with the person."""
    due: bool
    has_open: bool
    """An access request or a complaint is not answered yet: until then nothing is erased."""
    held_back: bool | None = None
    """A refusal to share is live: until then nothing is erased. Told to who answers for sharing."""
    rule: SharingRecords
    """The authority's own, with its source."""

    @classmethod
    def of(cls, kept: Kept, by: Caller) -> Self:
        born, leads = kept.standing.born_in, Role.INFORMATION_GOVERNANCE_LEAD in by.roles
        return cls(
            person_id=kept.standing.person,
            month=f"{born:%Y-%m}" if born else None,
            until=kept.until,
            due=kept.is_due,
            has_open=kept.standing.has_open,
            held_back=kept.standing.held_back if leads else None,
            rule=kept.rule,
        )


class Retentions(Answer):
    """Who would be erased now. `next` leads on; without it, that was all."""

    retentions: list[Retention]
    next: str | None = None


class ErasureReceipt(Answer):
    """What was held about them is gone; the leaves of the audit log stay, without any words."""

    people: list[UUID]


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_who_is_due(
    caller: ReadingLead, asked: Annotated[Page, Query()], desk: AtDesk, now: Now
) -> Retentions:
    """Whose time is over: look before you erase."""
    found = await erasing.due(desk, by=caller, after=asked.cursor, limit=asked.limit, now=now)
    shown = [Retention.of(one, caller) for one in found[: asked.limit]]
    more = f"{router.prefix}?limit={asked.limit}&cursor={shown[-1].person_id}" if shown else None
    return Retentions(retentions=shown, next=more if len(found) > asked.limit else None)


@router.post("/erasures", status_code=201, responses=problems(ActingWorkerMissing, *ONCE))
async def erase_who_is_due(
    caller: SharingLead, key: IdempotencyKey, request: Request, desk: AtDesk, now: Now
) -> ErasureReceipt:
    """Erase whose time is over now, a hundred people at most; the hub does the same by itself."""
    once = once_of(caller, key, "retention.erase", await request.body())
    return ErasureReceipt.model_validate(await erasing.erase(desk, by=caller, once=once, now=now))


@router.get("/{person_id}", response_model_exclude_none=True, responses=_ONE)
async def look_at_a_retention(
    caller: AskingWorker, person_id: UUID, desk: AtDesk, now: Now
) -> Retention:
    """Until when what is held about a person is kept, and by which rule."""
    return Retention.of(await erasing.get(desk, person_id, by=caller, now=now), caller)


@router.put("/{person_id}", response_model_exclude_none=True, responses=_ONE)
async def say_when_somebody_was_born(
    caller: ForTheFamily, person_id: UUID, said: BornIn, desk: AtDesk, now: Now
) -> Retention:
    """Record the month of birth of a person: a child's records are kept until a birthday.

    Whoever works with the person says it first, or later than it was known; a claim to work with it
    is not enough. Earlier than it was known only who answers for sharing says it.
    """
    born_in = date.fromisoformat(f"{said.month}-01")
    kept = await erasing.say_born(desk, person_id, born_in, by=caller, now=now)
    return Retention.of(kept, caller)
