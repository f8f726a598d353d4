"""A new referral: what is read off the submission before anybody has looked at it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referral.domain.clocks import Moment
from services.referral.domain.referral import Referral
from services.referral.domain.requesting import Requested
from services.referral.domain.submission import Address, Child, HouseholdMember, Person, Submission
from services.referral.domain.thresholds import suggested_level
from shared.authority import Authority
from shared.contracts.lifecycle import Action, Status, Urgency
from shared.contracts.referral import PersonNamed, ReferralEvent, ReferralSubmitted
from shared.people import PersonKind

Outcome = tuple[Referral, list[ReferralEvent]]


@dataclass(frozen=True)
class Sender:
    """Who sends a referral: a worker of an agency, or a family through the front door."""

    agency_id: UUID
    worker_id: UUID | None
    """Nobody where the family asks for itself."""
    holding: UUID | None = None
    """The front door where a family asks for itself."""
    sounds_urgent: tuple[str, ...] = ()
    """Why the family's own words sound urgent."""


def submit(
    submission: Submission,
    *,
    referral_id: UUID,
    people: Sequence[UUID],
    reference: str,
    url: str,
    sender: Sender,
    now: datetime,
    council: Authority,
    requested: Requested | None = None,
) -> Outcome:
    """A new referral. Immediate danger makes it urgent, and so do words that sound like it.

    `people`: ids, the children first.
    """
    area = area_of(_addresses(submission.children), _addresses(submission.household), council)
    urgent = submission.safeguarding.immediate_danger or bool(sender.sounds_urgent)
    referral = Referral(
        id=referral_id,
        reference=reference,
        url=url,
        authority=council.id,
        status=Status.SUBMITTED,
        version=1,
        urgency=Urgency.URGENT if urgent else Urgency.ROUTINE,
        urgent_since=now if urgent else None,
        referring_agency_id=sender.agency_id,
        referring_worker_id=sender.worker_id,
        holding_agency_id=sender.holding or sender.agency_id,
        submitted_at=now,
        clocks=(),
        need_groups=tuple(submission.need.groups),
        area=area,
        hub=council.hub_of_area(area) if area else None,
        level_referrer=submission.need.level,
        level_suggested=suggested_level(council, submission.need).level,
        **(requested.named() if requested else {}),
    ).reckoned([Moment(now, Action.SUBMIT, Status.SUBMITTED)], council)
    return referral, [_submitted(referral, zip(people, submission.people(), strict=True))]


def _submitted(
    referral: Referral, people: Iterable[tuple[UUID, Child | HouseholdMember]]
) -> ReferralSubmitted:
    return ReferralSubmitted(
        **referral.named(),
        referring_agency_id=referral.referring_agency_id,
        urgency=referral.urgency,
        decision_due=decision_due(referral),
        people=tuple(_named(*one) for one in people),
    )


def _named(person_id: UUID, person: Child | HouseholdMember) -> PersonNamed:
    return named_as(person_id, is_child=isinstance(person, Child), said=vars(person))


def named_as(person_id: UUID, *, is_child: bool, said: Mapping[str, Any]) -> PersonNamed:
    """Somebody as events name it: a parent is who has parental responsibility."""
    parent = said.get("parental_responsibility", False)
    other = PersonKind.PARENT if parent else PersonKind.HOUSEHOLD_MEMBER
    return PersonNamed(person_id=person_id, kind=PersonKind.CHILD if is_child else other)


def decision_due(referral: Referral) -> datetime:
    """When the front door must have decided; every authority has this clock."""
    due = next(state.due for state in referral.clocks if state.clock == "decide")
    assert due is not None  # noqa: S101 -- every authority has the clock, and it has just started
    return due


def area_of(
    of_children: Sequence[Address], of_others: Sequence[Address], council: Authority
) -> str | None:
    """The area in which the children live; nowhere, as soon as somebody must not be found."""
    if any(address.confidential for address in (*of_children, *of_others)):
        return None
    found = (council.area_of(address.postcode) for address in of_children)
    return next((area for area in found if area), None)


def _addresses(people: Sequence[Person]) -> list[Address]:
    return [address for person in people for address in person.addresses]
