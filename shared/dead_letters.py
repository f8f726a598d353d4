"""Messages that had no effect: parked with their reason, announced, and replayed in order."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from string import printable
from typing import Any
from urllib.parse import quote, unquote, unquote_to_bytes

from sqlalchemy import JSON, Row, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.parked import EventParked
from shared.db import Database
from shared.event_tables import OutboxColumns
from shared.outbox import Message, outbox_row
from shared.rows import add

BEHIND = "behind"
"""The reason of a message that only waits for an earlier one of its key."""

_PLAIN = printable.replace("%", "")
_LOCK_KEY = text("select pg_advisory_xact_lock(hashtextextended(:topic || ' ' || :key, 0))")
_WAITING = text("select distinct topic, key from parked where key = any(:keys)")
_KEYS = text("select topic, key from parked group by topic, key order by min(number)")
_LIST = text(
    "select number, topic, key, name, type, reason, attempts, parked_at from parked order by number"
)
_OLDEST = text(
    "select number, topic, key, name, headers, value from parked"
    " where topic = :topic and key = :key order by number limit 1"
).columns(headers=JSON)
_IS_PARKED = text("select exists (select from parked where topic = :topic and key = :key)")
_PARK = text(
    "insert into parked"
    " (topic, key, name, type, headers, value, reason, attempts, parked_at) values"
    " (:topic, :key, :name, :type, :headers, :value, :reason, :attempts, :parked_at)"
    " on conflict do nothing"
).bindparams(bindparam("headers", type_=JSON))
_TRIED_AGAIN = text(
    "update parked set reason = :reason, attempts = attempts + :attempts where number = :number"
)
_DONE = text("delete from parked where number = :number")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a message had no effect: a code, and how often it was tried."""

    reason: str
    attempts: int


class DeadLetters:
    """The parked messages of one service; `outbox` is where it announces a new one."""

    def __init__(self, db: Database, outbox: type[OutboxColumns]) -> None:
        self._db = db
        self._outbox = outbox

    async def waiting(self, messages: Sequence[Message]) -> set[tuple[str, str]]:
        """The topic and key of each message that must wait behind an earlier one."""
        async with self._db.reading() as connection:
            keys = list({message.key for message in messages})
            return {
                (topic, key) for topic, key in await connection.execute(_WAITING, {"keys": keys})
            }

    async def park(self, message: Message, cause: Cause, consumer: str) -> None:
        """Put it aside and announce that, together; a second delivery changes nothing."""
        async with self._db.transaction() as connection:
            if await _park(connection, message, cause):
                event = _parked(message, cause, consumer)
                await add(connection, outbox_row(self._outbox, event, now=datetime.now(UTC)))

    async def park_behind(self, message: Message) -> bool:
        """Put it behind an earlier message of its key; False where a replay has freed the key."""
        key = {"topic": message.topic, "key": message.key}
        async with self._db.transaction() as connection:
            await connection.execute(_LOCK_KEY, key)
            if not (await connection.execute(_IS_PARKED, key)).scalar_one():
                return False
            await _park(connection, message, Cause(BEHIND, 0))
            return True

    async def list(self) -> Sequence[Row[Any]]:
        """Every parked message, oldest first: number, topic, key, name, type, reason, attempts."""
        async with self._db.reading() as connection:
            return (await connection.execute(_LIST)).all()

    async def replay(self, handle: Callable[[Message], Awaitable[Cause | None]]) -> int:
        """Handle what is parked, each key in its order, and say how many had their effect.

        A key whose oldest message fails again stays parked, with the new reason.
        """
        async with self._db.reading() as connection:
            keys = (await connection.execute(_KEYS)).mappings().all()
        return sum([await self._replay_key(dict(key), handle) for key in keys])

    async def _replay_key(
        self, key: dict[str, str], handle: Callable[[Message], Awaitable[Cause | None]]
    ) -> int:
        done = 0
        async with self._db.transaction() as connection:
            await connection.execute(_LOCK_KEY, key)
            while oldest := (await connection.execute(_OLDEST, key)).one_or_none():
                if cause := await handle(_message(oldest)):
                    again = {"reason": cause.reason, "attempts": cause.attempts}
                    await connection.execute(_TRIED_AGAIN, {"number": oldest.number, **again})
                    break
                await connection.execute(_DONE, {"number": oldest.number})
                done += 1
        return done


async def _park(connection: AsyncConnection, message: Message, cause: Cause) -> bool:
    row = {
        "topic": message.topic,
        "key": message.key,
        "name": _name(message),
        "type": _header(message, "ce_type"),
        "headers": {quote(name): readable(value) for name, value in message.headers.items()},
        "value": message.value,
        "reason": cause.reason,
        "attempts": cause.attempts,
        "parked_at": datetime.now(UTC),
    }
    return (await connection.execute(_PARK, row)).rowcount == 1


def _message(row: Row[Any]) -> Message:
    headers = {unquote(name): unquote_to_bytes(value) for name, value in row.headers.items()}
    return Message(row.topic, row.name, row.key, headers, row.value)


def _parked(message: Message, cause: Cause, consumer: str) -> EventParked:
    return EventParked(
        consumer=consumer,
        of_topic=message.topic,
        of_key=message.key,
        event=_name(message),
        event_type=_header(message, "ce_type"),
        reason=cause.reason,
        attempts=cause.attempts,
    )


def _name(message: Message) -> str:
    return _header(message, "ce_id") or message.place


def _header(message: Message, name: str) -> str | None:
    value = message.headers.get(name)
    return None if value is None else readable(value)


def readable(raw: bytes) -> str:
    """The text as it is, and as percent escapes whatever a database or a log could not hold."""
    return quote(raw, safe=_PLAIN)
