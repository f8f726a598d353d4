"""A clock on a referral: what starts, stops and pauses it, and what is said of it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.referral.domain.clocks import (
    ClockState,
    Moment,
    announce,
    clocks_of,
    next_alarm,
    next_due,
    next_near,
    shown,
)
from shared.authority import ClockSetting
from shared.calendar import Calendar
from shared.contracts.lifecycle import Action, Status

CALENDAR = Calendar()
SUBMITTED_AT = datetime.fromisoformat("2026-11-18T15:10:00+00:00")  # a Wednesday
SUBMITTED = Moment(SUBMITTED_AT, Action.SUBMIT, Status.SUBMITTED)


def a_clock(**given: Any) -> ClockSetting:
    """Two working days from the submission to the decision, near in the last half day."""
    usual: dict[str, Any] = {
        "starts": (Action.SUBMIT,),
        "stops": (Action.DECIDE,),
        "length": 2,
        "unit": "working_days",
        "near": 0.5,
        "source": "sample",
    }
    return ClockSetting(**usual | given)


def later(days: float = 0, **more: float) -> datetime:
    """So long after the submission."""
    return SUBMITTED_AT + timedelta(days=days, **more)


def after(*moments: tuple[datetime, Action, Status], **given: Any) -> ClockState:
    """The clock `decide` after the submission and these moments."""
    history = [SUBMITTED, *(Moment(*moment) for moment in moments)]
    [state] = clocks_of(history, {"decide": a_clock(**given)}, CALENDAR)
    return state


def seen(state: ClockState, now: datetime, **given: Any) -> tuple[str, float]:
    """Its state and what is left."""
    told = shown(state, a_clock(**given), CALENDAR, now)
    return told["state"], told["left"]


def test_a_clock_runs_from_the_submission_and_says_what_is_left() -> None:
    running = after()

    assert (running.started_at, running.due) == (SUBMITTED_AT, later(2))
    assert running.near_at == later(1, hours=12)
    assert seen(running, later(0.5)) == ("due", 1.5)
    assert seen(running, later(1.75)) == ("near", 0.25)
    assert seen(running, later(2)) == ("near", 0)
    assert seen(running, later(5)) == ("overdue", -1)  # Friday to Monday


def test_a_clock_is_shown_with_what_it_goes_by() -> None:
    assert shown(after(), a_clock(), CALENDAR, later()) == {
        "clock": "decide",
        "state": "due",
        "started_at": SUBMITTED_AT,
        "due": later(2),
        "paused": False,
        "stopped_at": None,
        "left": 2,
        "length": 2,
        "unit": "working_days",
        "source": "sample: made up to try the hub with",
    }


def test_while_the_referrer_is_asked_the_clock_waits_and_then_has_as_much_left_as_before() -> None:
    asked = later(1), Action.ASK, Status.INFORMATION_REQUESTED
    assigned = later(5), Action.ASSIGN, Status.INFORMATION_REQUESTED
    answered = later(6), Action.ANSWER, Status.TRIAGING

    waiting, going_on = after(asked, assigned), after(asked, assigned, answered)

    assert (waiting.due, waiting.near_at, waiting.paused) == (None, None, True)
    assert seen(waiting, later(40)) == ("paused", 1)
    assert (next_due([waiting]), next_near([waiting]), next_alarm([waiting])) == (None, None, None)
    assert (going_on.due, going_on.paused) == (later(7), False)
    assert seen(going_on, later(6)) == ("due", 1)


def test_a_clock_that_had_run_out_does_not_wait() -> None:
    late = after((later(5), Action.ASK, Status.INFORMATION_REQUESTED))

    assert (late.due, late.paused) == (later(2), False)
    assert seen(late, later(5))[0] == "overdue"


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Action.DECIDE, Status.DECIDED),
        (Action.WITHDRAW, Status.WITHDRAWN),
        (Action.CLOSE, Status.CLOSED),
        (Action.ENTER_IN_ERROR, Status.ENTERED_IN_ERROR),
    ],
)
def test_what_stops_the_clock_or_ends_the_way_says_whether_it_was_in_time(
    action: Action, status: Status
) -> None:
    in_time, too_late = after((later(2), action, status)), after((later(5), action, status))

    done = "met" if action is Action.DECIDE else "ended"
    assert seen(in_time, later(40)) == (done, 0)
    assert seen(too_late, later(40)) == ("missed", -1)
    assert next_alarm([in_time, too_late]) is None
    waited = after(
        (later(1), Action.HOLD, Status.INFORMATION_REQUESTED), (later(30), action, status)
    )
    assert (seen(waited, later(40)), waited.paused) == ((done, 1), False)


def test_a_clock_starts_anew_with_each_action_that_starts_it() -> None:
    review = a_clock(starts=(Action.START, Action.RECORD_MEETING), stops=(Action.CLOSE,))
    met = [Moment(later(n), Action.RECORD_MEETING, Status.IN_PROGRESS) for n in (1, 5)]

    assert clocks_of([SUBMITTED], {"review": review}, CALENDAR) == ()
    [first] = clocks_of([SUBMITTED, met[0]], {"review": review}, CALENDAR)
    told, _ = announce([first], later(30))
    [again] = clocks_of([SUBMITTED, *met], {"review": review}, CALENDAR, told)

    assert (first.started_at, again.started_at) == (later(1), later(5))
    assert told[0].overdue_at
    assert again.overdue_at is None


def test_a_decision_that_ends_the_way_starts_nothing() -> None:
    allocate = {"allocate": a_clock(starts=(Action.DECIDE,), stops=(Action.ALLOCATE,))}
    decided = Moment(later(1), Action.DECIDE, Status.DECIDED)
    advice = Moment(later(1), Action.DECIDE, Status.DECIDED, ends=True)

    assert [state.due for state in clocks_of([SUBMITTED, decided], allocate, CALENDAR)] == [
        later(5)
    ]
    assert clocks_of([SUBMITTED, advice], allocate, CALENDAR) == ()


def test_of_each_run_it_is_said_once_that_it_is_near_and_once_that_it_is_late() -> None:
    running = (after(),)
    assert (next_alarm(running), announce(running, later(1))) == (later(1.5), (running, []))

    near, said_near = announce(running, later(1.5, seconds=1))
    assert next_alarm(near) == later(2)
    late, said_late = announce(near, later(2, seconds=1))

    assert [what for what, _ in said_near + said_late] == ["due_soon", "overdue"]
    assert (next_alarm(late), announce(late, later(9))) == (None, (late, []))
    assert (late[0].due_soon_at, late[0].overdue_at) == (later(1.5, seconds=1), later(2, seconds=1))


def test_of_a_clock_that_is_late_already_nobody_is_told_that_it_soon_will_be() -> None:
    late, said = announce([after()], later(30))

    assert [what for what, _ in said] == ["overdue"]
    assert next_alarm(late) is None


def test_a_closure_moves_what_is_due_and_what_was_announced_stays_announced() -> None:
    told, _ = announce([after()], later(5))
    closed = Calendar(frozenset({date(2026, 11, 19), date(2026, 11, 20)}))

    [moved] = clocks_of([SUBMITTED], {"decide": a_clock()}, closed, told)

    assert (moved.due, moved.overdue_at) == (later(6), later(5))
    assert next_alarm([moved]) is None
    assert shown(moved, a_clock(), closed, later(5))["state"] == "due"


def test_the_first_of_several_clocks_comes_first() -> None:
    clocks = {"decide": a_clock(), "acknowledge": a_clock(length=24, unit="hours", near=0)}

    states = clocks_of([SUBMITTED], clocks, CALENDAR)

    assert (next_due(states), next_near(states), next_alarm(states)) == (later(1),) * 3


def test_a_clock_is_kept_and_read_again_as_it_was() -> None:
    waiting = after((later(1), Action.ASK, Status.INFORMATION_REQUESTED))
    for state in (after(), waiting, announce([after()], later(9))[0][0]):
        assert ClockState.from_json(state.as_json()) == state
