"""Postcodes and places: kept as they were imported, found by what people type."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.postcodes import Located
from services.directory.tables.places import PlaceRow, PostcodeRow
from shared.rows import table_of

_LARGEST_FIRST = cast(["city", "town", "suburban area", "village", "hamlet"], ARRAY(Text))
_POSTCODE, _PLACE = table_of(PostcodeRow), table_of(PlaceRow)


async def postcode(connection: AsyncConnection, code: str) -> Located | None:
    """Where a full postcode is."""
    row = (
        await connection.execute(select(_POSTCODE).where(_POSTCODE.c.code == code))
    ).one_or_none()
    return Located(row.code, row.latitude, row.longitude, tuple(row.areas)) if row else None


async def outward(connection: AsyncConnection, code: str) -> Located | None:
    """The middle of all postcodes that begin so; those in use, where there are any."""
    middle = select(
        func.avg(_POSTCODE.c.latitude), func.avg(_POSTCODE.c.longitude), func.count()
    ).where(_POSTCODE.c.outward == code)
    for wanted in (middle.where(~_POSTCODE.c.ended), middle):
        latitude, longitude, count = (await connection.execute(wanted)).one()
        if count:
            return Located(code, latitude, longitude, await _shared_areas(connection, code))
    return None


async def _shared_areas(connection: AsyncConnection, code: str) -> tuple[str, ...]:
    """The areas in which any postcode of it lies."""
    area = func.unnest(_POSTCODE.c.areas)
    rows = await connection.execute(select(area).where(_POSTCODE.c.outward == code).distinct())
    return tuple(sorted(rows.scalars()))


async def place(connection: AsyncConnection, name: str) -> Located | None:
    """A town or village by its name; of several the one that is most of a place."""
    size = func.array_position(_LARGEST_FIRST, _PLACE.c.kind)
    wanted = (
        select(_PLACE)
        .where(func.lower(_PLACE.c.name) == name.lower())
        .order_by(size.nulls_last(), _PLACE.c.id)
        .limit(1)
    )
    row = (await connection.execute(wanted)).one_or_none()
    return Located(row.name, row.latitude, row.longitude, tuple(row.areas)) if row else None


async def beginning(connection: AsyncConnection, text: str, most: int) -> list[str]:
    """Names of places that begin so, the largest first."""
    size = func.array_position(_LARGEST_FIRST, _PLACE.c.kind)
    begun = func.starts_with(func.lower(_PLACE.c.name), text.lower())
    wanted = (
        select(_PLACE.c.name)
        .where(begun)
        .group_by(_PLACE.c.name)
        .order_by(func.min(size).nulls_last(), _PLACE.c.name)
        .limit(most)
    )
    return list((await connection.execute(wanted)).scalars())


async def keep_postcodes(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add postcodes, or put them right."""
    await _keep(connection, _POSTCODE, "code", rows)


async def keep_places(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add places, or put them right."""
    await _keep(connection, _PLACE, "id", rows)


async def _keep(
    connection: AsyncConnection, table: Any, key: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    statement = upsert(table)
    changing = {
        name: statement.excluded[name]
        for name in [column.name for column in table.columns]
        if name != key
    }
    await connection.execute(
        statement.on_conflict_do_update(index_elements=[key], set_=changing), list(rows)
    )
