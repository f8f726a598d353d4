"""What is otherwise between two states of an entry, field by field, as an editor reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.directory.domain.shapes import Json


@dataclass(frozen=True)
class Difference:
    """One field: where it is, and what it said and says. None: it is not there."""

    path: str
    """A JSON pointer; what is in a list is named by its id."""
    before: Any
    after: Any


def differences(before: Json | None, after: Json) -> list[Difference]:
    """Every field that is otherwise, those first that stand first."""
    return list(_differences("", before or {}, after))


def _differences(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        yield Difference(path, before, after)
        return
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _differences(f"{path}/{_escaped(name)}", old.get(name), new.get(name))


def _parts(node: Any) -> Mapping[str, Any] | None:
    """What can be looked into: an object's fields, a list's objects by their ids."""
    if isinstance(node, Mapping):
        return node
    if isinstance(node, list) and all(isinstance(one, Mapping) and "id" in one for one in node):
        return {str(one["id"]): one for one in node}
    return None


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
