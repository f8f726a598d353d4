"""What stands in the way of a step that the table lists: above all, the authority's order."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.referral.domain.effects import take
from services.referral.domain.guards import Asked, missing
from services.referral.domain.lifecycle import NotAllowedNow
from services.referral.domain.referral import Referral
from shared.auth import AgencyKind
from shared.contracts.lifecycle import Action, Decision, Status
from shared.errors import Unprocessable
from tests.builders import a_decision, a_withdrawal
from tests.referral.one_step import (
    AN_AGENCY,
    BECAUSE,
    DOOR,
    NOW,
    OTHER,
    RECEIVER,
    REFERRER,
    SAMPLE,
    Json,
    a_referral,
    accepted,
    an_authority,
    done,
    step,
)

PLACES = {
    "assessment": Action.REQUEST_ASSESSMENT,
    "panel": Action.LIST_FOR_PANEL,
    "allocation": Action.ALLOCATE,
}
AN_ASSESSMENT = {"assessment_id": uuid4()}
WHY = {"why_this_level": "The visit showed it."}


@pytest.mark.parametrize(
    "way",
    [
        "assessment panel allocation",
        "panel assessment allocation",
        "panel allocation assessment",
        "assessment allocation",
        "allocation assessment",
    ],
)
def test_the_authoritys_order_holds_and_each_place_opens_when_those_before_it_are_done(
    way: str,
) -> None:
    council, places = an_authority(way), way.split()
    facts: dict[str, Json] = {
        "assessment": {"assessed_at": NOW},
        "panel": {"panel_at": NOW},
        "allocation": {},
    }
    referral = a_referral()
    for number, place in enumerate(places):
        assert missing(referral, PLACES[place], council) is None
        for later in places[number + 1 :]:
            because = missing(referral, PLACES[later], council)
            assert because
            assert place in because
        if place == "allocation":
            break
        referral = replace(referral, **facts[place])


def test_a_panel_that_the_way_does_not_name_is_optional_and_without_any_there_is_none() -> None:
    referral = a_referral()
    assert missing(referral, Action.LIST_FOR_PANEL, an_authority("allocation")) is None
    assert missing(referral, Action.ALLOCATE, an_authority("allocation")) is None

    without = SAMPLE.model_copy(update={"panels": {}})
    assert missing(referral, Action.LIST_FOR_PANEL, without) == "This authority has no panel"


def test_at_the_panel_its_place_counts_as_done_and_a_hold_there_does_not() -> None:
    council = an_authority("panel allocation")
    waiting = a_referral(Status.AWAITING_PANEL, panel="early_help_panel")

    assert missing(waiting, Action.ALLOCATE, council) is None
    decided = done(waiting, step(Action.DECIDE, a_decision()))
    held = done(waiting, step(Action.HOLD, {"reason": "family_away"}))

    assert decided.panel_at == NOW
    assert (held.panel_at, held.resumes_to) == (None, Status.AWAITING_PANEL)


@pytest.mark.parametrize("decision", [d for d in Decision if d is not Decision.EARLY_HELP])
@pytest.mark.parametrize("action", PLACES.values())
def test_without_the_decision_for_early_help_nothing_of_it_follows(
    decision: Decision, action: Action
) -> None:
    council = an_authority("allocation", themes=["themes", "referrals"])

    assert missing(a_referral(), action, council) is None
    assert missing(a_referral(decision=decision), action, council)


def test_no_further_action_is_looked_at_again_by_a_panel_that_includes_it_and_by_no_other() -> None:
    council = an_authority("allocation", again=["no_further_action"], plain=["referrals"])
    over = a_referral(decision=Decision.NO_FURTHER_ACTION)

    listed = done(over, step(Action.LIST_FOR_PANEL, {"panel": "again"}, council=council))
    with pytest.raises(Unprocessable, match="again"):
        take(over, step(Action.LIST_FOR_PANEL, {"panel": "plain"}, council=council))
    with pytest.raises(Unprocessable, match="plain"):
        take(a_referral(), step(Action.LIST_FOR_PANEL, {"panel": "again"}, council=council))

    assert not listed.is_over()
    assert missing(listed, Action.ALLOCATE, council) == "Only after the decision for early help"
    helped = done(listed, step(Action.DECIDE, a_decision(), council=council))
    assert missing(helped, Action.ALLOCATE, council) is None


def test_a_panel_that_discusses_themes_gets_no_referral() -> None:
    council = an_authority("allocation", themes=["themes", "plan_reviews"])

    assert missing(a_referral(), Action.LIST_FOR_PANEL, council) == (
        "No panel of this authority looks at referrals"
    )


@pytest.mark.parametrize(
    ("referrer", "suggested", "decided", "why_needed"),
    [
        (None, None, "3", False),
        ("3", "3", "3", False),
        (None, "3", "3", False),
        (None, "2", "3", True),
        ("2", None, "3", True),
        ("2", "3", "3", True),
        ("2", "3", None, False),
    ],
)
def test_where_the_front_door_sees_another_level_it_says_why(
    referrer: str | None, suggested: str | None, decided: str | None, why_needed: bool
) -> None:
    referral = a_referral(Status.TRIAGING, level_referrer=referrer, level_suggested=suggested)
    said = a_decision(level=decided) if decided else a_decision()
    explained = done(referral, step(Action.DECIDE, said | WHY))
    assert explained.level_front_door == decided
    assert (explained.level_referrer, explained.level_suggested) == (referrer, suggested)

    if why_needed:
        with pytest.raises(Unprocessable) as refused:
            take(referral, step(Action.DECIDE, said))
        assert refused.value.errors[0].pointer == "/why_this_level"
    else:
        done(referral, step(Action.DECIDE, said))


@pytest.mark.parametrize(
    ("status", "action", "field", "own", "said"),
    [
        (Status.TRIAGING, Action.DECIDE, "level", "3", a_decision()),
        (Status.DECIDED, Action.ALLOCATE, "hub", "north", AN_AGENCY),
        (Status.DECIDED, Action.LIST_FOR_PANEL, "panel", "early_help_panel", {}),
    ],
)
def test_levels_hubs_and_panels_are_the_authoritys_own(
    status: Status, action: Action, field: str, own: str, said: Json
) -> None:
    asked = Asked(OTHER, AgencyKind.VOLUNTARY) if action is Action.ALLOCATE else None
    done(a_referral(status), step(action, said | {field: own}, asked=asked))

    with pytest.raises(Unprocessable) as refused:
        take(a_referral(status), step(action, said | {field: "elsewhere"}, asked=asked))

    assert refused.value.errors[0].pointer == f"/{field}"
    assert own in refused.value.detail


def test_a_later_assessment_counts_instead_and_never_leads_into_a_dead_end() -> None:
    again = done(a_referral(assessed_at=NOW, assessment_id=uuid4()), step(PLACES["assessment"]))
    newer = uuid4()

    for referral, by in ((again, REFERRER), (accepted(assessed_at=NOW), RECEIVER)):
        assessed = done(referral, step(Action.COMPLETE_ASSESSMENT, {"assessment_id": newer}, by))
        assert assessed.assessment_id == newer


@pytest.mark.parametrize(
    ("referral", "action", "because"),
    [
        (accepted(started_at=NOW), Action.START, "begun already"),
        (accepted(Status.ON_HOLD), Action.WITHDRAW, "has accepted"),
        (a_referral(decision=Decision.ADVICE), Action.WITHDRAW, "It is over"),
        (a_referral(decision=Decision.ADVICE), Action.HOLD, "It is over"),
        (a_referral(), Action.REOPEN, "not over"),
        (a_referral(), Action.STEP_UP, "another one than to step up"),
    ],
)
def test_what_stands_in_the_way_is_said(referral: Referral, action: Action, because: str) -> None:
    by = {Action.START: RECEIVER, Action.WITHDRAW: REFERRER}.get(action, DOOR)
    said: dict[Action, Json] = {
        Action.WITHDRAW: a_withdrawal(),
        Action.HOLD: {"reason": "family_away"},
        Action.REOPEN: {"because": BECAUSE},
        Action.STEP_UP: {"agency_id": OTHER, "because": BECAUSE},
    }

    with pytest.raises(NotAllowedNow) as refused:
        take(referral, step(action, said.get(action), by))

    assert because in refused.value.detail


@pytest.mark.parametrize(
    ("action", "field", "right", "wrong", "more"),
    [
        (Action.RECORD_MEETING, "held_on", "2026-11-18", "2026-11-19", {}),
        (Action.COMPLETE_ASSESSMENT, "completed_on", "2026-11-18", "2026-11-19", AN_ASSESSMENT),
        (Action.HOLD, "until", "2026-11-18", "2026-11-17", {"reason": "family_away"}),
    ],
)
def test_nobody_has_met_tomorrow_and_nobody_waits_until_yesterday(
    action: Action, field: str, right: str, wrong: str, more: Json
) -> None:
    done(accepted(), step(action, more | {field: right}, RECEIVER))

    with pytest.raises(Unprocessable) as refused:
        take(accepted(), step(action, more | {field: wrong}, RECEIVER))

    assert refused.value.errors[0].pointer == f"/{field}"
