"""What a service has already heard: an event has its effect once.

`db.transaction(once=received)` writes the inbox row in the transaction of the effect.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID


class SeenBefore(Exception):
    """This event has had its effect here already."""


@dataclass(frozen=True, slots=True)
class Received:
    """The envelope of an event given to a consumer; `source` and `id` together name it."""

    id: UUID
    source: str
    type: str
    time: datetime
    topic: str
    key: str
    traceparent: str | None = None

    def row(self) -> dict[str, Any]:
        """The inbox row that says this event has had its effect."""
        return {
            "source": self.source,
            "id": self.id,
            "type": self.type,
            "received_at": datetime.now(UTC),
        }
