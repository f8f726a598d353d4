"""What of a referral leaves to whom.

The interim rule until the consent service decides: the whole for the front door, all but
confidential addresses for the agency that submitted it, the one that has accepted the family and
the chair for whose panel it waits, ids and codes for the one that is asked, nothing for others.
"""

from enum import IntEnum
from typing import Any

from services.referral.domain.lifecycle import OFFERED, PANEL
from services.referral.domain.referral import Referral
from shared.auth import AgencyKind, Caller, Role
from shared.contracts.lifecycle import Action


class Sight(IntEnum):
    """How much of a referral somebody sees; each includes what is before it."""

    NOTHING = 0
    CODES = 1
    """Ids, codes and clocks."""
    STORY = 2
    """The family and what it says, without confidential addresses."""
    WHOLE = 3


def sight_of(referral: Referral, caller: Caller) -> Sight:
    """What the caller sees of the referral."""
    roles = referral.roles_of(caller)
    if roles & PANEL and caller.agency_kind is AgencyKind.FRONT_DOOR:
        return Sight.WHOLE
    if Role.REFERRER in roles or _works_on_it(referral, caller):
        return Sight.STORY
    return Sight.CODES if roles else Sight.NOTHING


def _works_on_it(referral: Referral, caller: Caller) -> bool:
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


def addresses_for(sight: Sight, addresses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The addresses that are seen.

    Of a confidential one the others learn that it is there, so that nobody asks the family again.
    """
    if sight is Sight.WHOLE:
        return addresses
    return [a if not a.get("confidential") else {"confidential": True} for a in addresses]


def sees_duplicates(sight: Sight) -> bool:
    """That another agency knows the child is for the front door alone."""
    return sight is Sight.WHOLE


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


def hears(referral: Referral, caller: Caller, action: str) -> bool:
    """Whether the caller reads what was said with a step of the referral.

    A decline is between the receiver and the front door; what was put to the referrer is not.
    Whoever is asked, and has not accepted, reads codes.
    """
    if sight_of(referral, caller) is Sight.WHOLE:
        return True
    if Role.REFERRER in referral.roles_of(caller) and action in _TO_THE_REFERRER:
        return True
    return action in _TO_THE_RECEIVER and _works_on_it(referral, caller)
