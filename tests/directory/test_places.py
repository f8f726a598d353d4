"""Postcodes and places: found as people type them, imported as they are published."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from services.directory.actions import placing
from services.directory.actions.locating import Imported, locate
from services.directory.clients.postcodes_io import PostcodesIo
from services.directory.domain import postcodes
from services.directory.domain.postcodes import Located, Unlocated
from tests.directory.builders import a_location, a_service, at, entry
from tests.directory.searching.asking import BASE, heard
from tests.directory.served import Directory, served
from tests.real_data import real_data

ONSPD = """\
pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,lat,long
"ZZ1 1AA","ZZ1  1AA","ZZ1 1AA",198001,,E99999999,E06000023,51.5,-2.5
"ZZ1 1AB","ZZ1  1AB","ZZ1 1AB",198001,,E99999999,E06000023,51.52,-2.5
"ZZ1 2AB","ZZ1  2AB","ZZ1 2AB",198001,201001,E99999999,E06000023,55.0,-2.5
"ZZ9 9AA","ZZ9  9AA","ZZ9 9AA",198001,,E99999999,E06000023,99.999999,0.0
nonsense,nonsense,nonsense,198001,,,,51.0,-2.0
"ZZ9 9AB","ZZ9  9AB","ZZ9 9AB",198001,,,,,
"""
RENAMED = """\
pcd7,pcd8,pcds,dointr,doterm,lad25cd,lat,long
ZZ31AA,ZZ3  1AA,ZZ3 1AA,198001,,E06000060,51.8,-0.8
"""
CODE_POINT = """\
"SW1A 1AA",10,529090,179645,"E92000001","E19000003","E18000007","","E09000033","E05013806"
"SW1A 2AA",10,530047,179951,"E92000001","E19000003","E18000007","","E09000033","E05013806"
"ZZ8 8ZZ",90,0,0,"","","","","",""
"""
OWN = """\
name,within,kind,latitude,longitude,areas
Sampleton,Inventshire,town,51.5,-2.5,E06000023
Sampleton,Elsewhere,village,57.0,-3.0,
"""


def _open_names(name: str, kind: str, east: int, north: int) -> str:
    row = ["osgb4000000000000001", "", name, "", "", "", "populatedPlace", kind, str(east)]
    row += [str(north)] + [""] * 14 + ["Inventshire"] + [""] * 10
    return ",".join(row) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the publishers publish, in small."""
    named = _open_names("Nowhere-on-Sea", "Town", 400000, 300000)
    for name, said in {
        "onspd.csv": ONSPD,
        "renamed.csv": RENAMED,
        "codepoint.csv": CODE_POINT,
        "own.csv": OWN,
        "names.csv": named + _open_names("A Wood", "Woodland", 1, 1),
        "other.csv": "a,b\n1,2\n",
    }.items():
        (tmp_path / name).write_text(said)
    return tmp_path


async def test_each_publishers_file_is_imported_and_what_cannot_be_used_is_told(
    directory: Directory, folder: Path
) -> None:
    found = await placing.bring(directory.db, [folder])

    assert (found.postcodes, found.places) == (6, 3)
    assert sorted(found.refused) == [
        ("codepoint.csv line 3", "has no place"),
        ("names.csv line 2", "is no settlement"),
        ("onspd.csv line 5", "has no place"),
        ("onspd.csv line 6", "is no postcode"),
        ("onspd.csv line 7", "lacks a number or a column"),
        ("other.csv line 1", "is no list of postcodes or places that is known"),
    ]
    palace = await locate(Imported(directory.db), "sw1a1aa")
    assert isinstance(palace, Located)
    assert (palace.latitude, palace.longitude) == pytest.approx((51.50101, -0.14156), abs=2e-4)
    assert "E09000033" in palace.areas


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("ZZ1 1AA", "ZZ1 1AA"),
        (" zz11aa ", "ZZ1 1AA"),
        ("zz1", "ZZ1"),
        ("SW1A", "SW1A"),
        ("ZZ1 1AA.", "ZZ1 1AA"),
        ("ZZ1-1AA", "ZZ1 1AA"),
        ("zz1\N{NO-BREAK SPACE}1aa", "ZZ1 1AA"),
        ("ZZ1 1", "ZZ1"),
        ("zz1 1a", "ZZ1"),
        ("ZZ 1", "ZZ1"),
        ("M1 1", Unlocated.UNKNOWN),
        ("Sampleton.", "Sampleton"),
        ("sampleton", "Sampleton"),
        ("Nowhere-on-Sea", "Nowhere-on-Sea"),
        ("ZZ1 9ZZ", Unlocated.UNKNOWN),
        ("AB10", Unlocated.UNKNOWN),
        ("M1", Unlocated.UNKNOWN),
        ("Atlantis", Unlocated.UNKNOWN_PLACE),
        ("12345", Unlocated.NOT_A_POSTCODE),
        ("", Unlocated.NOT_A_POSTCODE),
        ("SW1A 1AAA!", Unlocated.NOT_A_POSTCODE),
    ],
)
async def test_whatever_people_type_is_found_or_it_is_said_why_not(
    directory: Directory, folder: Path, said: str, found: str | Unlocated
) -> None:
    await placing.bring(directory.db, [folder])

    answer = await locate(Imported(directory.db), said, places_too=True)

    assert (answer.called if isinstance(answer, Located) else answer) == found


@pytest.mark.parametrize("said", ["ZZ1 1", "M1 1", "E1 6", "SW1A 1", "W1A 0A"])
def test_a_sector_lies_in_its_own_district_and_in_no_other(said: str) -> None:
    assert postcodes.outward("M11") == "M11"

    assert postcodes.outward(said) == said.split(" ")[0]


async def test_the_middle_of_a_first_part_is_that_of_the_postcodes_in_use(
    directory: Directory, folder: Path
) -> None:
    await placing.bring(directory.db, [folder])

    middle = await locate(Imported(directory.db), "ZZ1")

    assert isinstance(middle, Located)
    assert (middle.latitude, middle.longitude) == pytest.approx((51.51, -2.5))
    assert middle.areas == ("E06000023", "E99999999")


@pytest.mark.parametrize("said", "SW1A 1AA,M1 1AE,B33 8TH,CR2 6XH,DN55 1PT,W1A 0AX".split(","))
def test_every_shape_of_a_postcode_is_one_however_it_is_typed(said: str) -> None:
    for typed in (said, said.lower(), said.replace(" ", ""), f"  {said.replace(' ', '   ')} "):
        assert postcodes.written(typed) == said
    assert postcodes.outward(said.split(" ")[0]) == said.split(" ")[0]
    assert postcodes.outward(said) is None


async def test_a_place_that_says_only_its_postcode_is_found_once_that_is_known(
    directory: Directory, folder: Path
) -> None:
    hall = a_location()
    service = a_service(service_at_locations=[at(hall)])
    await directory.save(entry("location", hall), entry("service", service))

    found = await placing.bring(directory.db, [folder])

    assert found.relisted == 0  # what is shown did not change, only where it is found
    near = await directory.ids("/services", postcode="ZZ1 1AA", proximity=100)
    assert near == [service["id"]]
    assert await directory.ids("/services", postcode="SW1A 1AA", proximity=100) == []


async def test_who_asks_for_a_postcode_hears_only_of_areas_that_cover_it(
    directory: Directory, folder: Path
) -> None:
    await placing.bring(directory.db, [folder])
    square = '{"type":"Polygon","coordinates":[[[-3,51],[-2,51],[-2,52],[-3,52],[-3,51]]]}'
    areas: dict[str, dict[str, Any]] = {
        "by code": {"uri": "http://statistics.data.gov.uk/id/E06000023"},
        "by name": {"name": "Sampleton"},
        "by outline": {"extent": square, "extent_type": "geojson"},
        "elsewhere by code": {"uri": "http://statistics.data.gov.uk/id/E09000033"},
        "nobody knows": {"name": "wherever families live"},
        "everywhere": {},
    }
    for name, area in areas.items():
        said = a_service(name=name)
        if area:
            said["service_areas"] = [{"id": said["id"], **area}]
        await directory.save(entry("service", said))

    async def covering(postcode: str) -> set[str]:
        page = await directory.page("/services", postcode=postcode, per_page=50)
        return {one["name"] for one in page["contents"]}

    either = {"nobody knows", "everywhere"}
    assert await covering("ZZ1 1AA") == {"by code", "by name", "by outline"} | either
    assert await covering("SW1A 1AA") == {"elsewhere by code"} | either


@pytest_asyncio.fixture
async def postcodes_io() -> AsyncIterator[PostcodesIo]:
    """A postcodes.io that knows one postcode, one first part and one place."""
    found = {"latitude": 51.5, "longitude": -2.5, "codes": {"admin_district": "E06000023"}}
    known: dict[str, Any] = {
        "/postcodes/ZZ1%201AA": found | {"postcode": "ZZ1 1AA"},
        "/outcodes/ZZ1": found | {"outcode": "ZZ1"},
        "/places": [found | {"name_1": "Sampleton", "codes": None}],
    }

    async def answer(request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        if path not in known:
            return httpx2.Response(404, json={"status": 404, "error": "Invalid postcode"})
        return httpx2.Response(200, json={"status": 200, "result": known[path]})

    async with httpx2.AsyncClient(
        transport=httpx2.MockTransport(answer), base_url="http://postcodes.example"
    ) as http:
        yield PostcodesIo(http)


async def test_a_postcodes_io_of_the_councils_own_answers_the_same_questions(
    postcodes_io: PostcodesIo,
) -> None:
    full = await locate(postcodes_io, "zz11aa")
    assert full == Located("ZZ1 1AA", 51.5, -2.5, ("E06000023",))
    assert isinstance(await locate(postcodes_io, "zz1"), Located)
    assert isinstance(await locate(postcodes_io, "sampleton", places_too=True), Located)
    assert await locate(postcodes_io, "ZZ9 9ZZ") is Unlocated.UNKNOWN
    assert await locate(postcodes_io, "atlantis", places_too=True) is Unlocated.UNKNOWN_PLACE


@pytest.mark.parametrize(
    "given", [httpx2.Response(500), httpx2.Response(200, text="<p>Away"), None]
)
async def test_a_postcodes_io_that_is_away_is_no_place_that_nobody_knows(
    given: httpx2.Response | None,
) -> None:
    async def answer(request: httpx2.Request) -> httpx2.Response:
        if given is None:
            raise httpx2.ConnectError("refused")
        return given

    transport = httpx2.MockTransport(answer)
    async with httpx2.AsyncClient(transport=transport, base_url="http://away.example") as http:
        for said in ("ZZ1 1AA", "ZZ1", "Sampleton"):
            with pytest.raises(postcodes.Away):
                await locate(PostcodesIo(http), said, places_too=True)


async def test_whoever_asks_is_told_to_come_back_while_the_postcodes_io_is_away(
    databases: Callable[[str], str], key_folder: Path
) -> None:
    away = {"locator_url": "http://127.0.0.1:9"}
    async with served(databases("directory"), key_folder, **away) as directory:
        await heard(directory, 0)

        for path in (f"{BASE}/search?near=ZZ1", "/services?postcode=ZZ1", "/find-help?near=ZZ1"):
            answer = await directory.ask(path)
            assert answer.status_code == 503, path
            assert "Retry-After" in answer.headers or path.startswith("/find-help")


@pytest.mark.real_data
async def test_the_published_rows_of_the_scottish_postcode_directory_are_imported(
    directory: Directory,
) -> None:
    folder = real_data() / "directory" / "uk-postcodes"

    found = await placing.bring(directory.db, [folder])

    assert found.postcodes > 150
    assert {reason for _, reason in found.refused} <= {
        "lies nowhere in the kingdom",
        "has no place",
    }
    castle = await locate(Imported(directory.db), "EH2 2ED")
    assert isinstance(castle, Located)
    assert (castle.latitude, castle.longitude) == pytest.approx((55.95285, -3.19723), abs=1e-4)
    assert "S12000036" in castle.areas
