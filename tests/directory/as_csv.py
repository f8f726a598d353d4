"""A town as HSDS's CSV files."""

import csv
import io
from collections import defaultdict
from typing import Any

from services.directory.domain.entries import Kind
from services.directory.domain.hsds_entries import ENTRIES
from services.directory.domain.imports import hsds_csv
from services.directory.domain.shapes import Shape
from tests.directory.town import Town

Json = dict[str, Any]


def as_csv(town: Town) -> dict[str, str]:
    """The town as HSDS's files: each object's plain fields, joined by ids."""
    tables: dict[str, list[Json]] = defaultdict(list)

    def put(shape: Shape, said: Json, owner: Json) -> None:
        row = {name: value for name, value in said.items() if name in shape.fields}
        tables[hsds_csv.table_of(shape)].append(row | owner)
        for name, inner in shape.many.items():
            for one in said.get(name, ()):
                mine = {f"{shape.name}_id": said["id"]}
                if inner.name == "attribute":
                    mine = {"link_id": said["id"], "link_entity": shape.name}
                put(inner, one, mine)

    for shape, some in (
        (ENTRIES[Kind.TAXONOMY], town.taxonomies),
        (ENTRIES[Kind.TAXONOMY_TERM], town.terms),
        (ENTRIES[Kind.ORGANIZATION], town.organizations),
        (ENTRIES[Kind.LOCATION], town.locations),
        (ENTRIES[Kind.SERVICE], town.services),
    ):
        for one in some:
            put(shape, one, {})
    return {f"{name}.csv": _written(some) for name, some in tables.items()}


def _written(some: list[Json]) -> str:
    file = io.StringIO()
    columns = list(dict.fromkeys(name for row in some for name in row))
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows(some)
    return file.getvalue()
