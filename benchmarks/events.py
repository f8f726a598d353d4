"""Commit to consumer, and the relay's rows a second against the raw producer on the same broker."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from sqlalchemy import text

from benchmarks.accepted import free_port
from benchmarks.table import percentile, show, spread
from hub.kafka import KafkaNode
from hub.postgres import PostgresServer
from services.referral.tables.events import Outbox
from shared import migrations, tuning
from shared.contracts.referral import ReferralAcknowledged
from shared.contracts.topics import REFERRAL
from shared.db import Database
from shared.kafka import KafkaBus, ensure_topics
from shared.outbox import outbox_row
from shared.relay import Relay
from shared.rows import Row, add
from shared.tasks import running

ROWS = 20_000
ROUNDS = 3
COMMITS = 500

_FILL = text(
    """
    insert into outbox (id, topic, key, type, data, occurred_at, concerns)
    select uuidv7(), 'earlyhelp.referral.sample', gen_random_uuid()::text,
        'uk.earlyhelp.referral.acknowledged.v1',
        jsonb_build_object('referral_id', gen_random_uuid(), 'detail_url', repeat('x', 400)),
        now(), '{}'
    from generate_series(1, :rows)
    """
)
_REACHED = text("select position from relay_cursor where name = 'kafka'")


def run() -> None:
    """One broker, one database; the relay and the raw producer take turns."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        postgres = stack.enter_context(PostgresServer(Path(folder) / "postgres"))
        postgres.create_database("referral")
        node = KafkaNode(
            Path(folder) / "kafka",
            libs=Path("var/kafka/libs"),
            internal=free_port(),
            controller=free_port(),
        )
        stack.enter_context(node)
        asyncio.run(_measure(postgres.url("referral"), node.bootstrap))


async def _measure(url: str, bootstrap: str) -> None:
    await migrations.upgrade("referral", url)
    await ensure_topics(bootstrap, [REFERRAL.of("sample")])
    db = Database.open(url)
    tuning.settle()
    relayed, raw = [], []
    for _ in range(ROUNDS):
        raw.append(await _raw(bootstrap))
        relayed.append(await _relayed(db, bootstrap))
    ratios = [r / p for r, p in zip(relayed, raw, strict=True)]
    show(
        f"Rows to Kafka ({ROWS:,} rows of 600 bytes, {ROUNDS} rounds in turn)",
        ["", "rows a second", "ratio"],
        [
            ["raw aiokafka producer, `send` gathered", median(raw), "1.00"],
            ["relay: stamp, send in order, move the cursor", median(relayed), spread(ratios)],
        ],
    )
    times = await _latency(db, bootstrap)
    show(
        f"Commit to consumer ({COMMITS} commits, one after the other)",
        ["p50 ms", "p99 ms", "of the limit (p50 10 ms)"],
        [[median(times), percentile(times, 0.99), median(times) / 10]],
    )
    await db.close()


async def _raw(bootstrap: str) -> float:
    """The peer: an idempotent producer, acks=all, everything gathered."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True) as producer:
        value = b"x" * 600
        began = time.perf_counter()
        sent = [
            await producer.send(REFERRAL.of("sample"), value, key=str(uuid4()).encode())
            for _ in range(ROWS)
        ]
        await asyncio.gather(*sent)
        return ROWS / (time.perf_counter() - began)


async def _relayed(db: Database, bootstrap: str) -> float:
    """The relay on a full outbox, until its cursor has passed the last row."""
    async with db.transaction() as connection:
        await connection.execute(_FILL, {"rows": ROWS})
        waiting = "select count(*) filter (where position is null) + coalesce(max(position), 0)"
        goal = (await connection.execute(text(f"{waiting} from outbox"))).scalar_one()
    relay = Relay(db, KafkaBus(bootstrap).senders)
    began = time.perf_counter()
    async with running({"relay": relay.run}), db.reading() as connection:
        while ((await connection.execute(_REACHED)).scalar_one_or_none() or 0) < goal:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return ROWS / (time.perf_counter() - began)


async def _latency(db: Database, bootstrap: str) -> list[float]:
    """Milliseconds from the end of a commit to the consumer's hands."""
    relay = Relay(db, KafkaBus(bootstrap).senders)
    async with running({"relay": relay.run}), _reader(bootstrap) as reader:
        times = []
        for _ in range(COMMITS):
            referral_id = uuid4()
            async with db.transaction() as connection:
                await add(connection, _row(referral_id))
            committed = time.perf_counter()
            while (await reader.getone()).key != str(referral_id).encode():
                pass
            times.append((time.perf_counter() - committed) * 1000)
        return times


def _row(referral_id: UUID) -> Row:
    url = f"http://127.0.0.1/api/v1/referrals/{referral_id}"
    event = ReferralAcknowledged.model_validate({"referral_id": referral_id, "detail_url": url})
    return outbox_row(Outbox, event, now=datetime.now(UTC))


@asynccontextmanager
async def _reader(bootstrap: str) -> AsyncIterator[AIOKafkaConsumer]:
    reader = AIOKafkaConsumer(
        REFERRAL.of("sample"), bootstrap_servers=bootstrap, auto_offset_reset="latest"
    )
    await reader.start()
    try:
        await reader.seek_to_end()
        yield reader
    finally:
        await reader.stop()
