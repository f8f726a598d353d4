"""The lists that everybody may read, written in the transaction of what they show."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, cast, delete, func, insert, literal_column, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain import postcodes, showing
from services.directory.domain.announcing import Key, Shown
from services.directory.domain.listing import AT_LOCATIONS, SERVICES, Listing, Spot
from services.directory.domain.readers import LOCAL
from services.directory.domain.shapes import Json
from services.directory.store.claims import own
from services.directory.tables.listings import CoverRow, ListingRow, OpeningRow, SpotRow
from services.directory.tables.places import PostcodeRow
from shared.rows import table_of

_LISTING = table_of(ListingRow)
_OPENING, _SPOT, _COVER = table_of(OpeningRow), table_of(SpotRow), table_of(CoverRow)
_POSTCODE = table_of(PostcodeRow)
_LISTING_NAMES = [column.name for column in _LISTING.columns]
_STAMPED = frozenset({SERVICES})
"""The collections whose objects say themselves when they were modified."""


class Written(NamedTuple):
    """A listing with its stamp, ready to be stored."""

    listing: Listing
    fingerprint: str
    modified_at: datetime
    brief: Json
    whole: Json


async def write(
    connection: AsyncConnection,
    entry_ids: Sequence[UUID],
    listings: Sequence[Listing],
    now: datetime,
) -> Shown:
    """Let these listings be all that is shown of these entries; what became otherwise.

    What another entry has listed stays that entry's.
    """
    listings = await own(connection, listings)
    known = await _known(connection, entry_ids)
    changed = list(_changed(known, listings, now))
    if changed:
        await _store(connection, changed)
    keys = [(one.listing.collection, one.listing.id) for one in changed]
    before = {key for key, row in known.items() if row.withdrawn_at is None}
    return Shown(
        published=tuple(key for key in keys if key not in before),
        changed=tuple(key for key in keys if key in before),
        withdrawn=await _withdraw(connection, known, listings, now),
    )


async def find_anew(connection: AsyncConnection, listings: Sequence[Listing]) -> None:
    """Of objects that are shown as they were, write again what they are found by."""
    listings = await own(connection, listings)
    if listings:
        await _find(connection, listings)


async def ended(connection: AsyncConnection, today: date) -> list[UUID]:
    """Listed services in which something had its last day since they were written, before today."""
    written = func.to_char(func.timezone(LOCAL.key, _LISTING.c.modified_at), "YYYY-MM-DD")
    between = func.jsonb_build_object("written", written, "today", today.isoformat())
    ends: Any = literal_column("'$.**.valid_to ? (@ >= $written && @ < $today)'::jsonpath")
    wanted = select(_LISTING.c.entry_id).where(
        _LISTING.c.collection == SERVICES,
        _LISTING.c.withdrawn_at.is_(None),
        _LISTING.c.whole.contains('"valid_to"'),  # few have a last day, and the rest costs more
        func.jsonb_path_exists(cast(_LISTING.c.whole, JSONB), ends, between),
    )
    return list((await connection.execute(wanted)).scalars())


async def _known(connection: AsyncConnection, entry_ids: Sequence[UUID]) -> dict[Key, Row[Any]]:
    columns = ("collection", "id", "fingerprint", "modified_at", "withdrawn_at")
    rows = await connection.execute(
        select(*(_LISTING.c[name] for name in columns)).where(_LISTING.c.entry_id.in_(entry_ids))
    )
    return {(row.collection, row.id): row for row in rows}


def _changed(
    known: Mapping[Key, Row[Any]], listings: Iterable[Listing], now: datetime
) -> Iterator[Written]:
    """Services come before their places, which show when the service was modified."""
    stamps: dict[UUID, datetime] = {}
    for one in listings:
        if one.collection == AT_LOCATIONS:
            one = _with_service_stamped(one, stamps[one.entry_id])
        row, fingerprint = known.get((one.collection, one.id)), one.fingerprint()
        same = row is not None and row.withdrawn_at is None and row.fingerprint == fingerprint
        at = row.modified_at if row is not None and same else now
        stamps.setdefault(one.entry_id, at)
        if not same:
            own = {"last_modified": stamp(at)} if one.collection in _STAMPED else {}
            yield Written(one, fingerprint, at, one.brief | own, one.whole | own)


def stamp(at: datetime) -> str:
    """A moment as the feed writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _with_service_stamped(one: Listing, at: datetime) -> Listing:
    when = {"last_modified": stamp(at)}
    brief = one.brief | {"service": one.brief["service"] | when}
    whole = one.whole | {"service": one.whole["service"] | when}
    return replace(one, brief=brief, whole=whole)


def compact(document: Json) -> str:
    """A document as it is sent: on one line."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


async def _store(connection: AsyncConnection, changed: Sequence[Written]) -> None:
    statement = upsert(_LISTING).values(
        {name: bindparam(name) for name in _row(changed[0]) if name not in ("title", "text")}
        | {"words": _words(), "withdrawn_at": None}
    )
    replaced = [name for name in _LISTING_NAMES if name not in ("collection", "id", "place")]
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["collection", "id"],
            set_={name: statement.excluded[name] for name in replaced},
        ),
        [_row(one) for one in changed],
    )
    await _find(connection, [one.listing for one in changed])


async def _find(connection: AsyncConnection, listings: Sequence[Listing]) -> None:
    """Write what the objects are found by, beside their words."""
    await _clear(connection, [(one.collection, one.id) for one in listings])
    located = await _located(connection, listings)
    for table, rows in (
        (_OPENING, [row for one in listings for row in _openings(one)]),
        (_SPOT, [row for one in listings for row in _spots(one, located)]),
        (_COVER, [row for one in listings for row in _covers(one)]),
    ):
        if rows:
            await connection.execute(insert(table), rows)


def _words() -> Any:
    english: Any = literal_column("'english'::regconfig")

    def weighed(name: str, weight: str) -> Any:
        letter: Any = literal_column(f"'{weight}'::\"char\"")
        return func.setweight(func.to_tsvector(english, bindparam(name)), letter)

    return weighed("title", "A").op("||")(weighed("text", "B"))


def _row(one: Written) -> dict[str, Any]:
    listing, found = one.listing, one.listing.found
    named = "status" if listing.collection == SERVICES else None
    short = {name: one.brief[name] for name in ("id", "name", named) if name in one.brief}
    if "last_modified" in one.brief:
        short["last_modified"] = one.brief["last_modified"]
    return {
        "collection": listing.collection,
        "id": listing.id,
        "entry_id": listing.entry_id,
        "modified_at": one.modified_at,
        "minimal": compact(short),
        "brief": compact(one.brief),
        "whole": compact(one.whole),
        "fingerprint": one.fingerprint,
        "title": found.title,
        "text": found.text,
        "organization_id": _uuid(found.organization_id),
        "term_ids": [UUID(id_) for id_ in found.term_ids],
        "taxonomy_ids": [UUID(id_) for id_ in found.taxonomy_ids],
        "parent_id": _uuid(found.parent_id),
        "minimum_age": found.minimum_age,
        "maximum_age": found.maximum_age,
    }


def _uuid(id_: str | None) -> UUID | None:
    return UUID(id_) if id_ else None


def _of(listing: Listing) -> dict[str, Any]:
    return {"collection": listing.collection, "listing_id": listing.id}


def _openings(listing: Listing) -> Iterator[dict[str, Any]]:
    for one in listing.found.openings:
        hours = {"opens_at": _time(one.opens_at), "closes_at": _time(one.closes_at)}
        yield _of(listing) | {"days": one.days} | hours


def _time(said: str | None) -> time | None:
    return time.fromisoformat(said) if said else None


def _covers(listing: Listing) -> Iterator[dict[str, Any]]:
    for one in listing.found.covers:
        yield _of(listing) | {"code": one.code, "shape": one.shape}


Located = Mapping[str, tuple[float, float]]


def _spots(listing: Listing, located: Located) -> Iterator[dict[str, Any]]:
    for one in listing.found.spots:
        if at := _point(one, located):
            yield _of(listing) | {"latitude": at[0], "longitude": at[1]}


def _point(spot: Spot, located: Located) -> tuple[float, float] | None:
    if spot.latitude is not None and spot.longitude is not None:
        return spot.latitude, spot.longitude
    return located.get(postcodes.written(spot.postal_code or "") or "")


async def _located(connection: AsyncConnection, listings: Iterable[Listing]) -> Located:
    """Where the postcodes are of those places that say no more."""
    spots = [spot for one in listings for spot in one.found.spots]
    asked = {postcodes.written(spot.postal_code or "") for spot in spots}
    rows = await connection.execute(
        select(_POSTCODE.c.code, _POSTCODE.c.latitude, _POSTCODE.c.longitude).where(
            _POSTCODE.c.code.in_([code for code in asked if code])
        )
    )
    return {row.code: (row.latitude, row.longitude) for row in rows}


async def _clear(connection: AsyncConnection, keys: Sequence[Key]) -> None:
    """What the objects were found by, away."""
    for collection in {collection for collection, _ in keys}:
        ids = [id_ for of, id_ in keys if of == collection]
        for table in (_OPENING, _SPOT, _COVER):
            of_it = table.c.collection == collection
            await connection.execute(delete(table).where(of_it, table.c.listing_id.in_(ids)))


async def _withdraw(
    connection: AsyncConnection,
    known: Mapping[Key, Row[Any]],
    listings: Iterable[Listing],
    now: datetime,
) -> tuple[Key, ...]:
    """What was shown and is not any more keeps its place, its id, and nothing else."""
    kept = {(one.collection, one.id) for one in listings}
    over = [key for key, row in known.items() if key not in kept and row.withdrawn_at is None]
    if over:
        await connection.execute(_GONE, [_gone(collection, id_, now) for collection, id_ in over])
        await _clear(connection, over)
    return tuple(over)


_GONE = (
    update(_LISTING)
    .where(_LISTING.c.collection == bindparam("of"))
    .where(_LISTING.c.id == bindparam("which"))
    .values(
        modified_at=bindparam("at"),
        withdrawn_at=bindparam("at"),
        minimal=bindparam("bare"),
        brief=bindparam("bare"),
        whole=bindparam("bare"),
        fingerprint="",
        words=literal_column("''::tsvector"),
        organization_id=None,
        term_ids=literal_column("'{}'::uuid[]"),
        taxonomy_ids=literal_column("'{}'::uuid[]"),
        parent_id=None,
        minimum_age=None,
        maximum_age=None,
    )
)


def _gone(collection: str, id_: UUID, now: datetime) -> dict[str, Any]:
    bare = showing.gone(collection, str(id_))
    if collection in _STAMPED:
        bare["last_modified"] = stamp(now)
    return {"of": collection, "which": id_, "at": now, "bare": compact(bare)}
