"""What families said about sharing, with the words sealed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.consenting import Recorded
from services.consent.domain.consents import Capacity, Channel, Consent, Notice
from services.consent.store.naming import names
from services.consent.tables.consents import ConsentRow
from shared.crypto import FieldCipher
from shared.errors import NotFound
from shared.purposes import Purpose
from shared.rows import Row, table_of

consent = table_of(ConsentRow)
_WORDS = "consent.words"
_SPOKEN = ("evidence", "interpreter", "withdrawn_because")
_UNREAD = {"evidence": "sealed", "interpreter": None, "withdrawn_because": None}
"""In place of the words where they are not opened: none was recorded without evidence."""


def anything_about(person: UUID) -> ColumnElement[bool]:
    """Whether somebody has said something about the person."""
    return select(consent.c.id).where(names(consent.c.people, [person])).exists()


def row_of(new: Recorded, cipher: FieldCipher) -> Row:
    """A record as it is inserted."""
    said = new.said
    return Row.of(
        ConsentRow,
        id=said.id,
        authority=new.authority,
        people=sorted(said.people),
        given_by=said.given_by,
        capacity=said.capacity,
        categories=sorted(said.categories),
        agencies=sorted(said.agencies),
        purposes=sorted(said.purposes),
        refuses=said.refuses,
        explicit=said.explicit,
        notice_version=said.notice.version if said.notice else None,
        notice_language=said.notice.language if said.notice else None,
        channel=said.channel,
        words=_sealed(said, cipher),
        said_at=said.said_at,
        until=said.until,
        recorded_by=said.recorded_by,
        recorded_by_agency=new.by_agency,
        recorded_at=new.recorded_at,
        superseded_at=said.superseded_at,
        version=new.version,
    )


def _sealed(said: Consent, cipher: FieldCipher) -> bytes:
    return cipher.seal({name: getattr(said, name) for name in _SPOKEN}, _WORDS, said.id)


def _consent_of(row: Mapping[Any, Any], words: dict[str, Any]) -> Consent:
    version, language = row["notice_version"], row["notice_language"]
    return Consent(
        id=row["id"],
        people=frozenset(row["people"]),
        given_by=row["given_by"],
        capacity=Capacity(row["capacity"]),
        categories=frozenset(row["categories"]),
        agencies=frozenset(row["agencies"]),
        purposes=frozenset(map(Purpose, row["purposes"])),
        said_at=row["said_at"],
        recorded_by=row["recorded_by"],
        refuses=row["refuses"],
        explicit=row["explicit"],
        notice=Notice(version, language) if version else None,
        channel=Channel(row["channel"]) if row["channel"] else None,
        until=row["until"],
        withdrawn_at=row["withdrawn_at"],
        superseded_at=row["superseded_at"],
        **words,
    )


def unread(row: Mapping[Any, Any]) -> Consent:
    """A consent's row as it decides, without its words."""
    return _consent_of(row, _UNREAD)


def _recorded_of(row: RowMapping, cipher: FieldCipher, base: str) -> Recorded:
    return Recorded(
        said=_consent_of(row, cipher.open(row["words"], _WORDS, row["id"])),
        authority=row["authority"],
        by_agency=row["recorded_by_agency"],
        recorded_at=row["recorded_at"],
        url=f"{base}/api/v1/consents/{row['id']}",
        version=row["version"],
    )


async def deciding(
    connection: AsyncConnection, people: Collection[UUID], authority: str
) -> list[Consent]:
    """What decides about these people's data, without its words."""
    wanted = select(consent).where(
        names(consent.c.people, people), consent.c.authority == authority
    )
    rows = (await connection.execute(wanted.order_by(consent.c.id))).mappings()
    return [unread(row) for row in rows]


async def get(
    connection: AsyncConnection,
    consent_id: UUID,
    *,
    authority: str | None,
    cipher: FieldCipher,
    base: str,
) -> Recorded:
    """One record of the authority. Raises NotFound."""
    wanted = select(consent).where(consent.c.id == consent_id, consent.c.authority == authority)
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise unseen()
    return _recorded_of(row, cipher, base)


def unseen() -> NotFound:
    """The answer to a record that is not there, and to one that may not be seen."""
    return NotFound("Your agency knows no record with this id")


async def page(
    connection: AsyncConnection,
    person: UUID,
    *,
    after: UUID | None,
    limit: int,
    authority: str,
    cipher: FieldCipher,
    base: str,
) -> list[Recorded]:
    """What was said about one person, the newest first."""
    wanted = (
        select(consent)
        .where(names(consent.c.people, [person]), consent.c.authority == authority)
        .order_by(consent.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(consent.c.id < after)
    rows = (await connection.execute(wanted)).mappings()
    return [_recorded_of(row, cipher, base) for row in rows]


async def save(connection: AsyncConnection, moved: Recorded, cipher: FieldCipher) -> None:
    """The new state of a record whose people are locked."""
    state = {
        "withdrawn_at": moved.said.withdrawn_at,
        "words": _sealed(moved.said, cipher),
        "version": moved.version,
    }
    await connection.execute(update(consent).where(consent.c.id == moved.said.id).values(state))


async def supersede(connection: AsyncConnection, ids: Collection[UUID], at: datetime) -> None:
    """Mark records, whose people are locked, as superseded by another one."""
    moved = update(consent).where(consent.c.id.in_(ids))
    state = {"superseded_at": at, "version": consent.c.version + 1}
    await connection.execute(moved.values(state))
