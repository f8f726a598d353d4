"""Working time: England's working days, so that a clock says what a worker means by a day."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

ENGLAND = ZoneInfo("Europe/London")


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """Bank holidays in England and Wales, as GOV.UK publishes them and the library carries them."""
    published = BankHolidays(use_cached_holidays=True)
    return frozenset(
        day["date"] for day in published.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    )


def is_working_day(day: date) -> bool:
    """Monday to Friday, bank holidays excepted."""
    return day.weekday() < 5 and day not in bank_holidays()


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    following = day + timedelta(days=1)
    while not is_working_day(following):
        following += timedelta(days=1)
    return following


def add_working_days(start: datetime, days: int) -> datetime:
    """The instant `days` working days after `start`: the same time of day in England.

    What arrives when nobody works (a weekend, a bank holiday) counts from the next working day's
    first minute. Raises ValueError for a naive `start`.
    """
    if start.tzinfo is None:
        raise ValueError("An instant needs its offset")
    local = start.astimezone(ENGLAND)
    day, moment = local.date(), local.time()
    if not is_working_day(day):
        day, moment = next_working_day(day), time()
    for _ in range(days):
        day = next_working_day(day)
    return datetime.combine(day, moment, ENGLAND).astimezone(UTC)
