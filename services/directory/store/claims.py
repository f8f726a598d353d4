"""Whose is what a service brings along into a list of its own: its places have ids too."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.entries import Entry
from services.directory.domain.listing import AT_LOCATIONS, Listing
from services.directory.tables.entries import EntryRow
from services.directory.tables.keeping import DraftRow
from services.directory.tables.listings import ListingRow
from shared.rows import table_of

_LISTING, _ENTRY, _DRAFT = table_of(ListingRow), table_of(EntryRow), table_of(DraftRow)


async def listed_by(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The services that have these places, as far as any has; also one that is withdrawn."""
    asked = set(ids)
    if not asked:
        return {}
    rows = await connection.execute(
        select(_LISTING.c.id, _LISTING.c.entry_id)
        .where(_LISTING.c.collection == AT_LOCATIONS)
        .where(_LISTING.c.id.in_(asked))
    )
    return {row.id: row.entry_id for row in rows}


async def own(connection: AsyncConnection, listings: Sequence[Listing]) -> list[Listing]:
    """Without what is another entry's: whoever has an id first keeps it."""
    places = [one.id for one in listings if one.collection == AT_LOCATIONS]
    whose = await listed_by(connection, places)
    return [
        one
        for one in listings
        if one.collection != AT_LOCATIONS or whose.setdefault(one.id, one.entry_id) == one.entry_id
    ]


async def with_others_places(connection: AsyncConnection, entries: Sequence[Entry]) -> set[UUID]:
    """Of these the services that name a place of theirs as another service's is named."""
    named = [
        (UUID(one["id"]), entry.id)
        for entry in entries
        for one in entry.content.get("service_at_locations", ())
    ]
    whose = await listed_by(connection, (place for place, _ in named))
    return {of for place, of in named if whose.setdefault(place, of) != of}


async def unknown(connection: AsyncConnection, ids: Iterable[UUID]) -> set[UUID]:
    """Of these the ids that neither an entry has nor a draft of one."""
    asked = set(ids)
    for column in (_ENTRY.c.id, _DRAFT.c.entry_id):
        if asked:
            asked -= set(
                (await connection.execute(select(column).where(column.in_(asked)))).scalars()
            )
    return asked


async def above(connection: AsyncConnection, term_id: UUID) -> UUID | None:
    """The term that stands above a term."""
    wanted = select(_ENTRY.c.content["parent_id"].astext).where(_ENTRY.c.id == term_id)
    found = (await connection.execute(wanted)).scalar_one_or_none()
    return UUID(found) if found else None
