"""Recorded refusals to share, with their reasons sealed."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.holding import KeptRefusal
from services.consent.domain.overrides import RefusalToShare
from services.consent.store.naming import names
from services.consent.tables.consents import RefusalToShareRow
from shared.auth import Caller, Role
from shared.crypto import FieldCipher
from shared.errors import NotFound, Stale
from shared.purposes import Purpose
from shared.rows import Row, table_of

refusal = table_of(RefusalToShareRow)
_BECAUSE = "refusal_to_share.because"
_SETS = ("people", "agencies", "categories", "purposes")
_PLAIN = tuple(name for name in RefusalToShare.__slots__ if name != "because")


def row_of(new: KeptRefusal, cipher: FieldCipher) -> Row:
    """A refusal as it is inserted."""
    said = new.said
    plain: dict[str, Any] = {name: getattr(said, name) for name in _PLAIN}
    return Row.of(
        RefusalToShareRow,
        **plain | {name: sorted(plain[name]) for name in _SETS},
        authority=new.authority,
        because=cipher.seal(said.because, _BECAUSE, said.id),
        refused_by_agency=new.by_agency,
        version=new.version,
    )


def _refusal_of(row: Mapping[Any, Any], because: str) -> RefusalToShare:
    said = {name: row[name] for name in _PLAIN} | {
        "people": frozenset(row["people"]),
        "agencies": frozenset(row["agencies"]),
        "categories": frozenset(row["categories"]),
        "purposes": frozenset(map(Purpose, row["purposes"])),
    }
    return RefusalToShare(**said, because=because)


def unread(row: Mapping[Any, Any]) -> RefusalToShare:
    """A refusal's row as it decides, without its reasons."""
    return _refusal_of(row, "sealed")


def _kept_of(row: RowMapping, cipher: FieldCipher) -> KeptRefusal:
    return KeptRefusal(
        said=_refusal_of(row, cipher.open(row["because"], _BECAUSE, row["id"])),
        authority=row["authority"],
        by_agency=row["refused_by_agency"],
        version=row["version"],
    )


async def about(
    connection: AsyncConnection, people: Collection[UUID], authority: str
) -> list[RefusalToShare]:
    """Every refusal about these people, without its reasons."""
    wanted = select(refusal).where(
        names(refusal.c.people, people), refusal.c.authority == authority
    )
    rows = (await connection.execute(wanted.order_by(refusal.c.id))).mappings()
    return [unread(row) for row in rows]


def _seen_by(by: Caller) -> Select[Any]:
    """Who judged, and who answers for sharing; whoever is refused learns nothing of it."""
    wanted = select(refusal).where(refusal.c.authority == by.authority)
    if Role.INFORMATION_GOVERNANCE_LEAD in by.roles:
        return wanted
    return wanted.where(refusal.c.refused_by_agency == by.agency_id)


async def get(
    connection: AsyncConnection,
    refusal_id: UUID,
    *,
    by: Caller,
    cipher: FieldCipher,
    version: int | None = None,
) -> KeptRefusal:
    """One refusal. With `version` it is locked for a change. Raises NotFound, Stale."""
    wanted = _seen_by(by).where(refusal.c.id == refusal_id)
    if version is not None:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("Your agency has recorded no refusal with this id")
    if version is not None and row["version"] != version:
        raise Stale("Fetch the refusal again and go on from what it says now")
    return _kept_of(row, cipher)


async def page(
    connection: AsyncConnection,
    person: UUID,
    *,
    by: Caller,
    after: UUID | None,
    limit: int,
    cipher: FieldCipher,
) -> list[KeptRefusal]:
    """The refusals about one person that the caller may see, the newest first."""
    wanted = (
        _seen_by(by)
        .where(names(refusal.c.people, [person]))
        .order_by(refusal.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(refusal.c.id < after)
    return [_kept_of(row, cipher) for row in (await connection.execute(wanted)).mappings()]


async def save(connection: AsyncConnection, moved: KeptRefusal) -> None:
    """The new state of a refusal that `get` has locked."""
    state = {"lifted_at": moved.said.lifted_at, "version": moved.version}
    await connection.execute(update(refusal).where(refusal.c.id == moved.said.id).values(state))
