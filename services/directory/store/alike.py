"""Which published services have the names of others, whichever origins they are from."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from services.directory.domain.alike import Pair
from services.directory.domain.listing import SERVICES
from services.directory.domain.shapes import Json
from services.directory.tables.keeping import LookAlikeRow
from services.directory.tables.listings import ListingRow
from shared.rows import table_of

_LISTING, _ALIKE = table_of(ListingRow), table_of(LookAlikeRow)
MOST = 1_000
"""Pairs that are looked at after one import: more than an editor settles till the next."""


def _bare(said: ColumnElement[Any]) -> ColumnElement[Any]:
    """A name without what people write one time so and one time so."""
    return func.regexp_replace(func.lower(said), "[[:space:][:punct:]]+", "", "g")


async def named_alike(connection: AsyncConnection, ids: Sequence[UUID]) -> list[Pair]:
    """These services with others of their name and their organization's; all is read once.

    Those come first that no import has found before: no more than so many are answered.
    """
    brief = cast(_LISTING.c.brief, JSONB)
    shown = (
        select(
            _LISTING.c.id,
            _bare(brief["name"].astext).label("name"),
            func.coalesce(_bare(brief["organization"]["name"].astext), "").label("giver"),
        )
        .where(_LISTING.c.collection == SERVICES, _LISTING.c.withdrawn_at.is_(None))
        .cte("shown")
    )
    one, other = shown.alias("one"), shown.alias("other")
    same = (one.c.name == other.c.name) & (one.c.giver == other.c.giver)
    imported = one.c.id.in_(select(func.unnest(bindparam("ids", list(ids), ARRAY(Uuid)))))
    least, greatest = func.least(one.c.id, other.c.id), func.greatest(one.c.id, other.c.id)
    pair = (
        select(least.label("first"), greatest.label("second"))
        .join(other, same & (one.c.id != other.c.id))
        .where(imported, one.c.name != "")
        .distinct()
        .subquery("pair")
    )
    known = (_ALIKE.c.first_id == pair.c.first) & (_ALIKE.c.second_id == pair.c.second)
    new_first = select(pair).outerjoin(_ALIKE, known).order_by(_ALIKE.c.id.is_not(None))
    wanted = new_first.limit(MOST)
    return [(str(first), str(second)) for first, second in await connection.execute(wanted)]


async def documents(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, Json]:
    """What everybody reads of these services."""
    wanted = select(_LISTING.c.id, cast(_LISTING.c.whole, JSONB)).where(
        _LISTING.c.collection == SERVICES, _LISTING.c.id.in_([UUID(id_) for id_ in ids])
    )
    return {str(id_): document for id_, document in await connection.execute(wanted)}
