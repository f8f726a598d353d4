"""The way of a referral as a table: from which status, by which action of whom, to which status."""

from enum import StrEnum

from shared.auth import Role
from shared.errors import Conflict, Forbidden


class Status(StrEnum):
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    TRIAGING = "triaging"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


_FRONT_DOOR = (Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER)
_BEFORE_DECISION = (Status.SUBMITTED, Status.ACKNOWLEDGED, Status.TRIAGING)

NEXT: dict[tuple[Status, Action, Role], Status] = {
    **{(Status.SUBMITTED, Action.ACKNOWLEDGE, role): Status.ACKNOWLEDGED for role in _FRONT_DOOR},
    **{(Status.ACKNOWLEDGED, Action.TRIAGE, role): Status.TRIAGING for role in _FRONT_DOOR},
    **{(Status.TRIAGING, Action.DECIDE, role): Status.DECIDED for role in _FRONT_DOOR},
    **{(status, Action.WITHDRAW, Role.REFERRER): Status.WITHDRAWN for status in _BEFORE_DECISION},
}

OPEN = frozenset(_BEFORE_DECISION)
"""Statuses in which the decision is still awaited and its clock runs."""


class NotAllowedNow(Conflict):
    slug = "referral-not-allowed-now"
    title = "Not possible in the referral's present status"


def advance(status: Status, action: Action, roles: frozenset[Role]) -> Status:
    """The status after `action`. Raises Forbidden for the wrong role, else NotAllowedNow."""
    for role in roles:
        if following := NEXT.get((status, action, role)):
            return following
    may = {role for _, possible, role in NEXT if possible is action}
    if roles.isdisjoint(may):
        raise Forbidden(f"Only these may {action}: {', '.join(sorted(may))}")
    raise NotAllowedNow(
        f"A referral that is {status} cannot be taken to: {action}", status_now=status
    )


def possible(status: Status, roles: frozenset[Role]) -> list[Action]:
    """What somebody with `roles` may do now, in the order of the way."""
    return [action for action in Action if any((status, action, role) in NEXT for role in roles)]
