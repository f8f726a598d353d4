"""The way of a referral: the table is the one written by hand, and everything else is refused."""

from itertools import product

import pytest

from services.referral.domain.lifecycle import (
    BY_THE_SETTING,
    ENDS,
    NEXT,
    NotAllowedNow,
    advance,
    possible,
)
from services.referral.routes.steps import STEPS
from shared.auth import Role
from shared.contracts.lifecycle import Action, Status
from shared.errors import Forbidden
from tests.referral.the_way import AGAIN, NOUNS, STATUSES, THE_WAY, may, who_may


def test_the_table_of_the_service_is_the_one_written_by_hand_and_nothing_more() -> None:
    remembered = {key for key, after in THE_WAY.items() if after == AGAIN}

    assert set(NEXT) == set(THE_WAY)
    assert {k: v for k, v in NEXT.items() if k not in remembered} == {
        key: after for key, after in THE_WAY.items() if key not in remembered
    }
    assert {route.noun for route in STEPS.values()} == set(NOUNS.values())
    assert {action: route.noun for action, route in STEPS.items()} == NOUNS


def test_on_the_way_each_step_leads_where_it_should() -> None:
    for (status, action, role), after in THE_WAY.items():
        led_to = advance(Status(status), Action(action), frozenset({Role(role)}))
        assert after in (led_to, AGAIN)
        assert action in possible(Status(status), frozenset({Role(role)}))


def test_off_the_way_every_step_is_refused_with_the_reason() -> None:
    off = sorted(set(product(Status, Action, Role)) - THE_WAY.keys())
    for status, action, role in off:
        others = role not in may(action) or who_may(status, action)
        with pytest.raises(Forbidden if others else NotAllowedNow) as refused:
            advance(status, action, frozenset({role}))

        reason = refused.value.detail
        assert action.replace("_", " ") in reason
        if role not in may(action):
            assert all(who in reason for who in may(action))
        else:
            assert status in reason
            assert all(who in reason for who in who_may(status, action))
        assert action not in possible(status, frozenset({role}))
    assert len(off) == 16 * 26 * 10 - len(THE_WAY)


def test_every_status_can_be_reached_and_from_every_one_but_the_last_somebody_can_go_on() -> None:
    reached = {"submitted"} | set(THE_WAY.values()) - {AGAIN}

    assert reached == set(STATUSES) == set(Status)
    assert set(Status) - {status for status, _, _ in THE_WAY} == {Status.ENTERED_IN_ERROR}
    over = {status for status in STATUSES if not who_may(status, "assign")}
    assert over == ENDS


def test_somebody_without_any_role_towards_the_referral_may_do_nothing() -> None:
    for status, action in product(Status, Action):
        with pytest.raises(Forbidden):
            advance(status, action, frozenset())
        assert possible(status, frozenset()) == []


def test_several_roles_together_never_lead_two_ways() -> None:
    for status, action in product(Status, Action):
        assert len({after for key, after in NEXT.items() if key[:2] == (status, action)}) <= 1


def test_by_the_authoritys_setting_nothing_happens_but_the_asking_of_an_agency() -> None:
    """No role takes that step, so it is no row of the table."""
    assert BY_THE_SETTING == {("submitted", "allocate"): "allocated"}
    assert not who_may("submitted", "allocate")
