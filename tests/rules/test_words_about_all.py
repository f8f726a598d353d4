"""What a referral says in words tells of everybody: who holds it back for one, holds it back."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.builders import a_child, a_parent, a_submission
from tests.hub_fixture import REFERRALS, Hub, System

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]

WORDS = "Both of them told us of the Bumbleshoot."


async def _looks(front_door: System, receipt: Json) -> Json:
    answer = await front_door.ask(
        "GET", f"{REFERRALS}/{receipt['id']}", worker="w", headers={"Purpose": "front_door"}
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _refuses(school: System, person: str, category: str) -> Json:
    """Recorded as soon as the consent service has heard with whom the school works."""
    said = {
        "people": [person],
        "categories": [category],
        "because": "It would harm her if it were passed on, she is afraid.",
    }
    for _ in range(100):
        answer = await school.ask(
            "POST",
            "/api/v1/refusals-to-share",
            worker="lead",
            json=said,
            headers={"Idempotency-Key": str(uuid4())},
        )
        if answer.status_code != 404:
            break
        await asyncio.sleep(0.1)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("refused", ["narrative", "narrative.concerns"])
async def test_words_about_a_family_are_held_back_where_they_are_for_its_mother(
    hub: Hub, refused: str
) -> None:
    school, front_door = await _joined(hub)
    said = a_submission(a_child(), household=[a_parent()])
    said["need"] |= {"reason": WORDS}
    receipt = await school.refer("w", said)
    before = await _looks(front_door, receipt)
    assert before["need"]["reason"] == WORDS
    mother = before["household"][0]["person_id"]

    refusal = await _refuses(school, mother, refused)

    after = await _looks(front_door, receipt)
    assert WORDS not in str(after)
    assert after["children"] == before["children"]
    assert after["need"]["groups"] == before["need"]["groups"]
    lifted = await school.ask(
        "POST",
        f"/api/v1/refusals-to-share/{refusal['id']}/lifting",
        worker="lead",
        headers={"If-Match": '"1"'},
    )
    assert lifted.is_success, lifted.text
    assert (await _looks(front_door, receipt))["need"] == before["need"]


async def test_what_is_refused_of_other_kinds_holds_back_no_words(hub: Hub) -> None:
    school, front_door = await _joined(hub)
    said = a_submission(a_child(), household=[a_parent()])
    said["need"] |= {"reason": WORDS}
    receipt = await school.refer("w", said)
    mother = (await _looks(front_door, receipt))["household"][0]["person_id"]

    await _refuses(school, mother, "contact")

    assert (await _looks(front_door, receipt))["need"]["reason"] == WORDS


async def test_that_a_child_was_referred_before_is_told_by_a_disclosure_and_not_where_it_is_refused(
    hub: Hub,
) -> None:
    school, front_door = await _joined(hub)
    housing, child = await hub.join("housing"), a_child()
    await housing.worker("w", "referrer")
    first = await school.refer("w", a_submission(child))
    second = await housing.refer("w", a_submission(child))
    person = (await _looks(front_door, first))["children"][0]["person_id"]
    looks = await _leaves_about(hub, person)

    told = await _looks(front_door, second)

    assert [one["reference"] for one in told["earlier_referrals"]] == [first["reference"]]
    assert told["possible_duplicates"] == [first["reference"]]
    assert await _leaves_about(hub, person) == looks + 1
    await _refuses(school, person, "referral")
    after = await _looks(front_door, second)
    assert first["reference"] not in str(after)
    assert after["children"] == told["children"]


async def _joined(hub: Hub) -> tuple[System, System]:
    school, front_door = await hub.join("school"), await hub.join("front_door")
    await school.worker("w", "referrer")
    await school.worker("lead", "safeguarding_lead")
    await front_door.worker("w", "front_door_worker")
    return school, front_door


async def _leaves_about(hub: Hub, person: str) -> int:
    """How many disclosures of the audit log are about somebody."""
    wanted = text("select count(*) from audit_leaf where entry::text like :who")
    async with hub.consent.reading() as connection:
        return int((await connection.execute(wanted, {"who": f"%{person}%"})).scalar_one())
