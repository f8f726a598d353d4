"""What the feed reads: the lists, each question as one statement, and all of a list row by row."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from math import cos, pi
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Text,
    and_,
    any_,
    cast,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.asking import Form, Page, Wanted
from services.directory.domain.postcodes import Located
from services.directory.tables.listings import CoverRow, ListingRow, OpeningRow, SpotRow
from services.directory.tables.places import PlaceRow
from shared.rows import table_of

_LISTING = table_of(ListingRow)
_OPENING, _SPOT, _COVER = table_of(OpeningRow), table_of(SpotRow), table_of(CoverRow)
_PLACE = table_of(PlaceRow)
GHOSTLY = timedelta(days=1)
"""How long a withdrawn object keeps its place among the others, so that no page shifts under a
reader. Whoever asks what was modified hears of it for ever."""
_SHOWN = _LISTING.alias("shown")
RADIUS = 6_371_008.8
"""Metres: the earth's mean radius."""
_A_DEGREE = RADIUS * pi / 180


class Answer(NamedTuple):
    """One page, and how many there are on all."""

    total: int
    documents: list[str]


async def page(connection: AsyncConnection, wanted: Wanted, form: Form, at: Page) -> Answer:
    """The page, and the number of all that fit: one moment's."""
    fits = _fits(wanted)
    total = select(func.count()).select_from(_LISTING).where(fits).scalar_subquery()
    on_it = select(_LISTING.c[form]).where(fits).order_by(_LISTING.c.place)
    if at.size is not None:  # what stands before the page is passed over in the index alone
        before = select(_LISTING.c.place).where(fits).order_by(_LISTING.c.place)
        places = before.limit(at.size).offset(at.offset()).subquery()
        ours = and_(_SHOWN.c.collection == wanted.collection, _SHOWN.c.place == places.c.place)
        on_it = select(_SHOWN.c[form]).join(places, ours).order_by(_SHOWN.c.place)
    documents = func.array(on_it.scalar_subquery())
    row = (await connection.execute(select(total, documents))).one()
    return Answer(row[0], row[1])


async def lines(
    connection: AsyncConnection, wanted: Wanted, form: Form
) -> AsyncIterator[list[str]]:
    """Every document that fits, some at a time, all as of one moment; never all in memory."""
    every: Select[Any] = select(_LISTING.c[form]).where(_fits(wanted)).order_by(_LISTING.c.place)
    rows = await connection.stream(every.execution_options(yield_per=200))
    async for some in rows.scalars().partitions():
        yield list(some)


async def standing(connection: AsyncConnection, wanted: Wanted) -> tuple[int, Any]:
    """How many fit, and when the newest of them changed."""
    of = select(func.count(), func.max(_LISTING.c.modified_at))
    row = (await connection.execute(of.select_from(_LISTING).where(_fits(wanted)))).one()
    return row[0], row[1]


async def one(connection: AsyncConnection, collection: str, id_: UUID) -> tuple[str, Any] | None:
    """An object with everything in it, and when it last changed."""
    wanted = (
        select(_LISTING.c.whole, _LISTING.c.modified_at)
        .where(_LISTING.c.collection == collection)
        .where(_LISTING.c.id == id_)
    )
    row = (await connection.execute(wanted)).one_or_none()
    return (row[0], row[1]) if row else None


async def services_of(
    connection: AsyncConnection, organizations: list[UUID], form: Form
) -> dict[UUID, list[str]]:
    """The listed services of each organization."""
    wanted = (
        select(_LISTING.c.organization_id, _LISTING.c[form])
        .where(_LISTING.c.collection == "services")
        .where(_LISTING.c.organization_id.in_(organizations))
        .order_by(_LISTING.c.place)
    )
    found: dict[UUID, list[str]] = {}
    for organization, document in await connection.execute(wanted):
        found.setdefault(organization, []).append(document)
    return found


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    conditions = [_LISTING.c.collection == wanted.collection, *_plain(wanted)]
    conditions += [_open(wanted)] if wanted.day or wanted.start_time or wanted.end_time else []
    if wanted.near is not None:
        conditions.append(_covered(wanted.near))
    if wanted.around is not None and wanted.within is not None:
        conditions.append(_around(wanted.around, wanted.within))
    return and_(*conditions, *_named(wanted))


def _plain(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    rows = _LISTING.c
    if wanted.modified_after is not None:
        found.append(rows.modified_at >= wanted.modified_after)
    else:
        lately = rows.withdrawn_at > func.now() - GHOSTLY
        found.append(or_(rows.withdrawn_at.is_(None), lately))
    if wanted.top_only:
        found += [rows.parent_id.is_(None), rows.withdrawn_at.is_(None)]
    asked = {name: getattr(wanted, name) for name in _CONDITIONS}
    return found + [_CONDITIONS[name](value) for name, value in asked.items() if value is not None]


_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")


def _saying(words: ColumnElement[Any]) -> ColumnElement[bool]:
    """All the words occur; where each is one that says nothing, nothing is asked by them."""
    return or_(func.numnode(words) == 0, _LISTING.c.words.op("@@")(words))


_CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "search": lambda said: _saying(func.plainto_tsquery(_ENGLISH, said)),
    "taxonomy_term_id": lambda term: _LISTING.c.term_ids.contains([term]),
    "taxonomy_id": lambda taxonomy: _LISTING.c.taxonomy_ids.contains([taxonomy]),
    "organization_id": lambda organization: _LISTING.c.organization_id == organization,
    "minimum_age": lambda age: _LISTING.c.minimum_age >= age,
    "maximum_age": lambda age: _LISTING.c.maximum_age <= age,
    "parent_id": lambda term: _LISTING.c.parent_id == term,
}
"""What a parameter asks of a listing by itself."""


_TERM = _LISTING.alias("term")


def _named(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Tagged as asked by names, where the reader has no ids."""
    document = cast(_TERM.c.brief, JSONB)
    own = [cast(_TERM.c.id, Text), *(func.lower(document[n].astext) for n in ("code", "name"))]
    found: list[ColumnElement[bool]] = []
    for group in wanted.tagged:
        is_one = and_(_TERM.c.collection == "taxonomy_terms", or_(*(x.in_(group) for x in own)))
        found.append(exists().where(and_(is_one, _TERM.c.id == any_(_LISTING.c.term_ids))))
    if wanted.vocabularies:
        named = or_(*(one.in_(wanted.vocabularies) for one in own))
        is_one = and_(_TERM.c.collection == "taxonomies", named)
        found.append(exists().where(and_(is_one, _TERM.c.id == any_(_LISTING.c.taxonomy_ids))))
    if wanted.attribute_type:
        whole = cast(_LISTING.c.whole, JSONB)
        kinds = ({n: wanted.attribute_type} for n in ("link_type", "link_entity"))
        found.append(or_(*(whole.contains({"attributes": [kind]}) for kind in kinds)))
    return found


def _of_it(table: Any) -> ColumnElement[bool]:
    return and_(table.c.collection == _LISTING.c.collection, table.c.listing_id == _LISTING.c.id)


def _open(wanted: Wanted) -> ColumnElement[bool]:
    """One of its schedules is as asked: the day and the hours of the same one."""
    rows, conditions = _OPENING.c, [_of_it(_OPENING)]
    if wanted.day:
        conditions.append(rows.days.contains([wanted.day]))
    if wanted.start_time:
        conditions.append(rows.opens_at >= wanted.start_time)
    if wanted.end_time:
        conditions.append(rows.closes_at <= wanted.end_time)
    return exists().where(and_(*conditions))


def _around(near: Located, metres: float) -> ColumnElement[bool]:
    """One of its places lies within so many metres; a box around them is asked first."""
    rows = _SPOT.c
    up = metres / _A_DEGREE
    across = up / max(cos(abs(near.latitude) * pi / 180 + up * pi / 180), 1e-6)
    box = [
        rows.latitude.between(near.latitude - up, near.latitude + up),
        rows.longitude.between(near.longitude - across, near.longitude + across),
    ]
    here = [cast(literal(x), Float) for x in (near.latitude, near.longitude)]
    half = [
        func.sind((at - to) / 2)
        for at, to in zip((rows.latitude, rows.longitude), here, strict=True)
    ]
    haversine = (
        half[0] * half[0] + func.cosd(here[0]) * func.cosd(rows.latitude) * half[1] * half[1]
    )
    metres_away = 2 * RADIUS * func.asin(func.least(1.0, func.sqrt(haversine)))
    return exists().where(and_(_of_it(_SPOT), *box, metres_away <= metres))


_IS_CODE = r"^[ensw]\d{8}$"


def _covered(near: Located) -> ColumnElement[bool]:
    """Its area covers the place, as far as it is known where that area is."""
    areas = [area.lower() for area in near.areas]
    of_that_name = and_(
        func.lower(_PLACE.c.name) == _COVER.c.code, func.cardinality(_PLACE.c.areas) > 0
    )
    named = exists().where(of_that_name)
    here = exists().where(and_(of_that_name, _PLACE.c.areas.overlap(list(near.areas))))
    known = or_(_COVER.c.shape.is_not(None), _COVER.c.code.op("~")(_IS_CODE), named)
    point = func.point(cast(literal(near.longitude), Float), cast(literal(near.latitude), Float))
    covers = or_(_COVER.c.code.in_(areas), _COVER.c.shape.op("@>")(point), here)
    return or_(
        not_(exists().where(and_(_of_it(_COVER), known))),
        exists().where(and_(_of_it(_COVER), covers)),
    )
