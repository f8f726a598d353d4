"""What each step changes beside the status, and the fact it announces."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.referral.domain.guards import Step, refuse_what_is_missing
from services.referral.domain.lifecycle import AT_THE_FRONT_DOOR, advance
from services.referral.domain.referral import Referral
from services.referral.domain.submitting import Outcome
from shared.auth import AgencyKind
from shared.contracts import referral as facts
from shared.contracts.lifecycle import Action, Status
from shared.contracts.referral import ReferralEvent

Changes = dict[str, Any]
Told = tuple[type[ReferralEvent], dict[str, Any]]
Effect = Callable[[Referral, Step], tuple[Changes, Told]]


def take(referral: Referral, step: Step) -> Outcome:
    """One step on the way: the new state and the fact to announce, or a refusal with its reason."""
    status = advance(referral.status, step.action, referral.roles_of(step.by))
    refuse_what_is_missing(referral, step)
    changes, (fact, told) = _EFFECTS[step.action](referral, step)
    new: Changes = {"status": status, "version": referral.version + 1}
    moved = replace(referral, **new | _left_behind(referral, step) | changes)
    event = fact(**moved.named(), **told)
    return moved, [event]


def _left_behind(referral: Referral, step: Step) -> Changes:
    """What any step may leave: a panel that has looked, the front door that saw it."""
    changes: Changes = {}
    leaves = step.action not in (Action.ASSIGN, Action.HOLD, Action.WITHDRAW, Action.ENTER_IN_ERROR)
    if referral.status is Status.AWAITING_PANEL and leaves:
        changes["panel_at"] = step.now
    if step.by.agency_kind is AgencyKind.FRONT_DOOR and referral.status in AT_THE_FRONT_DOOR:
        changes["front_door_agency_id"] = step.by.agency_id
    return changes


def _only(fact: type[ReferralEvent]) -> Effect:
    """Nothing but the status changes."""
    return lambda _referral, _step: ({}, (fact, {}))


def _decide(_: Referral, step: Step) -> tuple[Changes, Told]:
    decided = {"decision": step.said.outcome, "decided_at": step.now}
    level = {"level_front_door": step.said.level} if step.said.level else {}
    return decided | level, (facts.ReferralDecided, {"decision": step.said.outcome})


def _complete_assessment(_: Referral, step: Step) -> tuple[Changes, Told]:
    found = {"assessment_id": step.said.assessment_id}
    return found | {"assessed_at": step.now}, (facts.ReferralAssessmentCompleted, found)


def _list_for_panel(_: Referral, step: Step) -> tuple[Changes, Told]:
    panel = {"panel": step.said.panel}
    return panel | {"panel_at": None}, (facts.ReferralListedForPanel, panel)


def _allocate(referral: Referral, step: Step) -> tuple[Changes, Told]:
    hub = step.said.hub or referral.hub
    lead = _led_by(step)
    asked = {"offered_to_agency_id": step.said.agency_id, "hub": hub, "assigned_worker_id": None}
    told = {"to_agency_id": step.said.agency_id, "hub": hub}
    return asked | lead, (facts.ReferralAllocated, told)


def _led_by(step: Step) -> Changes:
    """The lead professional whom a step names; without one, nobody leads."""
    lead = step.named
    return {
        "lead_professional_id": lead.worker_id if lead else None,
        "lead_professional_agency_id": lead.agency_id if lead else None,
    }


def _re_route(referral: Referral, step: Step) -> tuple[Changes, Told]:
    changes, _ = _allocate(referral, step)
    told = {"from_agency_id": referral.offered_to_agency_id, "to_agency_id": step.said.agency_id}
    return changes, (facts.ReferralReRouted, told)


def _accept(referral: Referral, step: Step) -> tuple[Changes, Told]:
    """From here on another agency holds the family; whoever led for the one before it does not."""
    proposed = referral.status is Status.ALLOCATED and not step.said.lead_professional_id
    changes = {
        "holding_agency_id": referral.offered_to_agency_id,
        "offered_to_agency_id": None,
        "accepted_at": step.now,
        "started_at": None,
        "assigned_worker_id": None,
    } | ({} if proposed else _led_by(step))
    return changes, (facts.ReferralAccepted, {"agency_id": referral.offered_to_agency_id})


def _decline(referral: Referral, step: Step) -> tuple[Changes, Told]:
    """Back to the front door, never to the family. What went straight to an agency was decided by
    nobody, and is weighed now.
    """
    told = {"agency_id": referral.offered_to_agency_id, "reason": step.said.reason}
    back = _back_to_the_front_door(referral)
    if referral.decision is None:
        back["status"] = Status.TRIAGING
    return back, (facts.ReferralDeclined, told)


def _back_to_the_front_door(referral: Referral) -> Changes:
    """The front door that saw it holds the family again; nobody else is asked or at work."""
    return {
        "holding_agency_id": referral.front_door_agency_id or referral.holding_agency_id,
        "offered_to_agency_id": None,
        "assigned_worker_id": None,
        "lead_professional_id": None,
        "lead_professional_agency_id": None,
        "accepted_at": None,
        "started_at": None,
    }


def _step_to(fact: type[ReferralEvent]) -> Effect:
    def step_to(_: Referral, step: Step) -> tuple[Changes, Told]:
        asked: UUID = step.said.agency_id
        return {"offered_to_agency_id": asked}, (fact, {"to_agency_id": asked})

    return step_to


def _start(_: Referral, step: Step) -> tuple[Changes, Told]:
    return {"started_at": step.now}, (facts.ReferralStarted, {})


def _hold(referral: Referral, step: Step) -> tuple[Changes, Told]:
    return {"resumes_to": referral.status}, (facts.ReferralHeld, {"reason": step.said.reason})


def _release(referral: Referral, _: Step) -> tuple[Changes, Told]:
    """Where it was; the table knows only that it goes on."""
    went_on = {"status": referral.resumes_to}
    return went_on | {"resumes_to": None}, (facts.ReferralReleased, went_on)


def _assign(_: Referral, step: Step) -> tuple[Changes, Told]:
    worker = {"assigned_worker_id": step.said.worker_id}
    return worker, (facts.ReferralAssigned, worker)


def _appoint(_: Referral, step: Step) -> tuple[Changes, Told]:
    told = {"lead_professional_id": step.said.lead_professional_id}
    return _led_by(step), (facts.ReferralLeadProfessionalAppointed, told)


def _close(_: Referral, step: Step) -> tuple[Changes, Told]:
    outcome = {"outcome": step.said.outcome}
    return outcome | {"closed_at": step.now}, (facts.ReferralClosed, outcome)


def _withdraw(_: Referral, step: Step) -> tuple[Changes, Told]:
    changes = {"withdrawal_reason": step.said.reason, "closed_at": step.now}
    over = {"offered_to_agency_id": None, "resumes_to": None}
    return changes | over, (facts.ReferralWithdrawn, {"reason": step.said.reason})


def _enter_in_error(_: Referral, step: Step) -> tuple[Changes, Told]:
    over = {"offered_to_agency_id": None, "resumes_to": None, "closed_at": step.now}
    return over, (facts.ReferralEnteredInError, {})


def _reopen(referral: Referral, step: Step) -> tuple[Changes, Told]:
    """Weighed again from the beginning; what was assessed stays assessed."""
    held = _back_to_the_front_door(referral) | {"holding_agency_id": step.by.agency_id}
    anew = {"decision": None, "decided_at": None, "panel": None, "panel_at": None}
    ended = {"closed_at": None, "outcome": None, "withdrawal_reason": None}
    seen = {"front_door_agency_id": step.by.agency_id}
    return held | anew | ended | seen, (facts.ReferralReopened, {})


_EFFECTS: dict[Action, Effect] = {
    Action.ACKNOWLEDGE: _only(facts.ReferralAcknowledged),
    Action.TRIAGE: _only(facts.ReferralTriageStarted),
    Action.ASK: _only(facts.ReferralInformationRequested),
    Action.ANSWER: _only(facts.ReferralInformationGiven),
    Action.DECIDE: _decide,
    Action.REQUEST_ASSESSMENT: _only(facts.ReferralAssessmentRequested),
    Action.COMPLETE_ASSESSMENT: _complete_assessment,
    Action.LIST_FOR_PANEL: _list_for_panel,
    Action.ALLOCATE: _allocate,
    Action.RE_ROUTE: _re_route,
    Action.ACCEPT: _accept,
    Action.DECLINE: _decline,
    Action.START: _start,
    Action.RECORD_MEETING: _only(facts.ReferralMeetingHeld),
    Action.STEP_UP: _step_to(facts.ReferralSteppedUp),
    Action.STEP_DOWN: _step_to(facts.ReferralSteppedDown),
    Action.STEP_ACROSS: _step_to(facts.ReferralSteppedAcross),
    Action.HOLD: _hold,
    Action.RELEASE: _release,
    Action.ASSIGN: _assign,
    Action.APPOINT: _appoint,
    Action.CLOSE: _close,
    Action.WITHDRAW: _withdraw,
    Action.ENTER_IN_ERROR: _enter_in_error,
    Action.REOPEN: _reopen,
}


def code_of(said: Any) -> str | None:
    """The code that a step's history entry shows: the decision, the reason, the outcome."""
    for name in ("outcome", "reason", "panel"):
        if code := getattr(said, name, None):
            return str(code)
    return None
