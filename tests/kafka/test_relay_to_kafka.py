"""From a commit to a consumer through a real broker, also while the broker comes and goes."""

import asyncio
import os
import random
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from confluent_kafka.admin import AdminClient, ConfigResource  # type: ignore[attr-defined]
from sqlalchemy import text

from hub.kafka import KafkaNode
from shared.consumer import consumes
from shared.contracts.referral import ReferralAcknowledged
from shared.contracts.topics import REFERRAL, TOPICS
from shared.db import Database
from shared.inbox import Received
from shared.kafka import KafkaBus, ensure_topics
from shared.relay import Relay
from shared.tasks import running
from tests.events_fixture import Announce, MakeConsumer, MakeEvent, Until

pytestmark = pytest.mark.kafka


@asynccontextmanager
async def reading(kafka: KafkaNode) -> AsyncIterator[AIOKafkaConsumer]:
    """A plain reader of the referral topic, from its beginning."""
    topic = REFERRAL.of("sample")
    reader = AIOKafkaConsumer(
        topic, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest"
    )
    await ensure_topics(kafka.bootstrap, [topic])
    await reader.start()
    try:
        yield reader
    finally:
        await reader.stop()


async def first_arrivals(
    reader: AIOKafkaConsumer, keys: set[UUID], count: int
) -> dict[UUID, list[UUID]]:
    """The ids of the events of these keys, each where it came first, once there are `count`."""
    order: dict[UUID, dict[UUID, None]] = defaultdict(dict)
    async with asyncio.timeout(60):
        while sum(map(len, order.values())) < count:
            for records in (await reader.getmany(timeout_ms=500)).values():
                for record in records:
                    if (key := UUID(record.key.decode())) in keys:
                        order[key][UUID(dict(record.headers)["ce_id"].decode())] = None
    return {key: list(ids) for key, ids in order.items()}


async def test_an_event_travels_as_cloudevents_under_its_key(
    kafka: KafkaNode, db: Database, announce: Announce, event: MakeEvent
) -> None:
    happened = event()
    relay = Relay(db, KafkaBus(kafka.bootstrap).senders)
    async with reading(kafka) as reader, running({"relay": relay.run}):
        [id_] = await announce(happened)
        async for record in reader:
            if record.key == str(happened.referral_id).encode():
                break
    headers = dict(record.headers)
    assert headers["ce_id"] == str(id_).encode()
    assert headers["ce_type"] == happened.TYPE.encode()
    assert headers["ce_source"] == b"/referral"
    assert headers["ce_specversion"] == b"1.0"
    assert headers["content-type"] == b"application/json"
    assert type(happened).model_validate_json(record.value) == happened


async def test_the_broker_goes_away_and_comes_back_and_nothing_is_lost_or_swapped(
    kafka: KafkaNode, db: Database, announce: Announce, event: MakeEvent
) -> None:
    """Killed in the middle of the stream, stopped, started: the backlog drains in order."""
    keys = [uuid4() for _ in range(10)]
    written: dict[UUID, list[UUID]] = defaultdict(list)

    async def write(rounds: int) -> None:
        for _ in range(rounds):
            for key, id_ in zip(keys, await announce(*map(event, keys)), strict=True):
                written[key].append(id_)
            await asyncio.sleep(0.005)

    relay = Relay(db, KafkaBus(kafka.bootstrap).senders)
    async with running({"relay": relay.run}):
        writing = asyncio.create_task(write(300))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(kafka.kill)
        await asyncio.sleep(1)
        await asyncio.to_thread(kafka.start)
        await writing
        await asyncio.to_thread(kafka.stop)
        await write(100)
        await asyncio.to_thread(kafka.start)
        async with reading(kafka) as reader:
            arrived = await first_arrivals(reader, set(keys), 10 * 400)
    assert arrived == written


KILLS = 20 if os.environ.get("PROVE") else 3
PROCESS = Path(__file__).parent / "relay_process.py"


async def test_a_relay_killed_in_the_middle_of_its_work_loses_and_swaps_nothing(
    kafka: KafkaNode,
    db: Database,
    events_url: str,
    announce: Announce,
    event: MakeEvent,
    until: Until,
) -> None:
    """kill -9 at random moments, each with rows still to send; a kill at rest does not count."""
    keys = [uuid4() for _ in range(10)]
    written: dict[UUID, list[UUID]] = defaultdict(list)
    kills = 0
    while kills < KILLS:
        for _ in range(200):
            for key, id_ in zip(keys, await announce(*map(event, keys)), strict=True):
                written[key].append(id_)
        before = await sent(db)
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(PROCESS), events_url, kafka.bootstrap
        )
        await until(partial(has_sent_more, db, before))
        await asyncio.sleep(random.uniform(0, 0.03))  # noqa: S311 -- a moment, not a secret
        process.kill()
        await process.wait()
        kills += before < await sent(db) < sum(map(len, written.values()))
    relay = Relay(db, KafkaBus(kafka.bootstrap).senders)
    async with running({"relay": relay.run}), reading(kafka) as reader:
        arrived = await first_arrivals(reader, set(keys), sum(map(len, written.values())))
    assert arrived == written


async def sent(db: Database) -> int:
    """How far the relay's cursor for Kafka has come."""
    async with db.reading() as connection:
        reached = await connection.execute(
            text("select coalesce(max(position), 0) from relay_cursor where name = 'kafka'")
        )
        return int(reached.scalar_one())


async def has_sent_more(db: Database, than: int) -> bool:
    return await sent(db) > than


async def test_a_consumer_in_a_group_has_each_effect_once_across_restarts(
    kafka: KafkaNode,
    db: Database,
    announce: Announce,
    event: MakeEvent,
    consumer: MakeConsumer,
    until: Until,
) -> None:
    ours = [uuid4() for _ in range(5)]
    effects: list[UUID] = []
    announced: list[UUID] = []

    @consumes(ReferralAcknowledged)
    async def note(event: ReferralAcknowledged, received: Received, db: Database) -> None:
        async with db.transaction(once=received):
            pass
        if event.referral_id in ours:
            effects.append(received.id)

    bus = KafkaBus(kafka.bootstrap)
    listener = consumer(note, name=f"listener-{uuid4()}")
    async with running({"relay": Relay(db, bus.senders).run}):
        for _ in range(3):
            announced.extend(await announce(*map(event, ours)))
            async with running(bus.subscribe(listener)):
                await until(lambda: len(effects) >= len(announced), within=40)
    assert sorted(effects) == sorted(announced)


async def test_topics_are_made_as_they_are_written_down(kafka: KafkaNode) -> None:
    rules = {topic.of("sample"): topic for topic in TOPICS.values()}
    await ensure_topics(kafka.bootstrap, rules)
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    made = await asyncio.to_thread(admin.list_topics, timeout=10)
    for name, topic in rules.items():
        assert len(made.topics[name].partitions) == topic.partitions
        resource = ConfigResource(ConfigResource.Type.TOPIC, name)
        [described] = admin.describe_configs([resource]).values()
        settings = await asyncio.to_thread(described.result)
        assert int(settings["retention.ms"].value) == topic.kept.total_seconds() * 1000
