"""The feed: a service's own outbox over HTTP, for agencies without Kafka.

Pages follow the relay's gapless position. A reader sees only what concerns its agency, and its
cursor is sealed for it: it has one length, differs every time, and counts nothing.
"""

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import text

from shared import cursor as cursors
from shared.bell import STAMPED, Bell, heard
from shared.contracts.catalogue import EVENTS
from shared.contracts.topics import Topic
from shared.crypto import FieldCipher
from shared.db import Database
from shared.errors import Gone
from shared.outbox import Announced
from shared.tasks import Work

MEDIA_TYPE = "application/cloudevents-batch+json"
LONGEST_WAIT = 30
"""Seconds a long poll may last."""
LARGEST_PAGE = 500
FLOOR = 5.0
"""Seconds after which a waiting reader looks even where no bell rang."""
_ALIVE = 1.0
"""Seconds between two looks whether the connection of the bell is still there."""

_PAGE = text(
    f"""
    with bounds as (
        select coalesce((select position from relay_cursor where name = 'stamped'), 0) as head,
               (select min(position) from outbox) as oldest
    ),
    page as (
        select {Announced.COLUMNS} from outbox
        where position > :after and topic like any(cast(:topics as text[]))
          and concerns && cast(:readers as uuid[])
        order by position limit :limit
    )
    select bounds.*, page.* from bounds left join page on true order by page.position
    """  # noqa: S608 -- constants only
)


_BEGIN_AGAIN = "See how what you work with stands, then read the feed again without a cursor"


class EventsGone(Gone):
    slug, title = "events-gone", "Events after this cursor are no longer kept"


@dataclass(frozen=True)
class Page:
    """Some events, oldest first, and the cursor that leads on."""

    events: list[Announced]
    cursor: str

    def batch(self) -> bytes:
        """CloudEvents' JSON batch format."""
        written = (
            JSONFormat().write(CloudEvent(event.attributes(), _shown(event)))
            for event in self.events
        )
        return b"[" + b",".join(written) + b"]"


def _shown(event: Announced) -> dict[str, Any]:
    """What an event says, without what only the hub's own services hear."""
    inside = EVENTS[event.type].NOT_IN_FEEDS
    said: dict[str, Any] = json.loads(event.data)
    return {name: value for name, value in said.items() if name not in inside}


class Feed:
    """The events of some topics of this service; `loops` must run beside it.

    Its cursors are `sealed_as` its own: two feeds count in two outboxes.
    """

    def __init__(
        self, db: Database, cipher: FieldCipher, *topics: Topic, sealed_as: str = "feed.cursor"
    ) -> None:
        self._db = db
        self._cipher = cipher
        self._topics = [topic.of("%") for topic in topics]
        self._sealed_as = sealed_as
        self._stamped = Bell(STAMPED)

    def loops(self) -> dict[str, Work]:
        """What makes long polls end as soon as there is something."""
        return {"feed": self._listen}

    async def page(
        self,
        agency: UUID,
        *,
        concerns: Collection[UUID],
        cursor: str | None,
        wait: float,
        limit: int,
    ) -> Page:
        """What follows `cursor` for this agency; without one, from the oldest event kept.

        Waits up to `wait` seconds for the first event. `concerns`: as whom it hears, be
        it the agency, or what several may be: the desk of a front door, a witness. Raises
        CursorUnknown, and EventsGone where events have been forgotten since.
        """
        after = self._opened(cursor, agency) if cursor is not None else None
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        while True:
            ring = self._stamped.next_ring()
            events, after = await self._read(concerns, after, limit)
            left = deadline - loop.time()
            if events or left <= 0:
                return Page(events, self._sealed(after, agency))
            await heard(ring, within=min(left, FLOOR))

    async def _read(
        self, readers: Collection[UUID], after: int | None, limit: int
    ) -> tuple[list[Announced], int]:
        """One page and the position it reaches, both of one moment."""
        asked = {"after": after or 0, "topics": self._topics, "readers": [*readers], "limit": limit}
        async with self._db.reading() as connection:
            rows = (await connection.execute(_PAGE, asked)).all()
        head, oldest = rows[0][:2]
        first_kept = head + 1 if oldest is None else oldest
        if after is not None and after + 1 < first_kept:
            raise EventsGone(_BEGIN_AGAIN)
        events = [Announced(*row[2:]) for row in rows if row[2] is not None]
        return events, events[-1].position if len(events) == limit else head

    def _sealed(self, position: int, agency: UUID) -> str:
        return cursors.sealed(self._cipher, f"{position:020}", self._sealed_as, agency)

    def _opened(self, cursor: str, agency: UUID) -> int:
        return int(cursors.opened(self._cipher, cursor, self._sealed_as, agency))

    async def _listen(self) -> None:
        async with self._db.reading() as connection:
            await self._stamped.hang(connection)
            try:
                while True:
                    await connection.execute(text("select 1"))
                    await asyncio.sleep(_ALIVE)
            finally:
                await connection.invalidate()  # it listens: the pool must not have it back
