"""What another agency has referred does not exist: in no answer, list, cursor, error or feed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio

from tests.builders import a_child, a_decision, a_submission, a_withdrawal, an_nhs_number
from tests.hub_fixture import ELSEWHERE, REFERRALS, Hub, System

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHILD = a_child(given_name="Unseenia", nhs_number=an_nhs_number())
OWN, NOTHING = 3, str(uuid4())
_ALL: dict[str, Any] = {"worklist": {}}
_CHANGING = {"date", "ratelimit", "ratelimit-policy"}


@dataclass
class World:
    """A school's referral, and a GP practice that must never learn of it."""

    school: System
    gp: System
    front_door: System
    elsewhere: System
    """Another authority's front door."""
    theirs: dict[str, Any]
    own: list[dict[str, Any]]
    draft: dict[str, Any]
    """The school's."""
    view: dict[str, Any]
    """That the front door shares with its own."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(hub: Hub) -> AsyncIterator[World]:
    """The GP practice has referred before and after the school."""
    school, gp = await hub.join("school"), await hub.join("gp")
    front_door = await hub.join("front_door")
    elsewhere = await hub.join("front_door", authority=ELSEWHERE)
    for system in (school, gp):
        await system.worker("w", "referrer")
    for system in (front_door, elsewhere):
        await system.worker("w", "front_door_worker", "front_door_manager", "referrer")
    own = [await gp.refer("w")]
    theirs = await school.refer("w", a_submission(CHILD))
    own += [await gp.refer("w") for _ in range(OWN - 1)]
    draft = await _made(school, "/api/v1/drafts", a_submission(CHILD))
    view = await _made(front_door, "/api/v1/views", {"name": "Ours", "shared": True} | _ALL)
    yield World(school, gp, front_door, elsewhere, theirs, own, draft, view)


async def _made(system: System, path: str, body: Any) -> dict[str, Any]:
    key = {"Idempotency-Key": str(uuid4())}
    answer = await system.ask("POST", path, worker="w", json=body, headers=key)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _whole(answer: httpx2.Response) -> tuple[Any, ...]:
    """Everything that an answer tells, but the hour and the limit that is left."""
    headers = {name: value for name, value in answer.headers.items() if name not in _CHANGING}
    return answer.status_code, headers, answer.content


LOOKS = ["", "/history", "/actions", "/amendments"]
VERSIONS = ["absent", '"1"', '"2"', "*", '"1", "2"']


@pytest.mark.parametrize("path", LOOKS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_look_at_it_answers_like_a_look_at_nothing(
    world: World, method: str, path: str
) -> None:
    theirs = f"{REFERRALS}/{world.theirs['id']}{path}"
    assert (await world.school.ask(method, theirs, worker="w")).status_code == 200

    unseen = await world.gp.ask(method, theirs, worker="w")
    nothing = await world.gp.ask(method, f"{REFERRALS}/{NOTHING}{path}", worker="w")

    assert unseen.status_code == 404
    assert _whole(unseen) == _whole(nothing)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("step", ["withdrawal", "acknowledgement", "triage", "decision"])
async def test_a_step_with_it_answers_like_a_step_with_nothing(
    world: World, step: str, version: str
) -> None:
    headers = {} if version == "absent" else {"If-Match": version}
    told: dict[str, Any] = {"worker": "w", "headers": headers, "json": a_withdrawal()}

    unseen = await world.gp.ask("POST", f"{REFERRALS}/{world.theirs['id']}/{step}", **told)
    nothing = await world.gp.ask("POST", f"{REFERRALS}/{NOTHING}/{step}", **told)

    assert _whole(unseen) == _whole(nothing)
    if step == "withdrawal" and version in ('"1"', '"2"'):
        assert unseen.status_code == 404


@pytest.mark.parametrize("path", LOOKS)
async def test_for_another_authoritys_front_door_nothing_of_this_one_is_there(
    world: World, path: str
) -> None:
    theirs = f"{REFERRALS}/{world.theirs['id']}{path}"
    assert (await world.front_door.ask("GET", theirs, worker="w")).status_code == 200

    unseen = await world.elsewhere.ask("GET", theirs, worker="w")
    nothing = await world.elsewhere.ask("GET", f"{REFERRALS}/{NOTHING}{path}", worker="w")

    assert unseen.status_code == 404
    assert _whole(unseen) == _whole(nothing)
    assert await _listed(world.elsewhere, "limit=100") == []
    assert await _fed(world.elsewhere) == []


async def test_another_agencys_draft_and_another_offices_view_answer_like_none(
    world: World,
) -> None:
    draft, view = f"/api/v1/drafts/{world.draft['id']}", f"/api/v1/views/{world.view['id']}"
    by_code = f"/api/v1/drafts/by-code/{world.draft['code']}"
    for owner, other, path in (
        (world.school, world.gp, draft),
        (world.school, world.front_door, draft),
        (world.school, world.elsewhere, by_code),
        (world.front_door, world.elsewhere, view),
        (world.front_door, world.gp, view),
    ):
        assert (await owner.ask("GET", path, worker="w")).status_code == 200

        unseen = await other.ask("GET", path, worker="w")
        nothing = await other.ask("GET", f"{path.rpartition('/')[0]}/{NOTHING}", worker="w")

        assert unseen.status_code == 404
        assert _whole(unseen) == _whole(nothing)


@pytest.mark.parametrize("by", ["status", "urgency", "need", "worker", "area"])
async def test_it_is_in_no_count_and_no_export_of_others(world: World, by: str) -> None:
    async def counted(system: System) -> int:
        told = await system.ask("GET", f"{REFERRALS}/counts?by={by}", worker="w")
        return int(sum(one["count"] for one in told.json()["counts"]))

    assert await counted(world.front_door) >= OWN + 1
    assert (await counted(world.gp), await counted(world.school)) == (OWN, 1)
    assert await counted(world.elsewhere) == 0
    for system, sees in ((world.school, True), (world.gp, False), (world.elsewhere, False)):
        sheet = await system.ask("GET", f"{REFERRALS}/export", worker="w")
        assert (world.theirs["reference"] in sheet.text) is sees


async def test_who_is_asked_sees_codes_and_once_it_declines_nothing(hub: Hub, world: World) -> None:
    charity, school = await hub.join("voluntary"), await hub.join("school")
    await charity.worker("w", "receiving_worker")
    await school.worker("w", "referrer")
    await hub.settled()
    receipt = await school.refer("w", a_submission(a_child(given_name="Unseenetta")))
    asked = {"agency_id": str(charity.agency_id)}
    path = f"{REFERRALS}/{receipt['id']}"
    before = await charity.ask("GET", path, worker="w")
    steps = {"acknowledgement": None, "triage": None, "decision": a_decision(), "allocation": asked}
    for version, (step, body) in enumerate(steps.items(), start=1):
        await _stepped(world.front_door, f"{path}/{step}", version, body)

    offered = await charity.ask("GET", path, worker="w")
    await _stepped(charity, f"{path}/decline", 5, {"reason": "no_capacity"})
    after = await _once_heard(charity, path)

    assert (before.status_code, offered.status_code, after.status_code) == (404, 200, 404)
    assert offered.json()["status"] == "allocated"
    assert not {"children", "need", "basis", "decision_words"} & offered.json().keys()
    assert "Unseenetta" not in offered.text
    assert _whole(before) == _whole(after)


async def _once_heard(system: System, path: str) -> httpx2.Response:
    """What is answered once the consent service has heard that its involvement is over."""
    async with asyncio.timeout(20):
        while (answer := await system.ask("GET", path, worker="w")).status_code == 200:  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(0.05)
    return answer


async def _stepped(system: System, path: str, version: int, body: Any) -> None:
    seen = {"If-Match": f'"{version}"'}
    answer = await system.ask("POST", path, worker="w", json=body, headers=seen)
    assert answer.status_code == 200, answer.text


async def _listed(system: System, query: str) -> list[str]:
    """Every id of a list, page by page."""
    ids: list[str] = []
    following: str | None = f"{REFERRALS}?{query}"
    while following:
        answer = await system.ask("GET", following, worker="w")
        assert answer.status_code == 200, answer.text
        ids += [referral["id"] for referral in answer.json()["referrals"]]
        following = answer.json().get("next")
    return ids


@pytest.mark.parametrize("query", ["limit=1", "limit=2", "status=submitted", "urgency=routine"])
async def test_it_stands_in_no_list_and_no_page_is_shorter_for_it(world: World, query: str) -> None:
    own = [referral["id"] for referral in world.own[::-1]]
    assert world.theirs["id"] in await _listed(world.front_door, query)

    assert await _listed(world.gp, query) == own
    first = (await world.gp.ask("GET", f"{REFERRALS}?limit=2", worker="w")).json()
    assert len(first["referrals"]) == 2


async def test_its_id_or_its_front_doors_cursor_leads_no_further_than_any_other(
    world: World,
) -> None:
    following = (await world.front_door.ask("GET", f"{REFERRALS}?limit=1", worker="w")).json()[
        "next"
    ]
    cursor = httpx2.URL(following).params["cursor"]
    beside = UUID(int=UUID(world.theirs["id"]).int + 1)

    answers = [
        await world.gp.ask("GET", f"{REFERRALS}?limit=1&cursor={one}", worker="w")
        for one in (cursor, world.theirs["id"], beside)
    ]

    assert answers[0].status_code == 400
    assert _whole(answers[0]) == _whole(answers[1]) == _whole(answers[2])


async def test_the_same_child_referred_by_another_agency_is_answered_like_any_child(
    hub: Hub, world: World
) -> None:
    police = await hub.join("police")
    await police.worker("w", "referrer")

    same, other = await police.refer("w", a_submission(CHILD)), await police.refer("w")

    assert same.keys() == other.keys()
    assert world.theirs["reference"] not in str(same)
    seen = await police.ask("GET", f"{REFERRALS}/{same['id']}", worker="w")
    assert "possible_duplicates" not in seen.json()
    whole = await world.front_door.ask("GET", f"{REFERRALS}/{same['id']}", worker="w")
    assert whole.json()["possible_duplicates"] == [world.theirs["reference"]]


async def _fed(system: System, path: str = "/api/v1/events?limit=2&timeout=1") -> list[str]:
    """The subjects of every event in a feed, from its beginning to its present end."""
    subjects: list[str] = []
    while batch := (answer := await system.ask("GET", path)).json():
        subjects += [event["subject"] for event in batch]
        path = answer.links["next"]["url"]
    return subjects


async def test_the_feed_tells_each_agency_of_its_own_and_the_front_door_of_all(
    world: World,
) -> None:
    own = [referral["id"] for referral in world.own]

    assert await _fed(world.school) == [world.theirs["id"]]
    assert await _fed(world.gp) == own
    assert {*own, world.theirs["id"]} <= set(await _fed(world.front_door))


async def test_another_agencys_place_in_the_feed_is_as_good_as_none(world: World) -> None:
    first = await world.school.ask("GET", "/api/v1/events?limit=1")
    cursor = httpx2.URL(first.links["next"]["url"]).params["cursor"]
    garbled = cursor[:-4] + ("AAAA" if cursor[-4:] != "AAAA" else "BBBB")
    own = await world.school.ask("GET", "/api/v1/events", params={"cursor": cursor})
    assert own.status_code == 200

    answers = [
        await world.gp.ask("GET", "/api/v1/events", params={"cursor": one})
        for one in (cursor, garbled)
    ]

    assert answers[0].status_code == 400
    assert _whole(answers[0]) == _whole(answers[1])
