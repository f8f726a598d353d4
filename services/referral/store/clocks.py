"""Referrals whose clocks ask for something: found by their indexes, locked, some at a time.

What another instance has locked is left to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.clocks import Moment
from services.referral.domain.referral import Referral, moment
from services.referral.store.referrals import STATE, history, referral, referral_of, state_of
from services.referral.tables.referrals import GOES_ON, UNSEEN
from shared.contracts.lifecycle import Status

BATCH = 100
"""How many are taken at once."""
_KEPT = ("clocks", "next_due", "next_near", "next_alarm", "escalated_at")


async def to_announce(
    connection: AsyncConnection, now: datetime, served: Iterable[str], base: str
) -> list[Referral]:
    """Those of which something must be said by `now`, the oldest first."""
    ringing = referral.c.next_alarm < now, referral.c.authority.in_(list(served))
    wanted = select(*STATE).where(*ringing).order_by(referral.c.next_alarm)
    return await _locked(connection, wanted, base)


async def unseen(
    connection: AsyncConnection, since: Mapping[str, datetime], base: str
) -> list[Referral]:
    """Urgent ones that nobody acknowledged, in each authority `since` an instant."""
    waiting = or_(
        *(
            and_(referral.c.authority == authority_id, referral.c.urgent_since < instant)
            for authority_id, instant in since.items()
        )
    )
    wanted = select(*STATE).where(text(UNSEEN), waiting).order_by(referral.c.urgent_since)
    return await _locked(connection, wanted, base)


async def reckoned_otherwise(
    connection: AsyncConnection, calendars: Mapping[str, str], base: str
) -> list[Referral]:
    """Those that go on and whose clocks were not reckoned with their authority's calendar.

    Before or after it in the index: what is unlike a value, no index finds.
    """
    other = or_(
        *(
            and_(referral.c.authority == authority_id, unlike)
            for authority_id, version in calendars.items()
            for unlike in (referral.c.calendar < version, referral.c.calendar > version)
        )
    )
    return await _locked(connection, select(*STATE).where(text(GOES_ON), other), base)


async def _locked(connection: AsyncConnection, wanted: Select[Any], base: str) -> list[Referral]:
    some = wanted.limit(BATCH).with_for_update(skip_locked=True)
    return [referral_of(row, base) for row in (await connection.execute(some)).mappings()]


async def moments_of_each(
    connection: AsyncConnection, found: Iterable[Referral]
) -> Mapping[UUID, Sequence[Moment]]:
    """The histories as the clocks read them."""
    columns = (
        history.c.referral_id,
        history.c.at,
        history.c.action,
        history.c.status,
        history.c.code,
    )
    wanted = (
        select(*columns)
        .where(history.c.referral_id.in_([one.id for one in found]))
        .order_by(history.c.version, history.c.id)
    )
    moments: dict[UUID, list[Moment]] = defaultdict(list)
    for row in await connection.execute(wanted):
        moments[row.referral_id].append(moment(row.at, row.action, Status(row.status), row.code))
    return moments


async def keep(
    connection: AsyncConnection,
    moved: Iterable[Referral],
    calendars: Mapping[str, str] | None = None,
) -> None:
    """What the clocks of locked referrals say now; with `calendars`, as reckoned with those."""
    rows = []
    for one in moved:
        state = state_of(one)
        row = {"of": one.id} | {name: state[name] for name in _KEPT}
        rows.append(row | ({"calendar": calendars[one.authority]} if calendars else {}))
    if rows:
        await connection.execute(update(referral).where(referral.c.id == bindparam("of")), rows)
