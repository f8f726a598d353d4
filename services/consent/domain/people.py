"""Whom data is about, which agency works with whom, and the facts that follow for a decision."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.consent.domain.agreements import PersonKind
from services.consent.domain.bases import Reason
from services.consent.domain.consents import Consent, Speakers, live
from services.consent.domain.facts import OfPerson
from services.consent.domain.overrides import Override, RefusalToShare, overridden, refused
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
    recorded_by: UUID
    recorded_at: datetime

    def speakers(self) -> Speakers:
        """Who may speak for the person."""
        is_child = self.kind is PersonKind.CHILD
        return Speakers(self.id, is_child, self.competent, self.parents, self.attorneys)

    def is_protected(self) -> bool:
        """Under 18, or an adult at risk (paragraph 18 of Schedule 1)."""
        return self.kind is PersonKind.CHILD or self.adult_at_risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement:
    """That an agency works with a person, as somebody said it."""

    id: UUID
    authority: str
    person_id: UUID
    agency_id: UUID
    recorded_by_agency: UUID
    recorded_by: UUID
    claimed: bool
    """The agency says it of itself; then nothing else is taken from its word."""
    welfare: bool = False
    """A worker of another agency holds it to be relevant to the child's welfare, and of help."""
    reason: Reason | None = None
    within_contract: bool = False
    since: datetime
    until: datetime
    ended_at: datetime | None = None
    version: int = 1

    def is_live(self, at: datetime) -> bool:
        return self.since <= at < min(self.until, self.ended_at or self.until)


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
        instants += [one.declared_at for one in self.overrides]
        instants += [one.lifted_at or one.refused_at for one in self.refusals]
        instants += [one.ended_at or one.since for one in self.involvements]
        return max([now, *instants])

    def live_involvements(self, person: UUID, agency: UUID, at: datetime) -> list[Involvement]:
        """Those by which the agency works with the person now."""
        return [
            one
            for one in self.involvements
            if one.person_id == person and one.agency_id == agency and one.is_live(at)
        ]


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, what for, and about which categories facts are wanted."""

    agency: UUID
    purpose: Purpose
    categories: Collection[str]
    at: datetime


def facts_of(known: Known, person_id: UUID, asked: Asked) -> OfPerson:
    """How one person stands to who asks.

    Nobody has spoken of an unknown person, and no agency works with it: it is refused as if it were
    a stranger to the agency, so that nobody learns who is known. An override reaches it all the
    same. For planning no involvement is asked for; there the kind stays unknown.
    """
    agency, purpose, at, categories = asked.agency, asked.purpose, asked.at, asked.categories
    person = known.people.get(person_id)
    own = known.live_involvements(person_id, agency, at)
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
    stranger = None if purpose is Purpose.PLANNING else PersonKind.THIRD_PARTY
    return OfPerson(
        kind=person.kind if person else stranger,
        involved=bool(own),
        consented=consented.categories,
        explicit=consented.explicit,
        held_back=held_back,
        overridden=overridden(known.overrides, agency=agency, person=person_id, at=at),
        welfare=any(one.welfare for one in own),
        reason=next((one.reason for one in own if one.reason), None),
        protected=person.is_protected() if person else False,
    )


def relied_on(
    consents: Iterable[Consent], people: Collection[UUID], asked: Asked
) -> tuple[UUID, ...]:
    """The consents that say something of these people for who asks, as the audit names them."""
    return tuple(
        consent.id
        for consent in consents
        if any(consent.is_about(person, asked.agency, asked.purpose) for person in people)
    )
