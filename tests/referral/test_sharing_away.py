"""Where it cannot be decided nothing leaves, and what has changed meanwhile is decided again."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.builders import a_parent
from tests.referral.amendments import add, seen
from tests.referral.conftest import REFERRALS, Partner, Service
from tests.referral.test_sharing import a_family
from tests.referral.town import Town

Break = Callable[[Service], None]


def _slow(service: Service) -> None:
    service.deciding.seconds = 2.5


def _refusing(service: Service) -> None:
    service.deciding.status = 403


def _faulty(service: Service) -> None:
    service.deciding.status = 500


def _talking_nonsense(service: Service) -> None:
    service.deciding.permits = lambda *_: [][0]


def _gone(service: Service) -> None:
    async def none(*_: Any, **__: Any) -> httpx2.Response:
        raise httpx2.ConnectError("nobody listens")

    service.desk.consent._http._transport.handle_async_request = none  # type: ignore[method-assign]


@pytest.mark.parametrize("away", [_slow, _refusing, _faulty, _talking_nonsense, _gone])
async def test_where_it_cannot_be_decided_nothing_leaves_and_who_answers_now_is_named(
    service: Service, school: Partner, front_door: Partner, away: Break
) -> None:
    receipt = await school.refer(a_family())
    looked = "select count(*) from access where operation = 'referral.look'"
    assert (await front_door.get(f"/{receipt['id']}")).status_code == 200
    assert await service.rows(looked) == [1]

    away(service)
    refused = await front_door.get(f"/{receipt['id']}")

    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/sharing-not-decided")
    assert int(refused.headers["Retry-After"]) > 0
    telephone = refused.json()["telephone"]
    assert telephone["number"] in refused.json()["detail"]
    assert "Zebedee" not in refused.text
    assert receipt["reference"] not in refused.text
    assert await service.rows(looked) == [1], "nobody has looked"


@pytest.mark.parametrize("path", ["?status=submitted", "/counts?by=need", "/export", ""])
async def test_where_it_cannot_be_decided_no_list_is_shown_and_a_referral_is_taken_all_the_same(
    service: Service, school: Partner, front_door: Partner, path: str
) -> None:
    receipt = await school.refer(a_family())
    assert (await front_door.get(path)).status_code == 200
    _refusing(service)

    refused = await front_door.get(path)

    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/sharing-not-decided")
    assert receipt["id"] not in refused.text
    assert (await school.send()).status_code == 201


async def test_an_export_waits_for_what_is_decided_slowly_for_it_would_break_off(
    service: Service, school: Partner
) -> None:
    receipt = await school.refer(a_family())
    _slow(service)

    at_a_screen = await school.get("")
    exported = await school.get("/export")

    assert (at_a_screen.status_code, exported.status_code) == (503, 200)
    assert receipt["reference"] in exported.text


async def test_what_changes_while_it_is_decided_is_decided_again(
    service: Service, school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer(a_family())
    late = a_parent(given_name="Latecomer")
    first = asyncio.Event()

    async def add_somebody() -> None:
        if not first.is_set():
            first.set()
            assert (await add(school, receipt, "household", late)).is_success

    service.deciding.before = add_somebody
    told = await seen(front_door, receipt)

    looks = [one for one in service.deciding.asked if one["operation"] == "referral.look"]
    assert [len(one["people"]) for one in looks] == [4, 5]
    assert [one["given_name"] for one in told["household"]] == ["Cordelia", "Uriah", "Latecomer"]
    assert told["version"] == 2


async def test_who_is_asked_to_take_over_while_a_list_is_decided_is_asked_about_again(
    service: Service,
) -> None:
    town = await Town.of(service)
    referral = await town.at("allocated")
    helper, first = town.helpers[0], asyncio.Event()
    service.deciding.asked.clear()

    async def accept() -> None:
        if not first.is_set():
            first.set()
            assert (await town.step(referral, "accept", helper)).is_success

    service.deciding.before = accept
    listed = (await helper.ask("GET", REFERRALS)).json()["referrals"]

    asked = [one for one in service.deciding.asked if one["operation"] == "referral.list"]
    assert len(asked) == 2
    assert len(asked[0]["categories"]) < len(asked[1]["categories"])
    assert [one["status"] for one in listed] == ["in_progress"]
