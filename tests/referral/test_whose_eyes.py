"""What each of those on a family's way sees of it, and when; for everybody else it is not there."""

from uuid import uuid4

import pytest

from shared.auth import AgencyKind, Role
from tests.builders import a_child, a_parent, a_submission, an_address
from tests.referral.conftest import FRONT_DOOR, Partner, Service
from tests.referral.town import Json, Town

HOME, REFUGE = an_address(), an_address(lines=["9 Hidden Court"], confidential=True)
STORY = {"children", "household", "need", "safeguarding", "basis"}
LONG_WAY = (
    "acknowledge triage ask answer decide request_assessment complete_assessment list_for_panel"
    " allocate assign accept assign start record_meeting appoint hold release step_across decline"
    " decide allocate accept close"
)
ALL = {
    *("ask", "answer", "decide", "request_assessment", "complete_assessment", "list_for_panel"),
    *("allocate", "accept", "assign", "record_meeting", "appoint", "hold", "step_across"),
    *("decline", "close"),
}
"""With these something is said."""
HEARD = {
    "front_door_worker": ALL,
    "panel_chair": ALL,
    "referrer": {"ask", "answer", "decide", "complete_assessment", "close"},
    "receiving_worker": ALL - {"ask", "answer", "list_for_panel", "decline"},
    "lead_professional": ALL - {"ask", "answer", "list_for_panel", "decline"},
}
"""Who reads the words of which step; the referrer assessed here, the helpers all the rest."""


def a_hidden_family() -> Json:
    """A child with a home that everybody may know, and a place that nobody may."""
    child = a_child(addresses=[HOME, REFUGE])
    return a_submission(child, household=[a_parent(addresses=[REFUGE])])


async def _sight(by: Partner, referral: Json) -> str:
    """How much of it is seen."""
    answer = await by.get(f"/{referral['id']}")
    if answer.status_code == 404:
        return "nothing"
    seen = answer.json()
    assert answer.status_code == 200
    if not STORY & seen.keys():
        assert "Madeupname" not in answer.text
        assert "rationale" not in answer.text
        return "codes"
    assert seen.keys() >= STORY
    assert "Hidden Court" not in answer.text
    return "story"


async def test_whoever_is_asked_sees_codes_and_after_acceptance_all_but_confidential_addresses(
    service: Service,
) -> None:
    town = await Town.of(service)
    lead = town.workers[Role.LEAD_PROFESSIONAL]
    everybody = [*town.helpers, town.social_care, lead, town.workers[Role.REFERRER]]

    referral = await town.at("decided", a_hidden_family())
    before = [await _sight(by, referral) for by in everybody]
    referral = await town.go(referral, "allocate")
    offered = [await _sight(by, referral) for by in everybody]
    referral = await town.go(referral, "accept")
    accepted = [await _sight(by, referral) for by in everybody]
    referral = await town.go(referral, "step_across")
    asking = [await _sight(by, referral) for by in everybody]
    referral = await town.go(referral, "decline")
    declined = [await _sight(by, referral) for by in everybody]

    none = "nothing"
    assert before == [none, none, none, none, none, "story"]
    assert offered == ["codes", none, none, none, none, "story"]
    assert accepted == ["story", none, none, none, "story", "story"]
    assert asking == ["story", "codes", none, none, "story", "story"], "whoever holds it works on"
    assert declined == before
    assert await _sight(town.workers[Role.FRONT_DOOR_WORKER], referral) == "story"


async def test_whoever_is_asked_reads_no_words_of_the_history(service: Service) -> None:
    town = await Town.of(service)
    referral = await town.at("allocated")
    door = town.workers[Role.FRONT_DOOR_WORKER]

    for by, reads in ((door, True), (town.helpers[0], False)):
        entries = (await by.get(f"/{referral['id']}/history")).json()["entries"]
        assert [entry["action"] for entry in entries][-1] == "allocate"
        assert any("words" in entry for entry in entries) is reads


@pytest.mark.parametrize("role", HEARD)
async def test_who_reads_what_was_said_with_each_step(service: Service, role: str) -> None:
    town = await Town.of(service)
    referral = await town.at(LONG_WAY)
    service.deciding.permits = lambda *_: True  # who has helped may look for a while after the end

    by = town.worker(role, referral)
    entries = (await by.get(f"/{referral['id']}/history")).json()["entries"]

    read = {entry["action"] for entry in entries if entry.get("words")}
    silent = {entry["action"] for entry in entries if not entry.get("words")}
    assert read == HEARD[role]
    spoken = [entry["action"] for entry in entries if entry["action"] in ALL]
    assert set(spoken) == ALL
    assert silent & ALL == ALL - HEARD[role], "no step is heard one time and not the other"


async def test_a_panel_chair_of_another_agency_sees_it_while_it_waits_for_the_panel_alone(
    service: Service,
) -> None:
    town = await Town.of(service)
    chair = service.partner(AgencyKind.HEALTH, Role.PANEL_CHAIR)

    referral = await town.at("decided", a_hidden_family())
    seen = [await _sight(chair, referral)]
    for action in ("list_for_panel", "decide"):
        referral = await town.go(referral, action)
        seen.append(await _sight(chair, referral))

    assert seen == ["nothing", "story", "nothing"]


@pytest.mark.parametrize("path", ["/{}", "/{}/history", "/{}/actions", "/{}/amendments"])
async def test_what_another_authority_holds_is_not_there_to_the_byte(
    service: Service, path: str
) -> None:
    town = await Town.of(service)
    referral = await town.at("in_progress")
    here = service.partner(AgencyKind.FRONT_DOOR, *FRONT_DOOR)
    there = here.but(authority="elsewhere", roles=frozenset(Role))
    holder = town.helpers[0].but(authority="elsewhere")

    assert (await here.get(path.format(referral["id"]))).status_code == 200
    nowhere = await there.get(path.format(uuid4()))
    for by in (there, holder):
        hidden = await by.get(path.format(referral["id"]))
        assert (hidden.status_code, hidden.content) == (404, nowhere.content)
        assert hidden.headers.keys() == nowhere.headers.keys()
