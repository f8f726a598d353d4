"""The objects of Open Referral as data, and how a source's object is read against them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.directory.domain.readers import Reader, Unreadable, truth

Json = dict[str, Any]


class Verdict(StrEnum):
    """What became of something that a source said."""

    REFUSED = "refused"
    PUT_RIGHT = "put_right"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be said of a record: which field, and why."""

    verdict: Verdict
    field: str
    reason: str


class Broken(Exception):
    """An object that lacks what makes it one; with it falls the record that it stands in."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where} {reason}")
        self.where, self.reason = where, reason


@dataclass(frozen=True, eq=False)
class Shape:
    """One object of the standard: its plain fields, and the objects that are nested in it."""

    name: str
    fields: Mapping[str, Reader]
    required: tuple[str, ...] = ()
    one: Mapping[str, "Shape"] = field(default_factory=dict)
    many: Mapping[str, "Shape"] = field(default_factory=dict)
    may_be_withheld: bool = False
    """Whether a mapping may mark it `confidential`: then it never leaves."""

    def every_field(self) -> Iterator[str]:
        """The names of all that it may hold."""
        yield from (*self.fields, *self.one, *self.many)


MARK = "confidential"
NOT_OURS = "is not a field of Open Referral"
REFUSED = {
    "last_modified": "is when it changed there; the feed says when it changed here",
    "metadata": "is the history of the source; the hub keeps its own, with who and why",
}
"""What the standard has, and the hub says itself."""


def read(shape: Shape, said: Any, notes: list[Note], where: str = "") -> Json:
    """The object as the standard has it. What is refused, put right or missing goes to `notes`.

    Raises Broken when it is no object, or a required field cannot be read.
    """
    if not isinstance(said, Mapping):
        raise Broken(where or shape.name, "is no object")
    found: Json = {}
    for name, value in said.items():
        if not _is_empty(value):
            at = f"{where}.{name}" if where else f"{shape.name}.{name}"
            _field(shape, name, value, notes, at, found)
    for name in shape.required:
        if name not in found:
            raise Broken(f"{where or shape.name}.{name}", "is missing")
    return found


def _field(shape: Shape, name: str, value: Any, notes: list[Note], at: str, found: Json) -> None:
    if name in shape.fields:
        _plain(shape, name, value, notes, at, found)
    elif name in shape.one:
        found[name] = read(shape.one[name], value, notes, at)
    elif name in shape.many:
        found[name] = _several(shape.many[name], value, notes, at)
    elif name == MARK and shape.may_be_withheld:
        found[MARK] = _marked(value, notes, at)
    else:
        notes.append(Note(Verdict.REFUSED, at, REFUSED.get(name, NOT_OURS)))


def _marked(value: Any, notes: list[Note], at: str) -> bool:
    """Whether it is withheld: where that is unclear it is."""
    try:
        return bool(truth(value))
    except Unreadable as why:
        notes.append(Note(Verdict.REFUSED, at, f"{why}; it is withheld"))
        return True


def _is_empty(value: Any) -> bool:
    return value in (None, [], {}) or (isinstance(value, str) and not value.strip())


def _plain(shape: Shape, name: str, value: Any, notes: list[Note], at: str, found: Json) -> None:
    try:
        read_as = shape.fields[name](value)
    except Unreadable as why:
        if name in shape.required:
            raise Broken(at, str(why)) from None
        notes.append(Note(Verdict.REFUSED, at, str(why)))
        return
    if read_as == "":
        return
    found[name] = read_as
    if str(read_as).strip() != str(value).strip():
        notes.append(Note(Verdict.PUT_RIGHT, at, "is written as the standard writes it"))


def _several(shape: Shape, value: Any, notes: list[Note], at: str) -> list[Json]:
    """Those of a list that can be read; one that cannot falls alone."""
    if not isinstance(value, list):
        notes.append(Note(Verdict.REFUSED, at, "is no list"))
        return []
    found = []
    for one in value:
        own: list[Note] = []
        try:
            found.append(read(shape, one, own, at))
        except Broken as why:
            notes.append(Note(Verdict.REFUSED, why.where, f"{why.reason}, so it is left out"))
        else:
            notes += own
    return found
