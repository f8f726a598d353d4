"""Taking a referral: once, whatever the network does, and not twice for the same child."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from services.referral.actions.desk import Desk, Done, records
from services.referral.domain import submitting as domain
from services.referral.domain.codes import SELF
from services.referral.domain.referral import Referral
from services.referral.domain.submission import Submission, refuse_days_to_come
from services.referral.domain.thresholds import refuse_unknown
from services.referral.store import agencies, people, referrals
from services.referral.tables.events import Access, Idempotency
from shared.access import access_row
from shared.auth import Caller
from shared.authority import Authority
from shared.calendar import ENGLAND
from shared.contracts.lifecycle import Action
from shared.db import broken_rule
from shared.errors import Conflict
from shared.idempotency import Once
from shared.ids import new_id, new_reference
from shared.rows import Row, add


class OpenReferralExists(Conflict):
    slug = "referral-open-for-this-child"
    title = "Your agency has an open referral for this child"

    @classmethod
    def named(cls, reference: str) -> Self:
        """The refusal that leads to the referral there is."""
        return cls(
            "Follow that one, or say in despite_open_referral why there must be another",
            pointer="/despite_open_referral",
            reference=reference,
        )


@dataclass(frozen=True)
class Taking:
    """A referral that is ready to be taken."""

    referral: Referral
    rows: list[Row | SQLModel]
    """All that is inserted together."""
    receipt: dict[str, Any]
    children: dict[str, Any]
    """By what its children are found in OPEN_FOR_CHILD; nothing where another one may stand."""


async def submit(
    desk: Desk, submission: Submission, *, by: Caller, once: Once, now: datetime
) -> dict[str, Any]:
    """Take a referral: all its rows together, or none. Sent again, it gets its first receipt.

    Raises OpenReferralExists, IdempotencyKeyReused, IdempotencyKeyInFlight, Unprocessable.
    """
    taking = await made_ready(desk, submission, by=by, once=once, now=now)
    in_the_way = people.OPEN_FOR_CHILD if taking.children else None
    try:
        taken = await desk.db.together(
            taking.rows, holding=once.lock, unless=in_the_way, given=taking.children
        )
    except IntegrityError as error:
        refuse_other_rules(error)
        taken = False  # somebody was faster; what there is now is found below
    if not taken:
        return await first_one(desk, by=by, once=once, children=taking.children, now=now)
    desk.wake()
    return taking.receipt


def refuse_other_rules(error: IntegrityError) -> None:
    """Only that somebody was faster is expected; anything else is a fault."""
    if broken_rule(error) not in ("idempotency_pkey", people.ONE_OPEN):
        raise error


async def made_ready(
    desk: Desk,
    submission: Submission,
    *,
    by: Caller,
    once: Once,
    now: datetime,
    on: AsyncConnection | None = None,
) -> Taking:
    """Everything that a referral brings, before anything is written. Raises Unprocessable.

    `on`: the transaction of whoever has one, so that it takes no second connection.
    """
    refuse_days_to_come(submission, now.astimezone(ENGLAND).date())
    council = desk.council(by)
    refuse_unknown(council, submission.need)
    agency_id, worker_id = by.acting()
    asks_itself = submission.referrer.source == SELF
    holding = await front_door_of(desk, council, on) if asks_itself else None
    sender = domain.Sender(agency_id, worker_id, holding)
    return taken_of(desk, submission, council, sender, by=by, once=once, now=now)


def taken_of(
    desk: Desk,
    submission: Submission,
    council: Authority,
    sender: domain.Sender,
    *,
    by: Caller,
    once: Once,
    now: datetime,
) -> Taking:
    """All rows of a referral by this sender."""
    indexes = people.indexes_of(submission, desk.cipher)
    family = [new_id() for _ in submission.people()]
    new, events = _new(desk, submission, family, council, sender, now)
    receipt = _receipt(new)
    calendar = council.calendar.version
    words = {"note": "; ".join(sender.sounds_urgent)} if sender.sounds_urgent else None
    rows = [
        *referrals.rows_of(new, submission, family, indexes, desk.cipher, calendar),
        *records(desk, new, events, Done(Action.SUBMIT, by, now, words=words)),
        Row.of(Idempotency, **vars(once), answer=receipt, created_at=now),
    ]
    children: dict[str, Any] = {"agency": sender.agency_id, "children": list(indexes)}
    if submission.despite_open_referral or sender.worker_id is None:
        children = {}
    return Taking(new, rows, receipt, children)


async def front_door_of(
    desk: Desk, council: Authority, on: AsyncConnection | None = None
) -> UUID | None:
    """Who holds a family that asks for itself."""
    async with desk.db.reading() if on is None else nullcontext(on) as connection:
        return await agencies.front_door_of(connection, council.id)


def _new(
    desk: Desk,
    submission: Submission,
    family: list[UUID],
    council: Authority,
    sender: domain.Sender,
    now: datetime,
) -> domain.Outcome:
    referral_id = new_id()
    return domain.submit(
        submission,
        referral_id=referral_id,
        people=family,
        reference=new_reference(),
        url=f"{desk.base}/api/v1/referrals/{referral_id}",
        sender=sender,
        now=now,
        council=council,
    )


async def first_one(
    desk: Desk, *, by: Caller, once: Once, children: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """Why nothing was inserted: the receipt of this very request, or what stands in its way.

    That the agency has this child's referral is told to a worker, so the look is recorded.
    """
    async with desk.db.transaction() as connection:
        if receipt := await once.answered(connection, Idempotency):
            return receipt
        other = await people.in_the_way(connection, children)
        if other is not None:
            await add(connection, access_row(Access, by, "referral.duplicate", [other.id], now))
    if other is None:
        raise once.in_flight()
    raise OpenReferralExists.named(other.reference)


def _receipt(submitted: Referral) -> dict[str, Any]:
    """What the answer is made of, and kept for a repeat: ids, codes and times."""
    return {
        "id": str(submitted.id),
        "reference": submitted.reference,
        "status": submitted.status,
        "urgency": submitted.urgency,
        "submitted_at": submitted.submitted_at.isoformat(),
        "decision_due": domain.decision_due(submitted).isoformat(),
    }
