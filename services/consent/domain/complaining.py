"""A complaint about how data was used, acknowledged within 30 days.

Source: Data (Use and Access) Act 2025, s.103 (Data Protection Act 2018, s.164A).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import HttpUrl

from shared.contracts.consent import ComplaintLodged, ComplaintOverdue, ConsentEvent
from shared.errors import Conflict, Unprocessable

ACKNOWLEDGED_WITHIN = timedelta(days=30)


class ComplaintIncomplete(Unprocessable):
    slug, title = "complaint-incomplete", "The complaint cannot be recorded like this"


class AlreadyAcknowledged(Conflict):
    slug, title = "already-acknowledged", "It was acknowledged before"


class ComplaintAnswered(Conflict):
    slug, title = "complaint-answered", "It was answered before"


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What somebody complains of, and how far it has come; `version` is its ETag."""

    id: UUID
    authority: str
    person: UUID
    lodged_by: UUID
    received_on: date
    words: str
    recorded_by: UUID
    by_agency: UUID
    recorded_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: UUID | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: UUID | None = None
    overdue_announced_at: datetime | None = None
    url: str
    version: int = 1

    @property
    def due(self) -> date:
        """The last day for the acknowledgement."""
        return self.received_on + ACKNOWLEDGED_WITHIN

    def is_overdue(self, today: date) -> bool:
        return self.acknowledged_at is None and self.due < today

    def event(self, of: type[ComplaintLodged] | type[ComplaintOverdue]) -> ConsentEvent:
        return of(
            authority=self.authority,
            record_id=self.id,
            detail_url=HttpUrl(self.url),
            due=self.due,
        )


def lodge(new: Complaint, today: date) -> tuple[Complaint, list[ConsentEvent]]:
    """The complaint, whatever it says. Raises ComplaintIncomplete for a day that is to come."""
    if new.received_on > today:
        raise ComplaintIncomplete("It was lodged before it is recorded", pointer="/received_on")
    return new, [new.event(ComplaintLodged)]


def acknowledge(kept: Complaint, *, by: UUID, now: datetime) -> Complaint:
    """Whoever complained was told that it is looked into. Raises AlreadyAcknowledged."""
    if kept.acknowledged_at is not None:
        raise AlreadyAcknowledged("Answer it, once you know what to say")
    return replace(kept, acknowledged_at=now, acknowledged_by=by, version=kept.version + 1)


def answer(kept: Complaint, said: str, *, by: UUID, now: datetime) -> Complaint:
    """With what came of it; an answer acknowledges too. Raises ComplaintAnswered."""
    if kept.answered_at is not None:
        raise ComplaintAnswered("Record a new complaint where there is more to complain of")
    return replace(
        kept,
        acknowledged_at=kept.acknowledged_at or now,
        acknowledged_by=kept.acknowledged_by or by,
        answer=said,
        answered_at=now,
        answered_by=by,
        version=kept.version + 1,
    )


def overdue(kept: Complaint, now: datetime) -> tuple[Complaint, list[ConsentEvent]]:
    """Told once that nobody has acknowledged it in time."""
    return replace(kept, overdue_announced_at=now), [kept.event(ComplaintOverdue)]
