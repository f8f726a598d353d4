"""An oracle for clocks that counts by finger, and shares nothing with what it judges.

Another library's bank holidays, its own rule for summer time, whole microseconds since 1970 instead
of datetimes, and a walk from one midnight, pause or change of the clocks to the next, instead of
arithmetic. What it counts: working days flow on working dates alone; calendar days flow as a clock
on the wall shows them, which stops in the hour that October repeats and jumps in March; hours flow.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays
from govuk_bank_holidays.bank_holidays import BankHolidays

HOUR = 3600 * 10**6
DAY = 24 * HOUR
"""In microseconds."""
LENGTH = {"working_days": DAY, "calendar_days": DAY, "hours": HOUR}

_published = [day["date"].year for day in BankHolidays(use_cached_holidays=True).get_holidays()]
YEARS = range(min(_published), max(_published) + 1)
"""The years for which bank holidays are published."""
ENGLANDS = frozenset(holidays.country_holidays("GB", subdiv="ENG", years=YEARS, observed=True))

Wait = tuple[int, int]


class Piece(NamedTuple):
    """A part of a day on which nothing changes."""

    begin: int
    end: int
    works: bool
    repeated: bool
    """The hour that October shows for the second time."""
    jumps: bool
    """It ends with the jump of March."""


@dataclass(frozen=True)
class World:
    """Two years: which days are free in them, and where summer time begins and ends."""

    pieces: Sequence[Piece]
    begins: Sequence[int]

    @classmethod
    def of(cls, year: int, closures: Iterable[date], *, free: Iterable[date] = ENGLANDS) -> "World":
        """The days of `year` and, if its bank holidays are published, of the next one."""
        closed = set(free) | set(closures)
        days = (date(year, 1, 1) + timedelta(n) for n in range(732))
        pieces = [
            piece
            for day in days
            if day.year in YEARS and day.year <= year + 1
            for piece in _pieces(day, works=day.weekday() < 5 and day not in closed)
        ]
        return cls(pieces, [piece.begin for piece in pieces])


def micros(day: date) -> int:
    """Midnight in Greenwich."""
    return (day - date(1970, 1, 1)).days * DAY


@cache
def changes(year: int) -> tuple[date, date]:
    """The last Sundays of March and October: at 01:00 in Greenwich summer time begins and ends."""
    march, october = date(year, 3, 31), date(year, 10, 31)
    return (
        march - timedelta((march.weekday() + 1) % 7),
        october - timedelta((october.weekday() + 1) % 7),
    )


def midnight(day: date) -> int:
    """When the day begins in England."""
    spring, autumn = changes(day.year)
    return micros(day) - (HOUR if spring < day <= autumn else 0)


def _pieces(day: date, *, works: bool) -> Iterator[Piece]:
    begin, end = midnight(day), midnight(day + timedelta(1))
    spring, autumn = changes(day.year)
    one_o_clock = micros(day) + HOUR
    if day == spring:
        yield Piece(begin, one_o_clock, works, False, True)
        yield Piece(one_o_clock, end, works, False, False)
    elif day == autumn:
        yield Piece(begin, one_o_clock, works, False, False)
        yield Piece(one_o_clock, one_o_clock + HOUR, works, True, False)
        yield Piece(one_o_clock + HOUR, end, works, False, False)
    else:
        yield Piece(begin, end, works, False, False)


def _stretches(
    world: World, unit: str, start: int, waits: Sequence[Wait]
) -> Iterator[tuple[int, int, int]]:
    """From `start` on: begin, end, and how much of the unit's time flows in between."""
    edges = sorted(edge for wait in waits for edge in wait)
    at = start
    for piece in world.pieces[bisect_right(world.begins, start) - 1 :]:
        inside = [edge for edge in edges if at < edge < piece.end] if edges else edges
        for until in (*inside, piece.end):
            waiting = waits and any(since <= at < till for since, till in waits)
            yield at, until, 0 if waiting else _flow(unit, at, until, piece)
            at = until


def _flow(unit: str, at: int, until: int, piece: Piece) -> int:
    if unit == "hours":
        return until - at
    if unit == "working_days":
        return until - at if piece.works else 0
    if piece.repeated:
        return 0
    return until - at + (HOUR if piece.jumps and until == piece.end else 0)


def due(world: World, unit: str, start: int, length: float, waits: Sequence[Wait]) -> int:
    """When the clock runs out: the first instant that would count, and is too much."""
    left = round(length * LENGTH[unit])
    for at, until, counted in _stretches(world, unit, start, waits):
        if left < counted:
            return min(at + left, until)
        left -= counted
    raise AssertionError("The world ends before the clock")


def passed(world: World, unit: str, start: int, end: int, waits: Sequence[Wait] = ()) -> int:
    """How much of the unit's time flows from `start` to `end`, in microseconds."""
    total = 0
    for at, _, counted in _stretches(world, unit, start, (*waits, (end, end))):
        if at >= end:
            break
        total += counted
    return total
