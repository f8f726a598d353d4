"""Every step over HTTP: the noun it is posted to, what is said with it, and by which scope."""

from dataclasses import dataclass

from services.referral.domain import steps
from services.referral.domain.lifecycle import NEXT
from services.referral.domain.steps import Step
from shared.auth import Role, Scope
from shared.contracts.lifecycle import Action

_WRITE, _DECIDE, _WORK = Scope.REFERRALS_WRITE, Scope.REFERRALS_DECIDE, Scope.REFERRALS_WORK


@dataclass(frozen=True)
class StepRoute:
    """One step: `POST …/{noun}` with `said` as its body, if anything need be said."""

    noun: str
    scope: Scope
    said: type[Step] | None
    meaning: str


STEPS: dict[Action, StepRoute] = {
    Action.ACKNOWLEDGE: StepRoute(
        "acknowledgement", _DECIDE, None, "The front door has seen the referral."
    ),
    Action.TRIAGE: StepRoute(
        "triage", _DECIDE, None, "A front-door worker begins to weigh the referral."
    ),
    Action.ASK: StepRoute(
        "question", _DECIDE, steps.Question, "Ask the referrer; the clocks wait for the answer."
    ),
    Action.ANSWER: StepRoute(
        "answer", _WRITE, steps.AnswerGiven, "Answer the front door's question."
    ),
    Action.DECIDE: StepRoute(
        "decision",
        _DECIDE,
        steps.FrontDoorDecision,
        "Early help, advice, step up, or no further action with where the family can go instead.",
    ),
    Action.REQUEST_ASSESSMENT: StepRoute(
        "assessment-request",
        _DECIDE,
        steps.AssessmentRequest,
        "Ask for the family's assessment, where the authority's order puts it now.",
    ),
    Action.COMPLETE_ASSESSMENT: StepRoute(
        "assessment", _WORK, steps.AssessmentDone, "Attach the family's completed assessment."
    ),
    Action.LIST_FOR_PANEL: StepRoute(
        "panel-listing", _DECIDE, steps.PanelListing, "Put the referral on a panel's agenda."
    ),
    Action.ALLOCATE: StepRoute(
        "allocation",
        _DECIDE,
        steps.Allocation,
        "Ask an agency to take the family over, in a hub, with a lead professional.",
    ),
    Action.RE_ROUTE: StepRoute(
        "re-routing",
        _DECIDE,
        steps.Allocation,
        "Ask another agency instead of the one that has not answered.",
    ),
    Action.ACCEPT: StepRoute(
        "acceptance", _WORK, steps.Acceptance, "Take the family over: your agency holds it now."
    ),
    Action.DECLINE: StepRoute(
        "decline",
        _WORK,
        steps.Declining,
        "Say why your agency cannot, or at the front door that it has not answered: the front door "
        "holds the family again.",
    ),
    Action.START: StepRoute("start", _WORK, None, "Help has begun."),
    Action.RECORD_MEETING: StepRoute(
        "meeting", _WORK, steps.Meeting, "The team around the family has met."
    ),
    Action.STEP_UP: StepRoute(
        "step-up", _WORK, steps.Stepping, "Ask statutory social care to take the family over."
    ),
    Action.STEP_DOWN: StepRoute(
        "step-down",
        _WORK,
        steps.Stepping,
        "Ask early help to take the family over from statutory social care.",
    ),
    Action.STEP_ACROSS: StepRoute(
        "step-across", _WORK, steps.Stepping, "Ask another agency to take the family over."
    ),
    Action.HOLD: StepRoute(
        "hold", _WORK, steps.Holding, "Let the referral wait; it remembers where it was."
    ),
    Action.RELEASE: StepRoute("release", _WORK, None, "Go on where the hold interrupted."),
    Action.ASSIGN: StepRoute(
        "assignment", _WORK, steps.Assignment, "Say which worker of your agency deals with it."
    ),
    Action.APPOINT: StepRoute(
        "lead-professional",
        _WORK,
        steps.Appointment,
        "Say who coordinates the team around the family.",
    ),
    Action.CLOSE: StepRoute(
        "closure", _WORK, steps.Closing, "Close it with its outcome and what became of it."
    ),
    Action.WITHDRAW: StepRoute(
        "withdrawal",
        _WRITE,
        steps.Withdrawal,
        "The referrer takes the referral back, before an agency has accepted it.",
    ),
    Action.ENTER_IN_ERROR: StepRoute(
        "error", _DECIDE, steps.InError, "It should never have been there; a manager says why."
    ),
    Action.REOPEN: StepRoute(
        "reopening",
        _DECIDE,
        steps.Reopening,
        "Weigh again what was over, or what nobody works with any more; a manager says why.",
    ),
}


def roles_for(action: Action) -> frozenset[Role]:
    """Who may ever take this step, by the lifecycle's table."""
    return frozenset(role for _, taken, role in NEXT if taken is action)
