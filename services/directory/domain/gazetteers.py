"""Where postcodes and places are, as the Ordnance Survey and the statisticians write it."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.directory.domain import postcodes

Json = dict[str, Any]
ToDegrees = Callable[[float, float], tuple[float, float]]
"""From metres east and north on the British grid to latitude and longitude."""
_AREA = re.compile(r"[ENSWKLM]\d{8}")
_NOWHERE = 99.0
"""The latitude that the ONS writes where it knows none."""
SETTLEMENTS = {"City", "Town", "Suburban Area", "Village", "Hamlet", "Other Settlement"}
"""The types of OS Open Names that are places where somebody lives."""


class Refused(NamedTuple):
    """A row that cannot be used."""

    line: int
    reason: str


class Postcode(NamedTuple):
    """A row of the table of postcodes."""

    code: str
    outward: str
    latitude: float
    longitude: float
    areas: list[str]
    ended: bool


class Place(NamedTuple):
    """A row of the table of places."""

    id: str
    name: str
    within: str | None
    kind: str
    latitude: float
    longitude: float
    areas: list[str]


Row = Postcode | Place | Refused


def rows(lines: Iterable[str], to_degrees: ToDegrees) -> Iterator[Row]:
    """Each row of a file, whichever publisher's it is."""
    reader = csv.reader(lines)
    first = next(reader, [])
    head = [name.strip().lower() for name in first]
    if "lat" in head and ({"pcds", "pcd"} & set(head)):
        yield from _each(reader, lambda row: _ons(dict(zip(head, row, strict=False))), 2)
        return
    if "latitude" in head and "name" in head:
        yield from _each(reader, lambda row: _named(dict(zip(head, row, strict=False))), 2)
        return
    read = _known(first, to_degrees)
    if read is None:
        yield Refused(1, "is no list of postcodes or places that is known")
        return
    yield from _each([first, *reader], read, 1)


def _known(row: Sequence[str], to_degrees: ToDegrees) -> Callable[[Sequence[str]], Row] | None:
    """By its first row, where a file has no names of columns."""
    if len(row) == 10 and postcodes.written(row[0]):
        return lambda row: _code_point(row, to_degrees)
    if len(row) > 30 and row[0].lower().startswith("osgb"):
        return lambda row: _open_names(row, to_degrees)
    if len(row) > 40 and postcodes.written(row[0]):
        return _scottish
    return None


def _each(
    reader: Iterable[Sequence[str]], read: Callable[[Sequence[str]], Row], first: int
) -> Iterator[Row]:
    for line, row in enumerate(reader, start=first):
        try:
            found = read(row)
        except (ValueError, IndexError, KeyError):
            found = Refused(line, "lacks a number or a column")
        yield found._replace(line=line) if isinstance(found, Refused) else found


def _postcode(
    said: str, latitude: float, longitude: float, areas: Iterable[str], *, ended: bool
) -> Row:
    code = postcodes.written(said)
    if code is None:
        return Refused(0, "is no postcode")
    if not (49 <= latitude <= 61.5 and -9 <= longitude <= 3):
        return Refused(0, "lies nowhere in the kingdom")
    known = sorted({area for area in areas if _AREA.fullmatch(area)})
    return Postcode(code, code.split(" ")[0], latitude, longitude, known, ended)


def _ons(row: Mapping[str, str]) -> Row:
    """The ONS Postcode Directory, in its old columns and its new ones."""
    said = row.get("pcds") or row.get("pcd") or ""
    latitude, longitude = float(row["lat"]), float(row["long"])
    if latitude > _NOWHERE:
        return Refused(0, "has no place")
    return _postcode(said, latitude, longitude, row.values(), ended=bool(row.get("doterm")))


def _code_point(row: Sequence[str], to_degrees: ToDegrees) -> Row:
    """Code-Point Open: metres east and north, and codes of areas."""
    if row[1] == "90":
        return Refused(0, "has no place")
    latitude, longitude = to_degrees(float(row[2]), float(row[3]))
    return _postcode(row[0], latitude, longitude, row[4:], ended=False)


def _scottish(row: Sequence[str]) -> Row:
    """The Scottish Postcode Directory, for small users and for large ones.

    One that two councils share stands there twice, with an A and a B behind it.
    """
    at = 7 if "." in row[7] else 8
    whole = row[0] if postcodes.written(row[0]) else row[0][:-1]
    return _postcode(
        whole, float(row[at]), float(row[at + 1]), row[at + 2 :], ended=bool(row[4].strip())
    )


def _open_names(row: Sequence[str], to_degrees: ToDegrees) -> Row:
    """OS Open Names: settlements alone."""
    kind = row[7].strip()
    if row[6].strip() != "populatedPlace" or kind not in SETTLEMENTS:
        return Refused(0, "is no settlement")
    latitude, longitude = to_degrees(float(row[8]), float(row[9]))
    within = next((row[n] for n in (24, 21) if row[n].strip()), None)
    return Place(row[0], row[2], within, kind.lower(), latitude, longitude, [])


def _named(row: Mapping[str, str]) -> Row:
    """A list of one's own: name, latitude, longitude, and codes of the areas a place is."""
    name = row["name"].strip()
    if not name:
        return Refused(0, "has no name")
    areas = [code for code in row.get("areas", "").split(";") if _AREA.fullmatch(code.strip())]
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    kind = row.get("kind") or "town"
    id_ = row.get("id") or f"{name.lower()}, {row.get('within', '')}"
    return Place(id_, name, row.get("within") or None, kind, latitude, longitude, areas)
