"""Feeds that fail in parts: what can be read comes in, the rest is told of, and there is an end."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
import stamina

from services.directory.actions.importing import Origin, import_from
from services.directory.clients import sources
from services.directory.domain.report import Report
from services.directory.domain.shapes import Broken
from tests.directory.builders import a_service
from tests.directory.imported import NOW
from tests.directory.served import Directory

Answer = Callable[[httpx2.Request], httpx2.Response]
Json = dict[str, Any]
_MOST = 6
"""Pages that are read here at most."""


@pytest.fixture(autouse=True)
def _without_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


async def _bring(directory: Directory, answer: Answer) -> tuple[Report, list[str]]:
    """The report, and what was asked."""
    asked: list[str] = []

    def noted(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path.decode())
        beside = not request.url.path.startswith("/services") or "format" in request.url.params
        return httpx2.Response(404) if beside else answer(request)

    transport = httpx2.MockTransport(noted)
    async with httpx2.AsyncClient(transport=transport, base_url="https://a.example") as http:
        records = sources.of_feed(http, "oruk3", most_pages=_MOST)
        origin = Origin("feed", "https://a.example", "oruk3")
        report = await import_from(directory.db, directory.cipher, origin, records, now=NOW)
    return report, asked


def _page(number: int, of: int, *services: Json) -> httpx2.Response:
    return httpx2.Response(200, json={"total_pages": of, "contents": services})


@pytest.mark.parametrize("fault", ["html", "timeout", "503"])
async def test_one_service_whose_details_fail_is_told_of_and_the_others_come_in(
    directory: Directory, fault: str
) -> None:
    whole = [a_service() for _ in range(6)]
    brief = [{"id": one["id"], "name": one["name"]} for one in whole]

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/services":
            return _page(1, 1, *brief)
        id_ = request.url.path.rpartition("/")[2]
        if id_ == whole[2]["id"]:
            if fault == "timeout":
                raise httpx2.ReadTimeout("made up", request=request)
            return httpx2.Response(503 if fault == "503" else 200, text="<html>")
        return httpx2.Response(200, json=next(one for one in whole if one["id"] == id_))

    report, _ = await _bring(directory, answer)

    assert report.new == 5
    assert [where for where, _ in report.refused] == ["services page 1"]
    assert "<html>" not in str(report.refused)


async def test_a_page_that_fails_is_told_of_and_the_next_ones_are_read(
    directory: Directory,
) -> None:
    services = [a_service(schedules=[]) for _ in range(3)]

    def answer(request: httpx2.Request) -> httpx2.Response:
        number = int(request.url.params["page"])
        return httpx2.Response(503) if number == 2 else _page(number, 3, services[number - 1])

    report, _ = await _bring(directory, answer)

    assert report.new == 2
    assert report.refused == [("services page 2", "is answered with 503")]


@pytest.mark.parametrize("answered", [503, 404, "html", "number"])
async def test_a_feed_whose_first_page_cannot_be_read_is_not_imported(
    directory: Directory, answered: Any
) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        text = "5" if answered == "number" else "<html>"
        return httpx2.Response(answered if isinstance(answered, int) else 200, text=text)

    with pytest.raises((httpx2.HTTPStatusError, ValueError, Broken)):
        await _bring(directory, answer)


async def test_a_bare_list_is_a_page(directory: Directory) -> None:
    services = [a_service(schedules=[]), a_service(schedules=[])]

    report, _ = await _bring(directory, lambda _: httpx2.Response(200, json=services))

    assert (report.new, report.refused) == (2, [])


@pytest.mark.parametrize("told", [{}, {"total_pages": "x"}, {"total_pages": [5]}], ids=str)
async def test_a_feed_that_ignores_the_page_and_varies_has_an_end(
    directory: Directory, told: Json
) -> None:
    services = [a_service(schedules=[]) for _ in range(3)]
    turn = iter(range(1000))

    def answer(_: httpx2.Request) -> httpx2.Response:
        said = [one | {"description": str(next(turn))} for one in services]
        return httpx2.Response(200, text=json.dumps(told | {"contents": said}))

    report, asked = await _bring(directory, answer)

    assert report.new == 3
    assert len(asked) < 10


async def test_a_feed_that_never_ends_is_left_and_that_is_told(directory: Directory) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return _page(1, 1_000_000, a_service(schedules=[]))

    report, asked = await _bring(directory, answer)

    assert report.new == _MOST
    (refused,) = report.refused
    assert "there are more than 6" in refused[1]
    assert len(asked) < _MOST + 10
