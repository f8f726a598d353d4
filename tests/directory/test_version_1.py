"""Readers of Open Referral UK 1 are answered in its shape, and each of its parameters narrows."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from services.directory.store import places
from tests.directory.oracle import Oracle
from tests.directory.served import V1, Directory, many
from tests.directory.town import MIDDLE, WORDS, Town, a_town

pytestmark = pytest.mark.asyncio(loop_scope="module")

ZZ1 = {"ZZ1 1AA": MIDDLE}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(shared_directory: Directory) -> AsyncIterator[Town]:
    """A town, and where its one postcode is."""
    made = a_town(150, seed=21)
    row = {"code": "ZZ1 1AA", "outward": "ZZ1", "areas": [], "ended": False}
    row |= {"latitude": MIDDLE[0], "longitude": MIDDLE[1]}
    async with shared_directory.db.transaction() as connection:
        await places.keep_postcodes(connection, [row])
    await many(shared_directory, made.entries())
    yield made


async def _found(directory: Directory, **asked: Any) -> set[str]:
    page = await directory.page(f"{V1}/services", per_page=1000, **asked)
    assert page["totalElements"] == len(page["content"])
    return {one["id"] for one in page["content"]}


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ({"text": WORDS[3]}, {"search": WORDS[3]}),
        ({"day": "Monday"}, {"day": "MO"}),
        ({"start_time": "11:00"}, {"start_time": "11:00:00"}),
        ({"end_time": "14:30"}, {"end_time": "14:30:00"}),
        ({"minimum_age": 6}, {"minimum_age": 6}),
        ({"maximum_age": 9}, {"maximum_age": 9}),
        (
            {"postcode": "zz11aa", "proximity": 6000},
            {"proximity": 6000, "from": MIDDLE},
        ),
        (
            {"text": WORDS[4], "maximum_age": 18, "day": "TU"},
            {"search": WORDS[4], "maximum_age": 18, "day": "TU"},
        ),
    ],
)
async def test_its_parameters_narrow_as_those_of_version_3(
    shared_directory: Directory, town: Town, asked: dict[str, Any], same: dict[str, Any]
) -> None:
    everything = await _found(shared_directory)
    assert len(everything) == len(town.services)

    found = await _found(shared_directory, **asked)

    assert found == Oracle(town, ZZ1).fitting("services", same)
    assert found < everything


def _tagged(town: Town, terms: set[str]) -> set[str]:
    return {
        service["id"]
        for service in town.services
        if terms & {one["taxonomy_term_id"] for one in service.get("attributes", ())}
    }


@pytest.mark.parametrize("name", ["taxonomy_id", "need", "circumstance", "service_type"])
async def test_of_several_terms_one_must_be_tagged_and_of_several_parameters_each(
    shared_directory: Directory, town: Town, name: str
) -> None:
    first, second, third = town.terms[0], town.terms[5], town.terms[9]
    by_name = {t["id"] for t in town.terms if t["name"].lower() == third["name"].lower()}

    either = await _found(shared_directory, **{name: f"{first['id']},{second['id']}"})
    named = await _found(shared_directory, **{name: third["name"].upper()})
    both = await _found(shared_directory, taxonomy_id=first["id"], need=second["id"])

    assert either == _tagged(town, {first["id"], second["id"]})
    assert named == _tagged(town, by_name) != set()
    assert both == _tagged(town, {first["id"]}) & _tagged(town, {second["id"]})


async def test_vocabulary_and_kind_of_attribute_narrow_too(
    shared_directory: Directory, town: Town
) -> None:
    taxonomy = town.taxonomies[1]
    terms = {term["id"] for term in town.terms if term["taxonomy_id"] == taxonomy["id"]}

    found = await _found(shared_directory, vocabulary=taxonomy["name"])

    assert found == _tagged(town, terms)
    tagged = {service["id"] for service in town.services if service.get("attributes")}
    assert await _found(shared_directory, taxonomy_type="service") == tagged
    assert await _found(shared_directory, taxonomy_type="organization") == set()


async def test_a_page_and_a_service_have_the_names_of_version_1(
    shared_directory: Directory, town: Town
) -> None:
    page = await shared_directory.page(f"{V1}/services", per_page=40, page=4)
    assert {name: page[name] for name in page if name != "content"} == {
        "totalElements": 150,
        "totalPages": 4,
        "number": 4,
        "size": 30,
        "first": False,
        "last": True,
        "empty": False,
    }
    for said in town.services[:30]:
        one = (await shared_directory.ask(f"{V1}/services/{said['id']}")).json()

        assert one["name"] == said["name"]
        assert one["organization"]["id"] == said["organization_id"]
        if "minimum_age" in said:
            assert one["eligibilitys"][0]["minimum_age"] == said["minimum_age"]
        days = [d for s in said.get("schedules", ()) for d in s["byday"].split(",")]
        assert [s["byday"] for s in one.get("regular_schedules", ())] == days
        at = [a["id"] for a in said.get("service_at_locations", ())]
        assert [a["id"] for a in one.get("service_at_locations", ())] == at
        tagged = [a["taxonomy_term_id"] for a in said.get("attributes", ())]
        assert [t["taxonomy"]["id"] for t in one.get("service_taxonomys", ())] == tagged


async def test_only_what_is_to_be_included_is_nested(
    shared_directory: Directory, town: Town
) -> None:
    whole = await shared_directory.page(f"{V1}/services", per_page=150)
    some = await shared_directory.page(f"{V1}/services", per_page=150, include="organization")

    assert any("regular_schedules" in one for one in whole["content"])
    assert all("organization" in one for one in some["content"])
    assert not any("regular_schedules" in one for one in some["content"])
