"""The way of a referral as a table: from which status, by which action of whom, to which status.

What the table cannot say, because it depends on what happened before or on the authority's order,
are the guards below it; they see the referral and answer what is missing.
"""

from collections.abc import Iterable

from shared.auth import Role
from shared.contracts.lifecycle import Action, Status
from shared.errors import Conflict, Forbidden

FRONT_DOOR = frozenset({Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER})
PANEL = FRONT_DOOR | {Role.PANEL_CHAIR}
RECEIVERS = frozenset({Role.RECEIVING_WORKER, Role.LEAD_PROFESSIONAL})
_MANAGER = frozenset({Role.FRONT_DOOR_MANAGER})
_REFERRER = frozenset({Role.REFERRER})
_RECEIVER = frozenset({Role.RECEIVING_WORKER})

AT_THE_FRONT_DOOR = frozenset(
    {
        Status.SUBMITTED,
        Status.ACKNOWLEDGED,
        Status.TRIAGING,
        Status.INFORMATION_REQUESTED,
        Status.DECIDED,
        Status.ASSESSMENT_REQUESTED,
        Status.AWAITING_PANEL,
    }
)
OFFERED = frozenset(
    {Status.ALLOCATED, Status.STEPPED_UP, Status.STEPPED_DOWN, Status.STEPPED_ACROSS}
)
"""An agency was asked to take the family over, and has not answered yet."""
ENDS = frozenset({Status.CLOSED, Status.WITHDRAWN, Status.ENTERED_IN_ERROR})
_AT_A_RECEIVER = OFFERED | {Status.IN_PROGRESS, Status.ON_HOLD}
_AFTER_TRIAGE = (Status.DECIDED, Status.ASSESSMENT_REQUESTED, Status.AWAITING_PANEL)
_AGAIN = (Status.DECIDED, Status.IN_PROGRESS, Status.CLOSED, Status.WITHDRAWN)
"""From where a manager can begin anew: what is over, or with an agency that fell silent."""
_STEPS = {
    Action.STEP_UP: Status.STEPPED_UP,
    Action.STEP_DOWN: Status.STEPPED_DOWN,
    Action.STEP_ACROSS: Status.STEPPED_ACROSS,
}

Key = tuple[Status, Action, Role]


def _from(
    statuses: Iterable[Status], action: Action, roles: Iterable[Role], to: Status | None = None
) -> dict[Key, Status]:
    """Rows of the table; without `to` the status stays what it is."""
    return {(status, action, role): to or status for status in statuses for role in roles}


_S, _A = Status, Action

NEXT: dict[Key, Status] = (
    _from([_S.SUBMITTED], _A.ACKNOWLEDGE, FRONT_DOOR, _S.ACKNOWLEDGED)
    | _from([_S.ACKNOWLEDGED], _A.TRIAGE, FRONT_DOOR, _S.TRIAGING)
    | _from([_S.TRIAGING], _A.ASK, FRONT_DOOR, _S.INFORMATION_REQUESTED)
    | _from([_S.INFORMATION_REQUESTED], _A.ANSWER, FRONT_DOOR | _REFERRER, _S.TRIAGING)
    | _from([_S.TRIAGING], _A.DECIDE, FRONT_DOOR, _S.DECIDED)
    | _from([_S.AWAITING_PANEL], _A.DECIDE, PANEL, _S.DECIDED)
    | _from([_S.DECIDED, _S.AWAITING_PANEL], _A.REQUEST_ASSESSMENT, PANEL, _S.ASSESSMENT_REQUESTED)
    | _from([_S.ASSESSMENT_REQUESTED], _A.COMPLETE_ASSESSMENT, FRONT_DOOR | _REFERRER, _S.DECIDED)
    | _from([_S.IN_PROGRESS], _A.COMPLETE_ASSESSMENT, RECEIVERS)
    | _from([_S.DECIDED], _A.LIST_FOR_PANEL, PANEL, _S.AWAITING_PANEL)
    | _from([_S.DECIDED, _S.AWAITING_PANEL], _A.ALLOCATE, PANEL, _S.ALLOCATED)
    | _from([_S.ALLOCATED], _A.RE_ROUTE, FRONT_DOOR, _S.ALLOCATED)
    | _from(OFFERED, _A.ACCEPT, _RECEIVER, _S.IN_PROGRESS)
    | _from([_S.ALLOCATED], _A.DECLINE, _RECEIVER | FRONT_DOOR, _S.DECIDED)
    | _from(OFFERED - {_S.ALLOCATED}, _A.DECLINE, _RECEIVER | FRONT_DOOR, _S.TRIAGING)
    | _from([_S.IN_PROGRESS], _A.START, RECEIVERS)
    | _from([_S.IN_PROGRESS], _A.RECORD_MEETING, RECEIVERS)
    | _from([_S.IN_PROGRESS], _A.APPOINT, RECEIVERS)
    | _from([_S.DECIDED], _A.STEP_UP, FRONT_DOOR, _S.STEPPED_UP)
    | {
        key: to
        for step, to in _STEPS.items()
        for key, to in _from([_S.IN_PROGRESS], step, RECEIVERS, to).items()
    }
    | _from([_S.TRIAGING, *_AFTER_TRIAGE], _A.HOLD, FRONT_DOOR, _S.ON_HOLD)
    | _from([_S.IN_PROGRESS], _A.HOLD, RECEIVERS, _S.ON_HOLD)
    | _from([_S.ON_HOLD], _A.RELEASE, FRONT_DOOR | RECEIVERS, _S.IN_PROGRESS)
    | _from(AT_THE_FRONT_DOOR | {_S.ON_HOLD}, _A.ASSIGN, FRONT_DOOR)
    | _from(_AT_A_RECEIVER, _A.ASSIGN, _RECEIVER)
    | _from(_AFTER_TRIAGE, _A.CLOSE, FRONT_DOOR, _S.CLOSED)
    | _from([_S.IN_PROGRESS], _A.CLOSE, RECEIVERS, _S.CLOSED)
    | _from([*AT_THE_FRONT_DOOR, _S.ALLOCATED, _S.ON_HOLD], _A.WITHDRAW, _REFERRER, _S.WITHDRAWN)
    | _from(set(Status) - {_S.ENTERED_IN_ERROR}, _A.ENTER_IN_ERROR, _MANAGER, _S.ENTERED_IN_ERROR)
    | _from(_AGAIN, _A.REOPEN, _MANAGER, _S.TRIAGING)
)
"""RELEASE leads to the status that the hold interrupted; the table names one of those."""


BY_THE_SETTING: dict[tuple[Status, Action], Status] = {(_S.SUBMITTED, _A.ALLOCATE): _S.ALLOCATED}
"""What nobody does: where the authority says so, a referral that names a service goes straight to
the agency that gives it (`requesting.py`), and back to triage when that one declines."""


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
        raise Forbidden(f"Only these may {said(action)}: {', '.join(sorted(may))}")
    here = {role for now, possible, role in NEXT if (now, possible) == (status, action)}
    if here:
        raise Forbidden(
            f"While it is {status}, only these may {said(action)}: {', '.join(sorted(here))}"
        )
    raise NotAllowedNow(
        f"A referral that is {status} cannot be taken to: {said(action)}", status_now=status
    )


def possible(status: Status, roles: frozenset[Role]) -> list[Action]:
    """What the table lets somebody with `roles` do now, in the order of the way."""
    return [action for action in Action if any((status, action, role) in NEXT for role in roles)]


def said(action: Action) -> str:
    """An action as a person says it."""
    return action.replace("_", " ")
