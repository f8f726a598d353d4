"""No family waits without a clock: wherever an open referral stands, some time limit runs.

A clock that stands still there is none: nobody would ever be told.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.referral.domain.lifecycle import ENDS, NEXT
from shared.authority import Authority, load
from shared.contracts.lifecycle import Action, Status
from shared.settings import SHIPPED

Standing = tuple[Status, Status, frozenset[str]]
"""A status, the one that a hold interrupts, and the clocks that run."""
EVERY = [*sorted(SHIPPED.glob("*.yaml")), *sorted(Path("tests/authorities").glob("*.yaml"))]


def after(council: Authority, at: Standing, action: Action, to: Status) -> Standing:
    """What runs after a step."""
    status, interrupted, before = at
    running = set(before)
    for code, clock in council.clocks.items():
        if action in clock.stops:
            running.discard(code)
        if action in clock.starts and (not clock.leading_to or to in clock.leading_to):
            running.add(code)
    if action is Action.RELEASE:
        to = interrupted
    elif to is not Status.ON_HOLD:
        interrupted = to
    elif action is Action.HOLD:
        interrupted = status
    return to, interrupted, frozenset(running)


def onward(council: Authority, at: Standing) -> Iterator[tuple[Action, Standing]]:
    """Every step that the table allows from here; a step that the order forbids does no harm."""
    for (status, action, _), to in NEXT.items():
        if status is at[0] and to not in ENDS:
            yield action, after(council, at, action, to)


def reachable(council: Authority) -> dict[Standing, tuple[Action, ...]]:
    """Every standing, with a shortest way there."""
    nowhere = (Status.SUBMITTED, Status.SUBMITTED, frozenset[str]())
    begun = after(council, nowhere, Action.SUBMIT, Status.SUBMITTED)
    ways: dict[Standing, tuple[Action, ...]] = {begun: (Action.SUBMIT,)}
    waiting = [begun]
    for at in waiting:
        for action, standing in onward(council, at):
            if standing not in ways:
                ways[standing] = (*ways[at], action)
                waiting.append(standing)
    return ways


def is_waiting(council: Authority, at: Standing) -> bool:
    """Whether every clock there stands still."""
    status, _, running = at
    return all(status in council.clocks[code].paused_while for code in running)


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.stem)
def test_wherever_an_open_referral_stands_a_clock_runs(file: Path) -> None:
    council = load(file)
    ways = reachable(council)
    assert {status for status, _, _ in ways} == set(Status) - ENDS
    assert {way for at, way in ways.items() if is_waiting(council, at)} == set()
