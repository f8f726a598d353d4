"""What a caller may ask to see of a referral: its relationship bounds it, then sharing is decided.

Need to know comes first: whoever works on a referral asks for all of it, whoever is asked to take
the family over for codes, the referrer for what it sent and what it was told. What of that leaves,
the consent service decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.referral.domain.lifecycle import ENDS, OFFERED, PANEL
from services.referral.domain.referral import Referral
from shared.auth import AgencyKind, Caller, Role
from shared.categories import under
from shared.contracts.lifecycle import Action
from shared.errors import Unavailable
from shared.people import PersonKind


class SharingNotDecided(Unavailable):
    slug, title = "sharing-not-decided", "What may be shared cannot be decided at the moment"


CODES = frozenset({"referral", "involvement", "needs.level", "needs.groups"})
"""What an agency needs to say whether it can take a family over."""

KNOWN_OF = "referral"
"""That there is a referral."""
ABOUT_ALL = under(("narrative", "household", "third_parties"))
"""Said of a referral as a whole it tells of every person named, and of others."""


@dataclass(frozen=True)
class Relationship:
    """How the caller stands to a referral; what the consent service is told of it."""

    is_known: bool = False
    """It has a role towards it: that there is a referral is no news to it."""
    works_with: bool = False
    has_sent: bool = False
    works_on: bool = False
    """It has accepted the family, leads its team, or looks at it for a panel."""
    asks: frozenset[str] | None = None
    """The categories it may ask for; None: all."""

    def may_ask(self, categories: frozenset[str]) -> frozenset[str]:
        """Those of `categories` that the caller's work can need."""
        return categories if self.asks is None else categories & self.asks

    def within_contract(self) -> bool:
        """It works with the family as who takes it over, not only as who has sent or weighs it."""
        return self.works_with and (self.works_on or self.asks is not None)

    def in_a_list(self) -> "Relationship":
        """As far as it matters there: of what the agency has sent, that it has is enough."""
        return replace(self, works_with=False, works_on=False) if self.has_sent else self

    def as_added(self) -> "Relationship":
        """Towards what others have added to a referral that the caller's agency has sent."""
        return replace(self, has_sent=False)


def is_for_colleagues(referral: Referral, caller: Caller) -> bool:
    """Whether the agency has to do with it, and this worker's roles have not.

    Then its colleagues look. Of an agency that has nothing to do with it, the involvements that the
    consent service keeps decide: the front door has let the police in, for instance.
    """
    ours = caller.agency_id in referral.concerned() or caller.agency_kind is AgencyKind.FRONT_DOOR
    return ours and not (referral.roles_of(caller) or works_on(referral, caller))


def relationship_of(referral: Referral, caller: Caller) -> Relationship:
    """How the caller stands to it; whoever has nothing to do with it may be involved all the same.

    The front door answers for every referral of its authority, also when it is over. Of all others
    the work with a family ends with the referral: then the involvements that the consent service
    keeps say who may still look.
    """
    roles = referral.roles_of(caller)
    if is_at_the_front_door(referral, caller):
        return Relationship(True, works_with=True)
    goes_on = referral.status not in ENDS
    if works_on(referral, caller):
        sent = Role.REFERRER in roles
        return Relationship(True, works_with=goes_on, has_sent=sent, works_on=True)
    if Role.REFERRER in roles:
        return Relationship(True, works_with=goes_on, has_sent=True)
    if roles:
        return Relationship(True, works_with=True, asks=CODES)
    return Relationship()


def is_at_the_front_door(referral: Referral, caller: Caller) -> bool:
    """Whether the caller weighs and decides for the authority."""
    roles = referral.roles_of(caller)
    return bool(roles & PANEL) and caller.agency_kind is AgencyKind.FRONT_DOOR


def works_on(referral: Referral, caller: Caller) -> bool:
    """The agency that holds the family since it accepted, its lead professional, and a chair.

    The chair of a panel for which the referral waits may be of any agency. Whoever has asked
    another agency to take over works with the family until that one has accepted.
    """
    roles = referral.roles_of(caller)
    if roles & {Role.LEAD_PROFESSIONAL, Role.PANEL_CHAIR}:
        return True
    if referral.status not in OFFERED:
        return Role.RECEIVING_WORKER in roles
    return (
        referral.accepted_at is not None
        and caller.agency_id == referral.holding_agency_id
        and caller.authority == referral.authority
        and Role.RECEIVING_WORKER in caller.roles
    )


_TO_THE_REFERRER = frozenset(
    {Action.ASK, Action.ANSWER, Action.DECIDE, Action.WITHDRAW, Action.CLOSE}
)
_TO_THE_RECEIVER = frozenset(
    {
        Action.DECIDE,
        Action.REQUEST_ASSESSMENT,
        Action.COMPLETE_ASSESSMENT,
        Action.ALLOCATE,
        Action.ACCEPT,
        Action.RECORD_MEETING,
        Action.STEP_UP,
        Action.STEP_DOWN,
        Action.STEP_ACROSS,
        Action.HOLD,
        Action.CLOSE,
    }
)


def was_told(referral: Referral, caller: Caller, action: str) -> bool:
    """Whether the words of a step were said to the caller's agency because it has referred."""
    return Role.REFERRER in referral.roles_of(caller) and action in _TO_THE_REFERRER


def hears(referral: Referral, caller: Caller, action: str) -> bool:
    """Whether the caller may ask for what was said with a step of the referral.

    A decline is between the receiver and the front door; what was put to the referrer is not.
    Whoever is asked, and has not accepted, reads codes.
    """
    if is_at_the_front_door(referral, caller) or was_told(referral, caller, action):
        return True
    return action in _TO_THE_RECEIVER and works_on(referral, caller)


@dataclass(frozen=True)
class Grant:
    """What one disclosure permits of the people of one referral."""

    permitted: Mapping[UUID, frozenset[str]]
    children: frozenset[UUID]
    held_back: frozenset[str] = frozenset()
    """What somebody has refused to share about anybody who was asked about, adults too."""

    def __call__(self, category: str, whose: UUID | None) -> bool:
        """What is about the referral as a whole leaves if it may of each of its children.

        Its words tell of everybody: a refusal to share about the mother holds them back as well.
        """
        if whose is None and category in ABOUT_ALL & self.held_back:
            return False
        people = self.children if whose is None else {whose}
        return bool(people) and all(
            category in self.permitted.get(person, frozenset()) for person in people
        )

    def is_empty(self) -> bool:
        """Whether nothing of anybody is permitted."""
        return not any(self.permitted.values())


def may_be_told_of(granted: Grant, others: Mapping[UUID, frozenset[UUID]]) -> frozenset[UUID]:
    """Those referrals that the caller may know of, each with its children."""
    return frozenset(
        one
        for one, children in others.items()
        if replace(granted, children=children)(KNOWN_OF, None)
    )


@dataclass(frozen=True)
class Touched:
    """What others than the caller's agency have changed or added since a referral was sent."""

    parts: frozenset[str] = frozenset()
    people: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.parts or self.people)


@dataclass(frozen=True)
class Sharing:
    """What may leave of one referral to one caller, by whose word it is."""

    own: Grant
    """Of what the caller's agency has sent or was told; for all others the same as `added`."""
    added: Grant
    """Of what others have said."""
    touched: Touched = Touched()
    others: frozenset[UUID] = frozenset()
    """Other referrals for the same children of which may be told that they are there."""

    def __call__(self, category: str, whose: UUID | None) -> bool:
        """Whether it may leave, of what was sent."""
        grant = self.added if whose in self.touched.people else self.own
        return grant(category, whose)


def kind_of(person: Mapping[str, Any]) -> PersonKind:
    """What somebody named in a referral is to the family."""
    if person["is_child"]:
        return PersonKind.CHILD
    parent = person.get("parental_responsibility", False)
    return PersonKind.PARENT if parent else PersonKind.HOUSEHOLD_MEMBER
