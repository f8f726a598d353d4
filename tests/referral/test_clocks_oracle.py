"""Every clock against the oracle, through all years whose bank holidays are published."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import process_time

import pytest

from services.referral.domain.clocks import Moment, clocks_of, shown
from shared.authority import ClockSetting
from shared.calendar import Calendar
from shared.contracts.lifecycle import Action, Status
from tests.figures import Figures
from tests.referral.oracle import (
    DAY,
    ENGLANDS,
    HOUR,
    LENGTH,
    YEARS,
    Wait,
    World,
    changes,
    due,
    micros,
    midnight,
    passed,
)

CASES = 100_000
OF_ONE_YEAR = 500
"""Cases with the same closures, beginning in the same year."""
LONGEST = {"working_days": 60, "calendar_days": 90, "hours": 500}
WAITING = (Status.INFORMATION_REQUESTED, Status.ON_HOLD)


@dataclass
class Case:
    """One clock, what happened to its referral, and when somebody looks."""

    setting: ClockSetting
    start: int
    waits: list[Wait] = field(default_factory=list)
    waits_since: int | None = None
    stopped: int | None = None
    ended: bool = False
    """Stopped because the way ended, not because it was decided."""
    now: int = 0


class Fate:
    """Makes up cases of one year; days on which something happens come more often."""

    def __init__(self, random: Random, year: int) -> None:
        self.random, self.year = random, year
        last = 6 if year == YEARS[-1] else 12
        self.days = (date(year, last, 30) - date(year, 1, 1)).days
        free = [day for day in ENGLANDS if day.year == year and day.month <= last]
        self.odd = [*sorted(free), *changes(year)[: 1 if last == 6 else 2]]
        self.closures = frozenset(self._day() for _ in range(random.randrange(8)))

    def case(self) -> Case:
        random = self.random
        unit = random.choice(list(LENGTH))
        length = random.choice([1, 2, 5, 0.5, random.randint(1, LONGEST[unit])])
        setting = ClockSetting(
            starts=(Action.SUBMIT,),
            stops=(Action.DECIDE,),
            length=length,
            unit=unit,
            near=length * random.choice([0, 0.5, 0.9]),
            paused_while=WAITING,
            source="sample",
        )
        case = Case(setting, self._instant())
        at = case.start
        for _ in range(random.choice([0, 0, 1, 2, 3])):
            since = self._later(at, 8)
            at = self._later(since, 14)
            case.waits.append((since, at))
        if random.random() < 0.2:
            at = case.waits_since = self._later(at, 8)
        if random.random() < 0.3:
            at = case.stopped = self._later(at, 20)
            case.ended = random.random() < 0.5
        case.now = self._later(at, random.choice([1, 20, 60]))
        return case

    def _day(self) -> date:
        return date(self.year, 1, 1) + timedelta(self.random.randrange(self.days))

    def _instant(self) -> int:
        """Any; or one about a day on which something happens."""
        if self.random.random() < 0.6:
            return micros(self._day()) + self.random.randrange(DAY)
        day = self.random.choice(self.odd) + timedelta(self.random.randint(-3, 2))
        return self._about(max(day, date(self.year, 1, 1)))

    def _about(self, day: date) -> int:
        """Midnight, one o'clock, two o'clock, or any time of the day."""
        exact = midnight(day) + self.random.choice([0, 1, 2]) * HOUR
        return self.random.choice([exact, midnight(day) + self.random.randrange(DAY)])

    def _later(self, than: int, days: int) -> int:
        """Within the same hour, at a midnight, or any time within `days`."""
        near = than + 1 + self.random.randrange(HOUR)
        far = than + 1 + self.random.randrange(days * DAY)
        day = date(1970, 1, 1) + timedelta(far // DAY)
        return self.random.choice([near, far, max(than + 1, midnight(day))])


def at(micro: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)


def moments(case: Case) -> Iterator[Moment]:
    """What the history of the case's referral says."""
    yield Moment(at(case.start), Action.SUBMIT, Status.SUBMITTED)
    for since, until in case.waits:
        yield Moment(at(since), Action.ASK, Status.INFORMATION_REQUESTED)
        yield Moment(at((since + until) // 2), Action.HOLD, Status.ON_HOLD)
        yield Moment(at(until), Action.RELEASE, Status.TRIAGING)
    if case.waits_since is not None:
        yield Moment(at(case.waits_since), Action.HOLD, Status.ON_HOLD)
    if case.stopped is not None:
        end = Action.WITHDRAW, Status.WITHDRAWN
        yield Moment(at(case.stopped), *(end if case.ended else (Action.DECIDE, Status.DECIDED)))


Told = tuple[str, datetime | None, float]
"""State, due, left."""


def by_the_hub(case: Case, calendar: Calendar) -> Told:
    [state] = clocks_of(list(moments(case)), {"any": case.setting}, calendar)
    seen = shown(state, case.setting, calendar, at(case.now))
    return seen["state"], seen["due"], seen["left"]


def by_finger(case: Case, world: World) -> Told:
    unit, length = case.setting.unit, case.setting.length
    waits, since = case.waits, case.waits_since
    if since is not None and case.stopped is not None:
        waits, since = [*waits, (since, case.stopped)], None
    ends = due(world, unit, case.start, length, waits)
    if since is not None and since <= ends:
        return "paused", None, passed(world, unit, since, ends) / LENGTH[unit]
    look = case.now if case.stopped is None else case.stopped
    left = passed(world, unit, look, ends) - passed(world, unit, ends, look)
    if case.stopped is not None:
        in_time = "ended" if case.ended else "met"
        word = in_time if look <= ends else "missed"
    elif look <= ends:
        near = due(world, unit, case.start, length - case.setting.near, waits)
        word = "near" if near < look else "due"
    else:
        word = "overdue"
    return word, at(ends), left / LENGTH[unit]


def compared(
    cases: int,
    seed: int,
    *,
    years: Sequence[int] = YEARS,
    forgotten: frozenset[date] = frozenset(),
) -> tuple[Counter[str], list[tuple[Case, Told, Told]]]:
    """How many cases were in each state, and those of which hub and oracle tell differently."""
    random = Random(seed)  # noqa: S311 -- not a secret
    states: Counter[str] = Counter()
    differences = []
    for _ in range(cases // OF_ONE_YEAR):
        fate = Fate(random, random.choice(years))
        calendar = Calendar(fate.closures)
        world = World.of(fate.year, fate.closures, free=ENGLANDS - forgotten)
        for _ in range(OF_ONE_YEAR):
            case = fate.case()
            hub, finger = by_the_hub(case, calendar), by_finger(case, world)
            states[finger[0]] += 1
            if hub != finger:
                differences.append((case, hub, finger))
    return states, differences


def test_every_clock_is_as_one_counts_by_finger(figures: Figures) -> None:
    begun = process_time()
    states, differences = compared(CASES, seed=Random().randrange(10**9))  # noqa: S311 -- not a secret
    spent = round(process_time() - begun, 1)

    assert differences[:1] == []
    assert {"due", "near", "overdue", "paused", "met", "ended", "missed"} == states.keys()
    assert min(states.values()) > CASES / 100
    figures(
        f"clocks of {YEARS[0]} to {YEARS[-1]} against the oracle",
        cases=sum(states.values()),
        differences=len(differences),
        processor_seconds=spent,
        **states,
    )


@pytest.mark.parametrize("forgotten", [date(2022, 6, 3), date(2023, 5, 8), date(2026, 12, 25)])
def test_an_oracle_that_forgets_one_bank_holiday_is_found_out(forgotten: date) -> None:
    year = [forgotten.year]

    assert compared(2_000, seed=1, years=year)[1] == []
    assert len(compared(2_000, seed=1, years=year, forgotten=frozenset({forgotten}))[1]) > 20
