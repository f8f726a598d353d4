"""What is pasted or left empty is taken as it was meant: by the search, the pages and the feed."""

from typing import Any

import pytest

from tests.directory.builders import a_service, entry
from tests.directory.searching.asking import BASE, heard, search
from tests.directory.served import Directory

NBSP, ZERO_WIDTH = "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}"


async def _three(directory: Directory) -> None:
    """Services, of which one is a baby group and one sings only."""
    names = {"Baby Group": "Songs and games", "Songs": "Songs alone", "Debt Advice": "Letters"}
    services = [a_service(name=name, description=said) for name, said in names.items()]
    await directory.save(*(entry("service", one) for one in services))


@pytest.mark.parametrize(
    "said",
    [
        f"baby{NBSP}group",
        "baby\tgroup",
        "baby\r\ngroup",
        f"ba{ZERO_WIDTH}by group\ue000",
        "\ufeffbaby",
    ],
)
async def test_what_is_pasted_with_odd_blanks_or_what_nobody_sees_is_found(
    directory: Directory, said: str
) -> None:
    await _three(directory)
    await heard(directory, 3)

    found = await search(directory, text=said)

    assert [one["name"] for one in found["services"]] == ["Baby Group"]
    page = await directory.ask("/find-help", params={"text": said})
    assert (page.status_code, "Baby Group" in page.text) == (200, True)
    unreadable = await directory.ask(f"{BASE}/search", params={"text": "baby\x07group"})
    assert unreadable.status_code == 400


@pytest.mark.parametrize("name", ["text", "near", "page", "minimum_age", "need", "day", "cost"])
async def test_what_is_left_empty_asks_nothing_of_the_search(
    directory: Directory, name: str
) -> None:
    await _three(directory)
    await heard(directory, 3)
    wrong = await directory.ask(f"{BASE}/search", params={name: "\x07"})
    assert wrong.status_code == 400

    for blank in ("", " ", NBSP):
        got = await directory.ask(f"{BASE}/search", params={name: blank})
        posted = await directory.ask(f"{BASE}/search", "POST", json={name: blank})

        assert [(x.status_code, x.json().get("total")) for x in (got, posted)] == [(200, 3)] * 2


FEED = "search taxonomy_term_id page per_page modified_after postcode minimum_age day full minimal"


@pytest.mark.parametrize("name", FEED.split())
async def test_what_is_left_empty_asks_nothing_of_the_feed(directory: Directory, name: str) -> None:
    await _three(directory)

    assert (await directory.page("/services", **{name: ""}))["total_items"] == 3


@pytest.mark.parametrize("name", ["text", "taxonomy_id", "page", "postcode", "coverage", "day"])
async def test_what_is_left_empty_asks_nothing_in_version_1(
    directory: Directory, name: str
) -> None:
    await _three(directory)

    answer = await directory.ask("/directory/v1/services", params={name: ""})

    assert answer.json()["totalElements"] == 3


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ("songs", 2),
        ("songs games", 1),
        ("songs or letters", 0),
        ("songs OR letters", 0),
        ("songs -games", 1),
        ('"games songs"', 1),
        ("the", 3),
        ("the songs", 2),
    ],
)
async def test_all_words_must_occur_and_no_word_is_an_operator(
    directory: Directory, said: str, total: int
) -> None:
    await _three(directory)

    assert (await directory.page("/services", search=said))["total_items"] == total


@pytest.mark.parametrize(
    "asked", [{"day": "MOx"}, {"day": "Mo nday"}, {"minimum_age": 10, "maximum_age": 5}]
)
async def test_what_cannot_be_meant_is_refused(directory: Directory, asked: dict[str, Any]) -> None:
    right = {"day": "Monday"} if "day" in asked else {"minimum_age": 5, "maximum_age": 5}
    paths = [f"{BASE}/search"] + ["/services"] * ("day" in asked)
    await heard(directory, 0)

    for path in paths:
        assert (await directory.ask(path, params=right)).status_code == 200
        assert (await directory.ask(path, params=asked)).status_code == 400
