"""HSDS as CSV: a file for each object, joined by their ids."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from services.directory.domain import hsds
from services.directory.domain.entries import Kind
from services.directory.domain.hsds_entries import ENTRIES, SERVICE_AT_LOCATION
from services.directory.domain.imports.records import Files, Mapped, Record, filled, rows
from services.directory.domain.shapes import Broken, Json, Shape

FILES = {
    "service": "services",
    "organization": "organizations",
    "location": "locations",
    "taxonomy": "taxonomies",
    "address": "addresses",
    "service_capacity": "service_capacities",
    "accessibility": "accessibility",
    "funding": "funding",
    "service_at_location": "service_at_locations",
}
"""How the file of an object is called, where it is not the object's name with an s."""
_OWNERS = ("contact", "phone", "service_at_location", "location", "service", "organization")
"""Of several owners that a row names, the first of these has it."""
_LAST = ("taxonomies", "taxonomy_terms", "organizations", "locations", "services")
SHAPES = [
    *ENTRIES.values(),
    SERVICE_AT_LOCATION,
    *(found for found in vars(hsds).values() if isinstance(found, Shape)),
]
Tables = Mapping[str, list[dict[str, str]]]


def table_of(shape: Shape) -> str:
    """The name of the file of an object, without its ending."""
    return FILES.get(shape.name, f"{shape.name}s")


def records(files: Files) -> Iterator[Record]:
    """Each organization, location, term and service with all that is joined to it."""
    tables = {_plain(name): rows(text) for name, text in files.items() if name.endswith(".csv")}
    joined = Joined(tables)
    for name in _LAST:
        shape = next(one for one in ENTRIES.values() if table_of(one) == name)
        for number, row in enumerate(tables.get(name, ()), start=2):
            said = joined.nested(shape, row)
            yield Record(f"{name}.csv line {number}", said, Kind(shape.name))
    yield from (Record(where, None) for where in joined.left_over())


def _plain(name: str) -> str:
    """`service_at_location.csv` and `service_at_locations.csv` are the same."""
    stem = name.rsplit("/", 1)[-1].removesuffix(".csv")
    known = {"service_at_location": "service_at_locations", "schedule": "schedules"}
    return known.get(stem, stem)


class Joined:
    """The rows of every file, by who owns them."""

    def __init__(self, tables: Tables) -> None:
        self._by_id = {
            name: {row.get("id", ""): row for row in some} for name, some in tables.items()
        }
        self._owned: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
        for name, some in tables.items():
            for row in some:
                self._owned[(name, *_owner(name, row))].append(row)

    def left_over(self) -> Iterator[str]:
        """Files that are no table of HSDS, and rows that belong to nothing in the files."""
        known = {table_of(shape) for shape in SHAPES} | {"attributes"}
        yield from (f"{name}.csv" for name in self._by_id if name not in known)
        for (name, owner, of), some in self._owned.items():
            if owner and name in known and of not in self._by_id.get(table_of_name(owner), {}):
                yield from (f"{name}.csv id {row.get('id')}" for row in some)

    def nested(self, shape: Shape, row: Mapping[str, Any]) -> Json:
        """A row with what it owns, and what it names."""
        found: Json = filled(row)
        for name, inner in shape.one.items():
            beside = self._by_id.get(table_of(inner), {}).get(row.get(f"{name}_id") or "")
            if beside and inner.name != "organization":
                found[name] = self.nested(inner, beside)
        for name, inner in shape.many.items():
            owned = self._owned.get((table_of(inner), shape.name, str(row.get("id"))), ())
            if owned and inner.name != "location":
                found[name] = [self.nested(inner, one) for one in owned]
        return found


def _owner(table: str, row: Mapping[str, str]) -> tuple[str, str]:
    if table == "attributes":
        return row.get("link_entity", ""), row.get("link_id", "")
    if table == "service_at_locations":
        return "service", row.get("service_id", "")
    for owner in _OWNERS:
        if row.get(f"{owner}_id") and table_of_name(owner) != table:
            return owner, row[f"{owner}_id"]
    return "", ""


def table_of_name(name: str) -> str:
    """The file of an object by the object's name."""
    return FILES.get(name, f"{name}s")


def mapped(record: Record, within: UUID) -> Mapped:
    """The entries of a row with all that is joined to it. Raises Broken."""
    if record.said is None:
        raise Broken("it", "belongs to nothing in these files that HSDS knows")
    found = Mapped()
    said = dict(record.said)
    kind = record.kind or Kind.SERVICE
    if kind is Kind.LOCATION:
        said.setdefault("location_type", "physical")
    found.add(kind, said, within)
    return found
