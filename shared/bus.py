"""The bus between services: Kafka, or the same rows to the same consumers in one process.

A service asks its bus for the senders of its relay and, before any service starts, subscribes its
consumers: `bus.subscribe(consumer)` answers the loops that the service runs.
"""

from collections.abc import Sequence
from typing import Protocol

from shared.consumer import Consumer
from shared.kafka import KafkaBus
from shared.outbox import Announced
from shared.relay import Sender
from shared.tasks import Work


class Bus(Protocol):
    """How a service's events leave, and how others' arrive."""

    def senders(self) -> Sequence[Sender]:
        """Who must hear the events of a service."""

    def subscribe(self, consumer: Consumer) -> dict[str, Work]:
        """Let `consumer` hear its topics; the loops must run for that."""


class InProcessBus:
    """Without a broker: each consumer is a sender of every relay, with a cursor of its own.

    So a consumer that fails holds up nobody else, and a new one starts with the oldest row kept.
    """

    def __init__(self) -> None:
        self._consumers: list[Consumer] = []

    def senders(self) -> Sequence[Sender]:
        return [_ToConsumer(consumer) for consumer in self._consumers]

    def subscribe(self, consumer: Consumer) -> dict[str, Work]:
        self._consumers.append(consumer)
        return consumer.loops()


class _ToConsumer:
    def __init__(self, consumer: Consumer) -> None:
        self.name = f"consumer {consumer.name}"
        self._consumer = consumer

    async def send(self, batch: Sequence[Announced]) -> None:
        await self._consumer.take([row.message() for row in batch])

    async def close(self) -> None:
        """There is nothing to close."""


def bus_of(kafka: str | None) -> Bus:
    """Kafka at these bootstrap servers, or this process alone where none are named."""
    return KafkaBus(kafka) if kafka else InProcessBus()
