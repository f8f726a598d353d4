"""Taking a referral: once, whatever the network does, and not twice for the same child."""

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from services.referral.actions import requesting
from services.referral.actions.desk import Desk, Done, records
from services.referral.clients.directory import Service
from services.referral.domain import submitting as domain
from services.referral.domain.codes import SELF
from services.referral.domain.referral import Referral
from services.referral.domain.requesting import Requested
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
    in_one: bool
    """One statement can hold the rows: it takes one each of those that name several ids."""


async def submit(
    desk: Desk, submission: Submission, *, by: Caller, once: Once, token: str, now: datetime
) -> dict[str, Any]:
    """Take a referral: all its rows together, or none. Sent again, it gets its first receipt, also
    where the service that it names is no longer there. `token` asks the directory about that.

    Raises OpenReferralExists, IdempotencyKeyReused, IdempotencyKeyInFlight, Unprocessable.
    """
    told = None
    if submission.requested_service_id:
        async with desk.db.reading() as connection:
            if first := await once.answered(connection, Idempotency):
                return first
        told = await requesting.told_of(desk, submission.requested_service_id, token)
    taking = await made_ready(desk, submission, by=by, once=once, now=now, told=told)
    try:
        taken = await _taken(desk, taking, once)
    except IntegrityError as error:
        refuse_other_rules(error)
        taken = False  # somebody was faster; what there is now is found below
    if not taken:
        return await first_one(desk, by=by, once=once, children=taking.children, now=now)
    desk.wake()
    return taking.receipt


async def _taken(desk: Desk, taking: Taking, once: Once) -> bool:
    """Whether it was inserted; not, where something stands in its way. Raises IntegrityError."""
    if taking.in_one:
        in_the_way = people.OPEN_FOR_CHILD if taking.children else None
        return await desk.db.together(
            taking.rows, holding=once.lock, unless=in_the_way, given=taking.children
        )
    async with desk.db.transaction() as connection:
        await once.hold(connection)
        if await once.answered(connection, Idempotency):
            return False
        if await people.in_the_way(connection, taking.children):
            return False
        await add(connection, *taking.rows)
    return True


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
    told: Service | None = None,
    on: AsyncConnection | None = None,
) -> Taking:
    """Everything that a referral brings, before anything is written. Raises Unprocessable.

    `told`: what the directory tells of the service that it names. `on`: the transaction of whoever
    has one, so that it takes no second connection.
    """
    refuse_days_to_come(submission, now.astimezone(ENGLAND).date())
    council = desk.council(by)
    refuse_unknown(council, submission.need)
    agency_id, worker_id = by.acting()
    asks_itself = submission.referrer.source == SELF
    holding = await front_door_of(desk, council, on) if asks_itself else None
    sender = domain.Sender(agency_id, worker_id, holding)
    requested = None
    if named := submission.requested_service_id:
        async with _reading(desk, on) as connection:
            requested = await requesting.known(connection, named, told, council.id)
    return taken_of(
        desk, submission, council, sender, by=by, once=once, now=now, requested=requested
    )


def taken_of(
    desk: Desk,
    submission: Submission,
    council: Authority,
    sender: domain.Sender,
    *,
    by: Caller,
    once: Once,
    now: datetime,
    requested: Requested | None = None,
) -> Taking:
    """All rows of a referral by this sender."""
    indexes = people.indexes_of(submission, desk.cipher)
    family = [new_id() for _ in submission.people()]
    new, events = _new(desk, submission, family, council, sender, now, requested)
    goes = requesting.routed(desk, new, submission, requested, council, now)
    receipt = _receipt(goes.referral, domain.decision_due(new)) | goes.told
    calendar = council.calendar.version
    words = {"note": "; ".join(sender.sounds_urgent)} if sender.sounds_urgent else None
    rows = [
        *referrals.rows_of(goes.referral, submission, family, indexes, desk.cipher, calendar),
        *records(desk, new, events, Done(Action.SUBMIT, by, now, words=words)),
        *goes.rows,
        Row.of(Idempotency, **vars(once), answer=receipt, created_at=now),
    ]
    children: dict[str, Any] = {"agency": sender.agency_id, "children": list(indexes)}
    if submission.despite_open_referral or sender.worker_id is None:
        children = {}
    return Taking(goes.referral, rows, receipt, children, in_one=not goes.rows)


def _reading(
    desk: Desk, on: AsyncConnection | None
) -> AbstractAsyncContextManager[AsyncConnection]:
    return desk.db.reading() if on is None else nullcontext(on)


async def front_door_of(
    desk: Desk, council: Authority, on: AsyncConnection | None = None
) -> UUID | None:
    """Who holds a family that asks for itself."""
    async with _reading(desk, on) as connection:
        return await agencies.front_door_of(connection, council.id)


def _new(
    desk: Desk,
    submission: Submission,
    family: list[UUID],
    council: Authority,
    sender: domain.Sender,
    now: datetime,
    requested: Requested | None,
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
        requested=requested,
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


def _receipt(submitted: Referral, decision_due: datetime) -> dict[str, Any]:
    """What the answer is made of, and kept for a repeat: ids, codes and times."""
    return {
        "id": str(submitted.id),
        "reference": submitted.reference,
        "status": submitted.status,
        "urgency": submitted.urgency,
        "submitted_at": submitted.submitted_at.isoformat(),
        "decision_due": decision_due.isoformat(),
    }
