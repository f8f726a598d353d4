"""When an entry must be assured again, by the authority whose agency looks after it."""

import calendar
from collections.abc import Mapping
from datetime import date

from shared.authority import Authority


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def cutoffs(authorities: Mapping[str, Authority], day: date) -> tuple[dict[str, date], date]:
    """By authority, the day before which an entry must have been assured to have lapsed by now.

    Also for what no agency looks after: there the shortest of the hub's authorities counts.
    """
    found = {
        id_: months_before(day, authority.assurance_months)
        for id_, authority in authorities.items()
    }
    return found, max(found.values())
