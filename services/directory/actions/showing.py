"""Keeping the lists true: when an entry changes, so does all that shows it; and it is announced."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.announcing import facts
from services.directory.domain.entries import Entry, named
from services.directory.domain.listing import listed
from services.directory.domain.readers import LOCAL
from services.directory.domain.showing import Around
from services.directory.store import entries as store
from services.directory.store import listings
from services.directory.store.announcing import announce
from shared.db import Database

_AT_ONCE = 500
"""Entries whose lists are written in one go."""
_DEEP = 3
"""From a service to its organization, to a term that tags it, to the term's taxonomy."""


def today(now: datetime) -> date:
    """The day it is where the families live."""
    return now.astimezone(LOCAL).date()


async def relist(
    connection: AsyncConnection, changed: Sequence[UUID], now: datetime, day: date | None = None
) -> int:
    """Write anew what shows these entries, and what names them; say how much changed."""
    affected, beside = list(changed), list(changed)
    for _ in range(_DEEP):
        beside = await store.naming(connection, beside)
        affected += beside
    affected = list(dict.fromkeys(affected))
    return sum(
        [
            await _write(connection, affected[start : start + _AT_ONCE], now, day or today(now))
            for start in range(0, len(affected), _AT_ONCE)
        ]
    )


async def _write(
    connection: AsyncConnection,
    ids: Sequence[UUID],
    now: datetime,
    day: date,
    *,
    found_anew: bool = False,
) -> int:
    shown = await store.to_show(connection, ids)
    around = Around.of([*shown, *await _around(connection, shown)], day)
    written = [listing for entry in shown for listing in listed(entry, around, day)]
    shown_otherwise = await listings.write(connection, ids, written, now)
    await announce(connection, list(facts(shown_otherwise)), now)
    if found_anew:
        await listings.find_anew(connection, written)
    return len(shown_otherwise)


async def _around(connection: AsyncConnection, shown: Iterable[Entry]) -> list[Entry]:
    """What these entries name, what that names, and the taxonomies of the terms among it."""
    found: dict[UUID, Entry] = {}
    beside = list(shown)
    for _ in range(_DEEP):
        names = {id_ for entry in beside for id_ in named(entry.content)} - found.keys()
        beside = await store.to_show(connection, names)
        found |= {entry.id: entry for entry in beside}
    return list(found.values())


async def show_what_is_due(db: Database, now: datetime, since: date) -> int:
    """Show what is to be shown from today on, and hide what was shown until yesterday."""
    async with db.transaction() as connection:
        at = await store.one_writer(connection)
        due = await store.dated(connection, since, today(now))
        return await relist(connection, due, at, today(now))


async def show_what_is_over(db: Database, now: datetime) -> int:
    """List anew the services of which a schedule or a price ended since they were listed."""
    day = today(now)
    async with db.transaction() as connection:
        at = await store.one_writer(connection)
        return await relist(connection, await listings.ended(connection, day), at, day)


async def show_everything_anew(db: Database) -> int:
    """Build every list again, as after an import of postcodes; what is shown alike stays."""
    async with db.reading() as connection:
        ids = await store.every_id(connection)
    changed = 0
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        async with db.transaction() as connection:
            now = await store.one_writer(connection)
            changed += await _write(connection, some, now, today(now), found_anew=True)
    return changed
