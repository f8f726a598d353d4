"""Entries as they are kept by those who look after them: which version, whose, and how it was."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, and_, case, cast, exists, not_, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from services.directory.domain.entries import Audience, Entry, Kind, Stage, marked
from services.directory.domain.shapes import Json
from services.directory.store.entries import SEALED, WORDS, read
from services.directory.tables.entries import EntryRow, HistoryRow
from services.directory.tables.events import AgencyRow
from services.directory.tables.keeping import ProviderRow
from shared.auth import Caller
from shared.crypto import FieldCipher
from shared.rows import table_of

_ENTRY, _HISTORY = table_of(EntryRow), table_of(HistoryRow)
_NAMING = _ENTRY.alias("naming")
_PROVIDER, _AGENCY = table_of(ProviderRow), table_of(AgencyRow)


@dataclass(frozen=True)
class Held:
    """An entry with its version, and from where it came."""

    entry: Entry
    version: int
    changed_at: datetime
    origin: str | None


@dataclass(frozen=True)
class Standing:
    """What an entry said, how far it was agreed, and for whom it was meant."""

    content: Json
    stage: Stage
    audience: Audience
    shown_from: date | None = None
    shown_until: date | None = None

    @property
    def marked(self) -> Json:
        """What it said, with the mark where it was confidential."""
        return marked(self.content, self.audience)


@dataclass(frozen=True)
class Provider:
    """Which agency looks after an organization's entries."""

    agency_id: UUID
    authority: str


@dataclass(frozen=True)
class Version:
    """An entry as it once stood, who made it so, and why."""

    standing: Standing
    version: int
    at: datetime
    client_id: str
    worker_id: UUID | None
    reason: str
    words: str | None


async def held(
    connection: AsyncConnection, cipher: FieldCipher, entry_id: UUID, *, to_change: bool = False
) -> Held | None:
    """An entry with all that is withheld; `to_change` waits for who is changing it."""
    wanted = select(_ENTRY).where(_ENTRY.c.id == entry_id)
    if to_change:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else _held(cipher, row)


def _held(cipher: FieldCipher, row: Row[Any]) -> Held:
    return Held(read(cipher, row), row.version, row.changed_at, row.origin)


async def page(
    connection: AsyncConnection,
    cipher: FieldCipher,
    by: Caller,
    *,
    editor: bool,
    after: UUID | None,
    limit: int,
) -> list[Held]:
    """Entries that the caller looks after, in order of their ids."""
    theirs = _agency_s(by.agency_id) if not editor else not_elsewhere(by.authority)
    kinds = [Kind.SERVICE, Kind.ORGANIZATION, Kind.LOCATION]
    wanted = select(_ENTRY).where(_ENTRY.c.kind.in_(kinds), theirs)
    if after is not None:
        wanted = wanted.where(_ENTRY.c.id > after)
    rows = await connection.execute(wanted.order_by(_ENTRY.c.id).limit(limit))
    return [_held(cipher, row) for row in rows]


_OWNER: ColumnElement[Any] = case(
    (_ENTRY.c.kind == Kind.ORGANIZATION, _ENTRY.c.id),
    else_=cast(_ENTRY.c.content["organization_id"].astext, Uuid),
)
"""The organization that an entry belongs to; of a place only if it names one."""


def _agency_s(agency_id: UUID | None) -> ColumnElement[bool]:
    own = select(_PROVIDER.c.organization_id).where(_PROVIDER.c.agency_id == agency_id)
    return _OWNER.in_(own)


def not_elsewhere(authority: str | None) -> ColumnElement[bool]:
    """It is this council's to keep; a place that names no organization, by who is there."""
    elsewhere = (
        select(_PROVIDER.c.organization_id)
        .join(_AGENCY, _AGENCY.c.id == _PROVIDER.c.agency_id)
        .where(_AGENCY.c.authority != authority)
    )
    theirs, anybodys = _at_the_place(_AGENCY.c.authority == authority), _at_the_place()
    a_place = _ENTRY.c.kind == Kind.LOCATION
    nobodys = and_(_OWNER.is_(None), or_(not_(a_place), theirs, not_(anybodys)))
    return or_(nobodys, _OWNER.not_in(elsewhere))


def _at_the_place(*whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a service that has a provider is given there, one `whose` provider it is."""
    giver = cast(_NAMING.c.content["organization_id"].astext, Uuid)
    return exists(
        select(_NAMING.c.id)
        .join(_PROVIDER, _PROVIDER.c.organization_id == giver)
        .join(_AGENCY, _AGENCY.c.id == _PROVIDER.c.agency_id)
        .where(_NAMING.c.refers_to.contains(array([_ENTRY.c.id])), *whose)
        .correlate(_ENTRY)
    )


async def is_elsewhere(connection: AsyncConnection, entry_id: UUID, authority: str | None) -> bool:
    """Whether an entry is another council's to keep."""
    wanted = select(_ENTRY.c.id).where(_ENTRY.c.id == entry_id, not_elsewhere(authority))
    return (await connection.execute(wanted)).scalar_one_or_none() is None


async def provider_of(connection: AsyncConnection, organization_id: UUID) -> Provider | None:
    """Which agency looks after an organization's entries, and in whose hub it takes part."""
    wanted = (
        select(_PROVIDER.c.agency_id, _AGENCY.c.authority)
        .join(_AGENCY, _AGENCY.c.id == _PROVIDER.c.agency_id)
        .where(_PROVIDER.c.organization_id == organization_id)
    )
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else Provider(row.agency_id, row.authority)


async def appoint(
    connection: AsyncConnection,
    organization_id: UUID,
    agency_id: UUID,
    by: UUID,
    now: datetime,
) -> None:
    """Let the agency look after the organization's entries from now on, and no other."""
    said = {"agency_id": agency_id, "appointed_by": by, "appointed_at": now}
    statement = upsert(_PROVIDER).values(organization_id=organization_id, **said)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["organization_id"], set_=said)
    )


async def authority_of(connection: AsyncConnection, agency_id: UUID) -> str | None:
    """Whose hub an agency takes part in; None where none such was announced."""
    wanted = select(_AGENCY.c.authority).where(_AGENCY.c.id == agency_id)
    found: str | None = (await connection.execute(wanted)).scalar_one_or_none()
    return found


async def history(
    connection: AsyncConnection,
    cipher: FieldCipher,
    entry_id: UUID,
    *,
    before: int | None,
    limit: int,
) -> list[Version]:
    """The versions of an entry, the newest first."""
    wanted = select(_HISTORY).where(_HISTORY.c.entry_id == entry_id)
    if before is not None:
        wanted = wanted.where(_HISTORY.c.version < before)
    rows = await connection.execute(wanted.order_by(_HISTORY.c.version.desc()).limit(limit))
    return [_version(cipher, row) for row in rows]


async def version(
    connection: AsyncConnection, cipher: FieldCipher, entry_id: UUID, number: int
) -> Version | None:
    """One version of an entry."""
    found = await history(connection, cipher, entry_id, before=number + 1, limit=1)
    return next((one for one in found if one.version == number), None)


def _version(cipher: FieldCipher, row: Row[Any]) -> Version:
    content = row.content
    if row.withheld is not None:
        content = cipher.open(row.withheld, SEALED, row.entry_id)
    words = None if row.words is None else cipher.open(row.words, WORDS, row.entry_id)
    days = row.shown_from, row.shown_until
    standing = Standing(content, Stage(row.stage), Audience(row.audience), *days)
    return Version(standing, row.version, row.at, row.client_id, row.worker_id, row.reason, words)
