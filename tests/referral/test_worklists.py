"""What a worklist is narrowed to, by whom it may be, and what then is shown."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from services.referral.domain.worklist import FILTERS_FOR, Filters
from services.referral.routes.answers import Summary
from shared.auth import AgencyKind, Role
from tests.referral.conftest import Partner, Service
from tests.referral.planted import NOON, listed, places, planted, someone

AGENCY, WORKER = someone(1), someone(2)
HOUR = timedelta(hours=1)

FACTS: list[dict[str, Any]] = [
    {"next_due": NOON - HOUR, "next_near": NOON - 5 * HOUR, "urgency": "urgent"},
    {"next_due": NOON + HOUR, "next_near": NOON - HOUR, "area": "north", "hub": "north"},
    {"next_due": NOON + 9 * HOUR, "next_near": NOON + 5 * HOUR, "status": "triaging"},
    {"status": "allocated", "offered_to_agency_id": AGENCY, "assigned_worker_id": WORKER},
    {"status": "in_progress", "holding_agency_id": AGENCY, "lead_professional_id": WORKER},
    {"status": "decided", "decision": "advice", "need_groups": ["health", "education"]},
    {"escalated_at": NOON, "referring_agency_id": AGENCY, "need_groups": ["health"]},
]

NARROWED = {
    "due=overdue": [0],
    "due=near": [1],
    "due=due": [2],
    "urgency=urgent": [0],
    "urgency=routine": [1, 2, 3, 4, 5, 6],
    "area=north": [1],
    "hub=north": [1],
    "status=triaging": [2],
    "status=triaging&status=allocated&status=closed": [2, 3],
    f"offered_to={AGENCY}": [3],
    f"worker={WORKER}": [3],
    f"holder={AGENCY}": [4],
    f"lead_professional={WORKER}": [4],
    "decision=advice": [5],
    "need=health": [5, 6],
    "need=health&decision=advice": [5],
    f"agency={AGENCY}": [6],
    "escalated=true": [6],
    "escalated=false": [0, 1, 2, 3, 4, 5],
    "worker=me": [],
}


@pytest.mark.parametrize("query", NARROWED)
async def test_the_front_door_narrows_its_worklist(
    service: Service, school: Partner, front_door: Partner, query: str
) -> None:
    service.at(NOON)
    ids = await planted(service, school, *FACTS)

    found = await listed(front_door, f"sort=oldest&{query}")

    assert places(ids, found) == NARROWED[query]


def test_every_filter_is_narrowed_by_here() -> None:
    named = {part.split("=")[0] for query in NARROWED for part in query.split("&")}

    assert named == set(Filters.model_fields) - {"of"}


async def test_me_is_the_worker_who_acts(
    service: Service, school: Partner, front_door: Partner
) -> None:
    mine, me = front_door.colleague(), front_door.caller.worker_id
    ids = await planted(
        service, school, {"assigned_worker_id": me}, {"lead_professional_id": me}, {}
    )

    assert places(ids, await listed(front_door, "worker=me")) == [0]
    assert places(ids, await listed(front_door, "lead_professional=me")) == [1]
    assert places(ids, await listed(front_door, "of=mine&sort=oldest")) == [0, 1]
    assert await listed(mine, "worker=me") == await listed(mine, "of=mine") == []
    assert places(ids, await listed(school, "of=mine&sort=oldest")) == [0, 1, 2]


async def test_the_agencys_worklist_is_what_waits_for_it(
    service: Service, school: Partner, front_door: Partner
) -> None:
    housing = service.partner(AgencyKind.HOUSING, Role.RECEIVING_WORKER, Role.REFERRER)
    offered = {"status": "allocated", "offered_to_agency_id": housing.agency_id}
    held = {"status": "in_progress", "holding_agency_id": housing.agency_id, "accepted_at": NOON}
    seen = {"front_door_agency_id": front_door.agency_id}
    ids = await planted(service, school, offered, held | seen, seen, {})
    own = await planted(service, housing, {"holding_agency_id": school.agency_id})

    assert places(ids, await listed(housing, "of=agency&sort=oldest")) == [0, 1]
    assert await listed(housing, "sort=oldest") == [*ids[:2], *own]
    assert places(ids, await listed(front_door, "of=agency&sort=oldest")) == [1, 2]


ALLOWED = {
    "status=submitted": "everybody",
    "due=overdue": "everybody",
    "urgency=urgent": "everybody",
    "area=north": "everybody",
    "hub=north": "everybody",
    "need=health": "everybody",
    f"holder={AGENCY}": "everybody",
    f"offered_to={AGENCY}": "everybody",
    f"worker={WORKER}": "everybody",
    "lead_professional=me": "everybody",
    "decision=advice": "everybody",
    "of=agency": "everybody",
    f"agency={AGENCY}": "all but referrers",
    "escalated=true": "front door",
    "escalated=false": "front door",
}
"""Who may narrow by what: by what a Summary shows, and by another agency only who receives."""
FRONT_DOOR = {"front_door_worker", "front_door_manager"}
READERS = ["referrer", "receiving_worker", "lead_professional", "panel_chair", *sorted(FRONT_DOOR)]


def test_of_every_filter_it_is_said_who_may_use_it() -> None:
    assert {query.split("=")[0] for query in ALLOWED} == set(Filters.model_fields)


def _may(role: str, who: str) -> bool:
    if who == "front door":
        return role in FRONT_DOOR
    return who == "everybody" or role != "referrer"


@pytest.mark.parametrize("role", READERS)
async def test_a_filter_on_what_is_not_shown_is_refused_and_named(
    service: Service, role: str
) -> None:
    kind = AgencyKind.FRONT_DOOR if role in FRONT_DOOR else AgencyKind.HOUSING
    partner = service.partner(kind, Role(role))

    for (query, who), path in product(ALLOWED.items(), ("?", "/counts?by=status&", "/export?")):
        answer = await partner.get(f"{path}{query}")

        if _may(role, who):
            assert answer.status_code == 200, (query, answer.text)
        else:
            assert answer.status_code == 400, query
            assert answer.json()["type"] == "/problems/filter-not-permitted"
            assert answer.json()["filters"] == [query.split("=")[0]]


async def test_a_referrer_may_name_its_own_agency(
    service: Service, school: Partner, gp: Partner
) -> None:
    ids = await planted(service, school, {}, {})

    assert places(ids, await listed(school, f"sort=oldest&agency={school.agency_id}")) == [0, 1]
    assert (await gp.get(f"?agency={school.agency_id}")).status_code == 400


async def test_a_filter_of_one_role_shows_nothing_that_is_seen_in_another(
    service: Service, school: Partner
) -> None:
    both = service.partner(AgencyKind.HEALTH, Role.REFERRER, Role.RECEIVING_WORKER)
    offered = {"status": "allocated", "offered_to_agency_id": both.agency_id}
    (received,) = await planted(service, school, offered)
    (sent,) = await planted(service, both, {})

    assert await listed(both, "sort=oldest") == [received, sent]
    assert await listed(both, f"agency={school.agency_id}") == [received]


def test_only_what_a_summary_hides_from_somebody_is_not_for_everybody() -> None:
    assert "escalated_at" in Summary.model_fields
    everybody = frozenset.intersection(*FILTERS_FOR.values())

    assert set(Filters.model_fields) - everybody == {"escalated", "agency"}


async def test_a_referral_is_found_by_what_people_quote(
    service: Service, school: Partner, gp: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()
    await school.refer()
    reference = receipt["reference"]
    spoken = f" {reference.lower().replace('-', ' ')} "

    for quoted in (reference, reference.replace("-", ""), spoken):
        answer = await front_door.get("", params={"reference": quoted})
        assert [found["id"] for found in answer.json()["referrals"]] == [receipt["id"]]
    unseen = await gp.get("", params={"reference": reference})
    nothing = await gp.get("", params={"reference": "7KQ4-9XWTM-N"})
    assert unseen.json() == nothing.json() == {"referrals": []}


def _swapped(reference: str) -> str:
    """With the first two neighbours swapped that are not the same sign."""
    signs = reference.replace("-", "")
    at = next(at for at in range(9) if signs[at] != signs[at + 1])
    return signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :]


@pytest.mark.parametrize("changed", ["swapped", "wrong", "short", "empty", "words"])
async def test_a_reference_with_a_mistake_is_told_apart_from_one_that_is_not_there(
    school: Partner, changed: str
) -> None:
    reference = (await school.refer())["reference"]
    sign = "A" if reference[0] != "A" else "B"
    mistyped = {
        "swapped": _swapped(reference),
        "wrong": sign + reference[1:],
        "short": reference[:-1],
        "empty": "",
        "words": "the family in Nowhere Lane",
    }[changed]

    answer = await school.get("", params={"reference": mistyped})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/reference-mistyped"
    assert "Nowhere" not in answer.text


@pytest.mark.parametrize("query", ["area=atlantis", "hub=atlantis", "need=riches"])
async def test_a_code_that_the_authority_does_not_have_is_refused_not_empty(
    front_door: Partner, query: str
) -> None:
    name, wrong = query.split("=")

    answer = await front_door.get(f"?{query}")

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/filter-unknown-code"
    assert answer.json()["filters"] == [name]
    assert wrong not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        *("family_name=Madeupname", "status=lost", "limit=0", "limit=101", "urgency=", "sort=name"),
        *("due=late", "worker=you", "escalated=perhaps", "of=hub", "area=A'--", "cursor="),
    ],
)
async def test_a_filter_that_is_not_offered_is_refused(school: Partner, query: str) -> None:
    assert (await school.get("?limit=1")).status_code == 200

    refused = await school.get(f"?{query}")

    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "Madeupname" not in refused.text
