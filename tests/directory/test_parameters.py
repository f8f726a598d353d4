"""Every parameter narrows its list to what fits, alone and with others; plain Python says what."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from services.directory.store import places
from tests.directory.oracle import Oracle
from tests.directory.served import Directory, many
from tests.directory.town import DAYS, MIDDLE, WORDS, Town, a_town
from tests.figures import Figures

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORLDS = 400 if os.environ.get("PROVE") else 60
"""Combinations that are asked of each list."""
SERVICES = ("services", "service_at_locations")
POSTCODES = {"ZZ1 1AA": MIDDLE, "ZZ2 2BB": (53.9, -1.7)}
Asked = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(shared_directory: Directory) -> AsyncIterator[Town]:
    """A town of three hundred services, and two postcodes that nobody lives in."""
    made = a_town(300, seed=7)
    rows = [
        {"code": code, "outward": code[:3], "latitude": at[0], "longitude": at[1]}
        | {"areas": [], "ended": False}
        for code, at in POSTCODES.items()
    ]
    async with shared_directory.db.transaction() as connection:
        await places.keep_postcodes(connection, rows)
    await many(shared_directory, made.entries())
    yield made


def _any(town: Town, random: Random, name: str) -> Asked:
    """A value for a parameter that some objects fit and some do not."""
    code = random.choice(list(POSTCODES))
    values: dict[str, Any] = {
        "search": lambda: " ".join(random.sample(WORDS, k=random.choice([1, 1, 2]))),
        "taxonomy_term_id": lambda: random.choice(town.terms)["id"],
        "taxonomy_id": lambda: random.choice(town.taxonomies)["id"],
        "organization_id": lambda: random.choice(town.organizations)["id"],
        "minimum_age": lambda: random.randint(1, 15),
        "maximum_age": lambda: random.randint(3, 20),
        "day": lambda: random.choice(DAYS),
        "start_time": lambda: f"{random.randint(9, 15):02}:00:00",
        "end_time": lambda: f"{random.randint(11, 18):02}:30:00",
        "proximity": lambda: random.choice([2_000, 5_000, 15_000]),
        "parent_id": lambda: random.choice(town.terms)["parent_id"],
        "top_only": lambda: True,
    }
    if name == "parent_id":
        return {name: random.choice([t for t in town.terms if "parent_id" in t])["parent_id"]}
    found = {name: values[name]()}
    if name == "proximity":
        found |= {"postcode": code.lower().replace(" ", ""), "from": POSTCODES[code]}
    return found


OF_SERVICES = [
    *("search", "taxonomy_term_id", "taxonomy_id", "organization_id", "minimum_age"),
    *("maximum_age", "day", "start_time", "end_time", "proximity"),
]
NARROWING = {
    "services": OF_SERVICES,
    "service_at_locations": OF_SERVICES,
    "organizations": ["search", "taxonomy_term_id", "taxonomy_id"],
    "taxonomy_terms": ["search", "taxonomy_id", "parent_id", "top_only"],
}
ALONE = [(collection, name) for collection, names in NARROWING.items() for name in names]


def _sent(asked: Asked) -> Asked:
    return {name: value for name, value in asked.items() if name != "from"}


@pytest.mark.parametrize(("collection", "name"), ALONE)
async def test_each_parameter_alone_changes_the_list(
    shared_directory: Directory, town: Town, collection: str, name: str
) -> None:
    oracle, random = Oracle(town, POSTCODES), Random(name)  # noqa: S311 -- the same every time
    everything = oracle.fitting(collection, {})
    sizes = set()
    for _ in range(6):
        asked = _any(town, random, name)

        found = await shared_directory.ids(f"/{collection}", **_sent(asked))

        assert len(found) == len(set(found))
        assert set(found) == oracle.fitting(collection, asked), asked
        sizes.add(len(found))
    assert min(sizes) < len(everything)
    assert max(sizes) > 0


@pytest.mark.parametrize("collection", NARROWING)
async def test_parameters_together_narrow_the_list_to_what_fits_them_all(
    shared_directory: Directory, town: Town, figures: Figures, collection: str
) -> None:
    oracle, random = Oracle(town, POSTCODES), Random(collection)  # noqa: S311 -- the same every time
    met: Counter[str] = Counter()
    for number in range(WORLDS):
        names = random.sample(NARROWING[collection], k=min(1 + number % 3, 3))
        asked: Asked = {}
        for name in names:
            asked |= _any(town, random, name)
        wanted = oracle.fitting(collection, asked)
        method = "POST" if number % 2 else "GET"

        told = {"per_page": 1000, **_sent(asked)}
        given = {"json": told} if method == "POST" else {"params": told}
        page = (await shared_directory.ask(f"/{collection}", method, **given)).json()

        assert {one["id"] for one in page["contents"]} == wanted, asked
        assert page["total_items"] == len(wanted)
        met["some" if wanted else "none"] += 1
    assert met["some"] > WORLDS * 0.3
    figures(f"parameters of {collection} together", asked=WORLDS, **met)


@pytest.mark.parametrize("collection", SERVICES)
async def test_modified_after_includes_the_moment_itself_and_what_is_written_without_its_plus(
    shared_directory: Directory, town: Town, collection: str
) -> None:
    everything = await shared_directory.ids(f"/{collection}")
    page = await shared_directory.page("/services", per_page=1000, minimal="true")
    moments = sorted({one["last_modified"] for one in page["contents"]})
    last = moments[-1]
    first = await shared_directory.ids(f"/{collection}", modified_after=moments[0])
    assert set(first) == set(everything)

    at_the_last = await shared_directory.ids(f"/{collection}", modified_after=last)
    assert at_the_last
    shifted = last.replace("Z", "+00:00")
    answer = await shared_directory.ask(
        f"/{collection}?modified_after={shifted}&format=ndjson"  # a `+` in a query is a blank
    )
    assert len(answer.text.splitlines()) == len(at_the_last)
    nothing = await shared_directory.ids(f"/{collection}", modified_after="2199-01-01")
    assert nothing == []


@pytest.mark.parametrize("collection", SERVICES)
async def test_where_nobody_knows_the_postcode_the_answer_says_which_of_three_it_is(
    shared_directory: Directory, town: Town, collection: str
) -> None:
    async def slug(**asked: Any) -> tuple[int, str]:
        answer = await shared_directory.ask(f"/{collection}", params=asked)
        return answer.status_code, answer.json().get("type", "")

    assert await slug(postcode="somewhere") == (400, "/problems/not-a-postcode")
    assert await slug(postcode="ZZ9 9ZZ") == (400, "/problems/postcode-unknown")
    assert await slug(proximity=100) == (400, "/problems/proximity-alone")
    none_near = await shared_directory.page(f"/{collection}", postcode="ZZ2", proximity=0.01)
    assert (none_near["total_items"], none_near["empty"]) == (0, True)
    assert (await shared_directory.page(f"/{collection}", postcode="zz1"))["total_items"] > 0
