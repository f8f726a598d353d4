"""Working time: a day of a clock is a working day of England, at the same time of day."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from shared.calendar import Calendar, CalendarEnds, Unit, bank_holidays

ENGLAND = Calendar()
YEARS = range(min(bank_holidays()).year, max(bank_holidays()).year + 1)
ENGLANDS = holidays.country_holidays("GB", subdiv="ENG", years=YEARS, observed=True)


def at(told: str) -> datetime:
    return datetime.fromisoformat(told)


def test_every_bank_holiday_is_one_that_another_library_knows() -> None:
    theirs = {day for day in ENGLANDS if day.weekday() < 5}

    assert len(theirs) > 100
    assert bank_holidays() == theirs


def test_a_year_of_bank_holidays_is_known_ahead_or_the_library_must_be_renewed() -> None:
    assert max(bank_holidays()) > datetime.now(UTC).date() + timedelta(days=365)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-18T14:30:00+00:00", "2026-11-19T14:30:00+00:00"),  # Wednesday
        ("2026-11-20T14:30:00+00:00", "2026-11-23T14:30:00+00:00"),  # Friday
        ("2026-11-21T14:30:00+00:00", "2026-11-24T00:00:00+00:00"),  # Saturday counts from Monday
        ("2026-11-20T00:00:00+00:00", "2026-11-23T00:00:00+00:00"),  # never Saturday's midnight
        ("2026-12-24T15:00:00+00:00", "2026-12-29T15:00:00+00:00"),  # before Christmas
        ("2026-12-25T09:00:00+00:00", "2026-12-30T00:00:00+00:00"),  # on Christmas Day
        ("2026-04-02T16:00:00+01:00", "2026-04-07T16:00:00+01:00"),  # before Good Friday
        ("2026-03-27T09:00:00+00:00", "2026-03-30T09:00:00+01:00"),  # the clocks go forward
        ("2026-10-23T09:00:00+01:00", "2026-10-26T09:00:00+00:00"),  # the clocks go back
        ("2026-06-30T23:30:00+00:00", "2026-07-01T23:30:00+00:00"),  # July has begun in England
    ],
)
def test_a_working_day_later_is_the_same_time_of_day_on_the_next_working_day(
    start: str, due: str
) -> None:
    assert ENGLAND.add(at(start), 1, "working_days") == at(due)
    assert ENGLAND.elapsed(at(start), at(due), "working_days") == 1


def test_on_a_day_on_which_the_authority_is_closed_no_working_time_passes() -> None:
    closed = Calendar(frozenset({date(2026, 11, 19)}))

    assert closed.add(at("2026-11-18T14:30:00+00:00"), 1, "working_days") == at(
        "2026-11-20T14:30:00+00:00"
    )
    assert not closed.is_working_day(date(2026, 11, 19))
    assert closed.version not in {ENGLAND.version, Calendar(frozenset({date(2026, 1, 5)})).version}
    assert ENGLAND.version == Calendar().version


@pytest.mark.parametrize(
    ("start", "unit", "due"),
    [
        ("2026-03-28T09:00:00+00:00", "calendar_days", "2026-03-29T09:00:00+01:00"),
        ("2026-03-28T09:00:00+00:00", "hours", "2026-03-29T10:00:00+01:00"),
        ("2026-10-24T09:00:00+01:00", "calendar_days", "2026-10-25T09:00:00+00:00"),
        ("2026-10-24T09:00:00+01:00", "hours", "2026-10-25T08:00:00+00:00"),
        ("2026-03-28T01:30:00+00:00", "calendar_days", "2026-03-29T02:00:00+01:00"),  # no 01:30
        ("2026-10-24T01:30:00+01:00", "calendar_days", "2026-10-25T01:30:00+01:00"),  # the first
        ("2026-12-24T09:00:00+00:00", "calendar_days", "2026-12-25T09:00:00+00:00"),  # Christmas
    ],
)
def test_a_calendar_day_is_the_same_time_of_day_and_hours_are_hours(
    start: str, unit: Unit, due: str
) -> None:
    assert ENGLAND.add(at(start), 1 if unit == "calendar_days" else 24, unit) == at(due)


def test_a_pause_takes_out_the_working_time_that_passes_in_it_and_no_other() -> None:
    start = at("2026-11-18T12:00:00+00:00")  # a Wednesday
    friday_to_monday = at("2026-11-20T12:00:00+00:00"), at("2026-11-23T18:00:00+00:00")
    saturday = at("2026-11-21T09:00:00+00:00"), at("2026-11-21T17:00:00+00:00")
    due = at("2026-11-24T12:00:00+00:00")

    assert ENGLAND.add(start, 4, "working_days") == due
    assert ENGLAND.add(start, 4, "working_days", [saturday]) == due
    paused = ENGLAND.add(start, 4, "working_days", [friday_to_monday])
    assert paused == due + timedelta(days=1, hours=6)
    assert ENGLAND.elapsed(start, paused, "working_days", [friday_to_monday]) == 4
    assert ENGLAND.add(start, 4, "working_days", [saturday, friday_to_monday]) == paused
    assert ENGLAND.add(start, 30, "hours", [friday_to_monday]) == start + timedelta(hours=30)


def test_half_a_working_day_is_twelve_hours_of_one() -> None:
    start = at("2026-11-20T18:00:00+00:00")  # a Friday

    assert ENGLAND.add(start, 0.5, "working_days") == at("2026-11-23T06:00:00+00:00")
    assert ENGLAND.elapsed(start, at("2026-11-22T09:00:00+00:00"), "working_days") == 0.25
    assert ENGLAND.elapsed(at("2026-11-23T06:00:00+00:00"), start, "working_days") == -0.5


def test_after_the_published_bank_holidays_monday_to_friday_count_less_the_closures() -> None:
    year = YEARS[-1] + 1
    start = datetime(YEARS[-1], 12, 29, 12, tzinfo=UTC)
    monday_to_friday = (date(year, 1, 1) + timedelta(n) for n in range(365))
    days = [day for day in monday_to_friday if day.weekday() < 5]
    closed = Calendar(frozenset(days[:2]))

    assert [day for day in days if not ENGLAND.is_working_day(day)] == []
    assert ENGLAND.elapsed(start, ENGLAND.add(start, 400, "working_days"), "working_days") == 400
    assert closed.add(start, 5, "working_days") == ENGLAND.add(start, 7, "working_days")


def test_working_days_before_the_published_bank_holidays_are_not_counted() -> None:
    instant = datetime(YEARS[0] - 1, 12, 26, 12, tzinfo=UTC)

    with pytest.raises(CalendarEnds, match=f"{YEARS[0]}"):
        ENGLAND.add(instant, 1, "working_days")
    assert ENGLAND.add(instant, 1, "calendar_days") > instant


def test_an_instant_without_its_offset_is_refused() -> None:
    for unit in ("working_days", "calendar_days", "hours"):
        with pytest.raises(ValueError, match="offset"):
            ENGLAND.add(datetime(2026, 11, 18, 12, 0), 1, unit)  # noqa: DTZ001 -- that is the mistake
