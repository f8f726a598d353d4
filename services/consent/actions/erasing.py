"""Erasing what was said and decided about people once its time is over."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.consenting import refuse_stranger
from services.consent.actions.desk import Desk, Done, Receipt, create, finish, look
from services.consent.domain.leaves import By, Erased, Record
from services.consent.domain.retention import Standing, is_due, kept_until, refuse_month
from services.consent.domain.saying import is_trusted
from services.consent.store import audit, people, retention
from services.consent.tables.events import Access
from shared.access import access_row
from shared.auth import Caller
from shared.authority.hours import SharingRecords
from shared.idempotency import Once
from shared.rows import add

AT_ONCE = 100
"""People that one run erases; the next one goes on."""
_PAGE = 1_000
_FIRST = UUID(int=0)


@dataclass(frozen=True)
class Kept:
    """Until when the records of one person are kept, and by which rule."""

    standing: Standing
    until: date
    is_due: bool
    rule: SharingRecords


def _rule(desk: Desk, authority: str) -> SharingRecords:
    return desk.authorities[authority].sharing_records


def _kept(desk: Desk, standing: Standing, authority: str, now: datetime) -> Kept:
    rule = _rule(desk, authority)
    return Kept(standing, kept_until(standing, rule), is_due(standing, rule, now), rule)


async def say_born(desk: Desk, person: UUID, born_in: date, *, by: Caller, now: datetime) -> Kept:
    """Record in which month somebody was born. Raises NotFound, Forbidden."""
    authority, (_, worker) = desk.authority(by), by.acting()
    async with desk.db.transaction() as connection:
        await refuse_stranger(connection, person, by, now)
        known = await people.known(connection, [person], authority, deciding=False)
        [before] = await retention.standings(connection, [person], authority, now)
        refuse_month(before, born_in, by, trusted=is_trusted(known, person, by, now))
        if changes := before.born_in != born_in:
            await retention.say_born(
                connection, person, born_in, authority=authority, by=worker, now=now
            )
        was = before.born_in if changes else None
        done = Done(
            operation="retention.say_born",
            by=by,
            now=now,
            records=[],
            people=[person],
            fields=["born_in"] if changes else [],
            words={"before": f"{was:%Y-%m}"} if was else None,
        )
        await finish(connection, desk, done)
    return _kept(desk, replace(before, born_in=born_in), authority, now)


async def get(desk: Desk, person: UUID, *, by: Caller, now: datetime) -> Kept:
    """Until when somebody's records are kept. Raises NotFound."""
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        await refuse_stranger(connection, person, by, now)
        [standing] = await retention.standings(connection, [person], authority, now)
        await look(connection, by, "retention.look", [person], now)
    return _kept(desk, standing, authority, now)


async def due(
    desk: Desk, *, by: Caller, after: UUID | None, limit: int, now: datetime
) -> list[Kept]:
    """Who would be erased now, by id; one more than `limit`."""
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        found = await _due(
            connection, desk, authority, now=now, after=after or _FIRST, limit=limit + 1
        )
        at = [one.person for one in found[:limit]]
        await look(connection, by, "retention.list", at, now)
    return [_kept(desk, one, authority, now) for one in found]


async def _due(
    connection: AsyncConnection,
    desk: Desk,
    authority: str,
    *,
    now: datetime,
    after: UUID = _FIRST,
    limit: int = AT_ONCE,
) -> list[Standing]:
    rule, found = _rule(desk, authority), list[Standing]()
    while len(found) < limit:
        page = await retention.idle(connection, authority, after=after, limit=_PAGE, now=now)
        found += [one for one in page if is_due(one, rule, now)]
        if len(page) < _PAGE:
            break
        after = page[-1].person
    return found[:limit]


async def erase(desk: Desk, *, by: Caller, once: Once, now: datetime) -> Receipt:
    """Erase whose time is over in the caller's authority, up to `AT_ONCE` people.

    Sent again, it is the first one. Raises IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    authority = desk.authority(by)

    async def make(connection: AsyncConnection) -> tuple[Receipt, None]:
        gone = await _erase(connection, desk, authority, by=by, now=now)
        if gone:
            await add(connection, access_row(Access, by, "retention.erase", gone, now))
        return {"people": [str(one) for one in gone]}, None

    return await create(desk, once, make, now)


async def erase_when_due(desk: Desk, now: datetime) -> int:
    """The same for every authority, of the service's own; how many people were erased."""
    count = 0
    for authority in desk.authorities:
        async with desk.db.transaction() as connection:
            count += len(await _erase(connection, desk, authority, by=None, now=now))
    return count


async def _erase(
    connection: AsyncConnection, desk: Desk, authority: str, *, by: Caller | None, now: datetime
) -> list[UUID]:
    named = sorted(one.person for one in await _due(connection, desk, authority, now=now))
    if not named:
        return []
    await people.locked(connection, named, authority, deciding=False)
    rule = _rule(desk, authority)
    under_lock = await retention.standings(connection, named, authority, now)
    gone = sorted(one.person for one in under_lock if is_due(one, rule, now))
    for person in gone:
        await retention.erase(connection, person)
    await audit.alone(connection)  # nobody appends a detail of theirs meanwhile
    who = By.caller(by) if by else By(client_id="consent-retention")
    records = [
        Record(
            Erased(
                at=now,
                by=who,
                people=(person,),
                leaves=tuple(await audit.erase(connection, person)),
            )
        )
        for person in gone
    ]
    await audit.append(connection, records, desk.cipher)
    return gone
