"""How the feed answers: its pages' seven fields, who has an answer already, and any web page."""

from datetime import UTC, datetime
from email.utils import format_datetime
from uuid import UUID

import httpx2
import pytest

from tests.directory.builders import a_service, an_organization, entry
from tests.directory.served import V3, Directory, many
from tests.directory.town import a_town

LONG_AGO = format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
FLAGS = ("total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, (23, 5, 1, 5, True, False, False)),
        (3, (23, 5, 3, 5, False, False, False)),
        (5, (23, 5, 5, 3, False, True, False)),
        (6, (23, 5, 6, 0, False, True, True)),
        (9_999_999, (23, 5, 9_999_999, 0, False, True, True)),
    ],
)
async def test_the_seven_fields_of_a_page_are_right(
    directory: Directory, number: int, said: tuple[int | bool, ...]
) -> None:
    await many(directory, a_town(23).entries())

    page = await directory.page("/services", per_page=5, page=number)

    assert tuple(page[name] for name in FLAGS) == said
    assert len(page["contents"]) == page["size"]


async def test_a_list_with_nothing_in_it_has_one_empty_page(directory: Directory) -> None:
    page = await directory.page("/services")

    assert tuple(page[name] for name in FLAGS) == (0, 0, 1, 0, True, True, True)
    assert page["contents"] == []
    assert (await directory.ask("/services?format=ndjson")).text == ""


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=-1", "page=x", "per_page=0", "per_page=1001", "format=xml"),
        *("taxonomy_id=7", "modified_after=yesterday", "modified_after=0001-01-01"),
        *("minimum_age=-1", "maximum_age=nan", "day=XX", "start_time=25:00", "end_time=9:00Z"),
        *("proximity=0&postcode=ZZ1", "proximity=inf&postcode=ZZ1", "search=%00", "full=perhaps"),
    ],
)
async def test_what_cannot_be_asked_is_refused_and_says_which(
    directory: Directory, query: str
) -> None:
    assert (await directory.ask("/services?page=1&day=monday&full=true")).status_code == 200

    answer = await directory.ask(f"/services?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"].startswith("query:")


async def test_whoever_has_an_answer_already_is_told_so_until_it_changes(
    directory: Directory,
) -> None:
    service = a_service()
    await directory.save(entry("service", service), entry("organization", an_organization()))
    alone = f"/services/{service['id']}"
    paths = ("/services", alone, "/services?format=ndjson&full=true")
    first = {path: await directory.ask(path) for path in paths}
    for path, answer in first.items():
        tag = {"If-None-Match": f'"other", {answer.headers["ETag"]}'}
        since = {"If-Modified-Since": answer.headers.get("Last-Modified", "")}

        for known in (tag, since) if path == alone else (tag,):
            again = await directory.ask(path, headers=known)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == answer.headers["ETag"]
            assert again.headers["access-control-allow-origin"] == "*"

    await directory.save(entry("service", service | {"name": "Renamed"}))

    for path, answer in first.items():
        known = {"If-None-Match": answer.headers["ETag"]}
        again = await directory.ask(path, headers=known)
        assert again.status_code == 200
        assert "Renamed" in again.text
        assert again.headers["ETag"] != answer.headers["ETag"]
        early = {
            "If-Modified-Since": format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
        }
        assert (await directory.ask(path, headers=early)).status_code == 200
        wrong = {"If-Modified-Since": "yesterday"}
        assert (await directory.ask(path, headers=wrong)).status_code == 200


async def test_an_answer_to_a_search_in_a_body_is_kept_by_nobody(directory: Directory) -> None:
    got = await directory.ask("/services")
    posted = await directory.ask("/services", "POST", json={"search": "something"})
    empty = await directory.ask("/services", "POST")

    assert got.headers["cache-control"] == "public, no-cache"
    assert posted.headers["cache-control"] == "no-store"
    assert (posted.status_code, empty.status_code) == (200, 200)
    assert empty.json() == got.json()


async def test_scripts_of_any_page_may_read_every_answer(directory: Directory) -> None:
    answers = {
        200: await directory.ask("/services"),
        400: await directory.ask("/services?page=0"),
        404: await directory.ask("/nothing"),
        405: await directory.ask("/services", "DELETE"),
        422: await directory.ask("/services", "POST", json={"page": "x"}),
        401: await directory.http.get(f"{V3}/services"),
        413: await directory.ask("/services", "POST", headers={"Content-Length": "9999999"}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        if status >= 400:
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_script_may_ask_before_it_asks(directory: Directory) -> None:
    before = await directory.http.request("OPTIONS", f"{V3}/services")

    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == "*"
    assert "POST" in before.headers["access-control-allow-methods"]
    assert "Content-Type" in before.headers["access-control-allow-headers"]


async def test_a_fault_may_be_read_by_any_page_too(directory: Directory) -> None:
    async with directory.db.transaction() as connection:
        await connection.exec_driver_sql("alter table listing rename to away")

    answer: httpx2.Response = await directory.ask("/services")

    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "listing" not in answer.text


async def test_head_says_what_get_would(directory: Directory) -> None:
    got, head = await directory.ask("/services"), await directory.ask("/services", "HEAD")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == got.headers["ETag"]


async def test_who_takes_no_lines_for_long_is_one_of_four_at_most(directory: Directory) -> None:
    await many(directory, a_town(20).entries())

    answers = [await directory.ask("/services?format=ndjson") for _ in range(12)]

    assert {len(answer.text.splitlines()) for answer in answers} == {20}


async def test_a_method_that_is_not_offered_is_answered_with_all_that_are(
    directory: Directory,
) -> None:
    list_, one = await directory.ask("/services", "DELETE"), f"/services/{UUID(int=1)}"

    assert list_.headers["allow"] == "GET, HEAD, POST"
    assert (await directory.ask(one, "PUT")).headers["allow"] == "GET, HEAD"
    assert (await directory.ask("/api/v1/directory/problems", "PUT")).headers["allow"] == "POST"


async def test_an_answer_is_known_again_whether_it_travels_compressed_or_not(
    directory: Directory,
) -> None:
    got = await directory.ask("/services")
    known = {"If-None-Match": got.headers["ETag"]}

    assert got.headers["ETag"].startswith('W/"')
    again = await directory.ask("/services", headers=known)
    assert (again.status_code, again.headers["vary"]) == (304, "Accept-Encoding")
