"""Drafts in the database: seen by their own agency alone, and until they expire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.drafts import Draft
from services.referral.tables.drafts import DraftRow
from shared.auth import Caller
from shared.crypto import FieldCipher
from shared.errors import NotFound, Stale
from shared.rows import Row, table_of

draft = table_of(DraftRow)
_CONTENT = "draft.content"


def row_of(new: Draft, cipher: FieldCipher) -> Row:
    """A draft as it is inserted."""
    return Row.of(DraftRow, **_sealed(new, cipher))


def _sealed(draft_: Draft, cipher: FieldCipher) -> dict[str, Any]:
    said = draft_.content
    content = None if said is None else cipher.seal(said, _CONTENT, draft_.id)
    return vars(draft_) | {"content": content}


def _seen_by(caller: Caller, now: datetime) -> ColumnElement[bool]:
    """Not another agency's, not expired and not there at all are one query and one answer."""
    return (draft.c.agency_id == caller.agency_id) & (draft.c.expires_at > now)


async def get(
    connection: AsyncConnection,
    of: UUID | str,
    *,
    by: Caller,
    now: datetime,
    cipher: FieldCipher,
    version: int | None = None,
) -> Draft:
    """The draft with this id or this code. With `version` it is locked for a change.

    Raises NotFound, and Stale when it is no longer the version that the caller saw.
    """
    named = draft.c.id == of if isinstance(of, UUID) else draft.c.code == of
    wanted = select(draft).where(named, _seen_by(by, now))
    if version is not None:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("Your agency has no draft with this id or code; it may have expired")
    if version is not None and row["version"] != version:
        raise Stale("Fetch the draft again and go on from what it says now")
    return _opened(row, cipher)


def _opened(row: RowMapping, cipher: FieldCipher) -> Draft:
    sealed = row["content"]
    content = None if sealed is None else cipher.open(sealed, _CONTENT, row["id"])
    return Draft(**dict(row) | {"content": content})


async def page(
    connection: AsyncConnection, *, by: Caller, after: UUID | None, limit: int, now: datetime
) -> list[RowMapping]:
    """The agency's drafts, the newest first, from behind `after`; without their content."""
    shown = [column for column in draft.c if column.name != "content"]
    wanted = select(*shown).where(_seen_by(by, now)).order_by(draft.c.id.desc()).limit(limit)
    if after:
        wanted = wanted.where(draft.c.id < after)
    return list((await connection.execute(wanted)).mappings())


async def save(connection: AsyncConnection, changed: Draft, cipher: FieldCipher) -> None:
    """The new state of a draft that `get` has locked."""
    state = _sealed(changed, cipher)
    await connection.execute(update(draft).where(draft.c.id == changed.id).values(state))


async def discard(connection: AsyncConnection, unwanted: Draft) -> None:
    """Away with it."""
    await connection.execute(delete(draft).where(draft.c.id == unwanted.id))


async def forget_expired(connection: AsyncConnection, now: datetime) -> None:
    """Drop the drafts whose days are over."""
    await connection.execute(delete(draft).where(draft.c.expires_at <= now))
