"""The gateway's tables. Each column says what it keeps and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, MetaData, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from shared.access import AccessColumns
from shared.db import NAMING, UtcDateTime, kept
from shared.event_tables import InboxColumns, OutboxColumns, ParkedColumns, RelayCursorColumns


class Table(SQLModel):
    """Base of this service's tables: its own metadata, apart from every other service's."""

    metadata = MetaData(naming_convention=NAMING)


class AgencyRow(Table, table=True):
    """A partner of the hub."""

    __tablename__ = "agency"

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("public", "names the agency"))
    name: str = Field(sa_column_kwargs=kept("public", "what people call it"))
    kind: str = Field(sa_column_kwargs=kept("public", "bounds its workers' roles"))
    authority: str = Field(sa_column_kwargs=kept("public", "whose hub it takes part in"))
    registered_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it joined")
    )


class ClientRow(Table, table=True):
    """An agency's system and its credentials: public keys, or the hash of a random secret."""

    __tablename__ = "client"

    id: str = Field(primary_key=True, sa_column_kwargs=kept("operational", "its client_id"))
    agency_id: UUID = Field(
        foreign_key="agency.id", sa_column_kwargs=kept("operational", "whose system it is")
    )
    name: str = Field(sa_column_kwargs=kept("operational", "what its agency calls it"))
    auth_method: str = Field(sa_column_kwargs=kept("operational", "how it proves itself"))
    alg: str | None = Field(sa_column_kwargs=kept("operational", "the signature it is pinned to"))
    jwks: dict[str, Any] | None = Field(
        sa_type=JSONB(none_as_null=True),
        sa_column_kwargs=kept("operational", "its public keys"),
    )
    secret_sha256: bytes | None = Field(
        sa_column_kwargs=kept("operational", "hash of 256 random bits, never the secret")
    )
    scopes: list[str] = Field(
        sa_type=ARRAY(Text),
        sa_column_kwargs=kept("operational", "the most its tokens may say"),
    )
    events: bool = Field(sa_column_kwargs=kept("operational", "whether it reads the topics"))
    created_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it was registered")
    )
    revoked_at: datetime | None = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "since when it is shut out")
    )


class WorkerRow(Table, table=True):
    """A person who acts through an agency's system, as the agency asserts."""

    __tablename__ = "worker"
    __table_args__ = (UniqueConstraint("agency_id", "external_id"),)

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("pseudonymous", "names the worker"))
    agency_id: UUID = Field(
        foreign_key="agency.id", sa_column_kwargs=kept("operational", "for whom they work")
    )
    external_id: str = Field(
        sa_column_kwargs=kept("pseudonymous", "their number in the agency's own system")
    )
    name: bytes = Field(sa_column_kwargs=kept("sealed", "who acted, shown beside what they did"))
    job_title: bytes = Field(sa_column_kwargs=kept("sealed", "in what function they acted"))
    roles: list[str] = Field(
        sa_type=ARRAY(Text),
        sa_column_kwargs=kept("operational", "what they are there for"),
    )
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag of the entry"))
    registered_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "since when they are known")
    )


class AssertionSeen(Table, table=True):
    """A client assertion that was used: none works twice. Kept until it would have expired."""

    __tablename__ = "assertion_seen"

    client_id: str = Field(primary_key=True, sa_column_kwargs=kept("operational", "whose it was"))
    jti: str = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the assertion"))
    expires: datetime = Field(
        sa_type=UtcDateTime, index=True, sa_column_kwargs=kept("operational", "when to forget it")
    )


class RevokedToken(Table, table=True):
    """An access token given back before its time. Kept until it would have expired."""

    __tablename__ = "revoked_token"

    jti: str = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the token"))
    expires: datetime = Field(
        sa_type=UtcDateTime, index=True, sa_column_kwargs=kept("operational", "when to forget it")
    )


class Access(AccessColumns, Table, table=True):
    """Who looked up or changed which worker."""


class Outbox(OutboxColumns, Table, table=True):
    """What the gateway announces: agencies, clients and workers."""


class Inbox(InboxColumns, Table, table=True):
    """What the gateway has heard."""


class Parked(ParkedColumns, Table, table=True):
    """What it heard and could not act on."""


class RelayCursor(RelayCursorColumns, Table, table=True):
    """How far the announcing came."""
