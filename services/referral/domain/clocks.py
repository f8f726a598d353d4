"""An authority's clocks on one referral: a pure function of what happened to it.

A clock starts at the last action that starts it and stops at the first one after it that stops it,
or where the way ends. It waits while the referral is in a status that pauses it, unless it had run
out before. It runs as the authority's calendar counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from services.referral.domain.lifecycle import AT_THE_FRONT_DOOR, ENDS
from shared.authority import ClockSetting
from shared.calendar import Calendar, Pause
from shared.contracts.lifecycle import Status

_INSTANTS = ("started_at", "due", "near_at", "stopped_at", "due_soon_at", "overdue_at")


@dataclass(frozen=True)
class Moment:
    """Something that happened, and the status after it; `ends` where nothing follows it."""

    at: datetime
    action: str
    status: Status
    ends: bool = False


class Announcement(StrEnum):
    """What is said of a clock, once in each of its runs."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock's last run. While it waits, `due` and `near_at` are not known."""

    clock: str
    """The authority's code."""
    started_at: datetime
    due: datetime | None
    near_at: datetime | None
    """From when on it is near."""
    paused: bool = False
    stopped_at: datetime | None = None
    due_soon_at: datetime | None = None
    """When it was announced that it is near."""
    overdue_at: datetime | None = None
    """When it was announced that it has run out."""
    left: float | None = None
    """While it waits: what was left, in its unit."""
    ended: bool = False
    """Stopped because the way ended, and not because what it waits for was done."""

    def as_json(self) -> dict[str, Any]:
        """As it is kept beside the referral."""
        kept = asdict(self)
        return kept | {name: at.isoformat() for name in _INSTANTS if (at := kept[name])}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `as_json` gave."""
        at = {name: datetime.fromisoformat(kept[name]) for name in _INSTANTS if kept[name]}
        return cls(**{**kept, **at})

    def is_running(self) -> bool:
        return self.stopped_at is None and not self.paused

    def to_announce(self) -> dict[Announcement, datetime]:
        """What is still to be said in this run, and from when on."""
        if self.due is None or not self.is_running() or self.overdue_at:
            return {}
        said = {Announcement.OVERDUE: self.due}
        if self.near_at and self.near_at < self.due and not self.due_soon_at:
            said[Announcement.DUE_SOON] = self.near_at
        return said


def clocks_of(
    moments: Sequence[Moment],
    settings: Mapping[str, ClockSetting],
    calendar: Calendar,
    told: Iterable[ClockState] = (),
) -> tuple[ClockState, ...]:
    """Every clock that ever started, after `moments` in their order.

    What `told` says was announced of the same run stays announced. Raises CalendarEnds.
    """
    before = {(state.clock, state.started_at): state for state in told}
    states = []
    for code, setting in settings.items():
        if state := _last_run(code, setting, moments, calendar):
            if same := before.get((code, state.started_at)):
                state = replace(state, due_soon_at=same.due_soon_at, overdue_at=same.overdue_at)
            states.append(state)
    return tuple(states)


def _last_run(
    code: str, setting: ClockSetting, moments: Sequence[Moment], calendar: Calendar
) -> ClockState | None:
    """The clock since the last action that starts it; nothing starts where the way ends."""
    starts = [place for place, moment in enumerate(moments) if _starts(setting, moment)]
    if not starts or _is_end(moments[starts[-1]]):
        return None
    start, *after = moments[starts[-1] :]
    pauses, waits_since, stop = _pauses(setting, start, after)
    due = calendar.add(start.at, setting.length, setting.unit, pauses)
    if waits_since:
        left = calendar.elapsed(waits_since, due, setting.unit)
        if left >= 0:
            return ClockState(code, start.at, None, None, paused=True, left=left)
    near_at = calendar.add(start.at, setting.length - setting.near, setting.unit, pauses)
    if stop is None:
        return ClockState(code, start.at, due, near_at)
    ended = stop.action not in setting.stops
    return ClockState(code, start.at, due, near_at, stopped_at=stop.at, ended=ended)


def _starts(setting: ClockSetting, moment: Moment) -> bool:
    leads = not setting.leading_to or moment.status in setting.leading_to
    return leads and moment.action in setting.starts


def _is_end(moment: Moment) -> bool:
    return moment.ends or moment.status in ENDS


def _goes_back(start: Moment, moment: Moment) -> bool:
    """What began with an agency's help ends where the front door holds the family again."""
    return start.status is Status.IN_PROGRESS and moment.status in AT_THE_FRONT_DOOR


def _pauses(
    setting: ClockSetting, start: Moment, after: Iterable[Moment]
) -> tuple[list[Pause], datetime | None, Moment | None]:
    """When the clock waited, since when it waits now, and what stopped it."""
    pauses: list[Pause] = []
    since = start.at if start.status in setting.paused_while else None
    for moment in after:
        stops = moment.action in setting.stops or _is_end(moment) or _goes_back(start, moment)
        waits = not stops and moment.status in setting.paused_while
        if since and not waits:
            pauses.append((since, moment.at))
            since = None
        if stops:
            return pauses, None, moment
        if waits and not since:
            since = moment.at
    return pauses, since, None


def next_due(clocks: Iterable[ClockState]) -> datetime | None:
    """When the first of the running clocks runs out."""
    return min((state.due for state in clocks if state.due and state.is_running()), default=None)


def next_near(clocks: Iterable[ClockState]) -> datetime | None:
    """When the first of the running clocks is near."""
    near = (state.near_at for state in clocks if state.near_at and state.is_running())
    return min(near, default=None)


def next_alarm(clocks: Iterable[ClockState]) -> datetime | None:
    """When something must be announced next."""
    return min((at for state in clocks for at in state.to_announce().values()), default=None)


def announce(
    clocks: Iterable[ClockState], now: datetime
) -> tuple[tuple[ClockState, ...], list[tuple[Announcement, ClockState]]]:
    """The clocks after what must be said by `now`, and what that is.

    Of a clock that has run out already nobody is told that it soon will.
    """
    states, said = [], []
    for state in clocks:
        late = [what for what, at in state.to_announce().items() if at < now]
        if Announcement.OVERDUE in late:
            state = replace(state, overdue_at=now)
            said.append((Announcement.OVERDUE, state))
        elif late:
            state = replace(state, due_soon_at=now)
            said.append((Announcement.DUE_SOON, state))
        states.append(state)
    return tuple(states), said


def shown(
    state: ClockState, setting: ClockSetting, calendar: Calendar, now: datetime
) -> dict[str, Any]:
    """A clock as people see it at `now`: its `state`, what is `left`, and what it goes by.

    `state`: due, near, overdue, paused, met, missed or ended (the way ended before). `left`: in
    the clock's unit, negative when overdue; of a clock that has stopped, what was left then.
    Raises CalendarEnds.
    """
    at = state.stopped_at or now
    left = calendar.elapsed(at, state.due, setting.unit) if state.due else state.left
    return {
        "clock": state.clock,
        "state": _word(state, at),
        "started_at": state.started_at,
        "due": state.due,
        "paused": state.paused,
        "stopped_at": state.stopped_at,
        "left": left,
        "length": setting.length,
        "unit": setting.unit,
        "source": str(setting.source),
    }


def _word(state: ClockState, at: datetime) -> str:
    if state.due is None:
        return "paused"
    if state.stopped_at:
        in_time = "ended" if state.ended else "met"
        return "missed" if state.due < at else in_time
    if state.due < at:
        return "overdue"
    return "near" if state.near_at and state.near_at < at else "due"
