"""The way of a referral: what is on it, and that everything else is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from services.referral.domain import referral as domain
from services.referral.domain.codes import WithdrawalReason
from services.referral.domain.lifecycle import (
    NEXT,
    OPEN,
    Action,
    NotAllowedNow,
    Status,
    advance,
    possible,
)
from services.referral.domain.referral import FrontDoorDecision, Referral, Withdrawal
from shared.auth import AgencyKind, Caller, Role
from shared.contracts.referral import Decision, Urgency
from shared.errors import Forbidden

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
SCHOOL, MASH = uuid4(), uuid4()
REFERRER = Caller("school", SCHOOL, AgencyKind.SCHOOL, uuid4(), frozenset({Role.REFERRER}))
WORKER = Caller("mash", MASH, AgencyKind.FRONT_DOOR, uuid4(), frozenset({Role.FRONT_DOOR_WORKER}))

THE_WAY = {
    (Status.SUBMITTED, Action.ACKNOWLEDGE, Status.ACKNOWLEDGED, "front door"),
    (Status.ACKNOWLEDGED, Action.TRIAGE, Status.TRIAGING, "front door"),
    (Status.TRIAGING, Action.DECIDE, Status.DECIDED, "front door"),
    (Status.SUBMITTED, Action.WITHDRAW, Status.WITHDRAWN, "referrer"),
    (Status.ACKNOWLEDGED, Action.WITHDRAW, Status.WITHDRAWN, "referrer"),
    (Status.TRIAGING, Action.WITHDRAW, Status.WITHDRAWN, "referrer"),
}
WHO = {
    "front door": {Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER},
    "referrer": {Role.REFERRER},
}
ON_THE_WAY = {(at, do, role): to for at, do, to, who in THE_WAY for role in WHO[who]}
OFF_THE_WAY = sorted(set(product(Status, Action, Role)) - ON_THE_WAY.keys())


def a_referral(status: Status = Status.SUBMITTED) -> Referral:
    """The school's referral, due in a day."""
    return Referral(
        id=uuid4(),
        reference="7KQ4-9XWTM-N",
        url="https://hub.example/api/v1/referrals/1",
        status=status,
        version=7,
        urgency=Urgency.ROUTINE,
        referring_agency_id=SCHOOL,
        referring_worker_id=uuid4(),
        holding_agency_id=SCHOOL,
        submitted_at=NOW,
        decision_due=NOW + timedelta(days=1),
    )


@pytest.mark.parametrize(("status", "action", "role"), sorted(ON_THE_WAY))
def test_on_the_way_each_step_leads_where_it_should(
    status: Status, action: Action, role: Role
) -> None:
    assert advance(status, action, frozenset({role})) is ON_THE_WAY[status, action, role]
    assert action in possible(status, frozenset({role}))


@pytest.mark.parametrize(("status", "action", "role"), OFF_THE_WAY)
def test_off_the_way_every_step_is_refused(status: Status, action: Action, role: Role) -> None:
    refused = Forbidden if role not in WHO_MAY[action] else NotAllowedNow

    with pytest.raises(refused):
        advance(status, action, frozenset({role}))

    assert action not in possible(status, frozenset({role}))


WHO_MAY = {
    Action.ACKNOWLEDGE: WHO["front door"],
    Action.TRIAGE: WHO["front door"],
    Action.DECIDE: WHO["front door"],
    Action.WITHDRAW: WHO["referrer"],
}


def test_the_table_of_the_service_is_the_way_and_nothing_more() -> None:
    assert NEXT == ON_THE_WAY
    assert frozenset({Status.SUBMITTED, Status.ACKNOWLEDGED, Status.TRIAGING}) == OPEN


def test_every_status_can_be_reached_and_the_last_ones_lead_nowhere() -> None:
    reached = {Status.SUBMITTED} | set(NEXT.values())
    leading_on = {status for status, _, _ in NEXT}

    assert reached == set(Status)
    assert set(Status) - leading_on == {Status.DECIDED, Status.WITHDRAWN}


def test_somebody_without_any_role_towards_the_referral_may_do_nothing() -> None:
    for status, action in product(Status, Action):
        with pytest.raises(Forbidden):
            advance(status, action, frozenset())
        assert possible(status, frozenset()) == []


def test_a_step_changes_the_version_and_announces_itself() -> None:
    referral = a_referral(Status.SUBMITTED)

    moved, events = domain.acknowledge(referral, by=WORKER)

    assert moved == replace(referral, status=Status.ACKNOWLEDGED, version=8)
    assert [event.TYPE for event in events] == ["uk.earlyhelp.referral.acknowledged.v1"]


@pytest.mark.parametrize("outcome", Decision)
def test_a_decision_stops_the_clock_and_is_announced_by_its_code(outcome: Decision) -> None:
    words = FrontDoorDecision(outcome=outcome, rationale="So", where_to_go_instead="The centre")

    decided, (event,) = domain.decide(a_referral(Status.TRIAGING), words, by=WORKER, now=NOW)

    assert (decided.status, decided.decision, decided.decided_at) == (Status.DECIDED, outcome, NOW)
    assert event.model_dump().items() >= {"decision": outcome}.items()
    assert decided.is_over() is (outcome in (Decision.ADVICE, Decision.NO_FURTHER_ACTION))


def test_a_withdrawal_says_its_code_and_ends_the_referral() -> None:
    words = Withdrawal(reason=WithdrawalReason.OTHER, note="They wrote to us")

    withdrawn, (event,) = domain.withdraw(a_referral(), words, by=REFERRER)

    assert (withdrawn.status, withdrawn.withdrawal_reason) == (Status.WITHDRAWN, words.reason)
    assert "They wrote to us" not in event.model_dump_json()
    assert withdrawn.is_over()
    assert not withdrawn.is_open()


def test_only_the_referring_agency_has_the_referrers_role_and_only_the_front_door_its_own() -> None:
    referral = a_referral()
    everything = frozenset(Role)

    school = replace(REFERRER, roles=everything)
    other = replace(school, agency_id=uuid4())
    front_door = replace(WORKER, roles=everything)

    assert referral.roles_of(school) == {Role.REFERRER}
    assert referral.roles_of(other) == frozenset()
    assert referral.roles_of(front_door) == WHO["front door"]


@pytest.mark.parametrize("status", OPEN)
def test_an_open_referral_is_late_once_its_time_is_over_and_it_is_said_once(status: Status) -> None:
    referral = a_referral(status)
    due = referral.decision_due
    later = due + timedelta(microseconds=1)

    assert domain.find_overdue(referral, now=due) == (referral, [])
    overdue, events = domain.find_overdue(referral, now=later)

    assert (overdue.overdue_at, overdue.status, overdue.version) == (later, status, 8)
    assert [event.TYPE for event in events] == ["uk.earlyhelp.referral.overdue.v1"]
    assert domain.find_overdue(overdue, now=later) == (overdue, [])


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN))
def test_what_is_not_open_is_never_late(status: Status) -> None:
    referral = a_referral(status)

    assert domain.find_overdue(referral, now=NOW + timedelta(days=99)) == (referral, [])
