"""Working time: England's working days, so that a clock says what a worker means by a day.

Each unit is a way to tell time: an instant has a place on the unit's own line, on which time stands
still where the unit does not count, and a place on the line is an instant again. A clock's end, its
pauses and what is left of it are then plain additions. Decided in docs/decisions/0003.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Literal
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

ENGLAND = ZoneInfo("Europe/London")
Unit = Literal["working_days", "calendar_days", "hours"]
Pause = tuple[datetime, datetime]
"""From when until when a clock stands still."""

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_LENGTH: dict[Unit, timedelta] = {"working_days": _DAY, "calendar_days": _DAY, "hours": _HOUR}
_ORIGIN = datetime(1970, 1, 1)  # noqa: DTZ001 -- the place 0 of a line of times of day
_YEARS_AHEAD = 50
"""So long after the published bank holidays Monday to Friday count, until they are published."""


class CalendarEnds(Exception):
    """An instant lies before the years whose bank holidays are published, or far behind them."""


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """Bank holidays in England and Wales, as GOV.UK publishes them and the library carries them."""
    published = BankHolidays(use_cached_holidays=True)
    return frozenset(
        day["date"] for day in published.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    )


@dataclass(frozen=True)
class Calendar:
    """When one authority works: Monday to Friday less bank holidays less its own `closures`."""

    closures: frozenset[date] = frozenset()

    @cached_property
    def version(self) -> str:
        """Another one as soon as a bank holiday or a closure is another."""
        days = sorted(bank_holidays()), sorted(self.closures)
        told = ";".join(",".join(map(date.isoformat, some)) for some in days)
        return sha256(told.encode()).hexdigest()[:16]

    @cached_property
    def _years(self) -> tuple[date, date]:
        """The first and the last day that is counted.

        A referral is taken, and an emergency answered, also when the published list has ended.
        """
        last = max(bank_holidays()).year + _YEARS_AHEAD
        return date(min(bank_holidays()).year, 1, 1), date(last, 12, 31)

    @cached_property
    def _days(self) -> list[date]:
        """Every working day of those years; its place is how many there were before it."""
        first, last = self._years
        every = (first + timedelta(n) for n in range((last - first).days + 1))
        free = bank_holidays() | self.closures
        return [day for day in every if day.weekday() < 5 and day not in free]

    def is_working_day(self, day: date) -> bool:
        """Whether the authority works on `day`. Raises CalendarEnds."""
        return self._days_until(day)[1]

    def add(
        self, start: datetime, length: float, unit: Unit, pauses: Iterable[Pause] = ()
    ) -> datetime:
        """When `length` has passed since `start`, the time in `pauses` not counted.

        Raises CalendarEnds, and ValueError for an instant without its offset.
        """
        place, instant = self._line(unit)
        counted = place(start)
        end = counted + length * _LENGTH[unit]
        for since, until in sorted(pauses):
            begins, ends = max(place(since), counted), place(until)
            if begins > end:
                break  # it had run out before
            end += max(ends - begins, timedelta())
            counted = max(counted, ends)
        return instant(end)

    def elapsed(
        self, start: datetime, end: datetime, unit: Unit, pauses: Iterable[Pause] = ()
    ) -> float:
        """How much has passed from `start` to `end`, in `unit`; negative when `end` came first.

        Raises CalendarEnds, and ValueError for an instant without its offset.
        """
        place, _ = self._line(unit)
        counted, last = place(start), place(end)
        passed = last - counted
        for since, until in sorted(pauses):
            begins, ends = max(place(since), counted), min(place(until), last)
            passed -= max(ends - begins, timedelta())
            counted = max(counted, ends)
        return passed / _LENGTH[unit]

    def _line(
        self, unit: Unit
    ) -> tuple[Callable[[datetime], timedelta], Callable[[timedelta], datetime]]:
        """How `unit` tells time: the place of an instant, and the instant of a place."""
        if unit == "working_days":
            return self._working_time, self._at_working_time
        return (_wall_time, _at_wall_time) if unit == "calendar_days" else (_time, _at_time)

    def _days_until(self, day: date) -> tuple[int, bool]:
        """The working days before `day`, and whether it is one itself."""
        first, last = self._years
        if not first <= day <= last:
            raise CalendarEnds(f"Working days are counted from {first} to {last}, not for {day}")
        before = bisect_left(self._days, day)
        return before, before < len(self._days) and self._days[before] == day

    def _working_time(self, instant: datetime) -> timedelta:
        local = _local(instant)
        before, works = self._days_until(local.date())
        return before * _DAY + (_wall(local) - _midnight(local) if works else timedelta())

    def _at_working_time(self, place: timedelta) -> datetime:
        before, passed = divmod(place, _DAY)
        if before >= len(self._days):
            raise CalendarEnds(f"Working days are counted until {self._years[1]} and no longer")
        return _of_wall(datetime.combine(self._days[before], time()) + passed)


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs its offset")
    return instant.astimezone(ENGLAND)


def _midnight(local: datetime) -> datetime:
    return datetime.combine(local.date(), time())


def _wall(local: datetime) -> datetime:
    """What the clock on the wall shows; in the hour that October repeats, it has stopped."""
    shown = local.replace(tzinfo=None, fold=0)
    return shown if not local.fold else shown.replace(minute=0, second=0, microsecond=0) + _HOUR


def _of_wall(shown: datetime) -> datetime:
    """When a wall clock first shows `shown`; for the hour that March leaves out, when it jumps."""
    instant = shown.replace(tzinfo=ENGLAND).astimezone(UTC)
    if instant.astimezone(ENGLAND).replace(tzinfo=None) == shown:
        return instant
    return instant.replace(minute=0, second=0, microsecond=0)


def _wall_time(instant: datetime) -> timedelta:
    return _wall(_local(instant)) - _ORIGIN


def _at_wall_time(place: timedelta) -> datetime:
    return _of_wall(_ORIGIN + place)


def _time(instant: datetime) -> timedelta:
    return _local(instant).astimezone(UTC) - _ORIGIN.replace(tzinfo=UTC)


def _at_time(place: timedelta) -> datetime:
    return _ORIGIN.replace(tzinfo=UTC) + place
