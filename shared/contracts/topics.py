"""Every topic, in one place: its key, its partitions, how long it keeps, and who may read it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

KEPT = timedelta(days=28)
"""How long topics, outboxes and the feed keep events: a month's absence, and no archive."""
REMEMBERED = KEPT + timedelta(days=7)
"""How long an inbox remembers: longer than a topic keeps, so that no replay acts twice."""

DEAD = ".dead"
"""What the name of a topic's dead-letter topic ends with."""


class Readers(StrEnum):
    """Who may read a topic. That a referral exists is itself sensitive."""

    FRONT_DOOR = "the hub's own services, and clients of the front door that are marked for events"
    FEED = "the hub's own services; whom an event concerns reads it at `GET /api/v1/sharing-events`"
    SERVICES = "the hub's own services"


@dataclass(frozen=True)
class Topic:
    """A topic and its rules; `key` is the field of its events that keeps them in order."""

    name: str
    key: str
    readers: Readers
    partitions: int = 4
    kept: timedelta = KEPT
    by_authority: bool = False
    """Whether each authority has its own, named `<name>.<authority>`: only its front door reads."""

    def of(self, authority: str) -> str:
        """The name of an authority's own topic."""
        return f"{self.name}.{authority}" if self.by_authority else self.name

    @property
    def dead(self) -> "Topic":
        """Where it is told which of this topic's events had no effect, and why."""
        return Topic(self.name + DEAD, "of_key", Readers.SERVICES, partitions=1, kept=self.kept)


REFERRAL = Topic(
    "earlyhelp.referral", key="referral_id", readers=Readers.FRONT_DOOR, by_authority=True
)
GATEWAY = Topic("earlyhelp.gateway", key="agency_id", readers=Readers.SERVICES)
CONSENT = Topic("earlyhelp.consent", key="record_id", readers=Readers.FEED)
AUDIT = Topic("earlyhelp.audit", key="log", readers=Readers.FEED, partitions=1)
DIRECTORY = Topic("earlyhelp.directory", key="service_id", readers=Readers.SERVICES)

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for owned in (REFERRAL, GATEWAY, CONSENT, AUDIT, DIRECTORY)
    for topic in (owned, owned.dead)
}


def rules_of(name: str) -> Topic:
    """The rules of the topic that is really called so. Raises KeyError where it is none of ours."""
    return TOPICS[name] if name in TOPICS else TOPICS[name.rpartition(".")[0]]


def names_of(topics: Iterable[str]) -> str:
    """A pattern (RE2 and Python alike) of the real names of `topics`, in every authority."""
    any_authority = r"\.[a-z][a-z0-9-]*"
    names = (
        re.escape(name) + (any_authority if TOPICS[name].by_authority else "") for name in topics
    )
    return f"^({'|'.join(names)})$"
