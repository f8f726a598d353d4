"""What the directory holds: each entry as it stands, and every version that it has had."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.directory.tables.base import Table
from shared.db import UtcDateTime, kept


class EntryRow(Table, table=True):
    """A whole entry with all that is nested in it: what may be shown, and apart what never may."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("entry_by_reference", "refers_to", postgresql_using="gin"),
        Index("entry_by_origin", "origin", "kind"),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("public", "names the entry"))
    kind: str = Field(sa_column_kwargs=kept("public", "what it is an entry of"))
    stage: str = Field(sa_column_kwargs=kept("operational", "how far it is agreed"))
    audience: str = Field(sa_column_kwargs=kept("operational", "for whom it is meant"))
    shown_from: date | None = Field(
        default=None, sa_column_kwargs=kept("operational", "the first day on which it is shown")
    )
    shown_until: date | None = Field(
        default=None, sa_column_kwargs=kept("operational", "the last day on which it is shown")
    )
    origin: str | None = Field(
        default=None, sa_column_kwargs=kept("operational", "from where it is imported")
    )
    content: dict[str, Any] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("public", "what the entry says, to be shown")
    )
    withheld: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "personal contacts and confidential addresses"),
    )
    refers_to: list[UUID] = Field(
        sa_type=ARRAY(Uuid), sa_column_kwargs=kept("public", "the entries that it names")
    )
    version: int = Field(sa_column_kwargs=kept("operational", "refuses stale changes"))
    changed_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("public", "when it last changed")
    )


class HistoryRow(Table, table=True):
    """A version of an entry as it stood: who made it, when and why."""

    __tablename__ = "history"
    __table_args__ = (Index("history_in_order", "entry_id", "version", unique=True),)

    number: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=(Identity(always=True),),
        sa_column_kwargs=kept("operational", "the order of writing"),
    )
    entry_id: UUID = Field(sa_column_kwargs=kept("public", "which entry"))
    version: int = Field(sa_column_kwargs=kept("operational", "its version then"))
    at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it was made")
    )
    client_id: str = Field(
        sa_column_kwargs=kept("pseudonymous", "whose system, or the hub's own command")
    )
    worker_id: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "which worker made it")
    )
    reason: str = Field(sa_column_kwargs=kept("operational", "why it was made"))
    words: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "what an editor wrote to it"),
    )
    stage: str = Field(sa_column_kwargs=kept("operational", "how far it was agreed"))
    audience: str = Field(sa_column_kwargs=kept("operational", "for whom it was meant"))
    shown_from: date | None = Field(
        default=None, sa_column_kwargs=kept("operational", "the first day on which it was shown")
    )
    shown_until: date | None = Field(
        default=None, sa_column_kwargs=kept("operational", "the last day on which it was shown")
    )
    content: dict[str, Any] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("public", "what the entry said")
    )
    withheld: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "personal contacts and confidential addresses"),
    )


class OriginRow(Table, table=True):
    """From where entries are imported: a feed or a file, and what became of the last time."""

    __tablename__ = "origin"

    name: str = Field(primary_key=True, sa_column_kwargs=kept("operational", "names it"))
    address: str = Field(sa_column_kwargs=kept("operational", "its URL, or its path"))
    form: str = Field(sa_column_kwargs=kept("operational", "how it is written"))
    every_hours: int | None = Field(
        default=None, sa_column_kwargs=kept("operational", "how often; null: when asked")
    )
    imported_at: datetime | None = Field(
        default=None,
        sa_type=UtcDateTime,
        sa_column_kwargs=kept("operational", "when it was imported last"),
    )
    report: dict[str, Any] | None = Field(
        default=None, sa_type=JSONB, sa_column_kwargs=kept("operational", "what that found")
    )
