"""The consumer: brings each message to its handler, once in effect and in the order of its key.

A handler that fails because something is away is tried again until it is back: nothing is ever
skipped. A message that cannot be read, or that fails for a reason of its own, is *parked* with
that reason; later messages of its key are parked behind it, and other keys go on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.contracts import Event
from shared.contracts.topics import REMEMBERED
from shared.db import Database, is_unreachable
from shared.dead_letters import Cause, DeadLetters
from shared.errors import Refusal, TooManyRequests, Unavailable
from shared.inbox import Received, SeenBefore
from shared.outbox import Message
from shared.tasks import Work, every
from shared.trace import TRACEPARENT, continued

log = structlog.get_logger()

PAUSES = (0.1, 0.3, 1.0, 3.0, 5.0)
"""Seconds before a handler is tried again; the last one stays."""
TRIES = 3
"""How often a handler may fail for a reason of its own before the message is parked."""
_PASSING = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that pass: connection, rollback, resources, locks, operator, system."""

SWEEP = 3600.0
"""Seconds between two clearings of the inbox."""
_FORGET = text(
    """
    delete from inbox where (source, id) in (
        select source, id from inbox where received_at < now() - cast(:age as interval) limit 5000
    )
    """
)

E = TypeVar("E", bound=Event)
Result = TypeVar("Result")
Handle = Callable[[E, Received, Database], Awaitable[None]]


class _Envelope(BaseModel):
    """The headers a message must have."""

    ce_id: UUID
    ce_source: str
    ce_type: str
    ce_time: datetime
    traceparent: str | None = None


@dataclass(frozen=True)
class Handler:
    """A function that hears one type of event."""

    event: type[Event]
    handle: Callable[[Any, Received, Database], Awaitable[None]]


def consumes(event: type[E]) -> Callable[[Handle[E]], Handler]:
    """Make `async def f(event, received, db)` the handler of one type of event.

    Its effect belongs into `db.transaction(once=received)`.
    """
    return lambda handle: Handler(event, handle)


class Consumer:
    """One service's consumer; `name` is its group in Kafka and its cursor without Kafka."""

    def __init__(
        self, name: str, db: Database, handlers: Sequence[Handler], dead_letters: DeadLetters
    ) -> None:
        self.name = name
        self.topics = sorted({handler.event.TOPIC for handler in handlers})
        self._db = db
        self._handlers = {handler.event.TYPE: handler for handler in handlers}
        self._dead = dead_letters

    async def take(self, messages: Sequence[Message]) -> None:
        """Return when every message has had its effect or is parked; then its offset may move."""
        ours = [message for message in messages if self._is_ours(message)]
        if not ours:
            return
        waiting = await patiently(lambda: self._dead.waiting(ours))
        for message in ours:
            key = (message.topic, message.key)
            if key in waiting and await patiently(partial(self._dead.park_behind, message)):
                continue
            if cause := await self.handle(message):
                await patiently(partial(self._dead.park, message, cause, self.name))
                waiting.add(key)

    async def handle(self, message: Message) -> Cause | None:
        """Its effect, however long that takes; or why it has none."""
        try:
            received = received_with(message)
            handler = self._handlers[received.type]
            event = handler.event.model_validate_json(message.value)
        except (ValidationError, KeyError) as error:
            return Cause(reason_of(error), attempts=1)
        TRACEPARENT.set(continued(received.traceparent))
        tries = 0
        while True:
            try:
                await patiently(lambda: handler.handle(event, received, self._db))
            except SeenBefore:
                return None
            except Exception as error:  # a refusal or a fault of this message: never of the world
                tries += 1
                reason = reason_of(error)
                log.warning("handler failed", event_id=str(received.id), reason=reason)
                if tries == TRIES:
                    return Cause(reason, tries)
                await asyncio.sleep(PAUSES[tries])
            else:
                return None

    def loops(self) -> dict[str, Work]:
        """What must run beside it, however its messages come."""
        return {f"forget what {self.name} heard": lambda: every(SWEEP, self.forget)}

    async def forget(self) -> None:
        """Delete the inbox rows of events that no topic keeps any more."""
        async with self._db.reading() as connection:
            while (await connection.execute(_FORGET, {"age": REMEMBERED})).rowcount:
                pass

    async def replay(self) -> int:
        """Try again what is parked, in order, and say how many messages had their effect."""
        return await self._dead.replay(self.handle)

    def _is_ours(self, message: Message) -> bool:
        """What has no type cannot be anybody's business but the consumer's that finds it."""
        type_ = message.headers.get("ce_type")
        return type_ is None or type_.decode("utf-8", "replace") in self._handlers


def received_with(message: Message) -> Received:
    """The envelope of a message. Raises ValidationError."""
    envelope = _Envelope.model_validate(message.headers)
    return Received(
        id=envelope.ce_id,
        source=envelope.ce_source,
        type=envelope.ce_type,
        time=envelope.ce_time,
        topic=message.topic,
        key=message.key,
        traceparent=envelope.traceparent,
    )


async def patiently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Try until nothing is away any more; any other failure is the caller's."""
    failures = 0
    while True:
        try:
            return await attempt()
        except Exception as error:
            if not will_pass(error):
                raise
            log.warning("waiting", fault=type(error).__name__, attempts=failures + 1)
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1


def will_pass(error: Exception) -> bool:
    """Whether `error` says that something is away or busy, so that trying again helps."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return is_unreachable(error) or state.startswith(_PASSING)
    return isinstance(error, Unavailable | TooManyRequests | PoolTimeout | TimeoutError | OSError)


def reason_of(error: Exception) -> str:
    """A code without the words of the error, which could hold what a family said."""
    match error:
        case Refusal():
            return error.slug
        case ValidationError():
            fields = (f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors())
            return f"not as agreed ({', '.join(fields)})"
        case _:
            return type(error).__name__
