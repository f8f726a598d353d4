"""Complaints, with their words sealed."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.complaining import Complaint
from services.consent.tables.rights import ComplaintRow
from shared.auth import Caller, Role
from shared.crypto import FieldCipher
from shared.errors import NotFound, Stale
from shared.rows import Row, table_of

complaint = table_of(ComplaintRow)
URL = "/api/v1/complaints"
_WORDS, _ANSWER = "complaint.words", "complaint.answer"
_MOVES = tuple(
    "acknowledged_at acknowledged_by answered_at answered_by overdue_announced_at version".split()
)
_SAME = (
    *("id", "authority", "lodged_by", "received_on", "recorded_by", "recorded_at"),
    *_MOVES,
)


def row_of(new: Complaint, cipher: FieldCipher) -> Row:
    """A complaint as it is inserted."""
    return Row.of(
        ComplaintRow,
        **{name: getattr(new, name) for name in _SAME},
        person_id=new.person,
        due=new.due,
        words=cipher.seal(new.words, _WORDS, new.id),
        recorded_by_agency=new.by_agency,
    )


def _of(row: RowMapping, cipher: FieldCipher, base: str) -> Complaint:
    same: dict[str, Any] = {name: row[name] for name in _SAME}
    answer = row["answer"]
    return Complaint(
        **same,
        person=row["person_id"],
        words=cipher.open(row["words"], _WORDS, row["id"]),
        answer=cipher.open(answer, _ANSWER, row["id"]) if answer else None,
        by_agency=row["recorded_by_agency"],
        url=f"{base}{URL}/{row['id']}",
    )


def _seen_by(by: Caller) -> ColumnElement[bool]:
    """Who recorded it, and who answers for sharing."""
    here = complaint.c.authority == by.authority
    if Role.INFORMATION_GOVERNANCE_LEAD in by.roles:
        return here
    return here & (complaint.c.recorded_by_agency == by.agency_id)


async def get(
    connection: AsyncConnection,
    complaint_id: UUID,
    *,
    by: Caller,
    cipher: FieldCipher,
    base: str,
    version: int | None = None,
) -> Complaint:
    """One complaint. With `version` it is locked for a change. Raises NotFound, Stale."""
    wanted = select(complaint).where(complaint.c.id == complaint_id, _seen_by(by))
    if version is not None:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("Your agency has recorded no complaint with this id")
    if version is not None and row["version"] != version:
        raise Stale("Fetch the complaint again and go on from what it says now")
    return _of(row, cipher, base)


async def page(
    connection: AsyncConnection,
    *,
    by: Caller,
    unanswered: bool,
    after: UUID | None,
    limit: int,
    cipher: FieldCipher,
    base: str,
) -> list[Complaint]:
    """Those that the caller may see, in the order of their recording."""
    wanted = select(complaint).where(_seen_by(by)).order_by(complaint.c.id).limit(limit)
    if unanswered:
        wanted = wanted.where(complaint.c.answered_at.is_(None))
    if after is not None:
        wanted = wanted.where(complaint.c.id > after)
    rows = (await connection.execute(wanted)).mappings()
    return [_of(row, cipher, base) for row in rows]


async def due(
    connection: AsyncConnection,
    today: date,
    authorities: Collection[str],
    cipher: FieldCipher,
    base: str,
) -> list[Complaint]:
    """Those that are overdue, and of which it was not told yet; locked, others do not wait."""
    wanted = (
        select(complaint)
        .where(
            complaint.c.acknowledged_at.is_(None),
            complaint.c.overdue_announced_at.is_(None),
            complaint.c.due < today,
            complaint.c.authority.in_(authorities),
        )
        .order_by(complaint.c.id)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    rows = (await connection.execute(wanted)).mappings()
    return [_of(row, cipher, base) for row in rows]


async def save(connection: AsyncConnection, moved: Complaint, cipher: FieldCipher) -> None:
    """The new state of a complaint that `get` or `due` has locked."""
    state: dict[str, Any] = {name: getattr(moved, name) for name in _MOVES}
    answer = moved.answer
    state["answer"] = cipher.seal(answer, _ANSWER, moved.id) if answer else None
    await connection.execute(update(complaint).where(complaint.c.id == moved.id).values(state))
