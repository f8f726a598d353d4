"""Reading a file of settings; each fault is told with its line, so that a person can repair it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from shared.authority.consistency import Place
from shared.authority.settings import Authority


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong, and where: line and column begin at 1."""

    line: int
    column: int
    where: str
    reason: str


class Faulty(ValueError):
    """A file of settings that cannot be used; `faults` are in the order of the file."""

    def __init__(self, file: Path, faults: list[Fault]) -> None:
        self.file, self.faults = file, sorted(set(faults))
        lines = (f"{file}:{f.line}:{f.column}: {f.where}: {f.reason}" for f in self.faults)
        super().__init__("\n".join(lines))


def load(path: Path) -> Authority:
    """The settings in `path`. Raises Faulty, or OSError where there is no such file."""
    text = path.read_text()
    try:
        aliases = list(_aliases(text))
        node, content = _read(text)
    except yaml.YAMLError as error:
        raise Faulty(path, [_unreadable(error)]) from None
    if not isinstance(node, yaml.MappingNode):
        raise Faulty(path, [Fault(1, 1, "(the file)", "settings are keys with values")])
    marks, faults = _Marks(node), aliases + list(_twice(node, ()))
    try:
        authority = Authority.model_validate(content)
    except ValidationError as error:
        raise Faulty(path, faults + [marks.fault(fault) for fault in error.errors()]) from None
    if faults:
        raise Faulty(path, faults)
    return authority


def _read(text: str) -> tuple[yaml.Node | None, Any]:
    """What stands there, with its places. Every value is text until a model reads it.

    So there is no 17:00 that is 1020, and no `no` that is false.
    """
    return yaml.compose(text, yaml.CBaseLoader), yaml.load(text, yaml.CBaseLoader)  # noqa: S506 -- text only


def _unreadable(error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or "this is no YAML"
    return _at(mark, (), said) if mark else Fault(1, 1, "(the file)", said)


def _at(mark: Any, place: Place, reason: str) -> Fault:
    where = ".".join(str(step) for step in place) or "(the file)"
    return Fault(mark.line + 1, mark.column + 1, where, reason)


def _aliases(text: str) -> Iterator[Fault]:
    """A figure stands where it is used, with its own source."""
    for event in yaml.parse(text, yaml.CBaseLoader):
        if isinstance(event, yaml.AliasEvent):
            yield _at(event.start_mark, (), "write it out: there are no aliases here")


def _twice(node: yaml.Node, place: Place) -> Iterator[Fault]:
    """Keys that stand twice: the second would silently win."""
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _twice(item, (*place, number))
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            below = (*place, key.value)
            if key.value in seen:
                first = seen[key.value] + 1
                yield _at(key.start_mark, below, f"stands twice: first in line {first}")
            seen.setdefault(key.value, key.start_mark.line)
            yield from _twice(value, below)


class _Marks:
    """Where each value of the file stands, and the key before it."""

    def __init__(self, root: yaml.Node) -> None:
        self._values: dict[Place, Any] = {}
        self._keys: dict[Place, Any] = {}
        self._walk(root, (), root.start_mark)

    def _walk(self, node: yaml.Node, place: Place, mark: Any) -> None:
        self._values[place] = mark
        if isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self._walk(item, (*place, number), item.start_mark)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                below = (*place, key.value)
                self._keys[below] = key.start_mark
                # A block begins in the line after its key: what is said of it whole, is said there.
                whole = isinstance(value, yaml.CollectionNode)
                self._walk(value, below, key.start_mark if whole else value.start_mark)

    def fault(self, error: Any) -> Fault:
        """A fault as pydantic tells it, with its place in the file."""
        place = tuple(step for step in error["loc"] if step != "[key]")
        if error["type"] == "missing":
            *above, name = place
            return _at(self._above(tuple(above)), place, f"{name} is missing here")
        if error["type"] == "extra_forbidden":
            return _at(self._keys[place], place, "there is no setting of this name")
        marks = self._keys if error["loc"] != place else self._values
        return _at(marks.get(place) or self._above(place), place, _plainly(error))

    def _above(self, place: Place) -> Any:
        """The key of the nearest part that is in the file: what is missing has no line."""
        while place and place not in self._keys and place not in self._values:
            place = place[:-1]
        return self._keys.get(place) or self._values[place]


_KINDS = {
    "model_type": "settings belong here: keys with values",
    "dict_type": "settings belong here: keys with values",
    "tuple_type": "a list belongs here, such as [one, two]",
    "string_type": "one word or sentence belongs here",
}


def _plainly(error: Any) -> str:
    said: str = _KINDS.get(error["type"]) or error["msg"]
    return said.removeprefix("Value error, ").removeprefix("Assertion failed, ")
