"""Whatever is wrong with a record, it is told of and left out, and the others come in."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.directory.actions.importing import NothingRead
from services.directory.domain.imports.forms import FORMS, MIXED, recognised
from services.directory.domain.report import Report
from tests.directory.builders import a_service
from tests.directory.imported import bring, bring_path
from tests.directory.served import Directory
from tests.directory.standard import LISTS, faults
from tests.directory.town import a_town
from tests.real_data import real_data

Json = dict[str, Any]
Path_ = tuple[str | int, ...]
ODD: tuple[Any, ...] = (None, 5, "x", [], {}, [5])
"""What a broken source may say instead of anything."""
DEEP = "[" * 3000 + "]" * 3000


def _paths(node: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Where there is a value; of the items of a list the first stands for all."""
    if at:
        yield at
    if isinstance(node, dict | list):
        inside = node.items() if isinstance(node, dict) else enumerate(node[:1])
        for name, inner in inside:
            yield from _paths(inner, (*at, name))


def _changed(node: Any, at: Path_, value: Any) -> Any:
    whole = deepcopy(node)
    inner = whole
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return whole


def _broken(record: Any, by: tuple[Any, ...] = ODD) -> list[Any]:
    return [_changed(record, at, odd) for at in _paths(record) for odd in by]


async def _imports(directory: Directory, form: str, control: Json, broken: list[Any]) -> Report:
    """One import of all of them; what comes in is as the standard has it."""
    page = {"content": [control, *broken], "contents": [control, *broken]}
    report = await bring(directory, form, {"page.json": json.dumps(page)})
    assert report.records == len(broken) + 1
    refused = [reason for _, reason in report.refused]
    assert 0 < len(refused) < len(broken)
    assert [reason for reason in refused if "database" in reason] == []
    answer = await directory.ask("/services?format=ndjson&full=true")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert control["name"] in {one["name"] for one in lines}
    assert [fault for one in lines for fault in faults(LISTS["services"][1], one)] == []
    return report


def _numbered(records: list[Any], name: str) -> list[Any]:
    """Each with an id of its own, but where the id is what is broken."""
    for number, one in enumerate(records, start=10_000):
        if isinstance(one.get("id"), str | int) and one["id"] not in (5, "x"):
            one["id"] = number if isinstance(one["id"], int) else str(uuid4())
    return records


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("source", "form", "key"),
    [
        ("uk-bucks-scout-fixtures/services.json", "outpost-api", "content"),
        ("uk-bristol-oruk-fixtures/bristol-services-page1.json", "oruk3", "contents"),
    ],
)
async def test_a_real_record_of_which_one_value_is_broken_ends_in_the_report(
    directory: Directory, source: str, form: str, key: str
) -> None:
    records = json.loads((real_data() / "directory" / source).read_text())[key]
    fullest = max(records, key=lambda one: sum(1 for _ in _paths(one)))
    control = next(one for one in records if one["id"] != fullest["id"])

    await _imports(directory, form, control, _numbered(_broken(fullest), "id"))


async def test_a_full_service_of_which_one_value_is_broken_ends_in_the_report(
    directory: Directory,
) -> None:
    square = json.dumps({"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52]]]})
    areas = [{"id": str(uuid4()), "name": "Drawn", "extent": square}]
    services = [one for one in a_town(30, seed=8).entries() if one.kind == "service"]
    fullest = max((one.content for one in services), key=lambda one: len(json.dumps(one)))

    odd = _numbered(_broken(fullest | {"service_areas": areas}), "id")
    await _imports(directory, "oruk3", a_service(name="Whole"), odd)


@pytest.mark.real_data
@pytest.mark.parametrize(
    "source",
    [
        "uk-bucks-scout-fixtures/services.json",
        "uk-bucks-scout-fixtures/taxonomies.json",
        "uk-bristol-oruk-fixtures/bristol-services-page1.json",
        "uk-dfe-family-hubs/service-directory-data.json",
        "taxonomies/openeligibility-ohana-oe.json",
        "taxonomies/openactive-accessibility-support.jsonld",
    ],
)
def test_what_is_broken_in_a_real_file_is_told_of_and_the_file_is_read(source: str) -> None:
    text = (real_data() / "directory" / source).read_text(encoding="utf-8-sig")
    whole = json.loads(text)
    form = recognised({source: text})
    assert form is not None
    assert len(list(FORMS[form].records({source: text}))) > 2
    for broken in _broken(whole, (None, 5, [5])):
        records = FORMS[form].records({source: json.dumps(broken)})
        told = {one.fault for one in records if one.fault}
        assert all(one.startswith(("the file ", source, "holds ", "is ")) for one in told), told


@pytest.mark.parametrize(
    "record",
    [
        a_service(service_at_locations=5),
        a_service(service_at_locations=True),
        a_service(phones=[{"id": 1, "number": "01632 960000", "confidential": "perhaps"}]),
        a_service(service_areas=[{"id": 1, "extent": '{"features": [5]}'}]),
        a_service(service_areas=[{"id": 1, "extent": '{"features": ' + DEEP + "}"}]),
        a_service(description="half a letter \ud800", **{"odd \ud800\x00": 1}),
    ],
    ids=("number", "truth", "mark", "extent", "deep", "letters"),
)
async def test_a_field_that_cannot_be_read_falls_alone(directory: Directory, record: Json) -> None:
    report = await bring(directory, "oruk3", {"a.json": json.dumps([record, a_service()])})

    assert (report.refused, report.new) == ([], 2)
    shown = await directory.page("/services", full="true")
    assert "01632" not in json.dumps(shown)
    assert [name for verdict, name, _ in report.fields if verdict == "refused"] != []


@pytest.mark.parametrize("text", ['{"contents": null}', '{"contents": 5}', "5", "<html>", DEEP])
async def test_a_source_without_one_record_that_can_be_read_is_refused_and_changes_nothing(
    directory: Directory, text: str
) -> None:
    good = {"a.json": json.dumps([a_service()])}
    before = await bring(directory, "oruk3", good)

    with pytest.raises(NothingRead, match=r"a\.json"):
        await bring(directory, "oruk3", {"a.json": text})
    beside = await bring(directory, "oruk3", good | {"b.json": text})

    assert (before.new, beside.same) == (1, 1)
    assert [where for where, _ in beside.refused] == ["b.json"]
    assert beside.gone == []


async def test_a_broken_line_falls_alone(directory: Directory) -> None:
    lines = [json.dumps(a_service()), '{"id": ', json.dumps(a_service())]

    report = await bring(directory, "oruk3", {"a.ndjson": "\n".join(lines)})

    assert (report.new, report.refused) == (2, [("a.ndjson 2", "is not JSON")])


@pytest.mark.real_data
async def test_a_real_folder_of_several_forms_is_imported_each_file_in_its_own(
    directory: Directory, tmp_path: Path
) -> None:
    for file in (real_data() / "directory" / "uk-bucks-scout-fixtures").glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "unknown.json").write_text('{"made": "up"}')

    form, report = await bring_path(directory, tmp_path)

    assert form == MIXED
    assert report.refused == [("unknown.json", "the file is in no form that is known")]
    assert len(await directory.ids("/services")) == 20
    assert len(await directory.ids("/taxonomy_terms")) > 50
    _, again = await bring_path(directory, tmp_path)
    assert (again.new, again.changed) == (0, 0)
