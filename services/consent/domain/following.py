"""What a referral's way makes of involvements: who works with the family, from when and until when.

What people have ended stays ended, whatever the referral's way says afterwards.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.consent.domain.people import Involvement, Part
from shared.contracts import referral as facts
from shared.contracts.referral import PersonNamed, ReferralEvent

Role = tuple[Part, UUID | None]
"""As what, and which agency; none is the authority's front door."""
_ALL = frozenset(Part)
_RECEIVER = frozenset({Part.RECEIVER})


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an event does to those who work with the people of its referral."""

    begin: frozenset[Role] = frozenset()
    again: frozenset[Part] = frozenset()
    """Whoever was this before is it again."""
    end: frozenset[Part] = frozenset()
    """Whoever is this, and does not begin, is it no more."""


def _asked_alone(agency: str) -> Callable[[Any], Effect]:
    """The agency is asked, or has accepted: whoever received before does not any more."""
    return lambda event: Effect(begin=_receiver(event, agency), end=_RECEIVER)


def _asked_too(agency: str) -> Callable[[Any], Effect]:
    """The agency is asked; whoever holds the family holds it until that one accepts."""
    return lambda event: Effect(begin=_receiver(event, agency))


def _receiver(event: Any, agency: str) -> frozenset[Role]:
    return frozenset({(Part.RECEIVER, getattr(event, agency))})


def _sent(event: Any) -> Effect:
    referrer = (Part.REFERRER, event.referring_agency_id)
    return Effect(begin=frozenset({(Part.FRONT_DOOR, None), referrer}))


_OVER = Effect(end=_ALL)
_BACK = Effect(again=_ALL - _RECEIVER, end=_RECEIVER)
EFFECTS: Mapping[type[ReferralEvent], Callable[[Any], Effect]] = {
    facts.ReferralSubmitted: _sent,
    facts.ReferralAllocated: _asked_alone("to_agency_id"),
    facts.ReferralReRouted: _asked_alone("to_agency_id"),
    facts.ReferralSteppedUp: _asked_too("to_agency_id"),
    facts.ReferralSteppedDown: _asked_too("to_agency_id"),
    facts.ReferralSteppedAcross: _asked_too("to_agency_id"),
    facts.ReferralAccepted: _asked_alone("agency_id"),
    facts.ReferralDeclined: lambda _: Effect(end=_RECEIVER),
    facts.ReferralClosed: lambda _: _OVER,
    facts.ReferralWithdrawn: lambda _: _OVER,
    facts.ReferralEnteredInError: lambda _: _OVER,
    facts.ReferralReopened: lambda _: _BACK,
    facts.ReferralAmended: lambda _: Effect(),
}
"""Every other event leaves everybody what they are. Whom an amendment adds joins the others."""


def people_of(event: ReferralEvent) -> Sequence[PersonNamed]:
    """Whom an event names."""
    named: Sequence[PersonNamed] = getattr(event, "people", ())
    return named


def after(
    event: ReferralEvent,
    before: Collection[Involvement],
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> tuple[list[Involvement], list[Involvement]]:
    """What is new, and what has changed, of the involvements that follow from its referral."""
    effect = EFFECTS[type(event)](event)
    changed = [moved for one in before if (moved := _moved(one, effect, at)) is not one]
    there = {(one.person_id, _role(one)) for one in before}
    family = {person for person, _ in there} | {one.person_id for one in people_of(event)}
    live = {_role(one) for one in before if one.until is None} | effect.begin
    new = [
        _begun(event, person, role, new_id(), at)
        for person in sorted(family)
        for role in sorted(live, key=str)
        if (person, role) not in there and not _ends(role, effect)
    ]
    return new, changed


def _role(one: Involvement) -> Role:
    assert one.part is not None  # noqa: S101 -- it follows from a referral
    return one.part, one.agency_id


def _ends(role: Role, effect: Effect) -> bool:
    return role[0] in effect.end and role not in effect.begin


def _moved(one: Involvement, effect: Effect, at: datetime) -> Involvement:
    role = _role(one)
    begins = role in effect.begin or one.part in effect.again
    if begins and one.until is not None:
        return replace(one, until=None, version=one.version + 1)
    if _ends(role, effect) and one.until is None:
        return replace(one, until=at, version=one.version + 1)
    return one


def _begun(event: ReferralEvent, person: UUID, role: Role, new: UUID, at: datetime) -> Involvement:
    part, agency = role
    return Involvement(
        id=new,
        authority=event.authority,
        person_id=person,
        agency_id=agency,
        referral_id=event.referral_id,
        part=part,
        recorded_by_agency=None,
        recorded_by=None,
        claimed=False,
        since=at,
        until=None,
    )
