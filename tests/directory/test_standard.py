"""The shapes that the directory reads and shows hold everything that the standard names."""

import json
from typing import Any

import pytest

from services.directory.domain import hsds
from services.directory.domain.hsds_entries import (
    LOCATION,
    ORGANIZATION,
    SERVICE,
    SERVICE_AT_LOCATION,
)
from services.directory.domain.readers import DESCRIBED
from services.directory.domain.shapes import REFUSED, Shape
from tests.directory.standard import SCHEMAS, faults, schema
from tests.real_data import real_data

SHAPES = {
    shape.name: shape
    for shape in (
        *(SERVICE, ORGANIZATION, LOCATION, SERVICE_AT_LOCATION),
        *(found for found in vars(hsds).values() if isinstance(found, Shape)),
    )
}
OBJECTS = sorted(
    file.stem
    for file in SCHEMAS.glob("*.json")
    if not file.stem.endswith("_list") and file.stem != "api_details"
)


def test_each_object_of_the_standard_has_its_shape() -> None:
    assert len(OBJECTS) == 17
    assert set(OBJECTS) <= set(SHAPES)


@pytest.mark.parametrize("name", OBJECTS)
def test_a_shape_has_every_field_of_the_standard_with_its_type(name: str) -> None:
    shape, published = SHAPES[name], schema(name)["properties"]
    ours = set(shape.every_field()) | {*REFUSED}

    elsewhere = {"taxonomy_terms", "pc_metadata"}  # asked for at /taxonomy_terms?taxonomy_id=
    assert set(published) - elsewhere <= ours

    for field, said in published.items():
        if field not in shape.fields:
            continue
        described = DESCRIBED[shape.fields[field]]
        types = {"number", "integer"} if said["type"] == "number" else {said["type"]}
        assert described["type"] in types, field
        assert said.get("format") in (None, described.get("format")), field
        if "enum" in said:
            assert set(described["enum"]) == set(said["enum"]), field


def test_what_the_standard_forbids_is_found() -> None:
    right: dict[str, Any] = {"id": "ac148810-d857-441c-9679-408f346de14b", "name": "Made-up"}
    right |= {"status": "active", "last_modified": "2026-01-01T10:00:00.000Z"}
    assert faults("service", right) == []

    for wrong in (
        {"last_modified": "2025-09-02T12:06:15.654"},
        {"id": "12"},
        {"status": "open"},
        {"url": "www.madeup.example"},
        {"service_at_locations": [{"id": right["id"], "location": {"id": right["id"]}}]},
        {"attributes": [{"id": "1"}]},
    ):
        assert len(faults("service", right | wrong)) == 1, wrong


@pytest.mark.real_data
def test_the_published_examples_are_what_the_schemas_ask_for() -> None:
    folder = real_data() / "oruk" / "3.0" / "examples"
    for name in ("service_list", "organization_list", "taxonomy_list", "taxonomy_term_list"):
        assert faults(name, json.loads((folder / f"{name}.json").read_text())) == []
