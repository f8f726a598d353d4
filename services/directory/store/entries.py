"""Entries and their history: every version of each, what may not be shown sealed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.entries import Audience, Entry, Kind, Stage, named, parted
from services.directory.tables.entries import EntryRow, HistoryRow, OriginRow
from shared.crypto import FieldCipher
from shared.rows import table_of

_ENTRY, _HISTORY, _ORIGIN = table_of(EntryRow), table_of(HistoryRow), table_of(OriginRow)
SEALED, WORDS = "entry.withheld", "history.words"
WRITERS = 4_046_001
"""The advisory lock of whoever changes entries: what is stamped first is committed first."""


@dataclass(frozen=True)
class By:
    """Who changes entries, and why."""

    client_id: str
    reason: str
    worker_id: UUID | None = None
    origin: str | None = None
    words: str | None = None
    """What an editor wrote to it; sealed, because it may name somebody."""


async def one_writer(connection: AsyncConnection) -> datetime:
    """Wait for every other change of entries to end; the moment from which this one counts."""
    await connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))
    at = func.date_trunc("milliseconds", func.clock_timestamp())
    now: datetime = (await connection.execute(select(at))).scalar_one()
    return now


async def origins_of(connection: AsyncConnection, ids: Iterable[UUID]) -> Mapping[UUID, str | None]:
    """From where each of these entries is, as far as there are such."""
    rows = await connection.execute(
        select(_ENTRY.c.id, _ENTRY.c.origin).where(_ENTRY.c.id.in_(list(ids)))
    )
    return {row.id: row.origin for row in rows}


async def edited_by_others(
    connection: AsyncConnection, ids: Sequence[UUID], client_id: str
) -> set[UUID]:
    """Of these entries those that somebody else has changed last."""
    newest = and_(_HISTORY.c.entry_id == _ENTRY.c.id, _HISTORY.c.version == _ENTRY.c.version)
    wanted = (
        select(_ENTRY.c.id)
        .join(_HISTORY, newest)
        .where(_ENTRY.c.id.in_(ids))
        .where(_HISTORY.c.client_id != client_id)
    )
    return set((await connection.execute(wanted)).scalars())


async def save(
    connection: AsyncConnection,
    cipher: FieldCipher,
    entries: Sequence[Entry],
    *,
    by: By,
    now: datetime,
) -> list[UUID]:
    """Write what is new or differs, each with its place in the history; the ids of those."""
    ids = [entry.id for entry in entries]
    rows = await connection.execute(select(_ENTRY).where(_ENTRY.c.id.in_(ids)).with_for_update())
    known = {row.id: row for row in rows}
    written = [
        _row(cipher, entry, known.get(entry.id), by, now)
        for entry in entries
        if _differs(cipher, entry, known.get(entry.id))
    ]
    if not written:
        return []
    statement = upsert(_ENTRY)
    changing = {
        column.name: statement.excluded[column.name]
        for column in _ENTRY.columns
        if column.name not in ("id", "kind")
    }
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=changing), written
    )
    await connection.execute(insert(_HISTORY), [_version(cipher, row, by) for row in written])
    return [row["id"] for row in written]


def _differs(cipher: FieldCipher, entry: Entry, row: Row[Any] | None) -> bool:
    """Also where a rule of what is withheld has changed since it was written."""
    return row is None or read(cipher, row) != entry or row.content != parted(entry).content


def _row(
    cipher: FieldCipher, entry: Entry, known: Row[Any] | None, by: By, now: datetime
) -> dict[str, Any]:
    parts = parted(entry)
    withheld = parts.withheld
    return {
        "id": entry.id,
        "kind": entry.kind,
        "stage": entry.stage,
        "audience": entry.audience,
        "shown_from": entry.shown_from,
        "shown_until": entry.shown_until,
        "origin": by.origin if known is None else known.origin,
        "content": parts.content,
        "withheld": None if withheld is None else cipher.seal(withheld, SEALED, entry.id),
        "refers_to": named(entry.content),  # whose a place is, is told by what is withheld too
        "version": 1 if known is None else known.version + 1,
        "changed_at": now,
    }


def _version(cipher: FieldCipher, row: Mapping[str, Any], by: By) -> dict[str, Any]:
    same = ("version", "stage", "audience", "shown_from", "shown_until", "content", "withheld")
    return {name: row[name] for name in same} | {
        "entry_id": row["id"],
        "at": row["changed_at"],
        "client_id": by.client_id,
        "worker_id": by.worker_id,
        "reason": by.reason,
        "words": None if by.words is None else cipher.seal(by.words, WORDS, row["id"]),
    }


def read(cipher: FieldCipher, row: Row[Any]) -> Entry:
    """The whole entry, for those who look after it."""
    withheld = row.withheld
    content = row.content if withheld is None else cipher.open(withheld, SEALED, row.id)
    return _entry(row, content)


async def whole(
    connection: AsyncConnection, cipher: FieldCipher, ids: Iterable[UUID]
) -> list[Entry]:
    """Entries with what is withheld, for those who look after them."""
    rows = await connection.execute(select(_ENTRY).where(_ENTRY.c.id.in_(list(ids))))
    return [read(cipher, row) for row in rows]


def _entry(row: Row[Any], content: dict[str, Any]) -> Entry:
    return Entry(
        Kind(row.kind),
        content,
        Stage(row.stage),
        Audience(row.audience),
        row.shown_from,
        row.shown_until,
    )


async def to_show(connection: AsyncConnection, ids: Iterable[UUID]) -> list[Entry]:
    """Entries without anything that is withheld: no key is needed, none is there."""
    rows = await connection.execute(select(_ENTRY).where(_ENTRY.c.id.in_(list(ids))))
    return [_entry(row, row.content) for row in rows]


async def naming(connection: AsyncConnection, ids: Sequence[UUID]) -> list[UUID]:
    """The entries that name any of these."""
    if not ids:
        return []
    found = await connection.execute(select(_ENTRY.c.id).where(_ENTRY.c.refers_to.overlap(ids)))
    return list(found.scalars())


async def of_origin(connection: AsyncConnection, origin: str, kind: Kind) -> set[UUID]:
    """The entries of a kind that were imported from there and are not withdrawn."""
    wanted = (
        select(_ENTRY.c.id)
        .where(_ENTRY.c.origin == origin)
        .where(_ENTRY.c.kind == kind)
        .where(_ENTRY.c.stage != Stage.WITHDRAWN)
    )
    return set((await connection.execute(wanted)).scalars())


async def every_id(connection: AsyncConnection) -> list[UUID]:
    """All there are, in order."""
    return list((await connection.execute(select(_ENTRY.c.id).order_by(_ENTRY.c.id))).scalars())


async def dated(connection: AsyncConnection, since: date, today: date) -> list[UUID]:
    """The entries whose first or last day to be shown lies between."""
    first, last = _ENTRY.c.shown_from, _ENTRY.c.shown_until
    wanted = select(_ENTRY.c.id).where(or_(first.between(since, today), last.between(since, today)))
    return list((await connection.execute(wanted)).scalars())


async def versions(connection: AsyncConnection, entry_id: UUID) -> list[Row[Any]]:
    """The history of an entry, oldest first."""
    wanted = select(_HISTORY).where(_HISTORY.c.entry_id == entry_id).order_by(_HISTORY.c.version)
    return list(await connection.execute(wanted))


async def note_origin(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Remember from where was imported, and what that found."""
    statement = upsert(_ORIGIN).values(row)
    changing = {name: statement.excluded[name] for name in row if name != "name"}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_=changing)
    )


async def due_origins(connection: AsyncConnection, now: datetime) -> list[Row[Any]]:
    """The origins that are to be imported again."""
    hours = func.make_interval(0, 0, 0, 0, _ORIGIN.c.every_hours)
    due = or_(_ORIGIN.c.imported_at.is_(None), _ORIGIN.c.imported_at + hours <= now)
    wanted = select(_ORIGIN).where(_ORIGIN.c.every_hours.is_not(None)).where(due)
    return list(await connection.execute(wanted))


async def take_turn(
    connection: AsyncConnection, name: str, seen: datetime | None, now: datetime
) -> bool:
    """Whether it is this replica that imports an origin now, and no other."""
    turn = (
        update(_ORIGIN)
        .where(_ORIGIN.c.name == name)
        .where(_ORIGIN.c.imported_at.is_not_distinct_from(seen))
        .values(imported_at=now)
    )
    return bool((await connection.execute(turn)).rowcount)


async def origin(connection: AsyncConnection, name: str) -> Row[Any] | None:
    """From where was imported under this name, and what that found."""
    wanted = select(_ORIGIN).where(_ORIGIN.c.name == name)
    return (await connection.execute(wanted)).one_or_none()
