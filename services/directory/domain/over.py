"""Schedules and prices whose last day has passed: they stay in the feed, and count no more."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.directory.domain.shapes import Json

_END = ("schedules", "cost_options")
"""What may have a last day."""


def current(said: Json, today: date) -> Json:
    """An object without the schedules and prices in it that are over."""
    return {name: _current(name, value, today) for name, value in said.items()}


def _current(name: str, value: Any, today: date) -> Any:
    if isinstance(value, dict):
        return current(value, today)
    if isinstance(value, list):
        left = [one for one in value if name not in _END or not _is_over(one, today)]
        return [_current("", one, today) for one in left]
    return value


def _is_over(one: Json, today: date) -> bool:
    return bool(one.get("valid_to", today.isoformat()) < today.isoformat())


def ended(said: Json, today: date) -> list[str]:
    """The last days that have passed, in order."""
    return sorted({day for day in _last_days(said) if day < today.isoformat()})


def _last_days(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _last_days(one)
    elif isinstance(node, dict):
        if "valid_to" in node:
            yield node["valid_to"]
        for value in node.values():
            yield from _last_days(value)
