"""Drafts of entries: what they say is sealed, because contacts may be in it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.drafts import Draft, DraftStatus
from services.directory.domain.entries import Kind
from services.directory.tables.keeping import DraftRow
from shared.crypto import FieldCipher
from shared.rows import table_of

_DRAFT = table_of(DraftRow)
_CONTENT, _REASON = "draft.content", "draft.reason"


async def keep(connection: AsyncConnection, cipher: FieldCipher, draft: Draft) -> None:
    """Write a new draft."""
    await connection.execute(insert(_DRAFT).values(_row(cipher, draft)))


async def change(connection: AsyncConnection, cipher: FieldCipher, draft: Draft) -> None:
    """Write what has become of a draft that is held."""
    await connection.execute(
        update(_DRAFT).where(_DRAFT.c.id == draft.id).values(_row(cipher, draft))
    )


async def get(
    connection: AsyncConnection, cipher: FieldCipher, draft_id: UUID, *, to_change: bool = False
) -> Draft | None:
    """One draft; `to_change` waits for who is changing it."""
    wanted = select(_DRAFT).where(_DRAFT.c.id == draft_id)
    if to_change:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else _draft(cipher, row)


async def page(
    connection: AsyncConnection,
    cipher: FieldCipher,
    *,
    agency_id: UUID | None,
    authority: str | None,
    status: DraftStatus | None,
    after: UUID | None,
    limit: int,
) -> list[Draft]:
    """Those of an agency, or all of an authority: the oldest first."""
    wanted = select(_DRAFT)
    for column, value in (
        (_DRAFT.c.agency_id, agency_id),
        (_DRAFT.c.authority, authority),
        (_DRAFT.c.status, status),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    if after is not None:
        wanted = wanted.where(_DRAFT.c.id > after)
    rows = await connection.execute(wanted.order_by(_DRAFT.c.id).limit(limit))
    return [_draft(cipher, row) for row in rows]


def _row(cipher: FieldCipher, draft: Draft) -> dict[str, Any]:
    reason = draft.reason
    return vars(draft) | {
        "content": cipher.seal(draft.content, _CONTENT, draft.id),
        "reason": None if reason is None else cipher.seal(reason, _REASON, draft.id),
    }


def _draft(cipher: FieldCipher, row: Row[Any]) -> Draft:
    said = row._asdict()
    reason = said["reason"]
    said |= {
        "kind": Kind(row.kind),
        "status": DraftStatus(row.status),
        "content": cipher.open(row.content, _CONTENT, row.id),
        "reason": None if reason is None else cipher.open(reason, _REASON, row.id),
    }
    return Draft(**said)
