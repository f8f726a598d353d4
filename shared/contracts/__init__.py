"""What services tell each other: facts in the past tense, thin, versioned, one file per owner.

An event holds ids, codes and a link, and no personal data. Within a version fields are only
added, and what is added has a default; anything else is a new version beside the old one.
"""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.contracts.topics import TOPICS


class Event(BaseModel):
    """One fact. `TYPE` is `uk.earlyhelp.<owner>.<past tense>.v<n>`; fields unknown here pass."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]
    NOT_IN_FEEDS: ClassVar[frozenset[str]] = frozenset()
    """Fields for the hub's own services: who reads a feed may not be shown all that they say."""

    @property
    def topic(self) -> str:
        """Where it is announced."""
        return self.TOPIC

    @property
    def key(self) -> str:
        """Whose fact it is: the facts of one key keep their order."""
        return str(getattr(self, TOPICS[self.TOPIC].key))


def source(event_type: str) -> str:
    """The CloudEvents source of a type: the owner that its name says, `/referral`."""
    return f"/{event_type.split('.')[2]}"
