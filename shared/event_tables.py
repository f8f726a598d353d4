"""The tables of every service that announces or hears events.

A service takes them as they are: `class Outbox(OutboxColumns, Table, table=True): pass`. Their
names are fixed, because the relay, the consumers and the feed speak SQL to them.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Identity, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from shared.db import UtcDateTime, kept


class OutboxColumns(SQLModel):
    """An event to announce, written in the transaction of what it tells.

    `number` is the order of writing, with gaps; `position` is the gapless order of announcing,
    stamped by the one relay. `concerns` names the agencies that may read it in their feed.
    """

    __tablename__: ClassVar[Any] = "outbox"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 -- SQLAlchemy calls it with the class
        return (
            Index("outbox_unstamped", "number", postgresql_where=text("position is null")),
            Index("outbox_occurred_at", "occurred_at"),
        )

    id: UUID = Field(
        primary_key=True, sa_column_kwargs=kept("pseudonymous", because="names the event")
    )
    number: int | None = Field(
        default=None,
        nullable=False,
        sa_type=BigInteger,
        sa_column_args=(Identity(always=True),),
        sa_column_kwargs=kept("operational", because="order of writing"),
    )
    topic: str = Field(sa_column_kwargs=kept("operational", because="where it is announced"))
    key: str = Field(
        sa_column_kwargs=kept("pseudonymous", because="whose events must stay in order")
    )
    type: str = Field(sa_column_kwargs=kept("operational", because="what happened"))
    data: dict[str, Any] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("pseudonymous", because="ids, codes and a link")
    )
    traceparent: str | None = Field(
        default=None, sa_column_kwargs=kept("operational", because="which request caused it")
    )
    occurred_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", because="when it happened")
    )
    concerns: list[UUID] = Field(
        sa_type=ARRAY(Uuid),
        sa_column_kwargs=kept("pseudonymous", because="which agencies may hear of it"),
    )
    position: int | None = Field(
        default=None,
        sa_type=BigInteger,
        unique=True,
        sa_column_kwargs=kept("operational", because="order of announcing"),
    )


class InboxColumns(SQLModel):
    """An event that has had its effect here; kept longer than any topic keeps its events."""

    __tablename__: ClassVar[Any] = "inbox"

    source: str = Field(
        primary_key=True, sa_column_kwargs=kept("operational", because="who announced it")
    )
    id: UUID = Field(
        primary_key=True, sa_column_kwargs=kept("pseudonymous", because="names the event")
    )
    type: str = Field(sa_column_kwargs=kept("operational", because="what happened"))
    received_at: datetime = Field(
        sa_type=UtcDateTime,
        index=True,
        sa_column_kwargs=kept("operational", because="when it may be forgotten"),
    )


class ParkedColumns(SQLModel):
    """A message whose effect failed for good, or that waits behind one of the same key."""

    __tablename__: ClassVar[Any] = "parked"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 -- SQLAlchemy calls it with the class
        return (
            Index("parked_once", "topic", "name", unique=True),
            Index("parked_in_order", "topic", "key", "number"),
        )

    number: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=(Identity(always=True),),
        sa_column_kwargs=kept("operational", because="the order of replay"),
    )
    topic: str = Field(sa_column_kwargs=kept("operational", because="where it was announced"))
    key: str = Field(
        sa_column_kwargs=kept("pseudonymous", because="whose events must stay in order")
    )
    name: str = Field(
        sa_column_kwargs=kept("pseudonymous", because="event id, or place where it has none")
    )
    type: str | None = Field(sa_column_kwargs=kept("operational", because="what happened"))
    headers: dict[str, Any] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("pseudonymous", because="the envelope as it came")
    )
    value: bytes = Field(
        sa_type=LargeBinary, sa_column_kwargs=kept("pseudonymous", because="the data as it came")
    )
    reason: str = Field(
        sa_type=Text, sa_column_kwargs=kept("operational", because="why it had no effect")
    )
    attempts: int = Field(sa_column_kwargs=kept("operational", because="how often it was tried"))
    parked_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", because="since when it waits")
    )


class RelayCursorColumns(SQLModel):
    """How far the relay came: `stamped` is its own row, each sender has one more."""

    __tablename__: ClassVar[Any] = "relay_cursor"

    name: str = Field(primary_key=True, sa_column_kwargs=kept("operational", because="whose"))
    position: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs=kept("operational", because="how far")
    )
