"""What the search reads of what everybody may read: all of it, or what became otherwise since."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.listing import SERVICES
from services.directory.domain.over import current
from services.directory.domain.search.cards import ACTIVE, Card, Tree, card, postal_codes
from services.directory.domain.search.places import Point
from services.directory.tables.events import Outbox
from services.directory.tables.listings import CoverRow, ListingRow, SpotRow
from services.directory.tables.places import PlaceRow, PostcodeRow
from shared.rows import table_of

_LISTING, _OUTBOX = table_of(ListingRow), table_of(Outbox)
_SPOT, _COVER = table_of(SpotRow), table_of(CoverRow)
_POSTCODE, _PLACE = table_of(PostcodeRow), table_of(PlaceRow)
_CODE = re.compile(r"[ensw]\d{8}")
_TERMS = "taxonomy_terms"
_ONE_MOMENT = text("set transaction isolation level repeatable read, read only")
_STAMPED = text("select position from relay_cursor where name = 'stamped'")


@dataclass(frozen=True)
class Standing:
    """How far the directory has been read."""

    position: int = 0
    """The last event of its own that was heard."""
    spot: int = 0
    """The last place that was written: an import of postcodes moves them, and is no news."""
    cover: int = 0
    """The last area that was written: an import of places says where it lies."""
    terms: Any = None
    """When a term last changed."""


@dataclass(frozen=True)
class Behind:
    """What became otherwise since a standing."""

    now: Standing
    services: list[UUID]
    terms: bool
    """A term did: perhaps the tree."""
    forgotten: bool
    """What was announced is not known any more."""


async def one_moment(connection: AsyncConnection) -> None:
    """Whatever this transaction reads stood so at one moment."""
    await connection.execute(_ONE_MOMENT)


async def standing(connection: AsyncConnection) -> Standing:
    """How far the directory has come."""
    stamped = (await connection.execute(_STAMPED)).scalar_one_or_none() or 0
    spot, cover = [
        (await connection.execute(select(func.max(table.c.number)))).scalar_one() or 0
        for table in (_SPOT, _COVER)
    ]
    newest = select(func.max(_LISTING.c.modified_at)).where(_LISTING.c.collection == _TERMS)
    return Standing(stamped, spot, cover, (await connection.execute(newest)).scalar_one())


async def behind(connection: AsyncConnection, seen: Standing) -> Behind:
    """What became otherwise since; in a transaction that reads one moment."""
    now = await standing(connection)
    ids: dict[UUID, None] = {}
    forgotten = False
    if now.position != seen.position:
        passed = _OUTBOX.c.position.between(seen.position + 1, now.position)
        rows = (await connection.execute(select(_OUTBOX.c.data).where(passed))).scalars().all()
        forgotten = len(rows) != now.position - seen.position
        ids |= {UUID(data["service_id"]): None for data in rows if "service_id" in data}
    for table, last, new in ((_SPOT, seen.spot, now.spot), (_COVER, seen.cover, now.cover)):
        if new != last:
            moved = select(table.c.listing_id).where(table.c.collection == SERVICES)
            anew = await connection.execute(moved.where(table.c.number > last).distinct())
            ids |= dict.fromkeys(anew.scalars())
    return Behind(now, list(ids), now.terms != seen.terms, forgotten)


async def tree(connection: AsyncConnection) -> Tree:
    """The terms as they stand above each other."""
    wanted = select(
        cast(_LISTING.c.id, Text), cast(_LISTING.c.parent_id, Text), cast(_LISTING.c.brief, JSONB)
    ).where(_LISTING.c.collection == _TERMS, _LISTING.c.withdrawn_at.is_(None))
    rows = (await connection.execute(wanted)).all()
    names = {id_: brief.get("name", "") for id_, _, brief in rows}
    return Tree(names, {id_: parent for id_, parent, _ in rows if parent in names})


async def every_id(connection: AsyncConnection) -> list[UUID]:
    """Every listed service."""
    wanted = select(_LISTING.c.id).where(
        _LISTING.c.collection == SERVICES, _LISTING.c.withdrawn_at.is_(None)
    )
    return list((await connection.execute(wanted.order_by(_LISTING.c.place))).scalars())


async def dated(connection: AsyncConnection, most: int) -> list[tuple[UUID, datetime]]:
    """Services that are listed and run, and when each last changed; the latest come first."""
    wanted = select(_LISTING.c.id, _LISTING.c.modified_at).where(
        _LISTING.c.collection == SERVICES,
        _LISTING.c.withdrawn_at.is_(None),
        cast(_LISTING.c.brief, JSONB)["status"].astext == ACTIVE,
    )
    latest = wanted.order_by(_LISTING.c.modified_at.desc(), _LISTING.c.id).limit(most)
    return [(row.id, row.modified_at) for row in await connection.execute(latest)]


async def cards(
    connection: AsyncConnection, ids: Sequence[UUID], terms: Tree, today: date
) -> list[Card]:
    """The cards of those among these services that are listed and active, without what is over."""
    wanted = select(cast(_LISTING.c.whole, JSONB)).where(
        _LISTING.c.collection == SERVICES,
        _LISTING.c.id.in_(ids),
        _LISTING.c.withdrawn_at.is_(None),
    )
    said = [
        current(one, today)
        for one in (await connection.execute(wanted)).scalars()
        if one.get("status") == ACTIVE
    ]
    located = await _located(connection, {code for one in said for code in postal_codes(one)})
    found = [card(one, terms, located.get) for one in said]
    codes = await _codes(connection, {area for one in found for area in one.areas})
    return [replace(one, areas=_known(one.areas, codes)) for one in found]


async def _located(connection: AsyncConnection, codes: Iterable[str]) -> Mapping[str, Point]:
    columns = (_POSTCODE.c.code, _POSTCODE.c.latitude, _POSTCODE.c.longitude)
    rows = await connection.execute(select(*columns).where(_POSTCODE.c.code.in_(list(codes))))
    return {code: (latitude, longitude) for code, latitude, longitude in rows}


async def _codes(connection: AsyncConnection, named: Iterable[str]) -> Mapping[str, set[str]]:
    """By the name of a place, in small letters, the codes of the areas that it is."""
    name = func.lower(_PLACE.c.name)
    rows = await connection.execute(
        select(name, _PLACE.c.areas)
        .where(name.in_(list(named)))
        .where(func.cardinality(_PLACE.c.areas) > 0)
    )
    found: dict[str, set[str]] = {}
    for called, areas in rows:
        found.setdefault(called, set()).update(area.lower() for area in areas)
    return found


def _known(areas: Iterable[str], codes: Mapping[str, set[str]]) -> list[str]:
    """Areas of which it is known where they are, by their codes."""
    found: set[str] = set()
    for area in areas:
        found |= codes.get(area, set())
        if _CODE.fullmatch(area):
            found.add(area)
    return sorted(found)
