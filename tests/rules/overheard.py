"""What a hub lets slip beside its answers: what it logs and prints, and what it announces."""

import io
import logging as stdlib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import structlog
from aiokafka import AIOKafkaConsumer
from sqlalchemy import text

from hub.kafka import KafkaNode
from shared import logging
from shared.contracts.topics import TOPICS, names_of
from tests.hub_fixture import Hub


@contextmanager
def overhearing() -> Iterator[io.StringIO]:
    """Everything that is logged or printed, with the hub's own configuration of logs."""
    root, said = stdlib.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    with redirect_stdout(said), redirect_stderr(said):
        logging.configure("hub")
        structlog.configure(cache_logger_on_first_use=False)
        yield said
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


async def announced_by(hub: Hub) -> str:
    """Every event that a service of the hub has written to be announced."""
    rows: list[str] = []
    for db in await hub.with_table("outbox"):
        async with db.reading() as connection:
            found = await connection.execute(text("select outbox::text from outbox"))
            rows += found.scalars()
    return "\n".join(rows)


async def on_topics_of(broker: KafkaNode) -> str:
    """Every record of every topic: key, headers and value."""
    reader = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
    await reader.start()
    reader.subscribe(pattern=names_of(TOPICS))
    try:
        records = []
        while batch := await reader.getmany(timeout_ms=3000):
            records += [record for some in batch.values() for record in some]
        return "\n".join(f"{r.key!r} {r.headers!r} {r.value!r}" for r in records)
    finally:
        await reader.stop()
