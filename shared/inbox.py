"""What a service has already heard: one row for each event that had its effect, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


class SeenBefore(Exception):
    """This event has had its effect here already: nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Received:
    """The envelope of an event that a consumer was given; ``source`` and ``id`` together name it."""

    id: UUID
    source: str
    type: str
    time: datetime
    topic: str
    key: str
    traceparent: str | None = None


REMEMBER = text(
    "insert into inbox (source, id, type, received_at) values (:source, :id, :type, now())"
    " on conflict do nothing"
)


async def remember(connection: AsyncConnection, received: Received) -> None:
    """Note the event in the caller's transaction, or raise `SeenBefore`.

    A second delivery of an event that is still being handled waits here for the first to end.
    """
    row = {"source": received.source, "id": received.id, "type": received.type}
    if (await connection.execute(REMEMBER, row)).rowcount == 0:
        raise SeenBefore(received.id)
