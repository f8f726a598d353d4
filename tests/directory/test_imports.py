"""What an import promises: a round trip, nothing half-written, nothing of ours overwritten."""

import json
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any

import httpx2
import pytest

from services.directory.store.entries import By
from shared.auth import Caller, mint
from tests.directory.as_csv import as_csv
from tests.directory.builders import a_service, an_id, an_organization, entry, uuid
from tests.directory.imported import bring, bring_feed
from tests.directory.served import HUB, V1, V3, Directory, many, served
from tests.directory.town import a_town

Json = dict[str, Any]
COLLECTIONS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")
ELSEWHERE = {"last_modified"}
"""What each directory says for itself."""


async def _lines(directory: Directory, collection: str) -> dict[str, Json]:
    answer = await directory.ask(f"/{collection}?format=ndjson&full=true")
    return {(one := json.loads(line))["id"]: one for line in answer.text.splitlines()}


def _without_stamps(node: Any) -> Any:
    if isinstance(node, dict):
        return {n: _without_stamps(v) for n, v in node.items() if n not in ELSEWHERE}
    return [_without_stamps(one) for one in node] if isinstance(node, list) else node


class _AsWeak:
    """A feed as weak as live ones are: it knows no lines, or shows its lists in brief alone."""

    def __init__(self, directory: Directory, base: str, drop: tuple[str, ...]) -> None:
        self._directory, self._base, self._drop = directory, base, drop

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        query = {n: v for n, v in request.url.params.items() if n not in self._drop}
        token = mint(Caller.anonymous, self._directory.signing, time())
        path = f"{self._base}{request.url.path}"
        return await self._directory.http.get(
            path, params=query, headers={"Authorization": f"Bearer {token}"}
        )


@pytest.fixture
async def other(databases: Callable[[str], str], key_folder: Path) -> Any:
    """Another council's directory."""
    async with served(databases("directory"), key_folder) as opened:
        yield opened


@pytest.mark.parametrize("drop", [(), ("format",), ("format", "full")], ids=str)
async def test_a_feed_that_is_imported_stands_here_field_by_field(
    directory: Directory, other: Directory, drop: tuple[str, ...]
) -> None:
    await many(other, a_town(130, seed=31).entries())
    weak = _AsWeak(other, V3, drop)
    async with httpx2.AsyncClient(
        transport=httpx2.MockTransport(weak.answer), base_url=HUB
    ) as http:
        report = await bring_feed(directory, http, "oruk3")
        assert report.refused == []
        again = await bring_feed(directory, http, "oruk3")

    assert (again.new, again.changed) == (0, 0)
    for collection in COLLECTIONS:
        theirs, ours = await _lines(other, collection), await _lines(directory, collection)
        assert len(theirs) > 0
        assert _without_stamps(ours) == _without_stamps(theirs)


async def test_a_feed_of_version_1_is_imported_with_what_it_can_say(
    directory: Directory, other: Directory
) -> None:
    await many(other, a_town(120, seed=33).entries())
    weak = _AsWeak(other, V1, ())
    async with httpx2.AsyncClient(
        transport=httpx2.MockTransport(weak.answer), base_url=HUB
    ) as http:
        report = await bring_feed(directory, http, "oruk1")

    assert report.refused == []
    theirs, ours = await _lines(other, "services"), await _lines(directory, "services")
    assert ours.keys() == theirs.keys()
    same = ("name", "description", "status", "email", "minimum_age", "maximum_age", "contacts")
    for id_, said in theirs.items():
        one = ours[id_]
        assert {n: one.get(n) for n in same} == {n: said.get(n) for n in same}
        for nested in ("service_at_locations", "attributes", "cost_options"):
            there = [part["id"] for part in said.get(nested, ())]
            assert [part["id"] for part in one.get(nested, ())] == there
        opened = {
            (s["opens_at"], d) for s in said.get("schedules", ()) for d in s["byday"].split(",")
        }
        assert {(s["opens_at"], s["byday"]) for s in one.get("schedules", ())} == opened


async def test_hsds_in_files_stands_here_field_by_field(
    directory: Directory, other: Directory
) -> None:
    town = a_town(60, seed=34)
    await many(other, town.entries())

    report = await bring(directory, "hsds-csv", as_csv(town) | {"metadata.csv": "id\n1\n"})

    assert [where for where, _ in report.refused] == ["metadata.csv"]
    for collection in COLLECTIONS:
        theirs, ours = await _lines(other, collection), await _lines(directory, collection)
        assert ours.keys() == theirs.keys()
        for id_, said in theirs.items():
            assert set(_leaves(said)) <= set(_leaves(ours[id_])), collection


def _leaves(node: Any, at: str = "") -> Any:
    """Each value with its path; joins in files may name more than nesting does."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name not in ELSEWHERE:
                yield from _leaves(value, f"{at}.{name}")
    elif isinstance(node, list):
        for one in node:
            yield from _leaves(one, at)
    else:
        yield at, node


async def test_a_broken_record_is_told_of_and_left_out_and_the_others_come_in(
    directory: Directory,
) -> None:
    right, organization = a_service(), an_organization()
    broken: list[Any] = [
        a_service(name=None, organization=organization),
        a_service(status="open all hours"),
        "no object at all",
        a_service(organization={"id": an_id(), "description": "without a name"}),
    ]
    page = {"contents": [*broken, right]}

    report = await bring(directory, "oruk3", {"page.json": json.dumps(page)})

    assert report.records == 5
    assert [where for where, _ in report.refused] == [f"page.json {n}" for n in (1, 2, 3, 4)]
    assert report.refused[0][1] == "service.name is missing"
    assert list(await _lines(directory, "services")) == [right["id"]]
    assert await _lines(directory, "organizations") == {}


async def test_a_nested_thing_that_cannot_be_read_falls_alone(directory: Directory) -> None:
    said = a_service(
        minimum_age=-1,
        url="javascript:alert(1)",
        email="nobody",
        phones=[{"id": an_id(), "number": None}, {"id": an_id(), "number": "01632 960000"}],
        pc_made_up={"deep": 1},
    )

    report = await bring(directory, "oruk3", {"one.json": json.dumps(said)})

    one = (await _lines(directory, "services"))[said["id"]]
    assert not {"minimum_age", "url", "email", "pc_made_up"} & one.keys()
    assert [phone["number"] for phone in one["phones"]] == ["01632 960000"]
    told = {name: reason for verdict, name, reason in report.fields if verdict == "refused"}
    assert told["service.minimum_age"] == "is not an age"
    assert told["service.url"] == "is not an address on the web"
    assert told["service.pc_made_up"] == "is not a field of Open Referral"
    assert "left out" in told["service.phones.number"]


async def test_markup_is_cut_down_to_what_is_harmless(directory: Directory) -> None:
    nasty = (
        "<p onclick='x()'>Come <b>in</b><script>alert(1)</script>"
        "<a href='javascript:x'>a</a><a href='https://madeup.example'>b</a>"
        "<img src=x onerror=y></p>"
    )
    said = a_service(description=nasty, name="Fish & Chips <3 <script>x</script>")

    await bring(directory, "oruk3", {"one.json": json.dumps(said)})

    one = (await _lines(directory, "services"))[said["id"]]
    assert one["description"] == (
        '<p>Come <b>in</b><a>a</a><a href="https://madeup.example">b</a></p>'
    )
    assert "script" not in one["name"]
    assert await directory.ids("/services", search="fish chips") == [said["id"]]
    assert await directory.ids("/services", search="alert") == []


async def test_what_was_edited_here_or_is_anothers_stays_as_it_is(directory: Directory) -> None:
    mine, theirs, plain = a_service(), a_service(), a_service()
    first = {"a.json": json.dumps([mine, plain])}
    await bring(directory, "oruk3", first, "first")
    await bring(directory, "oruk3", {"b.json": json.dumps([theirs])}, "second")
    edited = mine | {"name": "Edited by hand"}
    await directory.save(entry("service", edited), by=By("editor", "the name was wrong"))

    renamed = [one | {"name": "Renamed there"} for one in (mine, theirs, plain)]
    report = await bring(directory, "oruk3", {"a.json": json.dumps(renamed)}, "first")

    assert report.kept == [mine["id"]]
    assert report.not_ours == [theirs["id"]]
    assert report.changed == 1
    names = {id_: one["name"] for id_, one in (await _lines(directory, "services")).items()}
    assert names == {
        mine["id"]: "Edited by hand",
        theirs["id"]: theirs["name"],
        plain["id"]: "Renamed there",
    }


async def test_the_report_tells_what_is_missing_gone_stale_and_there_twice(
    directory: Directory,
) -> None:
    organization = an_organization()
    twin = {"name": "The  Same, Twice", "organization": organization}
    stale = a_service(assured_date="2020-01-01", description="Invented", url="https://a.example")
    gone = a_service(name="Gone Since")
    await bring(directory, "oruk3", {"a.json": json.dumps([gone])})
    some = [a_service(**twin), a_service(**twin | {"name": "the same twice"}), stale]

    report = await bring(directory, "oruk3", {"a.json": json.dumps(some)})

    assert report.gone == [gone["id"]]
    assert report.stale == [stale["id"]]
    assert report.duplicates == [(some[0]["id"], some[1]["id"])]
    missing = {
        reason: n for (verdict, _, reason), n in report.fields.items() if verdict == "missing"
    }
    assert missing["a description"] == 2
    assert missing["when it is open"] == 3
    kept = "select report from origin where name = 'made-up'"
    async with directory.db.reading() as connection:
        stored = (await connection.exec_driver_sql(kept)).scalar_one()
    assert stored == json.loads(json.dumps(report.as_json()))


async def test_what_the_database_refuses_falls_alone(directory: Directory) -> None:
    async with directory.db.transaction() as connection:
        await connection.exec_driver_sql(
            "alter table listing add constraint never check (brief not like '%Planted%')"
        )
    some = [a_service(), a_service(name="Planted"), a_service()]

    report = await bring(directory, "oruk3", {"a.json": json.dumps(some)})

    assert [where for where, _ in report.refused] == [f"service {some[1]['id']}"]
    assert set(await _lines(directory, "services")) == {some[0]["id"], some[2]["id"]}
    async with directory.db.reading() as connection:
        rows = await connection.exec_driver_sql("select id from entry")
        assert uuid(some[1]) not in set(rows.scalars())


async def test_what_outpost_hides_or_masks_is_hidden_and_masked_here(directory: Directory) -> None:
    head = "import_id,import_id_reference,name,approved,contact_name,contact_visible,"
    head += "location_name,location_latitude,location_longitude,location_address_1,"
    head += "location_postcode,location_visible,mask_exact_address\n"
    body = (
        "1,,Invented Group,TRUE,Private Person,FALSE,"
        "Refuge,53.12345,-1.1,7 Secret Road,ZZ1 1AA,FALSE,\n"
        "2,1,,,Public Desk,TRUE,Masked House,53.98765,-1.2,8 Hidden Lane,ZZ2 2BB,TRUE,TRUE\n"
        "3,,Invented Draft,FALSE,,,,,,,,,\n"
    )

    report = await bring(directory, "outpost-csv", {"a.csv": head + body})

    assert report.refused == []
    said = json.dumps([await _lines(directory, name) for name in COLLECTIONS])
    assert "Invented Group" in said
    assert "Public Desk" in said
    assert "Masked House" in said
    assert "ZZ2" in said
    hidden = ("Private Person", "Refuge", "Secret Road", "Hidden Lane", "2BB", "53.98765", "Draft")
    assert [word for word in hidden if word in said] == []
