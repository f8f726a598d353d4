"""What the directory announces, written in the transaction of what it tells."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.tables.events import Outbox
from shared.contracts.directory import DirectoryEvent
from shared.outbox import outbox_row
from shared.rows import table_of

_OUTBOX = table_of(Outbox)


async def announce(
    connection: AsyncConnection, events: Sequence[DirectoryEvent], now: datetime
) -> None:
    """Write the events, all in one go: an organization's new name is news of all its services."""
    if events:
        rows = [dict(outbox_row(Outbox, event, now=now).values) for event in events]
        await connection.execute(insert(_OUTBOX), rows)
