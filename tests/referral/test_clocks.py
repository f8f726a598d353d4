"""Working time: a day of a clock is a working day of England, at the same time of day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.site import AUTHORITY
from shared.authority import load
from shared.calendar import add_working_days, bank_holidays, is_working_day

LONDON = ZoneInfo("Europe/London")
FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
ENGLANDS = holidays.country_holidays("GB", subdiv="ENG", years=range(2024, 2029), observed=True)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def _works(day: date) -> bool:
    """The oracle: another library's bank holidays, and weekends."""
    return day.weekday() < 5 and day not in ENGLANDS


def _due(start: datetime, days: int) -> datetime:
    """The oracle: day after day through the calendar, as one would with a finger."""
    local = start.astimezone(LONDON)
    day, clock = local.date(), local.time()
    while not _works(day):
        day, clock = day + timedelta(days=1), time()
    left = days
    while left:
        day += timedelta(days=1)
        left -= _works(day)
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


def test_every_bank_holiday_is_one_that_another_library_knows() -> None:
    ours = {day for day in bank_holidays() if FIRST <= day <= LAST}
    theirs = {day for day in ENGLANDS if FIRST <= day <= LAST and day.weekday() < 5}

    assert len(theirs) > 30
    assert {day for day in ours if day.weekday() < 5} == theirs


def test_every_day_is_a_working_day_or_none_as_the_calendar_says() -> None:
    assert [day for day in DAYS if is_working_day(day) is not _works(day)] == []


@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 30), timezones=st.just(UTC)),  # noqa: DTZ001 -- given their zone
    days=st.integers(0, 60),
)
def test_the_due_time_is_what_one_counts_by_finger(start: datetime, days: int) -> None:
    assert add_working_days(start, days) == _due(start, days)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-18T14:30:00+00:00", "2026-11-19T14:30:00+00:00"),  # Wednesday
        ("2026-11-20T14:30:00+00:00", "2026-11-23T14:30:00+00:00"),  # Friday
        ("2026-11-21T14:30:00+00:00", "2026-11-24T00:00:00+00:00"),  # Saturday counts from Monday
        ("2026-12-24T15:00:00+00:00", "2026-12-29T15:00:00+00:00"),  # before Christmas
        ("2026-12-25T09:00:00+00:00", "2026-12-30T00:00:00+00:00"),  # on Christmas Day
        ("2026-04-02T16:00:00+01:00", "2026-04-07T16:00:00+01:00"),  # before Good Friday
        ("2026-03-27T09:00:00+00:00", "2026-03-30T09:00:00+01:00"),  # the clocks go forward
        ("2026-10-23T09:00:00+01:00", "2026-10-26T09:00:00+00:00"),  # the clocks go back
        ("2026-06-30T23:30:00+00:00", "2026-07-01T23:30:00+00:00"),  # July has begun in England
    ],
)
def test_the_decision_is_due_one_working_day_later(start: str, due: str) -> None:
    clock = load(AUTHORITY).clocks["decide"]

    assert clock.unit == "working_days"
    due_then = add_working_days(datetime.fromisoformat(start), int(clock.length))
    assert due_then == datetime.fromisoformat(due)


def test_an_instant_without_its_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        add_working_days(datetime(2026, 11, 18, 12, 0), 1)  # noqa: DTZ001 -- that is the mistake


@pytest.mark.parametrize(
    ("now", "answered_by"),
    [
        ("2026-11-18T08:59:59+00:00", "out_of_hours"),
        ("2026-11-18T09:00:00+00:00", "front_door"),
        ("2026-11-18T16:59:59+00:00", "front_door"),
        ("2026-11-18T17:00:00+00:00", "out_of_hours"),
        ("2026-07-01T08:00:00+00:00", "front_door"),  # nine o'clock in summer
        ("2026-07-01T16:00:00+00:00", "out_of_hours"),
        ("2026-11-21T12:00:00+00:00", "out_of_hours"),  # Saturday
        ("2026-08-31T12:00:00+01:00", "out_of_hours"),  # summer bank holiday
    ],
)
def test_the_telephone_that_answers_now(now: str, answered_by: str) -> None:
    authority = load(AUTHORITY)

    answering = authority.answers_now(datetime.fromisoformat(now))

    assert answering == getattr(authority.emergency, answered_by)


def test_a_year_of_bank_holidays_is_known_ahead_or_the_library_must_be_renewed() -> None:
    known_until = max(bank_holidays())
    assert known_until > datetime.now(UTC).date() + timedelta(days=365)
