"""Kafka: the relay's sender and the consumers' loop, on aiokafka."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder
from confluent_kafka import KafkaError as TopicError
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from shared.consumer import Consumer
from shared.contracts.topics import TOPICS, Topic, names_of, rules_of
from shared.dead_letters import readable
from shared.outbox import Announced, Message
from shared.relay import BATCH, Sender
from shared.tasks import Work

MOST_BYTES = 900_000
"""Size of one batch of records; brokers take a little over 1 MB."""
PATIENCE = 10_000
"""Milliseconds until a request that got no answer counts as failed."""
ADMIN_PATIENCE = 5.0
"""Seconds until the broker must have made the topics."""
NEW_TOPICS = 10_000
"""Milliseconds until a consumer hears of an authority's first event."""
CLOSING = 2.0
"""Seconds a client may take to close; one whose broker is gone takes for ever."""


class KafkaBus:
    """The bus of several processes. `bootstrap` is the hub's internal listener."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    def senders(self) -> Sequence[Sender]:
        return [KafkaSender(self._bootstrap)]

    def subscribe(self, consumer: Consumer) -> dict[str, Work]:
        reading = {f"consume as {consumer.name}": lambda: consume(self._bootstrap, consumer)}
        return consumer.loops() | reading


class KafkaSender:
    """Sends in order: one record batch for each partition, and waits for all of them.

    A record batch is taken whole or not at all, so rows of one key cannot swap places even when
    the broker goes away in the middle. After any error the producer is built anew: an idempotent
    producer that has lost its sequence never finds it again (aiokafka issue 1017).
    """

    name = "kafka"

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: AIOKafkaProducer | None = None
        self._made: set[str] = set()

    async def send(self, batch: Sequence[Announced]) -> None:
        try:
            producer = self._producer or await self._open()
            if missing := {row.topic for row in batch} - self._made:
                await ensure_topics(self._bootstrap, missing)
                self._made |= missing
            rest = [row.message() for row in batch]
            while rest:
                rest = await _send_some(producer, rest)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        self._made.clear()
        if producer is not None:
            await _stop(producer)

    async def _open(self) -> AIOKafkaProducer:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            enable_idempotence=True,
            max_batch_size=MOST_BYTES,
            request_timeout_ms=PATIENCE,
        )
        await self._producer.start()
        return self._producer


async def _send_some(producer: AIOKafkaProducer, messages: list[Message]) -> list[Message]:
    """Send as many as fit into one record batch for each partition; answer the rest."""
    topics = {message.topic for message in messages}
    partitions = {topic: sorted(await producer.partitions_for(topic)) for topic in topics}
    batches: dict[tuple[str, int], BatchBuilder] = {}
    rest: list[Message] = []
    for taken, message in enumerate(messages):
        place = message.topic, _partition(message.key, partitions[message.topic])
        if place not in batches:
            batches[place] = producer.create_batch()
        if not _fits(batches[place], message):
            rest = messages[taken:]
            break
    arriving = [
        await producer.send_batch(batch, topic, partition=partition)
        for (topic, partition), batch in batches.items()
    ]
    for arrived in await asyncio.gather(*arriving, return_exceptions=True):
        if isinstance(arrived, BaseException):
            raise arrived
    return rest


def _partition(key: str, partitions: list[int]) -> int:
    """Where Java's own producer would put this key."""
    place: int = DefaultPartitioner()(key.encode(), partitions, partitions)
    return place


def _fits(batch: BatchBuilder, message: Message) -> bool:
    headers = list(message.headers.items())
    key, value = message.key.encode(), message.value
    return batch.append(key=key, value=value, timestamp=None, headers=headers) is not None


async def consume(bootstrap: str, consumer: Consumer) -> None:
    """Read a consumer's topics as its group; offsets move behind the effect, never before it."""
    kafka = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=consumer.name,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        metadata_max_age_ms=NEW_TOPICS,
    )
    try:
        await kafka.start()
        own = {topic for topic in consumer.topics if not TOPICS[topic].by_authority}
        await ensure_topics(bootstrap, own)
        kafka.subscribe(pattern=names_of(consumer.topics))
        while True:
            fetched = await kafka.getmany(timeout_ms=1000, max_records=BATCH)
            for partition, records in fetched.items():
                await consumer.take([_message(record) for record in records])
                await kafka.commit({partition: records[-1].offset + 1})
    finally:
        await _stop(kafka)


async def _stop(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    with suppress(KafkaError, TimeoutError):
        async with asyncio.timeout(CLOSING):
            await client.stop()


def _message(record: ConsumerRecord) -> Message:
    place = f"{record.partition}/{record.offset}"
    key = readable(record.key or b"")
    return Message(record.topic, place, key, dict(record.headers), record.value or b"")


async def ensure_topics(bootstrap: str, names: Collection[str]) -> None:
    """Create those of `names` that are missing, by their rules; others are left as they are."""
    if names:
        await asyncio.to_thread(_create_missing, bootstrap, names)


def _create_missing(bootstrap: str, names: Collection[str]) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 2})
    wanted = [_new(name, rules_of(name)) for name in sorted(names)]
    for created in admin.create_topics(wanted, request_timeout=ADMIN_PATIENCE).values():
        try:
            created.result()
        except KafkaException as error:
            if error.args[0].code() != TopicError.TOPIC_ALREADY_EXISTS:
                raise


def _new(name: str, rules: Topic) -> NewTopic:
    kept = {"retention.ms": str(int(rules.kept.total_seconds() * 1000))}
    return NewTopic(name, rules.partitions, replication_factor=-1, config=kept)
