"""Rectifications, with what was wrong sealed."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.rectifying import Rectification
from services.consent.store.naming import names
from services.consent.tables.rights import RectificationRow
from shared.auth import Caller, Role
from shared.crypto import FieldCipher
from shared.errors import NotFound
from shared.rows import Row, table_of

rectification = table_of(RectificationRow)
URL = "/api/v1/rectifications"
_BECAUSE = "rectification.because"
_SAME = ("id", "authority", "since", "recorded_by", "recorded_at")


def row_of(new: Rectification, cipher: FieldCipher) -> Row:
    """A rectification as it is inserted."""
    return Row.of(
        RectificationRow,
        **{name: getattr(new, name) for name in _SAME},
        person_id=new.person,
        categories=sorted(new.categories),
        recipients=sorted(new.recipients),
        because=cipher.seal(new.because, _BECAUSE, new.id),
        recorded_by_agency=new.by_agency,
    )


def _of(row: RowMapping, cipher: FieldCipher, base: str) -> Rectification:
    same: dict[str, Any] = {name: row[name] for name in _SAME}
    return Rectification(
        **same,
        person=row["person_id"],
        categories=frozenset(row["categories"]),
        recipients=frozenset(row["recipients"]),
        because=cipher.open(row["because"], _BECAUSE, row["id"]),
        by_agency=row["recorded_by_agency"],
        url=f"{base}{URL}/{row['id']}",
    )


def _seen_by(by: Caller) -> ColumnElement[bool]:
    """Who recorded it, who had received what was wrong, and who answers for sharing."""
    here = rectification.c.authority == by.authority
    if Role.INFORMATION_GOVERNANCE_LEAD in by.roles:
        return here
    agency, _ = by.acting()
    told = names(rectification.c.recipients, [agency])
    return here & ((rectification.c.recorded_by_agency == agency) | told)


async def get(
    connection: AsyncConnection,
    rectification_id: UUID,
    *,
    by: Caller,
    cipher: FieldCipher,
    base: str,
) -> Rectification:
    """One rectification. Raises NotFound."""
    wanted = select(rectification).where(rectification.c.id == rectification_id, _seen_by(by))
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("Your agency was told of no rectification with this id")
    return _of(row, cipher, base)


async def page(
    connection: AsyncConnection,
    *,
    by: Caller,
    after: UUID | None,
    limit: int,
    cipher: FieldCipher,
    base: str,
) -> list[Rectification]:
    """Those that the caller may see, the newest first."""
    wanted = select(rectification).where(_seen_by(by)).order_by(rectification.c.id.desc())
    if after is not None:
        wanted = wanted.where(rectification.c.id < after)
    rows = (await connection.execute(wanted.limit(limit))).mappings()
    return [_of(row, cipher, base) for row in rows]
