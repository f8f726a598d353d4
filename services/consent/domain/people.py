"""Whom data is about, which agency works with whom, and the facts that follow for a decision."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from services.consent.domain.bases import Reason
from services.consent.domain.consents import Consent, Speakers, live
from services.consent.domain.facts import Answer, Answers, OfPerson, Why
from services.consent.domain.overrides import Override, RefusalToShare, overridden, refused
from shared.categories import under
from shared.people import PersonKind
from shared.purposes import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What of a person decides, and who said so."""

    id: UUID
    authority: str
    kind: PersonKind
    competent: bool = False
    """A child that is able to understand what it is asked."""
    adult_at_risk: bool = False
    """An adult at risk."""
    parents: frozenset[UUID] = frozenset()
    attorneys: frozenset[UUID] = frozenset()
    recorded_by: UUID | None
    """None: a referral says so, and no worker has said more."""
    recorded_at: datetime

    def speakers(self) -> Speakers:
        """Who may speak for the person."""
        is_child = self.kind is PersonKind.CHILD
        return Speakers(self.id, is_child, self.competent, self.parents, self.attorneys)


class Part(StrEnum):
    """As what an agency works with the people of a referral."""

    FRONT_DOOR = "front_door"
    REFERRER = "referrer"
    RECEIVER = "receiver"
    """It is asked to take the family over, or has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement:
    """That an agency works with a person, as somebody said it, or as it follows from a referral."""

    id: UUID
    authority: str
    person_id: UUID
    agency_id: UUID | None
    """None: the authority's front door, whichever agency that is."""
    referral_id: UUID | None = None
    part: Part | None = None
    recorded_by_agency: UUID | None
    recorded_by: UUID | None
    claimed: bool
    """The agency says it of itself; then nothing else is taken from its word."""
    welfare: bool = False
    """A worker of another agency holds it to be relevant to the child's welfare, and of help."""
    reason: Reason | None = None
    within_contract: bool = False
    since: datetime
    until: datetime | None
    """None: as long as the referral goes on."""
    ended_at: datetime | None = None
    """When people ended it."""
    ended_by_others: bool = False
    """Not the agency itself, so its own claim does not open it again."""
    version: int = 1

    def is_live(self, at: datetime) -> bool:
        return self.since <= at and all(at < end for end in (self.until, self.ended_at) if end)


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the hub holds of some people and that decides about their data."""

    people: dict[UUID, Person] = field(default_factory=dict)
    involvements: Sequence[Involvement] = ()
    consents: Sequence[Consent] = ()
    overrides: Sequence[Override] = ()
    refusals: Sequence[RefusalToShare] = ()

    def moment(self, now: datetime) -> datetime:
        """`now`, or what was recorded last: what is committed has happened, on whatever clock."""
        instants = [consent.withdrawn_at or consent.said_at for consent in self.consents]
        instants += [one.ended_at or one.declared_at for one in self.overrides]
        instants += [one.lifted_at or one.refused_at for one in self.refusals]
        instants += [one.ended_at or one.since for one in self.involvements]
        return max([now, *instants])

    def live_involvements(self, person: UUID, agency: UUID, at: datetime) -> list[Involvement]:
        """Those by which the agency works with the person now; people's word goes first."""
        parted = self.have_parted(person, agency)
        return [
            one
            for one in self._between(person, agency)
            if one.is_live(at) and not (one.referral_id and parted)
        ]

    def have_parted(self, person: UUID, agency: UUID) -> bool:
        """Whether the last that people said of the two is that the agency works with it no more."""
        between = self._between(person, agency)
        ends = [one.ended_at for one in between if one.ended_at]
        begun = [one.since for one in between if one.referral_id is None]
        return bool(ends) and all(begin <= max(ends) for begin in begun)

    def is_shut_out(self, person: UUID, agency: UUID) -> bool:
        """Whether others ended the agency's work with the person, and nobody opened it again."""
        between = self._between(person, agency)
        ends = [one.ended_at for one in between if one.ended_at and one.ended_by_others]
        begun = [one.since for one in between if not (one.claimed or one.referral_id)]
        return bool(ends) and all(begin <= max(ends) for begin in begun)

    def _between(self, person: UUID, agency: UUID) -> list[Involvement]:
        return [
            one for one in self.involvements if (one.person_id, one.agency_id) == (person, agency)
        ]

    def apart(self, people: Collection[UUID]) -> dict[UUID, "Known"]:
        """What concerns each of `people`: gone through once, however many they are."""
        involvements = _by_person(people, self.involvements, lambda one: [one.person_id])
        consents = _by_person(people, self.consents, lambda one: one.people)
        overrides = _by_person(people, self.overrides, lambda one: one.people)
        refusals = _by_person(people, self.refusals, lambda one: one.people)
        return {
            one: Known(
                {one: self.people[one]} if one in self.people else {},
                involvements[one],
                consents[one],
                overrides[one],
                refusals[one],
            )
            for one in people
        }


T = TypeVar("T")


def _by_person(
    people: Collection[UUID], all_: Iterable[T], about: Callable[[T], Collection[UUID]]
) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = {person: [] for person in people}
    for one in all_:
        for person in about(one):
            if person in found:
                found[person].append(one)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the service that asks knows of its own record, and of the caller's part in it."""

    kinds: Mapping[UUID, PersonKind] = field(default_factory=dict)
    """Of those of whom nothing else was heard yet."""
    works_with: bool = False
    """The caller's agency works with these people. Where people have ended that, it does not."""
    has_sent: bool = False
    """It has sent the whole record itself."""
    welfare: bool = False
    reason: Reason | None = None
    within_contract: bool = False
    """As an involvement says it."""

    def words(self) -> tuple[str, ...]:
        """What of it the audit log names."""
        said = {
            "works_with": self.works_with,
            "has_sent": self.has_sent,
            "welfare": self.welfare,
            "within_contract": self.within_contract,
        }
        reason = (str(self.reason),) if self.reason else ()
        return (*(word for word, is_so in said.items() if is_so), *reason)


NOTHING_STATED = Stated()


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, what for, and about which categories facts are wanted."""

    agency: UUID
    purpose: Purpose
    categories: Collection[str]
    at: datetime
    stated: Stated = NOTHING_STATED


def facts_of(known: Known, person_id: UUID, asked: Asked) -> OfPerson:
    """How one person stands to who asks.

    Of whom nothing was heard and nothing is stated no agency works with: it is refused as if it
    were a stranger to the agency, so that nobody learns who is known. An override reaches it all
    the same. For planning no involvement is asked for; there the kind stays unknown.
    """
    agency, purpose, at, categories = asked.agency, asked.purpose, asked.at, asked.categories
    stated, person = asked.stated, known.people.get(person_id)
    own = known.live_involvements(person_id, agency, at)
    kind = _kind(person, stated.kinds.get(person_id), purpose)
    untold = [one for one in known.overrides if not one.family_told]
    speakers = person.speakers() if person else Speakers(person_id, is_child=True)
    consented = live(
        known.consents, speakers, agency=agency, purpose=purpose, at=at, categories=categories
    )
    held_back = refused(
        known.refusals,
        agency=agency,
        purpose=purpose,
        person=person_id,
        at=at,
        categories=categories,
    )
    return OfPerson(
        kind=kind,
        involved=is_involved(
            bool(own), stated=stated.works_with, parted=known.have_parted(person_id, agency)
        ),
        consented=consented.categories,
        explicit=consented.explicit,
        held_back=held_back,
        overridden=overridden(known.overrides, agency=agency, person=person_id, at=at),
        untold=overridden(untold, agency=agency, person=person_id, at=at),
        welfare=stated.welfare or any(one.welfare for one in own),
        reason=stated.reason or next((one.reason for one in own if one.reason), None),
        protected=kind is PersonKind.CHILD or bool(person and person.adult_at_risk),
    )


def _kind(person: Person | None, stated: PersonKind | None, purpose: Purpose) -> PersonKind | None:
    """As a worker has said it; else as the service that asks knows it, or as it was heard."""
    if person and person.recorded_by:
        return person.kind
    stranger = None if purpose is Purpose.PLANNING else PersonKind.THIRD_PARTY
    return stated or (person.kind if person else stranger)


def is_involved(recorded: bool | None, *, stated: bool, parted: bool) -> bool | None:
    """Whether the agency works with a person: as it is recorded, or as the asking service knows.

    What people have ended no service can state again.
    """
    return recorded if recorded is None else recorded or (stated and not parted)


def relied_on(
    consents: Iterable[Consent], people: Collection[UUID], asked: Asked
) -> tuple[UUID, ...]:
    """The consents that say something of these people for who asks, as the audit names them."""
    return tuple(
        consent.id
        for consent in consents
        if asked.agency in consent.agencies
        and asked.purpose in consent.purposes
        and not consent.people.isdisjoint(people)
    )


def released_by(
    overrides: Iterable[Override],
    answers: Answers,
    facts: Mapping[UUID, OfPerson],
    asked: Asked,
) -> tuple[UUID, ...]:
    """The overrides without which something would not have been permitted, each of them.

    Where several cover it each is named: of any of them it may be unsafe to tell the family.
    """
    released = {
        person: {code for code, one in of.items() if _by_override(one, facts[person], asked)}
        for person, of in answers.items()
    }
    return tuple(
        one.id
        for one in overrides
        if one.agency == asked.agency
        and one.is_live(asked.at)
        and any(under(one.categories) & released.get(person, set()) for person in one.people)
    )


def _by_override(answer: Answer, facts: OfPerson, asked: Asked) -> bool:
    let_in = facts.needs_override(asked.purpose)
    return answer.why is Why.PERMITTED_BY_OVERRIDE or (answer.permitted and let_in)
