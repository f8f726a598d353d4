"""PostgreSQL: transactions finished before the answer, and columns that say what they keep.

A service writes its `tables.py` in SQLModel and its `store.py` in SQLAlchemy Core: no ORM session,
no hidden query. `together` is the hot path's way: many rows in one statement and one round trip.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import DateTime, Select, TypeDecorator, text
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import SQLModel

from shared.inbox import Received, SeenBefore
from shared.instants import EARLIEST, LATEST
from shared.rows import Row
from shared.rows import together as rows_together

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
"""Constraint names for every service's MetaData: refusals are mapped from them."""

Kept = Literal["public", "operational", "pseudonymous", "personal", "sealed"]


def kept(as_: Kept, because: str) -> dict[str, Any]:
    """Classify a column: `Field(sa_column_kwargs=kept("sealed", because="…"))`.

    A column without this fails the classification test; `docs/data.md` is printed from it.
    """
    return {"info": {"kept": as_, "because": because}}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant with its offset. A naive datetime is refused: nobody knows when it was.

    So is one that would be kept as an infinity, and come back without an offset.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("An instant needs its offset")
        if value is not None and not EARLIEST <= value < LATEST:
            raise ValueError("An instant of no time that is meant")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None


class Database:
    """One service's database: its own role, its own tables, nobody else's."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._at_once = engine.execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    def open(
        cls, url: str, password_file: Path | None = None, *, connections: int = 10
    ) -> "Database":
        """A pool of at most `connections`. `hide_parameters`: no row's values in any log."""
        address = make_url(url)
        if password_file is not None:
            address = address.set(password=password_file.read_text().strip())
        return cls(
            create_async_engine(
                address, hide_parameters=True, pool_size=connections, max_overflow=0, pool_timeout=5
            )
        )

    async def close(self) -> None:
        """Whoever was cut while it connected has left a socket that the loop's next turn closes."""
        await self._engine.dispose()
        await asyncio.sleep(0)

    @asynccontextmanager
    async def transaction(self, *, once: Received | None = None) -> AsyncIterator[AsyncConnection]:
        """All of it or nothing, committed when the block ends.

        With `once` the inbox row stands in the same transaction. Raises SeenBefore (shared.inbox)
        when the event has had its effect already.
        """
        async with self._engine.begin() as connection:
            if once is not None:
                await _remember(connection, once)
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """For queries that need no transaction: every statement stands alone."""
        async with self._at_once.connect() as connection:
            yield connection

    async def together(
        self,
        rows: Sequence[Row | SQLModel],
        *,
        holding: int,
        unless: Select[Any] | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> bool:
        """Insert `rows` together, or not at all: one statement, which is its own transaction.

        Nothing is inserted, and the answer is False, while another transaction holds the advisory
        lock `holding`, or when `unless` finds a row with the parameters `given`. Raises
        IntegrityError as any insert does.
        """
        statement, values = rows_together(rows, unless, self._engine.dialect)
        arguments = statement.arguments({"holding": holding, **(given or {}), **values})
        async with self._at_once.connect() as connection:
            answer = await connection.exec_driver_sql(statement.text, arguments)
            return bool(answer.scalar_one())


_INBOX = text(
    "insert into inbox (source, id, type, received_at)"
    " values (:source, :id, :type, :received_at) on conflict do nothing"
)


async def _remember(connection: AsyncConnection, received: Received) -> None:
    """A second delivery of an event that is still at work waits here for the first to end."""
    if (await connection.execute(_INBOX, received.row())).rowcount == 0:
        raise SeenBefore(received.id)


def broken_rule(error: IntegrityError) -> str | None:
    """The name of the constraint that refused, e.g. `idempotency_pkey`."""
    return getattr(error.orig.__cause__, "constraint_name", None) if error.orig else None


_AWAY = ("08", "53", "57P")
"""Classes of SQLSTATE: no connection; no room on the disk, in memory, or for one connection more;
and a server that stops, recovers or starts up."""


_NO_TEXT = ("22021", "22P05")
"""character_not_in_repertoire, untranslatable_character: text with the character NUL."""


def cannot_hold(error: Exception) -> bool:
    """Whether a caller sent text that PostgreSQL holds in no column."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _NO_TEXT


def is_unreachable(error: Exception) -> bool:
    """Whether PostgreSQL is away or has no room, rather than that the statement is wrong."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return error.connection_invalidated or state.startswith(_AWAY)
    return isinstance(error, OSError | TimeoutError)
