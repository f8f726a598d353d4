"""What every consumer announces about a message that had no effect: the dead-letter topics."""

from typing import ClassVar

from shared.contracts import Event
from shared.contracts.topics import rules_of


class EventParked(Event):
    """A consumer gave a message up; later ones of its key wait until somebody replays it.

    Announced on `<topic>.dead` of the message's own topic. The message itself stays in the
    consumer's database.
    """

    TYPE: ClassVar[str] = "uk.earlyhelp.consumer.parked.v1"

    consumer: str
    of_topic: str
    of_key: str
    event: str
    """The id of the event, or its place in the log where it has none."""
    event_type: str | None
    reason: str
    """A code: a refusal's slug, the fields that are not as agreed, or the kind of fault."""
    attempts: int

    @property
    def topic(self) -> str:
        return rules_of(self.of_topic).dead.name

    @property
    def key(self) -> str:
        return self.of_key
