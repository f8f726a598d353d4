"""What of a referral is shown to whom: addresses, history, possible actions, the list."""

from typing import Any

import pytest

from shared.auth import Scope
from tests.builders import (
    a_child,
    a_decision,
    a_parent,
    a_submission,
    a_withdrawal,
    an_address,
)
from tests.referral.conftest import REFERRALS, Partner

REFUGE = an_address(lines=["9 Hidden Court"], postcode="ZZ98 8ZZ", confidential=True)


async def test_of_a_confidential_address_everybody_sees_that_it_is_there_and_no_more(
    school: Partner, front_door: Partner
) -> None:
    home = an_address()
    sent = a_submission(a_child(addresses=[home, REFUGE]), household=[a_parent(addresses=[REFUGE])])
    receipt = await school.refer(sent)

    for reader in (front_door, school):
        answer = await reader.get(f"/{receipt['id']}")
        seen = answer.json()
        assert seen["children"][0]["addresses"] == [
            home | {"confidential": False},
            {"confidential": True},
        ]
        assert seen["household"][0]["addresses"] == [{"confidential": True}]
        assert "Hidden" not in answer.text
        assert "ZZ98" not in answer.text


async def _decided(school: Partner, front_door: Partner) -> dict[str, Any]:
    receipt = await school.refer()
    await front_door.step(receipt, "acknowledgement", 1)
    await front_door.colleague().step(receipt, "triage", 2)
    await front_door.step(receipt, "decision", 3, a_decision("no_further_action"))
    return receipt


async def test_the_history_says_who_did_what_in_which_order(
    school: Partner, front_door: Partner
) -> None:
    receipt = await _decided(school, front_door)

    entries = (await school.get(f"/{receipt['id']}/history")).json()["entries"]

    assert [(entry["version"], entry["action"], entry["status"]) for entry in entries] == [
        (1, "submit", "submitted"),
        (2, "acknowledge", "acknowledged"),
        (3, "triage", "triaging"),
        (4, "decide", "decided"),
    ]
    assert entries[0]["worker_id"] == str(school.caller.worker_id)
    assert entries[1]["worker_id"] != entries[2]["worker_id"]
    assert entries[3]["code"] == "no_further_action"
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)


async def test_the_referrer_reads_what_was_decided_why_and_where_the_family_can_go(
    school: Partner, front_door: Partner
) -> None:
    receipt = await _decided(school, front_door)

    seen = (await school.get(f"/{receipt['id']}")).json()

    assert seen["decision_words"] == a_decision("no_further_action")
    assert "withdrawal_words" not in seen


async def test_the_front_door_reads_why_a_referral_was_withdrawn(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()
    why = a_withdrawal(reason="other", note="They have moved in with an aunt.")

    await school.step(receipt, "withdrawal", 1, why)

    (*_, last) = (await front_door.get(f"/{receipt['id']}/history")).json()["entries"]
    assert (last["action"], last["code"], last["words"]) == ("withdraw", "other", why)


async def test_a_system_without_the_scope_is_told_so_where_its_worker_may(school: Partner) -> None:
    receipt = await school.refer()
    reading = school.but(scopes=frozenset({Scope.REFERRALS_READ}))

    told = (await reading.get(f"/{receipt['id']}/actions")).json()

    assert told["actions"] == []
    assert [(one["action"], "referrals:write" in one["missing"]) for one in told["not_yet"]] == [
        ("withdraw", True)
    ]


async def test_the_referrer_may_withdraw_until_it_is_decided(school: Partner) -> None:
    receipt = await school.refer()

    offered = (await school.get(f"/{receipt['id']}/actions")).json()["actions"]

    assert [(action["action"], action["needs"]) for action in offered] == [("withdraw", ["reason"])]


async def _all_pages(partner: Partner, query: str) -> list[str]:
    """Every id of a list, page by page."""
    ids: list[str] = []
    following: str | None = f"{REFERRALS}?{query}"
    while following:
        page = (await partner.ask("GET", following)).json()
        ids += [referral["id"] for referral in page["referrals"]]
        following = page.get("next")
    return ids


async def test_paging_shows_each_referral_once_the_newest_first(
    school: Partner, gp: Partner, front_door: Partner
) -> None:
    of_school = [(await school.refer())["id"] for _ in range(4)]
    of_gp = [(await gp.refer())["id"]]

    assert await _all_pages(school, "limit=3") == of_school[::-1]
    assert await _all_pages(gp, "limit=3") == of_gp
    assert await _all_pages(front_door, "limit=2") == [*of_gp, *of_school[::-1]]


async def test_pages_stay_as_they_were_while_others_write(school: Partner) -> None:
    before = [(await school.refer())["id"] for _ in range(5)]
    first = (await school.ask("GET", f"{REFERRALS}?limit=2")).json()

    for _ in range(3):
        await school.refer()
    withdrawn = {"id": before[1]}
    assert (await school.step(withdrawn, "withdrawal", 1, a_withdrawal())).status_code == 200

    shown = [referral["id"] for referral in first["referrals"]]
    following = first["next"]
    while following:
        page = (await school.ask("GET", following)).json()
        shown += [referral["id"] for referral in page["referrals"]]
        following = page.get("next")
    assert shown == before[::-1]


async def test_a_list_is_filtered_by_status_and_urgency(
    school: Partner, front_door: Partner
) -> None:
    routine = await school.refer()
    urgent = await school.refer(a_submission(safeguarding={"immediate_danger": True}))
    await front_door.step(routine, "acknowledgement", 1)

    assert await _all_pages(front_door, "status=acknowledged") == [routine["id"]]
    assert await _all_pages(front_door, "urgency=urgent&status=submitted") == [urgent["id"]]
    assert await _all_pages(front_door, "urgency=urgent&status=decided") == []


@pytest.mark.parametrize(
    "query",
    ["family_name=Madeupname", "status=lost", "limit=0", "limit=101", "cursor=1", "urgency="],
)
async def test_a_filter_that_is_not_offered_is_refused(school: Partner, query: str) -> None:
    assert (await school.get("?limit=1")).status_code == 200

    refused = await school.get(f"?{query}")

    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "Madeupname" not in refused.text


async def test_the_list_says_nothing_of_the_family(school: Partner) -> None:
    await school.refer(a_submission(a_child(given_name="Zebedee")))

    listed = await school.get("")

    assert len(listed.json()["referrals"]) == 1
    assert "Zebedee" not in listed.text
    assert set(listed.json()) == {"referrals"}
