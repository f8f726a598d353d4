"""What somebody said about sharing a person's data: given, refused, withdrawn, and until when.

A record counts only as far as its giver may speak for the person: an adult for itself, a child that
is able to understand for itself, whoever has parental responsibility for a child that is not.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.categories import is_under, under
from shared.purposes import Purpose


class Capacity(StrEnum):
    """As what somebody gives consent."""

    SELF = "self"
    COMPETENT_CHILD = "competent_child"
    PARENTAL_RESPONSIBILITY = "parental_responsibility"
    ATTORNEY = "attorney"


class Channel(StrEnum):
    """How consent was given."""

    IN_WRITING = "in_writing"
    SPOKEN = "spoken"
    ONLINE = "online"


class ConsentStatus(StrEnum):
    """How a record stands at a moment."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the giver was told: which version of the privacy notice, and in which language."""

    version: str
    language: str
    """ISO 639 code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One record. What is None is missing: a refusal needs less than a consent."""

    id: UUID
    people: frozenset[UUID]
    """Whose data it is about, each of them named."""
    given_by: UUID
    capacity: Capacity
    categories: frozenset[str]
    agencies: frozenset[UUID]
    """Who may receive the data: agencies, never kinds of agency."""
    purposes: frozenset[Purpose]
    said_at: datetime
    recorded_by: UUID | None
    """The worker who asked."""
    refuses: bool = False
    explicit: bool = False
    """Given in express words for special category data."""
    notice: Notice | None = None
    channel: Channel | None = None
    evidence: str | None = None
    """Where the signature is kept, or who was witness to what was spoken."""
    interpreter: str | None = None
    """Who interpreted, or that an easy-read version was used."""
    until: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None
    superseded_at: datetime | None = None

    def missing(self) -> list[str]:
        """What a consent must say and this one does not; such a one is not valid.

        Source: UK GDPR, article 7(1); ISO/IEC TS 27560.
        """
        needed = ("people", "categories", "agencies", "purposes", "recorded_by", "notice")
        told = ("channel", "evidence", "until")
        return [name for name in (*needed, *told) if not getattr(self, name)]

    def status(self, at: datetime) -> ConsentStatus:
        """How the record stands at `at`."""
        if self.withdrawn_at and self.withdrawn_at <= at:
            return ConsentStatus.WITHDRAWN
        if self.superseded_at and self.superseded_at <= at:
            return ConsentStatus.SUPERSEDED
        if self.refuses:
            return ConsentStatus.REFUSED
        if self.until and self.until <= at:
            return ConsentStatus.EXPIRED
        return ConsentStatus.GIVEN

    def supersedes(self, other: "Consent") -> bool:
        """Whether it is a later word of the same giver on everything that the other says.

        Then the other counts no more already: no decision changes when it is marked so.
        """
        same = (self.given_by, self.capacity) == (other.given_by, other.capacity)
        all_of_it = (
            other.people <= self.people
            and other.agencies <= self.agencies
            and other.purposes <= self.purposes
            and under(other.categories) <= under(self.categories)
        )
        return same and all_of_it and other.said_at < self.said_at

    def is_about(self, person: UUID, agency: UUID, purpose: Purpose) -> bool:
        """Whether it says anything of the person's data for this agency and purpose."""
        return person in self.people and agency in self.agencies and purpose in self.purposes


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who may speak for a person."""

    person: UUID
    is_child: bool
    is_competent: bool = False
    """A child that is able to understand what it is asked."""
    parents: frozenset[UUID] = frozenset()
    """Who has parental responsibility for it."""
    attorneys: frozenset[UUID] = frozenset()
    """Who may decide for an adult that cannot."""

    def hears(self, consent: Consent) -> bool:
        """Whether the giver of the consent speaks for this person."""
        itself = consent.given_by == self.person
        if not self.is_child:
            if consent.capacity is Capacity.ATTORNEY:
                return consent.given_by in self.attorneys
            return itself and consent.capacity is Capacity.SELF
        if self.is_competent:
            return itself and consent.capacity is Capacity.COMPETENT_CHILD
        holder = consent.given_by in self.parents
        return holder and consent.capacity is Capacity.PARENTAL_RESPONSIBILITY


@dataclass(frozen=True, slots=True)
class Consented:
    """The categories that live consents cover, for one agency, purpose and person."""

    categories: frozenset[str] = frozenset()
    explicit: frozenset[str] = frozenset()
    """Those of them that were consented to in express words."""


@dataclass(frozen=True, slots=True)
class _Word:
    """The last thing that one giver said of a category; at the same instant, the less counts."""

    at: datetime
    is_no: bool
    explicit: bool = False

    def order(self) -> tuple[datetime, bool, bool]:
        return self.at, self.is_no, not self.explicit


def live(
    consents: Iterable[Consent],
    speakers: Speakers,
    *,
    agency: UUID,
    purpose: Purpose,
    at: datetime,
    categories: Collection[str],
) -> Consented:
    """Which of `categories` the person's consents cover at `at`.

    The last word of each giver counts. Where several speak for a child, one no is enough: a consent
    that is in dispute is not relied on.
    """
    about = [
        consent
        for consent in consents
        if consent.is_about(speakers.person, agency, purpose) and speakers.hears(consent)
    ]
    covered, explicit = set(), set()
    for category in categories if about else ():
        words = _last_words(about, category, at)
        if words and not any(word.is_no for word in words):
            covered.add(category)
            if all(word.explicit for word in words):
                explicit.add(category)
    return Consented(frozenset(covered), frozenset(explicit))


def _last_words(about: Iterable[Consent], category: str, at: datetime) -> list[_Word]:
    by_giver: dict[UUID, list[_Word]] = {}
    for consent in about:
        if any(is_under(category, said_of) for said_of in consent.categories):
            by_giver.setdefault(consent.given_by, []).extend(_words(consent, at))
    return [max(words, key=_Word.order) for words in by_giver.values() if words]


def _words(consent: Consent, at: datetime) -> Iterator[_Word]:
    """What one record said until `at`: a consent, a refusal, a withdrawal."""
    if consent.withdrawn_at and consent.withdrawn_at <= at:
        yield _Word(consent.withdrawn_at, is_no=True)
    if consent.said_at > at or consent.status(at) is ConsentStatus.SUPERSEDED:
        return
    if consent.refuses:
        yield _Word(consent.said_at, is_no=True)
    elif not consent.missing():
        is_over = consent.status(at) is not ConsentStatus.GIVEN
        yield _Word(consent.said_at, is_no=is_over, explicit=consent.explicit)
