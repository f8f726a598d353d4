"""Comma-separated values (RFC 4180) that no spreadsheet takes for something to run."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for something to reckon or to run."""


class Csv(Response):
    """Comma-separated values with a head."""

    media_type = "text/csv; charset=utf-8; header=present"


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Csv:
    """The rows under their head, to be kept under this name."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Csv(written.getvalue(), headers=headers)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    said = " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    return f"'{said}" if said.startswith(_FORMULA) else said
