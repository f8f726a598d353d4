"""A request for what is held about a person: who may make it, until when it is answered, and what
is kept out of the answer on whose decision.

Sources: UK GDPR articles 12 and 15; Data Protection Act 2018, Schedules 2 and 3; the ICO's guide to
the right of access (how a month is counted).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import HttpUrl

from services.consent.domain.agreements import months_after
from services.consent.domain.consents import Capacity, Speakers
from services.consent.domain.overrides import WORDS
from shared.calendar import Calendar
from shared.categories import CATEGORIES, under
from shared.contracts.consent import AccessRequested, AccessRequestOverdue, ConsentEvent
from shared.errors import Conflict, FieldError, Unprocessable


class RequestIncomplete(Unprocessable):
    slug, title = "access-request-incomplete", "The request cannot be recorded like this"


class ChildNotAsked(Conflict):
    slug, title = "child-not-asked", "The child is asked first"


class ChildDoesNotWish(Conflict):
    slug, title = "child-does-not-wish", "The child does not wish it"


class NoWishNeeded(Conflict):
    slug, title = "no-wish-needed", "There is no child to be asked"


class AlreadyAnswered(Conflict):
    slug, title = "already-answered", "It was answered before"


class Wish(StrEnum):
    """What a child that is able to understand says to a parent's asking."""

    AGREES = "agrees"
    DOES_NOT_AGREE = "does_not_agree"


class ExemptionGround(StrEnum):
    """Why something may be kept out of the answer: that somebody is named at work is none."""

    SERIOUS_HARM = "serious_harm"
    """To somebody's physical or mental health (DPA 2018, Schedule 3, parts 2 to 4)."""
    CHILD_ABUSE = "child_abuse"
    """Child abuse data, and not in the child's interest (DPA 2018, Schedule 3, part 5)."""
    CRIME = "crime"
    """It would prejudice preventing or detecting a crime (DPA 2018, Schedule 2, paragraph 2)."""
    ANOTHER_PERSON = "another_person"
    """Another person is told of and has not consented (DPA 2018, Schedule 2, paragraph 16)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A named worker's decision to keep something out of the answer."""

    id: UUID
    ground: ExemptionGround
    categories: frozenset[str]
    agencies: frozenset[UUID] = frozenset()
    """Of which agencies' looks and records; none: of every one's."""
    told: bool = True
    """Whether the answer says that something is missing: that, too, can do harm."""
    because: str
    decided_by: UUID
    decided_at: datetime

    def hides(self, agency: UUID | None) -> bool:
        """Whether it may not even be told that this agency has to do with the person.

        So it is where nothing is left of what concerns the agency, and where the agency is named
        and nobody may know that something is missing.
        """
        everything = CATEGORIES.keys() <= under(self.categories)
        if not self.agencies:
            return everything
        return agency in self.agencies and (everything or not self.told)


@dataclass(frozen=True, kw_only=True)
class AccessRequest:
    """What was asked, and how far it has come; `version` is its ETag."""

    id: UUID
    authority: str
    person: UUID
    asked_by: UUID
    capacity: Capacity
    received_on: date
    due: date
    wish: Wish | None = None
    wish_at: datetime | None = None
    wish_heard_by: UUID | None = None
    recorded_by: UUID
    by_agency: UUID
    recorded_at: datetime
    answered_at: datetime | None = None
    answered_by: UUID | None = None
    overdue_announced_at: datetime | None = None
    exemptions: tuple[Exemption, ...] = ()
    url: str
    version: int = 1

    def needs_wish(self, speakers: Speakers) -> bool:
        """A parent asks for a child that is able to understand what it is asked."""
        parents = self.capacity is Capacity.PARENTAL_RESPONSIBILITY
        return speakers.is_child and speakers.is_competent and parents

    def is_overdue(self, today: date) -> bool:
        return self.answered_at is None and self.due < today

    def event(self, of: type[AccessRequested] | type[AccessRequestOverdue]) -> ConsentEvent:
        return of(
            authority=self.authority,
            record_id=self.id,
            detail_url=HttpUrl(self.url),
            due=self.due,
        )


def due_after(received_on: date, calendar: Calendar) -> date:
    """The last day for the answer: the same day of the next month, or that month's last.

    Where nobody works on that day, the next one on which somebody does.
    """
    day = months_after(received_on, 1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def ask(
    new: AccessRequest, speakers: Speakers, today: date
) -> tuple[AccessRequest, list[ConsentEvent]]:
    """The request, if whoever asks may be told. Raises RequestIncomplete."""
    wrong = []
    if not _may_ask(new, speakers):
        wrong.append(FieldError("/asked_by", "In this capacity nobody asks for this person"))
    if new.received_on > today:
        wrong.append(FieldError("/received_on", "It was asked before it is recorded"))
    if wrong:
        raise RequestIncomplete("Say who asks, and when it was asked", errors=wrong)
    return new, [new.event(AccessRequested)]


def _may_ask(new: AccessRequest, speakers: Speakers) -> bool:
    """An adult and a competent child for itself, a parent for a child, an attorney for an adult."""
    itself = new.asked_by == speakers.person
    match new.capacity:
        case Capacity.SELF:
            return itself and not speakers.is_child
        case Capacity.COMPETENT_CHILD:
            return itself and speakers.is_child and speakers.is_competent
        case Capacity.PARENTAL_RESPONSIBILITY:
            return speakers.is_child and new.asked_by in speakers.parents
        case Capacity.ATTORNEY:
            return not speakers.is_child and new.asked_by in speakers.attorneys


def hear(
    kept: AccessRequest, speakers: Speakers, wish: Wish, *, by: UUID, now: datetime
) -> AccessRequest:
    """With what the child says. Raises NoWishNeeded, AlreadyAnswered."""
    if not kept.needs_wish(speakers):
        raise NoWishNeeded("The person asks for itself, or is too young to be asked")
    _refuse_answered(kept)
    return replace(kept, wish=wish, wish_at=now, wish_heard_by=by, version=kept.version + 1)


def exempt(kept: AccessRequest, exemption: Exemption) -> AccessRequest:
    """With what is kept out of the answer. Raises RequestIncomplete, AlreadyAnswered."""
    _refuse_answered(kept)
    wrong = [*_wrong_in(exemption)]
    if wrong:
        raise RequestIncomplete("Say what an exemption must say", errors=wrong)
    exemptions = (*kept.exemptions, exemption)
    return replace(kept, exemptions=exemptions, version=kept.version + 1)


def _wrong_in(exemption: Exemption) -> Iterator[FieldError]:
    if not exemption.categories or not exemption.categories <= CATEGORIES.keys():
        yield FieldError("/categories", "Name what is kept out, of the categories there are")
    if len(exemption.because.strip()) < WORDS:
        yield FieldError("/because", f"Say why in at least {WORDS} characters")


def refuse_unasked(kept: AccessRequest, speakers: Speakers) -> None:
    """Raises ChildNotAsked, ChildDoesNotWish: then nothing is told to the parent."""
    if not kept.needs_wish(speakers):
        return
    if kept.wish is None:
        raise ChildNotAsked("Record what the child itself wishes; then the answer can be made")
    if kept.wish is Wish.DOES_NOT_AGREE:
        raise ChildDoesNotWish("Tell the parent why, and that the child can change its mind")


def answer(kept: AccessRequest, speakers: Speakers, *, by: UUID, now: datetime) -> AccessRequest:
    """It was handed over. Raises AlreadyAnswered.

    Where the child does not wish it, the answer is that: it is recorded as answered all the same.
    """
    _refuse_answered(kept)
    if kept.wish is not Wish.DOES_NOT_AGREE:
        refuse_unasked(kept, speakers)
    return replace(kept, answered_at=now, answered_by=by, version=kept.version + 1)


def _refuse_answered(kept: AccessRequest) -> None:
    if kept.answered_at is not None:
        raise AlreadyAnswered("Record a new request where something more is asked")


def overdue(kept: AccessRequest, now: datetime) -> tuple[AccessRequest, list[ConsentEvent]]:
    """Told once that nobody has answered in time."""
    return replace(kept, overdue_announced_at=now), [kept.event(AccessRequestOverdue)]


def kept_out(
    categories: Collection[str], agency: UUID | None, exemptions: Collection[Exemption]
) -> dict[str, Exemption]:
    """Which of `categories`, as they concern this agency, are kept out, and by which exemption."""
    found: dict[str, Exemption] = {}
    for one in exemptions:
        if not one.agencies or agency in one.agencies:
            found |= {code: one for code in categories if _touches(code, one.categories)}
    return found


def _touches(code: str, named: Collection[str]) -> bool:
    """Whether it lies under what is named, or the other way round: then it tells of it too."""
    return any(
        code == other or code.startswith(f"{other}.") or other.startswith(f"{code}.")
        for other in named
    )
