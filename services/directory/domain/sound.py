"""What cannot be, though each of its fields is as the standard has it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from services.directory.domain.entries import REFERENCES
from services.directory.domain.shapes import Json
from shared.errors import FieldError

ROOT = "/content"


def unsound(content: Json, day: date) -> Iterator[FieldError]:
    """What contradicts itself, or the day it is."""
    assured = content.get("assured_date")
    if assured is not None and date.fromisoformat(assured) > day:
        yield FieldError(f"{ROOT}/assured_date", "is a day that is still to come")
    least, most = content.get("minimum_age"), content.get("maximum_age")
    if least is not None and most is not None and least > most:
        yield FieldError(f"{ROOT}/maximum_age", "is below the minimum age")
    for where, node in _nodes(ROOT, content):
        if isinstance(node, list):
            ids = Counter(one.get("id") for one in node)
            yield from (
                FieldError(f"{where}/{place}/id", "stands there twice")
                for place, one in enumerate(node)
                if ids[one.get("id")] > 1
            )


def references(content: Json) -> Iterator[tuple[str, UUID]]:
    """The other entries that this one names, and where."""
    for where, node in _nodes(ROOT, content):
        if isinstance(node, dict):
            for name in REFERENCES:
                if node.get(name) and node[name] != content["id"]:
                    yield f"{where}/{name}", UUID(node[name])


def _nodes(where: str, node: Any) -> Iterator[tuple[str, Any]]:
    yield where, node
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    for name, value in inner:
        if isinstance(value, dict | list):
            yield from _nodes(f"{where}/{name}", value)
