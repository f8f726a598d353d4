"""Who takes no lines holds up nobody for long; what somebody searches is kept nowhere."""

import asyncio
from time import time
from typing import Any

import pytest

from services.directory.routes import answers
from shared.auth import Caller, mint
from tests.directory.served import V3, Directory, many
from tests.directory.town import a_town
from tests.rules.overheard import overhearing

STREAMS = 4


async def _never_taken(directory: Directory) -> None:
    """A reader that asks for lines and takes none."""
    token = mint(Caller.anonymous, directory.signing, time())
    path = f"{V3}/services"
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"format=ndjson",
        "headers": [(b"authorization", b"Bearer " + token.encode())],
        "state": {},
        "scheme": "http",
        "server": ("hub", 80),
        "client": ("reader", 1),
        "root_path": "",
    }

    async def nothing_more() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    async def never(_: Any) -> None:
        await asyncio.Event().wait()

    await directory.app(scope, nothing_more, never)


async def test_who_comes_when_all_streams_are_taken_is_asked_to_come_back(
    directory: Directory,
) -> None:
    await many(directory, a_town(5).entries())
    readers = [asyncio.create_task(_never_taken(directory)) for _ in range(STREAMS)]
    await asyncio.sleep(0.5)

    turned_away = await directory.ask("/services?format=ndjson")
    page = await directory.ask("/services")

    assert (turned_away.status_code, turned_away.headers["retry-after"]) == (503, "2")
    assert turned_away.headers["access-control-allow-origin"] == "*"
    assert page.status_code == 200
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    assert (await directory.ask("/services?format=ndjson")).status_code == 200


async def test_who_takes_nothing_for_long_is_cut_off(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many(directory, a_town(5).entries())
    monkeypatch.setattr(answers, "_SLOWEST", 0.2)
    with overhearing() as said:
        readers = [asyncio.create_task(_never_taken(directory)) for _ in range(STREAMS)]
        await asyncio.sleep(0.1)
        answer = await directory.ask("/services?format=ndjson")
        await asyncio.wait(readers, timeout=5)

    assert answer.status_code == 200
    assert all(reader.done() for reader in readers)
    assert [reader.exception() for reader in readers] == [None] * STREAMS
    assert said.getvalue().count('"cut off"') == STREAMS
    assert '"error"' not in said.getvalue(), "a reader that sleeps is no fault of the hub"


async def test_what_somebody_searches_stands_in_no_log_and_no_refusal(
    directory: Directory,
) -> None:
    canary = "zazzlepip"
    with overhearing() as said:
        answers_given = [
            await directory.ask(f"/services?search={canary}"),
            await directory.ask("/services", "POST", json={"search": canary}),
            await directory.ask(f"/services?postcode={canary}"),
            await directory.ask(f"/services?day={canary}&taxonomy_id={canary}"),
            await directory.ask("/services", "POST", json={"search": [canary]}),
            await directory.ask(f"/services/{canary}"),
            await directory.ask(f"/directory/v1/services?text={canary}"),
        ]

    assert said.getvalue().count('"answered"') == len(answers_given)
    assert canary not in said.getvalue()
    assert {answer.status_code for answer in answers_given} == {200, 400, 422}
    assert [a.text for a in answers_given if canary in a.text] == []
