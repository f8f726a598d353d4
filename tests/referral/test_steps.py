"""What each step changes and announces, by the domain alone."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from services.referral.domain.effects import take
from services.referral.domain.guards import Asked, Named
from shared.auth import AgencyKind, Role
from shared.contracts.lifecycle import Action, Decision, Status
from tests.builders import a_decision, a_withdrawal
from tests.referral.one_step import (
    AN_AGENCY,
    BECAUSE,
    DOOR,
    EVERY_ROLE,
    HELPER,
    MASH,
    NOW,
    OTHER,
    RECEIVER,
    REFERRER,
    Json,
    a_referral,
    accepted,
    done,
    step,
)
from tests.referral.the_way import NOUNS, THE_WAY, who_may
from tests.referral.truths import ANNOUNCED

CANARY = "Words of the family that no event may carry."
SAID: dict[str, Json] = {
    "ask": {"question": CANARY},
    "answer": {"answer": CANARY},
    "decide": a_decision(rationale=CANARY),
    "request_assessment": {"note": CANARY},
    "complete_assessment": {"assessment_id": uuid4()},
    "list_for_panel": {"panel": "early_help_panel", "note": CANARY},
    "allocate": AN_AGENCY | {"note": CANARY},
    "re_route": AN_AGENCY | {"note": CANARY},
    "accept": {"note": CANARY},
    "decline": {"reason": "other", "note": CANARY},
    "record_meeting": {"held_on": "2026-11-01", "note": CANARY},
    "step_up": AN_AGENCY | {"because": CANARY},
    "step_down": AN_AGENCY | {"because": CANARY},
    "step_across": AN_AGENCY | {"because": CANARY},
    "hold": {"reason": "other", "note": CANARY},
    "assign": {"worker_id": uuid4()},
    "appoint": {"lead_professional_id": uuid4()},
    "close": {"outcome": "needs_met", "summary": CANARY},
    "withdraw": a_withdrawal(reason="other", note=CANARY),
    "enter_in_error": {"because": CANARY},
    "reopen": {"because": CANARY},
}
CALLERS = {Role.REFERRER: REFERRER, Role.RECEIVING_WORKER: RECEIVER}


@pytest.mark.parametrize("action", NOUNS)
def test_each_step_is_announced_once_in_its_word_and_by_codes_alone(action: str) -> None:
    status = next(Status(now) for now, taken, _ in THE_WAY if taken == action)
    status = Status.CLOSED if action == "reopen" else status
    offered = {"offered_to_agency_id": HELPER} if status is Status.ALLOCATED else {}
    referral = a_referral(status, resumes_to=Status.TRIAGING, **offered)
    if status is Status.IN_PROGRESS:
        referral = accepted()
    if action == "step_up":
        referral = replace(referral, decision=Decision.STEP_UP)
    kind = AgencyKind.CHILDREN_SERVICES if action == "step_up" else AgencyKind.VOLUNTARY
    by = CALLERS.get(Role(who_may(status, action)[0]), DOOR)
    assert by.agency_id
    named = Named(uuid4(), by.agency_id, EVERY_ROLE) if action in ("assign", "appoint") else None

    taken = step(Action(action), SAID.get(action), by, asked=Asked(OTHER, kind), named=named)
    moved, (event,) = take(referral, taken)

    assert f"uk.earlyhelp.referral.{ANNOUNCED[action]}.v1" == event.TYPE
    assert moved.version == referral.version + 1
    assert CANARY not in event.model_dump_json()
    assert moved.holding_agency_id


@pytest.mark.parametrize("outcome", Decision)
def test_a_decision_is_announced_by_its_code_and_some_end_the_way(outcome: Decision) -> None:
    said = step(Action.DECIDE, a_decision(outcome, where_to_go_instead="The centre"))

    decided, (event,) = take(a_referral(Status.TRIAGING, decision=None), said)

    assert (decided.status, decided.decision, decided.decided_at) == (Status.DECIDED, outcome, NOW)
    assert event.model_dump().items() >= {"decision": outcome}.items()
    assert decided.is_over() is (outcome in (Decision.ADVICE, Decision.NO_FURTHER_ACTION))


def test_a_withdrawal_says_its_code_and_ends_the_referral() -> None:
    words = a_withdrawal(reason="other", note="They wrote to us")

    withdrawn = done(a_referral(Status.SUBMITTED), step(Action.WITHDRAW, words, REFERRER))

    assert (withdrawn.status, withdrawn.withdrawal_reason) == (Status.WITHDRAWN, "other")
    assert withdrawn.is_over()
    assert withdrawn.closed_at == NOW


def test_a_decline_and_a_bounced_step_give_the_family_back_to_the_front_door() -> None:
    no = {"reason": "no_capacity"}
    offered = a_referral(Status.ALLOCATED, offered_to_agency_id=HELPER, assigned_worker_id=uuid4())
    held: Any = {"holding_agency_id": OTHER, "accepted_at": NOW, "started_at": NOW}
    asked = a_referral(Status.STEPPED_UP, **held, offered_to_agency_id=HELPER)

    for referral, back_to in ((offered, Status.DECIDED), (asked, Status.TRIAGING)):
        back = done(referral, step(Action.DECLINE, no, RECEIVER))
        assert (back.status, back.holding_agency_id) == (back_to, MASH)
        assert back.offered_to_agency_id is None
        assert back.accepted_at is None
        assert back.started_at is None
        assert back.assigned_worker_id is None


def test_what_is_reopened_is_weighed_anew_at_the_front_door() -> None:
    over: Any = {"closed_at": NOW, "outcome": "needs_met", "panel_at": NOW, "assessed_at": NOW}
    closed = accepted(Status.CLOSED, **over)

    anew = done(closed, step(Action.REOPEN, {"because": BECAUSE}))

    assert (anew.status, anew.holding_agency_id) == (Status.TRIAGING, MASH)
    for forgotten in ("decision", "outcome", "closed_at", "accepted_at", "panel_at"):
        assert getattr(anew, forgotten) is None
    assert anew.assessed_at == NOW, "what was assessed stays assessed"


def test_a_role_counts_towards_the_referrals_that_concern_the_worker_and_no_other() -> None:
    lead = replace(RECEIVER, agency_id=OTHER)
    elsewhere = replace(DOOR, authority="elsewhere")
    front_door = {Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER, Role.PANEL_CHAIR}
    offered = a_referral(Status.ALLOCATED, offered_to_agency_id=HELPER)
    taken = accepted(lead_professional_id=lead.worker_id)
    nothing: set[Role] = set()

    assert a_referral().roles_of(REFERRER) == {Role.REFERRER}
    assert a_referral().roles_of(replace(REFERRER, agency_id=OTHER)) == nothing
    assert a_referral().roles_of(DOOR) == front_door
    assert a_referral().roles_of(elsewhere) == taken.roles_of(elsewhere) == nothing
    assert a_referral().roles_of(RECEIVER) == nothing
    assert offered.roles_of(RECEIVER) == {Role.RECEIVING_WORKER}
    assert offered.roles_of(replace(lead, worker_id=uuid4())) == nothing
    assert taken.roles_of(lead) == {Role.LEAD_PROFESSIONAL}
    waiting = a_referral(Status.AWAITING_PANEL)
    assert waiting.roles_of(lead) == {Role.PANEL_CHAIR}


def test_who_leads_is_proposed_with_an_allocation_and_named_anew_after_a_step() -> None:
    one, other = uuid4(), uuid4()
    offered: Any = {"offered_to_agency_id": HELPER, "lead_professional_id": one}
    allocated = a_referral(Status.ALLOCATED, **offered)
    asked = replace(accepted(Status.STEPPED_ACROSS), holding_agency_id=OTHER, **offered)
    lead = Named(other, HELPER, frozenset({Role.LEAD_PROFESSIONAL}))
    naming = step(Action.ACCEPT, {"lead_professional_id": other}, RECEIVER, named=lead)

    assert done(allocated, step(Action.ACCEPT, {}, RECEIVER)).lead_professional_id == one
    assert done(asked, step(Action.ACCEPT, {}, RECEIVER)).lead_professional_id is None
    for referral in (allocated, asked):
        assert done(referral, naming).lead_professional_id == other
