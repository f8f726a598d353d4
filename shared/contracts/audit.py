"""What the consent service announces of its audit log, for whoever keeps it as a witness."""

from typing import ClassVar

from shared.contracts import Event
from shared.contracts.topics import AUDIT


class AuditCheckpointed(Event):
    """The audit log has said, signed, how many leaves it has and what their hash is."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.checkpointed.v1"
    TOPIC: ClassVar[str] = AUDIT.name

    log: str
    """Which log: the name that stands in its public key."""
    size: int
    """How many leaves it had."""
    checkpoint: str
    """The signed text (c2sp.org/tlog-checkpoint): keep it as it is, byte for byte."""


ALL: tuple[type[Event], ...] = (AuditCheckpointed,)
