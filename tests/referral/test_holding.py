"""Somebody always holds the family, whatever is declined, held, taken back or begun anew."""

from typing import Any
from uuid import uuid4

import pytest

from shared.auth import AgencyKind, Role
from tests.builders import a_child, a_submission
from tests.referral.conftest import Service
from tests.referral.the_way import who_may
from tests.referral.town import BECAUSE, Json, Town
from tests.referral.truths import check

HELD = {
    "triaging": "acknowledge triage",
    "decided": "acknowledge triage decide",
    "assessment_requested": "acknowledge triage decide request_assessment",
    "awaiting_panel": "acknowledge triage decide list_for_panel",
    "in_progress": "acknowledge triage decide allocate accept",
}


@pytest.mark.parametrize("status", HELD)
async def test_a_hold_remembers_where_it_interrupted_and_goes_back_there(
    service: Service, status: str
) -> None:
    town = await Town.of(service)
    before = await town.at(HELD[status])

    held = await town.go(before, "hold", until="2099-01-01")
    by = town.worker("receiving_worker" if status == "in_progress" else "front_door_worker", held)
    assert (await town.step(held, "release", by)).status_code == 200
    released = await town.seen(held["id"])

    assert (held["status"], held["resumes_to"]) == ("on_hold", status)
    assert (released["status"], released.get("resumes_to")) == (status, None)
    assert released["holding_agency_id"] == before["holding_agency_id"]


async def test_the_referrer_holds_the_family_until_another_agency_accepts(service: Service) -> None:
    town = await Town.of(service)
    school = str(town.workers[Role.REFERRER].agency_id)
    helper = str(town.helpers[0].agency_id)
    referral = await town.refer()
    holders = [referral["holding_agency_id"]]

    for action in ("acknowledge", "triage", "decide", "allocate", "accept"):
        referral = await town.go(referral, action)
        holders.append(referral["holding_agency_id"])

    assert holders == [school] * 5 + [helper]


@pytest.mark.parametrize(
    ("way", "back_to"),
    [("allocated", "decided"), ("stepped_up", "triaging"), ("stepped_across", "triaging")],
)
async def test_where_an_agency_stays_silent_the_front_door_takes_the_family_back(
    service: Service, way: str, back_to: str
) -> None:
    town = await Town.of(service)
    referral = await town.at(way)
    door = town.workers[Role.FRONT_DOOR_WORKER]

    taken = await town.step(referral, "decline", door, {"reason": "no_answer"})

    assert (taken.status_code, taken.json()["status"]) == (200, back_to)
    now = await check(service, referral["id"])
    assert now["holding_agency_id"] == str(door.agency_id)
    late = await town.step(taken.json(), "accept", town.worker("receiving_worker", referral))
    assert late.status_code == 404


@pytest.mark.parametrize(
    ("way", "back_to"),
    [
        ("allocated", "decided"),
        ("stepped_up", "triaging"),
        ("stepped_down", "triaging"),
        ("stepped_across", "triaging"),
        ("acknowledge triage decide:step_up step_up", "triaging"),
    ],
)
async def test_a_decline_comes_back_to_the_front_door_and_the_family_hears_nothing_of_it(
    service: Service, way: str, back_to: str
) -> None:
    town = await Town.of(service)
    referral = await town.at(way)
    before = referral["holding_agency_id"]

    declined = await town.go(referral, "decline")

    door = str(town.workers[Role.FRONT_DOOR_WORKER].agency_id)
    assert (declined["status"], declined.get("offered_to_agency_id")) == (back_to, None)
    now = await check(service, referral["id"])
    assert now["holding_agency_id"] == door != before
    school = town.workers[Role.REFERRER]
    entries = (await school.get(f"/{referral['id']}/history")).json()["entries"]
    assert (entries[-1]["action"], entries[-1]["code"]) == ("decline", "no_capacity")
    assert "words" not in entries[-1]


async def test_a_family_that_asks_for_itself_is_held_by_the_front_door_from_the_first_moment(
    service: Service,
) -> None:
    town = await Town.of(service)

    referral = await town.refer(a_submission(referrer={"source": "1C"}))

    assert referral["holding_agency_id"] == str(town.workers[Role.FRONT_DOOR_WORKER].agency_id)


async def test_only_agencies_and_workers_that_take_part_here_can_be_named(service: Service) -> None:
    town = await Town.of(service)
    elsewhere = service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL, authority="elsewhere")
    police = service.partner(AgencyKind.POLICE, Role.REFERRER)
    await service.known(elsewhere, police)
    referral = await town.at("decided")
    door, own = town.workers[Role.FRONT_DOOR_WORKER], town.helpers[0].agency_id

    async def asked(agency: Any, lead: Any = None) -> tuple[int, list[str]]:
        said = {"agency_id": str(agency)} | ({"lead_professional_id": str(lead)} if lead else {})
        answer = await town.step(referral, "allocate", door, said)
        errors: list[Json] = answer.json().get("errors", [])
        return answer.status_code, [error["pointer"] for error in errors]

    assert await asked(elsewhere.agency_id) == (422, ["/agency_id"])
    assert await asked(uuid4()) == (422, ["/agency_id"])
    assert await asked(police.agency_id) == (422, ["/agency_id"])
    for lead in (elsewhere.caller.worker_id, uuid4(), town.helpers[0].caller.worker_id):
        assert await asked(own, lead) == (422, ["/lead_professional_id"])
    assert await asked(own, town.workers[Role.LEAD_PROFESSIONAL].caller.worker_id) == (200, [])


async def test_what_was_withdrawn_is_reopened_though_there_is_a_new_one_for_the_child(
    service: Service,
) -> None:
    town = await Town.of(service)
    sent = a_submission(a_child())
    withdrawn = await town.at("withdrawn", sent)
    new = await town.refer(sent)

    reopened = await town.go(withdrawn, "reopen")

    assert reopened["status"] == "triaging"
    seen = [(await town.seen(one["id"]))["possible_duplicates"] for one in (withdrawn, new)]
    assert seen == [[new["reference"]], [withdrawn["reference"]]]
    assert (await town.workers[Role.REFERRER].send(sent)).status_code == 409


@pytest.mark.parametrize("way", ["triaging", "in_progress", "closed", "withdrawn", "stepped_up"])
async def test_what_should_never_have_been_there_is_marked_so_and_stays_with_whoever_held_it(
    service: Service, way: str
) -> None:
    town = await Town.of(service)
    referral = await town.at(way)
    assert who_may(referral["status"], "enter_in_error") == ["front_door_manager"]

    marked = await town.go(referral, "enter_in_error", because=BECAUSE)

    assert marked["status"] == "entered_in_error"
    assert marked["holding_agency_id"] == referral["holding_agency_id"]
    assert "offered_to_agency_id" not in marked
    assert all(clock.get("stopped_at") for clock in marked["clocks"])


async def test_where_an_agency_falls_silent_after_it_has_accepted_a_manager_takes_the_family_back(
    service: Service,
) -> None:
    town = await Town.of(service)
    referral = await town.at("in_progress")
    manager = town.workers[Role.FRONT_DOOR_MANAGER]

    taken = await town.step(referral, "reopen", manager)

    assert (taken.status_code, taken.json()["status"]) == (200, "triaging")
    now = await check(service, referral["id"])
    assert now["holding_agency_id"] == str(manager.agency_id)
    running = {c["clock"] for c in taken.json()["clocks"] if c["state"] in ("due", "near")}
    assert "decide" in running
    assert "begin" not in running, "what the silent agency should have begun is nobody's task now"


async def test_the_agency_of_the_lead_professional_hears_what_happens_to_the_family(
    service: Service,
) -> None:
    town = await Town.of(service)
    lead = service.partner(AgencyKind.HEALTH, Role.LEAD_PROFESSIONAL)
    await service.known(lead)
    referral = await town.at("in_progress")
    receiver = town.worker("receiving_worker", referral)
    named = {"lead_professional_id": str(lead.caller.worker_id)}

    appointed = (await town.step(referral, "appoint", receiver, named)).json()
    await town.step(appointed, "start", receiver)

    heard = "select type from outbox where :agency = any(concerns) order by number"
    types = await service.rows(heard, agency=lead.agency_id)
    assert [kind.split(".")[3] for kind in types] == ["lead_professional_appointed", "started"]
