"""What the lifecycle's table cannot say: the authority's order, and who can be asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referral.domain.lifecycle import NotAllowedNow, said
from services.referral.domain.referral import Referral
from services.referral.domain.submission import NOT_YET
from shared.auth import TAKE_OVER, AgencyKind, Caller, Role
from shared.authority import Authority
from shared.calendar import ENGLAND
from shared.contracts.lifecycle import Action, Decision, Status
from shared.errors import Unprocessable


@dataclass(frozen=True)
class Asked:
    """An agency that is named in a step, as far as the hub knows it."""

    agency_id: UUID
    kind: AgencyKind


@dataclass(frozen=True)
class Named:
    """A worker who is named in a step."""

    worker_id: UUID
    agency_id: UUID
    roles: frozenset[Role]


@dataclass(frozen=True)
class Step:
    """An action with everything it is judged by."""

    action: Action
    said: Any
    by: Caller
    now: datetime
    council: Authority
    asked: Asked | None = None
    named: Named | None = None


def missing(referral: Referral, action: Action, council: Authority) -> str | None:
    """What stands in the way of an action that the table allows, or None."""
    match action:
        case Action.REQUEST_ASSESSMENT | Action.LIST_FOR_PANEL | Action.ALLOCATE:
            return _out_of_order(referral, action, council)
        case Action.STEP_UP if referral.status is Status.DECIDED:
            decided = referral.decision is Decision.STEP_UP
            return None if decided else "The decision is another one than to step up"
        case Action.REOPEN if referral.status is Status.DECIDED:
            return None if referral.is_over() else "It is not over: something follows already"
        case Action.HOLD | Action.WITHDRAW if referral.status is Status.DECIDED:
            return "It is over: nothing follows the decision" if referral.is_over() else None
        case Action.WITHDRAW if referral.accepted_at:
            return "An agency has accepted the family: ask that agency to close it"
        case Action.START if referral.started_at:
            return "Help has begun already"
        case _:
            return None


_PLACES = {
    Action.REQUEST_ASSESSMENT: "assessment",
    Action.LIST_FOR_PANEL: "panel",
    Action.ALLOCATE: "allocation",
}


def _out_of_order(referral: Referral, action: Action, council: Authority) -> str | None:
    """The authority's order: what its way puts first must have happened."""
    if action is Action.LIST_FOR_PANEL:
        if not council.panels:
            return "This authority has no panel"
        if not _panels_for(referral, council):
            return f"No panel of this authority looks at {_comes_as(referral)}"
    elif referral.decision is not Decision.EARLY_HELP:
        return "Only after the decision for early help"
    done = {"assessment": referral.assessed_at, "panel": referral.panel_at or _at_panel(referral)}
    place, way = _PLACES[action], list(council.way)
    before = way[: way.index(place)] if place in way else []
    waiting = [step for step in before if not done.get(step)]
    return f"In this authority comes first: {', '.join(waiting)}" if waiting else None


def _comes_as(referral: Referral) -> str:
    """As what it comes to a panel: some look again at families for whom nothing followed."""
    decision = referral.decision
    return "referrals" if decision in (None, Decision.EARLY_HELP) else decision


def _panels_for(referral: Referral, council: Authority) -> list[str]:
    """The panels that look at it; others discuss themes, or review plans."""
    comes_as = _comes_as(referral)
    return [code for code, panel in council.panels.items() if comes_as in panel.includes]


def _at_panel(referral: Referral) -> bool:
    return referral.status is Status.AWAITING_PANEL


def refuse_what_is_missing(referral: Referral, step: Step) -> None:
    """Raises NotAllowedNow with the reason, Unprocessable for somebody who cannot be asked."""
    if because := missing(referral, step.action, step.council):
        raise NotAllowedNow(
            f"This referral cannot be taken to: {said(step.action)}. {because}",
            status_now=referral.status,
        )
    _refuse_codes(referral, step)
    _refuse_days(step)
    if step.asked is not None:
        _refuse_agency(referral, step.action, step.asked)
    if step.named is not None:
        _refuse_worker(step, step.named)


def _refuse_codes(referral: Referral, step: Step) -> None:
    """Levels, hubs and panels are the authority's own, and the panel one that looks at it."""
    council = step.council
    panels = _panels_for(referral, council)
    known = {"level": list(council.levels), "hub": list(council.hubs), "panel": panels}
    for field, codes in known.items():
        code = getattr(step.said, field, None)
        if code is not None and code not in codes:
            listed = ", ".join(codes) or "none"
            raise Unprocessable(f"This authority's: {listed}", pointer=f"/{field}")
    if step.action is Action.DECIDE:
        _refuse_unexplained_level(referral, step.said.level, step.said.why_this_level)


def _refuse_days(step: Step) -> None:
    """Nobody has met tomorrow, and nobody waits until yesterday."""
    today = step.now.astimezone(ENGLAND).date()
    for field in ("held_on", "completed_on"):
        day = getattr(step.said, field, None)
        if day and day > today:
            raise Unprocessable(NOT_YET, pointer=f"/{field}")
    until = getattr(step.said, "until", None)
    if until and until < today:
        raise Unprocessable("This day is over: say until when it waits from now", pointer="/until")


def _refuse_unexplained_level(referral: Referral, level: str | None, why: str | None) -> None:
    """Where the front door sees another level than the referrer or the answers, it says why."""
    seen = {"The referrer sees": referral.level_referrer}
    seen |= {"The answers suggest": referral.level_suggested}
    others = [f"{who} level {other}" for who, other in seen.items() if other not in (None, level)]
    if level and others and not why:
        raise Unprocessable(
            f"{'. '.join(others)}: say why it is {level}", pointer="/why_this_level"
        )


def _refuse_agency(referral: Referral, action: Action, asked: Asked) -> None:
    statutory = asked.kind is AgencyKind.CHILDREN_SERVICES
    if asked.kind not in TAKE_OVER:
        raise Unprocessable("This kind of agency takes no family over", pointer="/agency_id")
    if action is Action.STEP_UP and not statutory:
        raise Unprocessable("Step up leads to children's services", pointer="/agency_id")
    if action in (Action.STEP_DOWN, Action.STEP_ACROSS) and statutory:
        raise Unprocessable("To children's services leads a step up", pointer="/agency_id")
    if asked.agency_id in (referral.offered_to_agency_id, _holder(referral)):
        raise Unprocessable("It is asked already, or holds the family", pointer="/agency_id")


def _holder(referral: Referral) -> UUID | None:
    return referral.holding_agency_id if referral.accepted_at else None


def _refuse_worker(step: Step, named: Named) -> None:
    if step.action is Action.ASSIGN:
        if named.agency_id != step.by.agency_id:
            raise Unprocessable("Assign a worker of your own agency", pointer="/worker_id")
        return
    if Role.LEAD_PROFESSIONAL not in named.roles:
        raise Unprocessable(
            "This worker does not hold the role lead_professional; the agency's administrator "
            "grants it",
            pointer="/lead_professional_id",
        )
