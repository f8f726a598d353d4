"""Until when what was said and decided about somebody is kept, and who is due to be erased.

Sources: the authority's own rule (`sharing_records`); UK GDPR, article 5(1)(e).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.consent.domain.agreements import months_after
from shared.authority.hours import SharingRecords
from shared.calendar import ENGLAND
from shared.people import PersonKind

UNBORN = 12
"""Months: a child whose month of birth nobody told is born by then after it was first known."""
YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides until when the records of one person are kept."""

    person: UUID
    kind: PersonKind
    born_in: date | None
    """The first day of the month of birth."""
    known_since: datetime
    last_work: datetime | None
    """When the last agency ends, or has ended, its work with the person; now, where one works with
    it and nobody knows until when."""
    has_open: bool = False
    """An access request or a complaint about it is not answered yet."""


def kept_until(standing: Standing, rule: SharingRecords) -> date:
    """The first day on which it is not kept any more.

    A month of birth is all that is known: a birthday counts from the end of its month.
    """
    worked = _day(standing.last_work or standing.known_since)
    if standing.kind is not PersonKind.CHILD or rule.until_birthday is None:
        return months_after(worked, rule.months)
    known = months_after(_day(standing.known_since).replace(day=1), UNBORN)
    born = standing.born_in or known
    return max(worked, months_after(born, rule.until_birthday * YEAR + 1))


def is_due(standing: Standing, rule: SharingRecords, now: datetime) -> bool:
    """Whether the person is erased now: never while an agency works with it or answers it."""
    works = standing.last_work is not None and standing.last_work >= now
    return not works and not standing.has_open and kept_until(standing, rule) <= _day(now)


def _day(at: datetime) -> date:
    return at.astimezone(ENGLAND).date()
