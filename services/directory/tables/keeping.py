"""What keeps the directory true: who looks after what, drafts, reminders, problems, look-alikes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from services.directory.tables.base import Table
from shared.db import UtcDateTime, kept


class ProviderRow(Table, table=True):
    """Which agency looks after the entries of an organization."""

    __tablename__ = "provider"

    organization_id: UUID = Field(
        primary_key=True, sa_column_kwargs=kept("public", "whose entries")
    )
    agency_id: UUID = Field(
        index=True, sa_column_kwargs=kept("operational", "the partner that looks after them")
    )
    appointed_by: UUID = Field(sa_column_kwargs=kept("pseudonymous", "which editor said so"))
    appointed_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "since when")
    )


class DraftRow(Table, table=True):
    """What an entry is to say, until an editor has decided about it."""

    __tablename__ = "draft"
    __table_args__ = (Index("draft_waiting", "status", "id"), Index("draft_by_agency", "agency_id"))

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the draft"))
    entry_id: UUID = Field(index=True, sa_column_kwargs=kept("public", "of which entry"))
    kind: str = Field(sa_column_kwargs=kept("public", "what it is an entry of"))
    agency_id: UUID = Field(sa_column_kwargs=kept("operational", "which partner wrote it"))
    authority: str = Field(sa_column_kwargs=kept("operational", "whose editors decide"))
    worker_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "who wrote it last"))
    content: bytes = Field(
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "what the entry is to say; contacts may be in it"),
    )
    entry_version: int = Field(sa_column_kwargs=kept("operational", "what it was written over"))
    status: str = Field(sa_column_kwargs=kept("operational", "what has become of it"))
    reason: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "what the editor says to it"),
    )
    version: int = Field(sa_column_kwargs=kept("operational", "refuses stale changes"))
    created_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it was begun")
    )
    changed_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it last changed")
    )
    decided_by: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "who ended it")
    )


class ReminderRow(Table, table=True):
    """That the provider of a service was told that nobody has assured its entry in time."""

    __tablename__ = "reminder"

    service_id: UUID = Field(primary_key=True, sa_column_kwargs=kept("public", "which service"))
    assured_date: date | None = Field(
        default=None, sa_column_kwargs=kept("public", "when it was assured last, as told")
    )
    told_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it was told")
    )


class ProblemRow(Table, table=True):
    """What somebody says is wrong with a service's entry; nobody is asked who it is."""

    __tablename__ = "problem"
    __table_args__ = (
        Index("problem_waiting", "outcome", "id"),
        Index("problem_of_service", "service_id", "reported_at"),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the report"))
    service_id: UUID = Field(sa_column_kwargs=kept("public", "which service"))
    what: str = Field(sa_column_kwargs=kept("operational", "what kind of problem"))
    words: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "what was written, which may name somebody"),
    )
    reported_at: datetime = Field(
        sa_type=UtcDateTime, index=True, sa_column_kwargs=kept("operational", "when it was said")
    )
    outcome: str | None = Field(
        default=None, sa_column_kwargs=kept("operational", "what an editor made of it")
    )
    settled_by: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "which editor")
    )
    version: int = Field(sa_column_kwargs=kept("operational", "refuses stale changes"))


class LookAlikeRow(Table, table=True):
    """Two services that an import found alike, until an editor has said what they are."""

    __tablename__ = "look_alike"
    __table_args__ = (Index("look_alike_once", "first_id", "second_id", unique=True),)

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the pair"))
    first_id: UUID = Field(sa_column_kwargs=kept("public", "one service"))
    second_id: UUID = Field(sa_column_kwargs=kept("public", "the other"))
    origin: str = Field(sa_column_kwargs=kept("operational", "which import found them"))
    found_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it found them first")
    )
    outcome: str | None = Field(
        default=None, sa_column_kwargs=kept("operational", "what an editor made of it")
    )
    settled_by: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "which editor")
    )
    version: int = Field(sa_column_kwargs=kept("operational", "refuses stale changes"))
