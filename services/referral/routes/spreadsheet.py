"""Referrals as comma-separated values (RFC 4180): what a Summary shows, one line each."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.referral.actions.worklists import Listed
from services.referral.routes.answers import Summary, summary_of
from shared.authority import Authority

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for something to reckon or to run."""
_COLUMNS = [name for name in Summary.model_fields if name not in ("clocks", "links")]


class Spreadsheet:
    """The lines for one caller: the columns are the same whoever asks, what is not seen is empty.

    Two columns for each of the authority's clocks: when it is due, and how it stands.
    """

    def __init__(self, council: Authority, now: datetime) -> None:
        self._council, self._now = council, now
        clocks = [f"{clock}_{what}" for clock in council.clocks for what in ("due", "state")]
        self._columns = [*_COLUMNS, *clocks]

    def head(self) -> str:
        """The names of the columns."""
        return _written([self._columns])

    def lines(self, listed: Iterable[Listed]) -> str:
        """One line for each."""
        return _written(self._cells(one) for one in listed)

    def _cells(self, one: Listed) -> list[str]:
        state = summary_of(one, self._council, self._now)
        for clock in state.get("clocks", []):
            state[f"{clock['clock']}_due"] = clock["due"]
            state[f"{clock['clock']}_state"] = clock["state"]
        return [_cell(state.get(name)) for name in self._columns]


def _written(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    said = " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    return f"'{said}" if said.startswith(_FORMULA) else said
