"""Every answer of the feed is what Open Referral UK's own schemas ask for, formats and all."""

import json
import os
import tracemalloc
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.directory.actions.locating import Imported
from services.directory.actions.reading import Reading, lines
from services.directory.domain.asking import Form, Wanted
from tests.directory.served import Directory, many
from tests.directory.standard import LISTS, faults
from tests.directory.town import Town, a_town
from tests.figures import Figures

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVICES = 50_000 if os.environ.get("PROVE") else 5_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(shared_directory: Directory) -> AsyncIterator[Town]:
    """A large town, listed."""
    made = a_town(SERVICES)
    await many(shared_directory, made.entries())
    yield made


@pytest.mark.parametrize("collection", LISTS)
@pytest.mark.parametrize("full", ["false", "true"])
async def test_every_line_is_valid_and_there_are_as_many_as_the_total(
    shared_directory: Directory, town: Town, figures: Figures, collection: str, full: str
) -> None:
    page = await shared_directory.page(f"/{collection}", per_page=1)
    asked = {"format": "ndjson", "full": full}

    lines = (await shared_directory.ask(f"/{collection}", params=asked)).text.splitlines()

    of_page, of_one = LISTS[collection]
    objects = [json.loads(line) for line in lines]
    assert len(objects) == page["total_items"] > 0
    assert len({one["id"] for one in objects}) == len(objects)
    wrong = [fault for one in objects for fault in faults(of_one, one)]
    wrong += faults(of_page, page | {"contents": objects})
    assert wrong[:5] == []
    assert not any(_nulls(one) for one in objects)
    figures(f"directory feed, {collection}, full={full}", valid=len(objects))


def _nulls(node: object) -> bool:
    if isinstance(node, dict):
        return any(map(_nulls, node.values()))
    if isinstance(node, list):
        return node == [] or any(map(_nulls, node))
    return node is None


@pytest.mark.parametrize("collection", LISTS)
async def test_the_pages_together_are_the_lines(
    shared_directory: Directory, town: Town, collection: str
) -> None:
    lines = (await shared_directory.ask(f"/{collection}?format=ndjson")).text.splitlines()

    paged = await shared_directory.ids(f"/{collection}")

    assert paged == [json.loads(line)["id"] for line in lines]


@pytest.mark.parametrize("collection", LISTS)
async def test_an_object_by_its_id_is_its_line_in_full(
    shared_directory: Directory, town: Town, collection: str
) -> None:
    asked = {"format": "ndjson", "full": "true"}
    lines = (await shared_directory.ask(f"/{collection}", params=asked)).text.splitlines()
    for line in lines[:: max(1, len(lines) // 20)]:
        said = json.loads(line)

        one = (await shared_directory.ask(f"/{collection}/{said['id']}")).json()

        one.pop("services", None)
        assert faults(LISTS[collection][1], one) == []
        brief = collection in ("taxonomies", "taxonomy_terms")
        assert one == said or (brief and one.items() >= said.items())


async def test_the_shortest_form_has_all_services_on_one_page(
    shared_directory: Directory, town: Town
) -> None:
    page = await shared_directory.page("/services", minimal="true")

    assert page["total_items"] == page["size"] == len(page["contents"]) == SERVICES
    assert (page["total_pages"], page["first_page"], page["last_page"]) == (1, True, True)
    assert set(page["contents"][0]) == {"id", "name", "status", "last_modified"}
    assert faults("service_list", page) == []
    paged = await shared_directory.page("/services", minimal="true", per_page=10, page=2)
    assert paged["contents"] == page["contents"][10:20]


async def test_the_root_says_which_version_it_is(shared_directory: Directory) -> None:
    said = await shared_directory.page("")

    assert faults("api_details", said) == []
    assert said["version"] == "HSDS-UK-3.0"
    document = await shared_directory.page("/openapi.json")
    assert said["openapi_url"].endswith("/directory/v3/openapi.json")
    assert {"/", "/services", "/services/{id}", "/organizations"} <= set(document["paths"])
    assert (await shared_directory.ask("/")).json() == said


async def test_lines_never_stand_in_memory_together(
    shared_directory: Directory, town: Town
) -> None:
    db = shared_directory.db
    feed = Reading(db, db, Imported(db))
    wanted, length, peak = Wanted("service_at_locations"), 0, 0
    tracemalloc.start()
    async for some in lines(feed, wanted, Form.WHOLE):
        length += len(some)
        peak = max(peak, tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()

    assert length > 2_000 * SERVICES
    assert peak < 6_000_000 < length
