"""A source's records, what they become, and the account of every column."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.directory.domain.entries import Audience, Entry, Kind
from services.directory.domain.hsds_entries import ENTRIES
from services.directory.domain.nesting import made_id, taken_apart
from services.directory.domain.readers import Unreadable, uuid
from services.directory.domain.shapes import MARK, Broken, Json, Note, Shape, Verdict, read

Files = Mapping[str, str]
"""The text of each file of a source, by its name."""


@dataclass(frozen=True)
class Record:
    """What a source says of one thing, and where in the source it stands."""

    where: str
    said: Any
    kind: Kind | None = None
    """What it is, where the source says that."""
    fault: str | None = None
    """Why what stands there cannot be read at all."""


@dataclass
class Mapped:
    """What a record becomes, those entries first on which others stand, and what is to be said."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, kind: Kind, said: Json, within: UUID, **standing: Any) -> None:
        """Read a nested object of the standard, and take it apart. Raises Broken.

        `standing` says how its own entry stands; what stands beside it is published.
        """
        shape = ENTRIES[kind]
        found = read(shape, with_ids(shape, said, within, shape.name), self.notes)
        for of, content in taken_apart(kind, found, within):
            own = standing if (of, content["id"]) == (kind, found["id"]) else {}
            hidden = Audience.CONFIDENTIAL if content.get(MARK) else Audience.PUBLIC
            self.entries.append(Entry(of, content, **{"audience": hidden, **own}))


def why(error: Exception) -> str:
    """What is wrong with something that a source says: by its kind, and never what it says."""
    if isinstance(error, Broken):
        return str(error)
    return f"is not written as its form has it ({type(error).__name__})"


def of_each(files: Files, of_one: Callable[[str, str], Iterator[Record]]) -> Iterator[Record]:
    """The records of each file; of one that cannot be read that is told, and the others are."""
    for name, text in files.items():
        try:
            yield from of_one(name, text)
        except Exception as error:  # whatever is wrong with the file, it is told of by its kind
            yield Record(name, None, fault=why(error))


def with_ids(shape: Shape, said: Any, within: UUID, *path: str) -> Any:
    """The object with an id for everything in it: its own, or one that is always made the same.

    What a source numbers is told apart by its number, what it does not by what it says.
    """
    if not isinstance(said, Mapping):
        return said
    given = said.get("id")
    known = json.dumps(said, sort_keys=True, default=str) if given in (None, "") else str(given)
    own = dict(said)
    try:
        own["id"] = uuid(given)
    except Unreadable:
        own["id"] = made_id(within, *path, known)
    for name, inner in shape.one.items():
        if name in own:
            own[name] = with_ids(inner, own[name], within, *_alone(inner, own["id"], name))
    for name, inner in shape.many.items():
        if isinstance(own.get(name), list):
            under = _alone(inner, own["id"], name)
            own[name] = [with_ids(inner, one, within, *under) for one in own[name]]
    return own


def _alone(shape: Shape, parent: str, name: str) -> tuple[str, ...]:
    """Where a nested thing's number counts: everywhere for an entry, in its parent for the rest."""
    return (shape.name,) if shape.name in ENTRIES else (parent, name)


def account(
    said: Mapping[str, Any], carried: Mapping[str, str], refused: Mapping[str, str]
) -> Iterator[Note]:
    """What becomes of each column that says something, where it is not carried."""
    for name, value in said.items():
        if value in (None, "", [], {}) or name in carried:
            continue
        reason = refused.get(name, "is no column that this map knows")
        yield Note(Verdict.REFUSED, name or "(a column without a name)", reason)


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file, each by its column's name; what has no name has the name ``."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="")
    return [
        {
            name or "": " ".join(value) if isinstance(value, list) else (value or "").strip()
            for name, value in row.items()
        }
        for row in reader
    ]


class NotJson:
    """A line of a file that cannot be read."""


def parsed(text: str) -> Any:
    """JSON, or a JSON object on each line. Raises Broken where it is neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    found = [_line(line) for line in text.splitlines() if line.strip()]
    objects = sum(isinstance(one, Mapping) for one in found)
    if 2 * objects <= len(found):
        raise Broken("the file", "is neither JSON nor JSON lines")
    return found


def _line(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return NotJson()


def in_list(said: Any, named: str) -> list[Any]:
    """What stands in a page, in a list, or alone. Raises Broken."""
    if isinstance(said, Mapping):
        said = said.get(named, [said])
    if not isinstance(said, list):
        raise Broken("the file", "holds no list of records")
    return said


def tag(within: UUID, of: str, taxonomy: str, name: str, code: str = "") -> Json:
    """An attribute that tags `of` with a term that the source only names."""
    term: Json = {"id": made_id(within, "term", taxonomy, name.lower()), "name": name}
    term |= {"taxonomy": taxonomy} | ({"code": code} if code else {})
    which = made_id(within, of, "attribute", taxonomy, name.lower())
    return {"id": which, "link_entity": "service", "taxonomy_term": term}


def several(said: str, between: str = ";") -> list[str]:
    """The parts of a value that holds more than one."""
    return [part.strip() for part in said.split(between) if part.strip()]


def filled(said: Mapping[str, Any]) -> Json:
    """Without what says nothing."""
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


WEEKDAYS = {
    name: name[:2].upper()
    for name in "monday tuesday wednesday thursday friday saturday sunday".split()
}


def byday(weekday: Any) -> str:
    """`Monday` as the standard writes it; what is no day stays as it is."""
    said = str(weekday or "").strip()
    return WEEKDAYS.get(said.lower(), said)


def numbered(said: Iterable[Any], what: str) -> Iterator[Record]:
    """A record for each, by its place."""
    for number, one in enumerate(said, start=1):
        unread = isinstance(one, NotJson)
        yield Record(f"{what} {number}", one, fault="is not JSON" if unread else None)
