"""The real published files all import; nothing of them is lost unsaid, and the feed is valid."""

import csv
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.directory.domain.imports import florida, outpost_csv
from services.directory.domain.report import Report
from services.directory.domain.shapes import Verdict
from tests.directory.imported import bring_path
from tests.directory.served import Directory
from tests.directory.standard import LISTS, faults
from tests.real_data import real_data

pytestmark = pytest.mark.real_data

Json = dict[str, Any]
SOURCES = {
    "uk-bristol-oruk-fixtures/bristol-services-page1.json": ("oruk3", 3),
    "uk-bristol-oruk-fixtures/bristol-service-1625ip.json": ("oruk3", 1),
    "uk-bucks-scout-fixtures/services.json": ("outpost-api", 20),
    "uk-bucks-scout-fixtures/service.json": ("outpost-api", 1),
    "uk-dfe-family-hubs/service-directory-data.json": ("dfe", 5),
    "uk-outpost-sample/services--with-sample-data.csv": ("outpost-csv", 2),
    "us-florida-hsds": ("florida", 135),
    "uk-bucks-scout-fixtures/taxonomies.json": ("terms", 0),
    "uk-bucks-scout-fixtures/send_needs.json": ("terms", 0),
    "uk-bucks-scout-fixtures/suitabilities.json": ("terms", 0),
    "uk-bucks-scout-fixtures/accessibilities.json": ("terms", 0),
    "uk-bucks-scout-fixtures/theme_bfis_taxonomies.json": ("terms", 0),
    "uk-bucks-scout-fixtures/theme_bod_taxonomies.json": ("terms", 0),
    "taxonomies/dfe-family-hubs-service-categories.json": ("terms", 0),
    "taxonomies/lgsl-local_services-alphagov.csv": ("terms", 0),
    "taxonomies/openactive-accessibility-support.jsonld": ("terms", 0),
    "taxonomies/openactive-activity-list.jsonld": ("terms", 0),
    "taxonomies/openeligibility-ohana-oe.json": ("terms", 0),
    "taxonomies/openeligibility-taxonomy.xml": ("terms", 0),
}
"""Each with its form, and how many services it holds."""


def _folder() -> Path:
    return real_data() / "directory"


async def _lines(directory: Directory, collection: str) -> list[Json]:
    asked = {"format": "ndjson", "full": "true"}
    answer = await directory.ask(f"/{collection}", params=asked)
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("source", SOURCES)
async def test_a_real_source_imports_whole_and_a_second_time_changes_nothing(
    directory: Directory, source: str
) -> None:
    form, services = SOURCES[source]

    found, report = await bring_path(directory, _folder() / source)

    assert found == form
    assert report.refused == []
    assert report.new > 0
    held = "select count(*) from entry where kind = 'service'"
    async with directory.db.reading() as connection:
        assert (await connection.exec_driver_sql(held)).scalar_one() == services
    before = {name: await _lines(directory, name) for name in LISTS}
    for name, lines in before.items():
        wrong = [fault for line in lines for fault in faults(LISTS[name][1], line)]
        page = await directory.page(f"/{name}", per_page=1000)
        assert wrong + faults(LISTS[name][0], page) == []

    _, again = await bring_path(directory, _folder() / source)

    assert (again.new, again.changed, again.same) == (0, 0, report.new)
    assert {name: await _lines(directory, name) for name in LISTS} == before


async def test_all_of_them_stand_in_one_feed(directory: Directory) -> None:
    for source in SOURCES:
        await bring_path(directory, _folder() / source)

    for name, (of_page, of_one) in LISTS.items():
        lines = await _lines(directory, name)
        assert len(lines) > 5
        assert [fault for line in lines for fault in faults(of_one, line)] == []
        page = await directory.page(f"/{name}", per_page=1000)
        assert faults(of_page, page) == []


def _words(node: Any) -> Iterator[str]:
    """Every text and number in a document, as words without markup."""
    if isinstance(node, dict):
        for value in node.values():
            yield from _words(value)
    elif isinstance(node, list):
        for value in node:
            yield from _words(value)
    else:
        yield _bare(node)


def _bare(value: Any) -> str:
    text = re.sub(r"<[^>]*>", " ", str(value))
    return " ".join(html.unescape(text).split()).lower()


def _said(report: Report) -> set[tuple[Verdict, str]]:
    return {(verdict, name.split(".")[-1]) for verdict, name, _ in report.fields}


def _stands(value: str, shown: list[str]) -> bool:
    """Whether each part of a column's value stands in the feed."""
    parts = [_bare(part) for part in value.split(";")]
    return all(any(part in one for one in shown) for part in parts if part)


async def test_what_stands_in_floridas_columns_stands_in_the_feed(directory: Directory) -> None:
    folder = _folder() / "us-florida-hsds"
    _, report = await bring_path(directory, folder)
    services = {one["id"]: one for one in await _lines(directory, "services")}
    organizations = {one["id"]: one for one in await _lines(directory, "organizations")}
    refused = _said(report)
    met = 0
    for file, shown in (("services", services), ("organizations", organizations)):
        with (folder / f"{file}.csv").open(encoding="utf-8-sig") as text:
            for row in csv.DictReader(text):
                there = list(_words(shown[row[f"{file[:-1]}_uuid"]]))
                for column, value in row.items():
                    if not value or not column:
                        continue
                    met += 1
                    field = florida.CARRIED[column].split(".")[-1]
                    lost = {(Verdict.REFUSED, field), (Verdict.PUT_RIGHT, field)} & refused
                    assert _stands(value, there) or lost, (column, value)
    assert met > 1000
    assert (Verdict.REFUSED, "maximum_age") in refused  # somebody wrote 200
    assert any(name == "(a column without a name)" for _, name, _ in report.fields)


async def test_of_outposts_sample_each_column_is_carried_or_refused_with_its_reason(
    directory: Directory,
) -> None:
    file = _folder() / "uk-outpost-sample" / "services--with-sample-data.csv"
    _, report = await bring_path(directory, file)
    with file.open(encoding="utf-8-sig") as text:
        some = list(csv.DictReader(text))
    used = {column for row in some for column, value in row.items() if value}

    assert used <= outpost_csv.CARRIED.keys() | outpost_csv.REFUSED.keys()
    told = {name: reason for verdict, name, reason in report.fields if verdict == "refused"}
    assert used - outpost_csv.CARRIED.keys() <= told.keys()
    assert all(told.values())
    (second,) = await _lines(directory, "services")  # the first is not visible: it is internal
    assert second["name"] == "Second example service"
    assert second["contacts"][0]["phones"][0]["number"] == "34234"
    place = second["service_at_locations"][0]["location"]
    assert place["addresses"][0]["postal_code"] == "EC1N 8BA"
    assert len(place["accessibility"]) == 13
    assert len(second["attributes"]) == 10


async def test_bristols_page_says_what_it_could_not_carry(directory: Directory) -> None:
    file = _folder() / "uk-bristol-oruk-fixtures" / "bristol-services-page1.json"
    _, report = await bring_path(directory, file)
    source = json.loads(file.read_text())["contents"]
    shown = {one["id"]: one for one in await _lines(directory, "services")}

    refused = _said(report)

    assert {
        (Verdict.REFUSED, name) for name in ("minimum_age", "last_modified", "pc_metadata")
    } <= (refused)
    for said in source:
        one = shown[said["id"]]
        for name in ("name", "email", "status", "assured_date", "assurer_email"):
            assert one[name] == said[name]
        assert _bare(one["description"]) == _bare(said["description"])
        assert "<script" not in one["description"]
        assert one["organization"]["name"] == said["organization"]["name"]
        assert one["last_modified"].endswith("Z")


async def test_buckinghamshires_services_keep_their_needs_and_places(directory: Directory) -> None:
    file = _folder() / "uk-bucks-scout-fixtures" / "services.json"
    await bring_path(directory, file)
    source = json.loads(file.read_text())["content"]
    shown = {one["name"]: one for one in await _lines(directory, "services")}
    assert len(shown) == 20

    for said in source:
        one = shown[" ".join(said["name"].split())] if said["name"] in shown else None
        one = one or shown[said["name"].strip()]
        there = list(_words(one))
        named = [t["name"] for t in (*said["taxonomies"], *said.get("send_needs", ()))]
        named += [p["postal_code"] for p in said["locations"] if p["postal_code"]]
        named += [c["email"] for c in said["contacts"] if c.get("email")]
        assert [word for word in named if not _stands(word, there)] == []


async def test_the_dfes_services_keep_what_is_joined_to_them(directory: Directory) -> None:
    file = _folder() / "uk-dfe-family-hubs" / "service-directory-data.json"
    await bring_path(directory, file)
    tables = json.loads(file.read_text())
    shown = {one["name"]: one for one in await _lines(directory, "services")}
    assert len(shown) == 5

    for said in tables["Services"]:
        there = list(_words(shown[said["Name"]]))
        mine = {
            name: [row for row in rows if row.get("ServiceId") == said["Id"]]
            for name, rows in tables.items()
        }
        named = [c["Telephone"] for c in mine["Contacts"] if c["Telephone"]]
        named += [one["Name"] for one in mine["Languages"]]
        named += [one["ByDay"] for one in mine["Schedules"] if one["ByDay"]]
        kinds = {row["TaxonomyId"] for row in mine["ServiceTaxonomies"]}
        named += [row["Name"] for row in tables["Taxonomies"] if row["Id"] in kinds]
        places = {row["LocationId"] for row in mine["ServiceAtLocations"]}
        named += [row["PostCode"] for row in tables["Locations"] if row["Id"] in places]
        assert [word for word in named if not _stands(word, there)] == []
    assert {one["name"] for one in await _lines(directory, "organizations")} == {
        row["Name"] for row in tables["Organisations"]
    }
