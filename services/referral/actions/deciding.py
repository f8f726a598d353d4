"""The way of a referral at the front door, its withdrawal, and its clock."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from pydantic import BaseModel

from services.referral import store
from services.referral.actions.desk import Desk, records
from services.referral.domain import referral as domain
from services.referral.domain.lifecycle import Action
from services.referral.domain.referral import FrontDoorDecision, Outcome, Referral, Withdrawal
from services.referral.domain.submission import as_stored
from shared.auth import AgencyKind, Caller, Role
from shared.db import Database
from shared.inbox import Received
from shared.rows import add

CLOCK = Caller("clock", roles=frozenset({Role.SYSTEM}))
"""Who says that a decision is late."""


async def _move(
    desk: Desk,
    referral_id: UUID,
    action: Action,
    verb: Callable[[Referral], Outcome],
    *,
    by: Caller,
    version: int,
    now: datetime,
    said: BaseModel | None = None,
) -> Referral:
    """Load, decide, save: the same for every verb. `said` is sealed beside the new state."""
    async with desk.db.transaction() as connection:
        found = await store.get(connection, referral_id, by=by, base=desk.base, version=version)
        outcome = verb(found)
        moved = outcome[0]
        closing = None
        if said is not None:
            closing = desk.cipher.seal(as_stored(said), "referral.closing", moved.id)
        await store.save(connection, moved, closing=closing)
        code = moved.decision or moved.withdrawal_reason
        await add(connection, *records(outcome, action, by, now, code=code))
    desk.wake()
    return moved


async def acknowledge(
    desk: Desk, referral_id: UUID, *, by: Caller, version: int, now: datetime
) -> Referral:
    """The front door has seen the referral."""

    verb = partial(domain.acknowledge, by=by)
    return await _move(desk, referral_id, Action.ACKNOWLEDGE, verb, by=by, version=version, now=now)


async def triage(
    desk: Desk, referral_id: UUID, *, by: Caller, version: int, now: datetime
) -> Referral:
    """A front-door worker begins to weigh the referral."""

    verb = partial(domain.triage, by=by)
    return await _move(desk, referral_id, Action.TRIAGE, verb, by=by, version=version, now=now)


async def decide(
    desk: Desk,
    referral_id: UUID,
    decision: FrontDoorDecision,
    *,
    by: Caller,
    version: int,
    now: datetime,
) -> Referral:
    """The front door decides, and says why."""

    verb = partial(domain.decide, decision=decision, by=by, now=now)
    return await _move(
        desk, referral_id, Action.DECIDE, verb, by=by, version=version, now=now, said=decision
    )


async def withdraw(
    desk: Desk,
    referral_id: UUID,
    withdrawal: Withdrawal,
    *,
    by: Caller,
    version: int,
    now: datetime,
) -> Referral:
    """The referrer takes the referral back, and says why."""

    verb = partial(domain.withdraw, withdrawal=withdrawal, by=by)
    return await _move(
        desk, referral_id, Action.WITHDRAW, verb, by=by, version=version, now=now, said=withdrawal
    )


async def find_overdue(desk: Desk, now: datetime) -> int:
    """Announce, once each, the referrals whose decision is late. Returns how many."""
    told = 0
    async with desk.db.transaction() as connection:
        for late in await store.late(connection, now, desk.base):
            outcome = domain.find_overdue(late, now=now)
            if outcome[1]:
                await store.save(connection, outcome[0])
                await add(connection, *records(outcome, "overdue", CLOCK, now))
                told += 1
    if told:
        desk.wake()
    return told


async def know_agency(
    db: Database, agency_id: UUID, name: str, kind: AgencyKind, *, once: Received
) -> None:
    """Remember what an agency is called."""
    async with db.transaction(once=once) as connection:
        await store.know_agency(connection, agency_id, name, kind)
