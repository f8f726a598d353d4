"""What the clocks do by themselves: they announce, they escalate, and they follow the calendar."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from sqlmodel import SQLModel

from services.referral.actions.desk import Desk, Done, records
from services.referral.domain import alarms
from services.referral.domain.alarms import Alarm
from services.referral.domain.referral import Referral
from services.referral.store import clocks as store
from shared.auth import Caller, Role
from shared.rows import Row, add

CLOCK = Caller("clock", roles=frozenset({Role.SYSTEM}))
"""Who says what nobody asked for."""


async def look_at_clocks(desk: Desk, now: datetime) -> int:
    """Reckon anew what a new calendar moves, then announce what is near or late, once each.

    Returns how many announcements there were.
    """
    await _all(lambda: _reckon(desk))
    return await _all(lambda: _announce(desk, now))


async def escalate_unseen(desk: Desk, now: datetime) -> int:
    """Send every urgent referral that nobody acknowledged in time its emergency way, once.

    Returns how many there were.
    """
    return await _all(lambda: _escalate(desk, now))


async def _all(some: Callable[[], Awaitable[tuple[int, int]]]) -> int:
    """Take some at a time until no more are found; each time its own transaction."""
    done, found = await some()
    while found == store.BATCH:
        more, found = await some()
        done += more
    return done


async def _reckon(desk: Desk) -> tuple[int, int]:
    """The clocks of some referrals as their authority's calendar tells them now."""
    calendars = {council.id: council.calendar.version for council in desk.authorities.values()}
    async with desk.db.transaction() as connection:
        found = await store.reckoned_otherwise(connection, calendars, desk.base)
        moments = await store.moments_of_each(connection, found)
        moved = [one.reckoned(moments[one.id], desk.authorities[one.authority]) for one in found]
        await store.keep(connection, moved, calendars)
    return len(moved), len(found)


async def _announce(desk: Desk, now: datetime) -> tuple[int, int]:
    async with desk.db.transaction() as connection:
        found = await store.to_announce(connection, now, desk.authorities, desk.base)
        told = [alarms.told_of(one, now) for one in found]
        await store.keep(connection, (moved for moved, _ in told))
        said = [(moved, alarm) for moved, some in told for alarm in some]
        await add(connection, *_records(desk, said, now))
    if said:
        desk.wake()
    return len(said), len(found)


async def _escalate(desk: Desk, now: datetime) -> tuple[int, int]:
    since = {council.id: alarms.unseen_since(council, now) for council in desk.authorities.values()}
    async with desk.db.transaction() as connection:
        found = await store.unseen(connection, since, desk.base)
        said = [alarms.escalate(one, desk.authorities[one.authority], now) for one in found]
        await store.keep(connection, (moved for moved, _ in said))
        await add(connection, *_records(desk, said, now))
    if said:
        desk.wake()
    return len(said), len(found)


def _records(
    desk: Desk, said: Iterable[tuple[Referral, Alarm]], now: datetime
) -> list[Row | SQLModel]:
    """The history, the access rows and the facts of all that was said."""
    return [
        row
        for moved, alarm in said
        for row in records(
            desk, moved, [alarm.event], Done(alarm.action, CLOCK, now, code=alarm.code)
        )
    ]
