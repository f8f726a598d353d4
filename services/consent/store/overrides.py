"""Overrides, with their words sealed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.bases import Reason
from services.consent.domain.holding import KeptOverride
from services.consent.domain.overrides import REVIEW, Danger, Override, Protected
from services.consent.store.naming import names
from services.consent.tables.consents import OverrideRow
from shared.crypto import FieldCipher
from shared.errors import NotFound, Stale
from shared.rows import Row, table_of

override = table_of(OverrideRow)
_WORDS, _REVIEW = "override.words", "override.review_words"
_SPOKEN = ("words", "untold_because")
_UNREAD = {"words": "sealed", "untold_because": None}
_PLAIN = tuple(name for name in Override.__slots__ if name not in _SPOKEN)


def row_of(new: KeptOverride, cipher: FieldCipher) -> Row:
    """An override as it is inserted."""
    said = new.said
    words = {name: getattr(said, name) for name in _SPOKEN}
    plain: dict[str, Any] = {name: getattr(said, name) for name in _PLAIN}
    plain |= {"people": sorted(said.people), "categories": sorted(said.categories)}
    return Row.of(
        OverrideRow,
        **plain,
        authority=new.authority,
        words=cipher.seal(words, _WORDS, said.id),
        version=new.version,
    )


def _override_of(row: Mapping[Any, Any], words: dict[str, Any]) -> Override:
    said = {name: row[name] for name in _PLAIN} | {
        "people": frozenset(row["people"]),
        "categories": frozenset(row["categories"]),
        "danger": Danger(row["danger"]),
        "reason": Reason(row["reason"]),
        "protects": Protected(row["protects"]),
    }
    return Override(**said, **words)


def unread(row: Mapping[Any, Any]) -> Override:
    """An override's row as it decides, without its words."""
    return _override_of(row, _UNREAD)


def _kept_of(row: RowMapping, cipher: FieldCipher, base: str) -> KeptOverride:
    found = row["review_words"]
    return KeptOverride(
        said=_override_of(row, cipher.open(row["words"], _WORDS, row["id"])),
        authority=row["authority"],
        url=f"{base}/api/v1/overrides/{row['id']}",
        reviewed_by=row["reviewed_by"],
        justified=row["justified"],
        review_words=cipher.open(found, _REVIEW, row["id"]) if found else None,
        overdue_announced_at=row["overdue_announced_at"],
        version=row["version"],
    )


async def about(
    connection: AsyncConnection, people: Collection[UUID], authority: str
) -> list[Override]:
    """Every override about these people, without its words."""
    wanted = select(override).where(
        names(override.c.people, people), override.c.authority == authority
    )
    rows = (await connection.execute(wanted.order_by(override.c.id))).mappings()
    return [unread(row) for row in rows]


async def get(
    connection: AsyncConnection,
    override_id: UUID,
    *,
    seen_by: ColumnElement[bool],
    cipher: FieldCipher,
    base: str,
    version: int | None = None,
) -> KeptOverride:
    """One override. With `version` it is locked for a change. Raises NotFound, Stale."""
    wanted = select(override).where(override.c.id == override_id, seen_by)
    if version is not None:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("Your agency knows no override with this id")
    if version is not None and row["version"] != version:
        raise Stale("Fetch the override again and go on from what it says now")
    return _kept_of(row, cipher, base)


def of_authority(authority: str | None) -> ColumnElement[bool]:
    """What an information governance lead sees."""
    return override.c.authority == authority


def of_agency(authority: str | None, agency: UUID) -> ColumnElement[bool]:
    """What a safeguarding lead sees."""
    return (override.c.authority == authority) & (override.c.agency == agency)


async def page(
    connection: AsyncConnection,
    *,
    seen_by: ColumnElement[bool],
    unreviewed: bool,
    after: UUID | None,
    limit: int,
    cipher: FieldCipher,
    base: str,
) -> list[KeptOverride]:
    """The queue: overrides in the order of their declaration."""
    wanted = select(override).where(seen_by).order_by(override.c.id).limit(limit)
    if unreviewed:
        wanted = wanted.where(override.c.reviewed_at.is_(None))
    if after is not None:
        wanted = wanted.where(override.c.id > after)
    rows = (await connection.execute(wanted)).mappings()
    return [_kept_of(row, cipher, base) for row in rows]


async def due(
    connection: AsyncConnection, now: datetime, *, cipher: FieldCipher, base: str
) -> list[KeptOverride]:
    """Those whose review is overdue and was not told yet, locked; others do not wait for them."""
    wanted = (
        select(override)
        .where(
            override.c.reviewed_at.is_(None),
            override.c.overdue_announced_at.is_(None),
            override.c.declared_at < now - REVIEW,
        )
        .order_by(override.c.id)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    rows = (await connection.execute(wanted)).mappings()
    return [_kept_of(row, cipher, base) for row in rows]


async def save(connection: AsyncConnection, moved: KeptOverride, cipher: FieldCipher) -> None:
    """The new state of an override that `get` or `due` has locked.

    Before it may end, its people are locked: what decides about them is read under their lock.
    """
    words = moved.review_words
    state = {
        "reviewed_at": moved.said.reviewed_at,
        "ended_at": moved.said.ended_at,
        "reviewed_by": moved.reviewed_by,
        "justified": moved.justified,
        "review_words": cipher.seal(words, _REVIEW, moved.said.id) if words else None,
        "overdue_announced_at": moved.overdue_announced_at,
        "version": moved.version,
    }
    await connection.execute(update(override).where(override.c.id == moved.said.id).values(state))
