"""Until when what was said and decided about somebody is kept, and who is due to be erased.

Sources: the authority's own rule (`sharing_records`); UK GDPR, article 5(1)(e).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.consent.domain.agreements import months_after
from shared.auth import Caller, Role
from shared.authority.hours import SharingRecords
from shared.calendar import ENGLAND
from shared.errors import Forbidden
from shared.people import PersonKind

UNBORN = 12
"""Months: a child whose month of birth nobody told is born by then after it was first known."""
YEAR = 12
CHILDHOOD = 18 * YEAR
"""Months: whoever is known as a child was under 18 then (Children Act 1989, s.105)."""


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
    held_back: bool = False
    """A refusal to share about it is live."""


def refuse_month(standing: Standing, month: date, by: Caller, *, trusted: bool) -> None:
    """Raises Forbidden where the caller may not say that this was the month of birth.

    An early month erases early: who answers for sharing makes one earlier. Others, if somebody else
    says that they work with the person, say it first, of a child that may have been one, or later.
    """
    if Role.INFORMATION_GOVERNANCE_LEAD in by.roles:
        return
    if not trusted:
        raise Forbidden("Who only claims to work with somebody does not say when it was born")
    grown = _day(standing.known_since).replace(day=1)
    is_child = standing.kind is PersonKind.CHILD
    earliest = standing.born_in or (months_after(grown, -CHILDHOOD) if is_child else month)
    if month < earliest:
        raise Forbidden("Who answers for sharing makes it earlier than what is known")


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
    """Whether the person is erased now.

    Never while an agency works with it or answers it, or a refusal protects it.
    """
    works = standing.last_work is not None and standing.last_work >= now
    kept = works or standing.has_open or standing.held_back
    return not kept and kept_until(standing, rule) <= _day(now)


def _day(at: datetime) -> date:
    return at.astimezone(ENGLAND).date()
