"""What a personal data breach may have reached: whose data went to whom in a span of time.

Source: UK GDPR, article 33: within 72 hours the regulator is told of the categories and the
approximate number of people and records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.categories import Group, is_in


@dataclass(frozen=True, kw_only=True)
class Span:
    """From when until when, and what it is narrowed to."""

    since: datetime
    until: datetime
    """Not included."""
    agency: UUID | None = None
    worker: UUID | None = None
    client: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One person's data as it went to one agency in that time."""

    person: UUID
    agency: UUID | None
    categories: tuple[str, ...]
    purposes: tuple[str, ...]
    workers: tuple[UUID, ...]
    clients: tuple[str, ...]
    disclosures: int
    first: datetime
    last: datetime

    def sensitive(self) -> list[str]:
        """Those of the categories that are special, or about offences."""
        groups = (Group.SPECIAL, Group.OFFENCE)
        return [code for code in self.categories if any(is_in(code, one) for one in groups)]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the report's first lines say."""

    people: int
    agencies: int
    disclosures: int
    categories: tuple[str, ...]
    sensitive: tuple[str, ...]


def counted(reached: Sequence[Reached], disclosures: int) -> Numbers:
    """`disclosures`: how many leaves there are; one can be about several people."""
    return Numbers(
        people=len({one.person for one in reached}),
        agencies=len({one.agency for one in reached}),
        disclosures=disclosures,
        categories=tuple(sorted({code for one in reached for code in one.categories})),
        sensitive=tuple(sorted({code for one in reached for code in one.sensitive()})),
    )
