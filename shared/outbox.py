"""The outbox: an event is a row beside the fact it tells, in the same transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from cloudevents.core.bindings.kafka import to_binary_event
from cloudevents.core.v1.event import CloudEvent

from shared.contracts import Event, source
from shared.event_tables import OutboxColumns
from shared.ids import new_id
from shared.rows import Row
from shared.trace import TRACEPARENT


def outbox_row(
    outbox: type[OutboxColumns], event: Event, *, concerns: Collection[UUID] = (), now: datetime
) -> Row:
    """The row that announces `event`; agencies in `concerns` will find it in their feed.

    A transaction writes it after it has locked or versioned what the event is about: the order of
    one key's rows is the order of these transactions.
    """
    return Row.of(
        outbox,
        id=new_id(),
        topic=event.topic,
        key=event.key,
        type=event.TYPE,
        data=event.model_dump(mode="json"),
        traceparent=TRACEPARENT.get(),
        occurred_at=now,
        concerns=list(concerns),
    )


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it travels: CloudEvents in Kafka's binary form, with or without Kafka."""

    topic: str
    place: str
    """Where it stands in the log it was read from."""
    key: str
    headers: dict[str, bytes]
    value: bytes


@dataclass(frozen=True, slots=True)
class Announced:
    """An outbox row that has its position."""

    COLUMNS: ClassVar[str] = (
        "outbox.id, outbox.topic, outbox.key, outbox.type, outbox.data::text as data,"
        " outbox.traceparent, outbox.occurred_at, outbox.position"
    )

    id: UUID
    topic: str
    key: str
    type: str
    data: str
    """JSON, as PostgreSQL keeps it."""
    traceparent: str | None
    occurred_at: datetime
    position: int

    def attributes(self) -> dict[str, Any]:
        """The CloudEvents attributes, without the data."""
        return {
            "specversion": "1.0",
            "id": str(self.id),
            "source": source(self.type),
            "type": self.type,
            "subject": self.key,
            "time": self.occurred_at,
            "datacontenttype": "application/json",
        }

    def message(self) -> Message:
        """How it travels."""
        binary = to_binary_event(CloudEvent(self.attributes(), self.data))
        trace = {"traceparent": self.traceparent.encode()} if self.traceparent else {}
        place = f"outbox/{self.position}"
        return Message(self.topic, place, self.key, binary.headers | trace, binary.value)
