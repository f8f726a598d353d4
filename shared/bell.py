"""A bell that PostgreSQL rings: NOTIFY makes waiting short, a polling floor makes it safe.

The statements of `RING_ON_ANNOUNCING` belong into the migration that creates the outbox.
"""

import asyncio
from contextlib import suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

WRITTEN = "outbox_written"
"""Channel: rows were committed to the outbox, the relay may stamp them."""
STAMPED = "outbox_stamped"
"""Channel: rows have their position, the feed may page them."""

RING_ON_ANNOUNCING = (
    """
    create function ring_outbox_written() returns trigger language plpgsql as $$
    begin
        notify outbox_written;
        return null;
    end $$
    """,
    """
    create trigger ring_outbox_written after insert on outbox
    for each statement execute function ring_outbox_written()
    """,
)
"""Two statements for the migration's `upgrade`, each executed alone."""
SILENCE = ("drop trigger ring_outbox_written on outbox", "drop function ring_outbox_written()")
"""Their undoing, for `downgrade`."""


class Bell:
    """Wakes whoever waits for one channel. Take `next_ring` before looking, then wait for it."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._next = asyncio.Event()

    async def hang(self, connection: AsyncConnection) -> None:
        """Let this connection ring it, for as long as the connection lives."""
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.add_listener(self._channel, lambda *_: self.ring())

    def ring(self) -> None:
        """Wake everybody who waits now."""
        self._next.set()
        self._next = asyncio.Event()

    def next_ring(self) -> asyncio.Event:
        """The next ring: what happens after this call is not missed."""
        return self._next


async def heard(ring: asyncio.Event, within: float) -> None:
    """Wait for a ring, at most `within` seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await ring.wait()
