"""Each parameter of the search narrows it to what fits, alone and with others; facets count it."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from services.directory.store import places
from tests.directory.searching.asking import BASE, every_id, heard, search
from tests.directory.searching.fair import HAVES, HERE, POSTCODES, SEND, SUITED, Fair, a_fair
from tests.directory.searching.oracle import BANDS, Oracle
from tests.directory.served import Directory, many
from tests.directory.town import DAYS, WORDS
from tests.figures import Figures

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORLDS = 600 if os.environ.get("PROVE") else 80
"""Combinations that are asked."""
Json = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fair(shared_directory: Directory) -> AsyncIterator[Fair]:
    """Three hundred services, and three postcodes of one council."""
    made = a_fair(300)
    rows = [
        {"code": code, "outward": code[:3], "latitude": at[0], "longitude": at[1]}
        | {"areas": [HERE], "ended": False}
        for code, at in POSTCODES.items()
    ]
    async with shared_directory.db.transaction() as connection:
        await places.keep_postcodes(connection, rows)
    await many(shared_directory, list(made.entries.values()))
    await heard(shared_directory, len(made.stalls))
    yield made


PARAMETERS = [
    *("text", "near", "within_metres", "minimum_age", "maximum_age", "age_band", "need", "send"),
    *("accessibility", "suitability", "day", "from_time", "until_time", "term_time", "cost"),
    *("language", "delivery", "access", "level", "view"),
]


def drawn(fair: Fair, random: Random, name: str) -> Json:
    """A value for a parameter that some services fit and some do not."""

    def some(values: list[str]) -> list[str]:
        return random.sample(values, k=random.choice([1, 1, 2]))

    code = random.choice(list(POSTCODES))
    values: dict[str, Any] = {
        "text": " ".join(random.sample(WORDS, k=random.choice([1, 1, 2]))),
        "near": code.lower().replace(" ", ""),
        "within_metres": random.choice([800, 3_000, 12_000, 30_000]),
        "minimum_age": random.randint(2, 20),
        "maximum_age": random.randint(0, 16),
        "age_band": some(list(BANDS)),
        "need": some(fair.needs),
        "send": some(SEND),
        "accessibility": some(HAVES),
        "suitability": some(SUITED),
        "day": some(DAYS),
        "from_time": f"{random.randint(9, 18):02}:{random.choice(['00', '45'])}",
        "until_time": f"{random.randint(9, 18):02}:{random.choice(['00', '15'])}",
        "term_time": random.choice([True, False]),
        "cost": random.choice(["free", "paid"]),
        "language": some(["pl", "so", "cy"]),
        "delivery": some(["in_person", "online", "telephone", "home"]),
        "access": random.choice(["self", "referral"]),
        "level": some(["universal", "targeted"]),
        "view": random.choice(["early_help", "schools"]),
    }
    found = {name: values[name]}
    if name in ("near", "within_metres"):
        found |= {"near": values["near"], "here": POSTCODES[code]}
    return found


def sent(asked: Json) -> Json:
    """Without what only the oracle knows."""
    return {name: value for name, value in asked.items() if name != "here"}


@pytest.mark.parametrize("name", PARAMETERS)
async def test_each_parameter_alone_changes_what_is_found(
    shared_directory: Directory, fair: Fair, name: str
) -> None:
    oracle, random = Oracle(fair), Random(name)  # noqa: S311 -- the same every time
    sizes = []
    for _ in range(6):
        asked = drawn(fair, random, name)

        found = await every_id(shared_directory, **sent(asked))

        assert len(found) == len(set(found))
        wanted = oracle.fitting(asked)
        if name == "text" and not wanted:
            continue  # then it is helped with other words
        assert set(found) == wanted, asked
        sizes.append(len(found))
    assert 0 < min(sizes) < len(fair.stalls)


async def test_parameters_together_narrow_it_to_what_fits_them_all(
    shared_directory: Directory, fair: Fair, figures: Figures
) -> None:
    oracle, random = Oracle(fair), Random("together")  # noqa: S311 -- the same every time
    met: Counter[str] = Counter()
    for number in range(WORLDS):
        asked: Json = {}
        for name in random.sample(PARAMETERS, k=2 + number % 3):
            asked |= drawn(fair, random, name)
        if asked.get("from_time", "") >= asked.get("until_time", "99"):
            asked.pop("until_time")
        if asked.get("minimum_age", 0) > asked.get("maximum_age", 99):
            asked.pop("maximum_age")
        wanted = oracle.fitting(asked)
        told = {"per_page": 50, **sent(asked)}
        given = {"json": told} if number % 2 else {"params": told}

        answer = await shared_directory.ask(
            f"{BASE}/search", "POST" if number % 2 else "GET", **given
        )

        assert answer.status_code == 200, answer.text
        found = answer.json()
        if "showing_for" not in found:
            assert found["total"] == len(wanted), asked
            assert {one["id"] for one in found["services"]} <= wanted, asked
        met["helped" if "showing_for" in found else "some" if wanted else "none"] += 1
    assert met["some"] > WORLDS * 0.3
    figures("parameters of the search together", asked=WORLDS, **met)


async def test_each_facet_counts_what_choosing_it_would_find(
    shared_directory: Directory, fair: Fair
) -> None:
    random = Random("facets")  # noqa: S311 -- the same every time
    counted: Counter[str] = Counter()
    for asked in ({}, {"need": fair.needs[:1]}, {"cost": "free", "day": ["MO", "TU"]}):
        facets = (await search(shared_directory, **asked))["facets"]
        for facet, counts in facets.items():
            one = random.choice(counts)
            value = one["value"]
            if facet == "term_time":
                value = value == "true"
            chosen = {**asked, facet: value}

            answer = await search(shared_directory, **chosen)

            assert answer["total"] == one["count"], (asked, facet, one)
            counted[facet] += 1
    assert len(counted) == 13


async def test_what_is_near_comes_in_the_order_of_its_distance(
    shared_directory: Directory, fair: Fair
) -> None:
    oracle = Oracle(fair)
    for code, here in POSTCODES.items():
        asked = {"near": code, "delivery": ["in_person"]}
        found = await every_id(shared_directory, **asked)
        by_id = {one["id"]: one for one in fair.stalls}
        there = [by_id[id_] for id_ in found]
        placed = [one for one in there if not set(one["delivery"])]

        distances = [oracle.distance(one, here) for one in placed]

        assert distances == sorted(distances)
        assert len(distances) > 100


async def test_without_words_and_place_the_order_is_the_same_every_time(
    shared_directory: Directory, fair: Fair
) -> None:
    first = await every_id(shared_directory)
    assert sorted(first) == sorted(one["id"] for one in fair.stalls)
    assert await every_id(shared_directory) == first
