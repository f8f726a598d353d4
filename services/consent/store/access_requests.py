"""Access requests and what is kept out of their answers, with the reasons sealed."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.access_requests import (
    AccessRequest,
    Exemption,
    ExemptionGround,
    Wish,
)
from services.consent.domain.consents import Capacity
from services.consent.tables.rights import AccessRequestRow, ExemptionRow
from shared.auth import Caller, Role
from shared.crypto import FieldCipher
from shared.errors import NotFound, Stale
from shared.rows import Row, table_of

request, exemption = table_of(AccessRequestRow), table_of(ExemptionRow)
URL = "/api/v1/access-requests"
_BECAUSE = "exemption.because"
_SAME = tuple(
    "id authority asked_by capacity received_on due wish wish_at wish_heard_by recorded_by"
    " recorded_at answered_at answered_by overdue_announced_at version".split()
)
_MOVES = tuple(
    "wish wish_at wish_heard_by answered_at answered_by overdue_announced_at version".split()
)


def row_of(new: AccessRequest) -> Row:
    """A request as it is inserted."""
    return Row.of(
        AccessRequestRow,
        **{name: getattr(new, name) for name in _SAME},
        person_id=new.person,
        recorded_by_agency=new.by_agency,
    )


def exemption_row(of: AccessRequest, new: Exemption, cipher: FieldCipher) -> Row:
    """An exemption as it is inserted."""
    return Row.of(
        ExemptionRow,
        id=new.id,
        request_id=of.id,
        ground=new.ground,
        categories=sorted(new.categories),
        agencies=sorted(new.agencies),
        told=new.told,
        because=cipher.seal(new.because, _BECAUSE, new.id),
        decided_by=new.decided_by,
        decided_at=new.decided_at,
    )


def _request_of(row: RowMapping, base: str, exemptions: tuple[Exemption, ...]) -> AccessRequest:
    said: dict[str, Any] = {name: row[name] for name in _SAME}
    return AccessRequest(
        **said
        | {
            "capacity": Capacity(row["capacity"]),
            "wish": Wish(row["wish"]) if row["wish"] else None,
            "person": row["person_id"],
            "by_agency": row["recorded_by_agency"],
            "exemptions": exemptions,
            "url": f"{base}{URL}/{row['id']}",
        }
    )


def _exemption_of(row: RowMapping, because: str) -> Exemption:
    return Exemption(
        id=row["id"],
        ground=ExemptionGround(row["ground"]),
        categories=frozenset(row["categories"]),
        agencies=frozenset(row["agencies"]),
        told=row["told"],
        because=because,
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
    )


def seen_by(by: Caller) -> ColumnElement[bool]:
    """Who recorded it, and who answers for sharing."""
    here = request.c.authority == by.authority
    if Role.INFORMATION_GOVERNANCE_LEAD in by.roles:
        return here
    return here & (request.c.recorded_by_agency == by.agency_id)


async def get(
    connection: AsyncConnection,
    request_id: UUID,
    *,
    by: Caller,
    cipher: FieldCipher,
    base: str,
    version: int | None = None,
) -> AccessRequest:
    """One request. With `version` it is locked for a change. Raises NotFound, Stale."""
    wanted = select(request).where(request.c.id == request_id, seen_by(by))
    if version is not None:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("Your agency has recorded no access request with this id")
    if version is not None and row["version"] != version:
        raise Stale("Fetch the access request again and go on from what it says now")
    decided = select(exemption).where(exemption.c.request_id == request_id)
    rows = (await connection.execute(decided.order_by(exemption.c.id))).mappings()
    exemptions = (_exemption_of(one, _because(one, cipher)) for one in rows)
    return _request_of(row, base, tuple(exemptions))


def _because(row: RowMapping, cipher: FieldCipher) -> str:
    return str(cipher.open(row["because"], _BECAUSE, row["id"]))


async def exempted(connection: AsyncConnection, person: UUID, authority: str) -> list[Exemption]:
    """What was decided on any request about a person, without the reasons."""
    of_person = (request.c.person_id == person) & (request.c.authority == authority)
    wanted = select(exemption).join(request, request.c.id == exemption.c.request_id)
    rows = (await connection.execute(wanted.where(of_person).order_by(exemption.c.id))).mappings()
    return [_exemption_of(one, "sealed") for one in rows]


async def page(
    connection: AsyncConnection,
    *,
    by: Caller,
    unanswered: bool,
    after: UUID | None,
    limit: int,
    base: str,
) -> list[AccessRequest]:
    """Those that the caller may see in the order of their recording, without their exemptions."""
    wanted = select(request).where(seen_by(by)).order_by(request.c.id).limit(limit)
    if unanswered:
        wanted = wanted.where(request.c.answered_at.is_(None))
    if after is not None:
        wanted = wanted.where(request.c.id > after)
    return [_request_of(row, base, ()) for row in (await connection.execute(wanted)).mappings()]


async def due(
    connection: AsyncConnection, today: date, authorities: Collection[str], base: str
) -> list[AccessRequest]:
    """Those that are overdue, and of which it was not told yet; locked, others do not wait."""
    wanted = (
        select(request)
        .where(
            request.c.answered_at.is_(None),
            request.c.overdue_announced_at.is_(None),
            request.c.due < today,
            request.c.authority.in_(authorities),
        )
        .order_by(request.c.id)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    return [_request_of(row, base, ()) for row in (await connection.execute(wanted)).mappings()]


async def save(connection: AsyncConnection, moved: AccessRequest) -> None:
    """The new state of a request that `get` or `due` has locked."""
    state = {name: getattr(moved, name) for name in _MOVES}
    await connection.execute(update(request).where(request.c.id == moved.id).values(state))
