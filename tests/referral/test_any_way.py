"""Any way at all: random steps, refused ones too, and what must be true stays true after each."""

import asyncio
import itertools
import os
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from services.referral.actions.clocks import escalate_unseen, look_at_clocks
from shared.auth import Role
from tests.builders import a_decision, a_need, a_submission
from tests.figures import Figures
from tests.referral.conftest import live
from tests.referral.the_way import NOUNS, STATUSES, THE_WAY
from tests.referral.town import WAYS, Json, Town
from tests.referral.truths import check

STEPS = 10_000 if os.environ.get("PROVE") else 2_000
IN_A_ROW = 60
BEGINNING = datetime.fromisoformat("2026-11-18T12:00:00+00:00")

SELDOM = ("withdraw", "enter_in_error", "close", "assign")


class Said(NamedTuple):
    """What may differ in a step: which agency is asked, and what is decided."""

    asked: int
    outcome: str


class Listed(NamedTuple):
    """A step that the way lists where the referral is."""

    number: int


class AnyStep(NamedTuple):
    """Whatever step by whomever, perhaps with a version that is gone."""

    action: str
    role: str
    behind: bool


class TwoAtOnce(NamedTuple):
    """Two listed steps at the same version."""

    one: int
    other: int


class Amendment(NamedTuple):
    """What was sent is put right."""

    by: str


class TimeGoesOn(NamedTuple):
    """The clocks are looked at some hours later."""

    hours: int


Move = Listed | AnyStep | TwoAtOnce | Amendment | TimeGoesOn
_numbers = st.integers(0, 63)
_moves: dict[str, st.SearchStrategy[Move]] = {
    "listed": st.builds(Listed, _numbers),
    "any": st.builds(
        AnyStep,
        st.sampled_from(sorted(NOUNS)),
        st.sampled_from(sorted(Role)),
        st.integers(0, 4).map(lambda number: number == 4),
    ),
    "two": st.builds(TwoAtOnce, _numbers, _numbers),
    "amend": st.builds(Amendment, st.sampled_from(["referrer", "front_door_worker"])),
    "time": st.builds(TimeGoesOn, st.sampled_from([1, 5, 23, 24 * 3, 24 * 9])),
}
MOVES = st.sampled_from([*["listed"] * 10, *["any"] * 4, "two", "amend", "time"]).flatmap(
    _moves.__getitem__
)
SAID = st.builds(
    Said,
    asked=st.integers(0, 4),
    outcome=st.sampled_from([*["early_help"] * 5, "step_up", "no_further_action", "advice"]),
)


@dataclass
class Walked:
    """Where the machine walks, and what it has met so far."""

    runner: asyncio.Runner
    town: Town
    answers: Counter[int] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    """How often each action succeeded."""
    reached: set[str] = field(default_factory=set)
    referrals: list[str] = field(default_factory=list)
    places: Iterator[str] = field(default_factory=lambda: itertools.cycle(sorted(WAYS)))
    """Where the third referral of each walk begins, so that every status is walked from."""


def _listed(referral: Json, number: int, taken: Counter[str]) -> tuple[str, str]:
    """An action and a role that the way lists here; half the time what was least often taken."""
    here = sorted((action, role) for now, action, role in THE_WAY if now == referral["status"])
    goes_on = [(action, role) for action, role in here if action not in SELDOM or number > 58]
    if not goes_on:
        return "reopen", "front_door_manager"
    if number % 2:
        return min(goes_on, key=lambda step: taken[step[0]])
    return goes_on[number // 2 % len(goes_on)]


class AnyWay(RuleBasedStateMachine):
    """Workers of several agencies on several referrals, whose clocks go on."""

    walked: ClassVar[Walked]
    referrals: Bundle[str] = Bundle("referrals")

    @initialize(target=referrals, urgent=st.booleans())
    def some_families_are_referred(self, urgent: bool) -> Any:
        self.now: dict[str, Json] = {}
        self._time_is(BEGINNING)
        begun = ((urgent, "submitted"), (False, "submitted"), (False, next(self.walked.places)))
        return multiple(*(self.run(self._refer(danger, place)) for danger, place in begun))

    @rule(of=referrals, move=MOVES, said=SAID)
    def something_happens(self, of: str, move: Move, said: Said) -> None:
        self._time_is(self.time + timedelta(minutes=1))
        self.run(self._move(of, move, said))
        for referral in self.now if isinstance(move, TimeGoesOn) else [of]:
            self.run(self._check(referral))

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.walked.runner.run(coroutine)

    def _time_is(self, time: datetime) -> None:
        self.time = time
        self.walked.town.service.at(time)

    async def _check(self, referral: str) -> None:
        self.now[referral] = await check(self.walked.town.service, referral)
        self.walked.reached.add(self.now[referral]["status"])

    async def _refer(self, danger: bool, place: str) -> str:
        sent = a_submission(safeguarding={"immediate_danger": danger})
        referral = await self.walked.town.at(place, sent)
        await self._check(referral["id"])
        self.walked.referrals.append(referral["id"])
        return str(referral["id"])

    async def _move(self, of: str, move: Move, said: Said) -> None:
        seen = self.now[of]
        match move:
            case Listed(number):
                await self._step(seen, *_listed(seen, number, self.walked.taken), said)
            case AnyStep(action, role, behind):
                before = seen | {"version": seen["version"] - behind}
                status = await self._step(before, action, role, said)
                assert not behind or status != 200
            case TwoAtOnce():
                steps = [
                    self._step(seen, *_listed(seen, number, self.walked.taken), said)
                    for number in move
                ]
                assert (await asyncio.gather(*steps)).count(200) <= 1
            case Amendment(by):
                assert await self._amend(seen, by) in (200, 409, 422)
            case TimeGoesOn(hours):
                self._time_is(self.time + timedelta(hours=hours))
                await look_at_clocks(self.walked.town.service.desk, self.time)
                await escalate_unseen(self.walked.town.service.desk, self.time)

    async def _amend(self, seen: Json, by: str) -> int:
        need = a_need(reason=f"They also worry about the rent since {self.time}.")
        amended = {"part": "need", "value": need, "reason": "The mother has told more."}
        worker = self.walked.town.workers[by]
        answer = await worker.step(seen, "amendments", seen["version"], amended)
        self.walked.answers[answer.status_code] += 1
        return answer.status_code

    async def _step(self, referral: Json, action: str, role: str, said: Said) -> int:
        town = self.walked.town
        by = town.worker(role, referral)
        agencies = (*town.helpers, town.social_care, town.workers[Role.REFERRER])
        asked = agencies[3 if action == "step_up" and said.asked % 2 else said.asked]
        body = a_decision(said.outcome) if action == "decide" else town.said(action, by, asked)
        answer = await town.step(referral, action, by, body)
        self.walked.answers[answer.status_code] += 1
        self.walked.taken[action] += answer.status_code == 200
        assert answer.status_code in (200, 403, 404, 409, 412, 422), answer.text
        return answer.status_code


def _settings() -> settings:
    """In `make test` always the same walk, in `make prove` another one each time."""
    return settings(
        max_examples=STEPS // 50,
        stateful_step_count=IN_A_ROW,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # to shrink a walk through a database takes longer than to read it
        derandomize=not os.environ.get("PROVE"),
        suppress_health_check=list(HealthCheck),
    )


def test_whatever_happens_somebody_holds_the_family_and_nothing_is_lost_or_doubled(
    databases: Callable[[str], str], key_folder: Path, figures: Figures
) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        service = runner.run(stack.enter_async_context(live(databases("referral"), key_folder)))
        walked = Walked(runner, runner.run(Town.of(service)))
        try:
            machine = type("Machine", (AnyWay,), {"walked": walked})
            run_state_machine_as_test(machine, settings=_settings())
            for referral in walked.referrals:
                runner.run(check(service, referral))
            told = runner.run(service.rows("select count(*) from outbox"))
            written = runner.run(service.rows("select count(*) from history"))
        finally:
            runner.run(stack.aclose())

    steps, permitted = walked.answers.total(), walked.answers[200]
    figures(
        "Any way",
        referrals=len(walked.referrals),
        steps=steps,
        permitted=f"{permitted / steps:.0%}",
        answers=dict(sorted(walked.answers.items())),
        statuses=f"{len(walked.reached)} of {len(STATUSES)}",
    )
    assert steps >= STEPS
    assert told == written
    assert walked.reached == set(STATUSES)
    assert set(walked.taken) >= set(NOUNS)
    assert permitted / steps >= 0.3
