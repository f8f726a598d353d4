"""Counts say how many there are of what the caller may see, and nothing of anything else."""

from datetime import timedelta
from typing import Any

import pytest

from shared.auth import AgencyKind, Role
from tests.referral.conftest import Partner, Service
from tests.referral.planted import NOON, planted, someone

HOUR = timedelta(hours=1)
BY = ("status", "due", "urgency", "area", "hub", "need", "worker")
WORKER = someone(7)

FACTS: list[dict[str, Any]] = [
    {"next_due": NOON - HOUR, "next_near": NOON - HOUR, "urgency": "urgent", "area": "north"},
    {"next_due": NOON + HOUR, "next_near": NOON - HOUR, "area": "north", "hub": "north"},
    {"next_due": NOON + HOUR, "next_near": None, "status": "triaging", "area": "south"},
    {"status": "closed", "need_groups": ["health", "education"], "assigned_worker_id": WORKER},
]

COUNTED: dict[str, dict[str | None, int]] = {
    "by=status": {"submitted": 2, "triaging": 1, "closed": 1},
    "by=due": {"overdue": 1, "near": 1, "due": 1},
    "by=urgency": {"routine": 3, "urgent": 1},
    "by=area": {"north": 2, "south": 1, None: 1},
    "by=hub": {"north": 1, None: 3},
    "by=need": {"education": 4, "health": 1},
    "by=worker": {str(WORKER): 1, None: 3},
    "by=area&status=submitted": {"north": 2},
    "by=status&due=overdue": {"submitted": 1},
    "by=status&need=health": {"closed": 1},
    "by=status&area=north&urgency=routine": {"submitted": 1},
    "by=status&worker=me": {},
}


async def _counts(partner: Partner, query: str) -> dict[str | None, int]:
    answer = await partner.get(f"/counts?{query}")
    assert answer.status_code == 200, answer.text
    return {one["code"]: one["count"] for one in answer.json()["counts"]}


@pytest.mark.parametrize("query", COUNTED)
async def test_the_worklist_is_counted(
    service: Service, school: Partner, front_door: Partner, query: str
) -> None:
    service.at(NOON)
    await planted(service, school, *FACTS)

    assert await _counts(front_door, query) == COUNTED[query]
    assert await _counts(school, query) == COUNTED[query]


@pytest.mark.parametrize("path", ["?", *(f"/counts?by={by}&" for by in BY), "/export?"])
async def test_what_another_agency_or_authority_has_changes_no_byte_of_an_answer(
    service: Service, school: Partner, gp: Partner, front_door: Partner, path: str
) -> None:
    service.at(NOON)
    await planted(service, school, *FACTS)
    query = f"{path}status=submitted&urgency=routine"
    before, at_front_door = await school.get(query), await front_door.get(query)
    elsewhere = service.partner(AgencyKind.SCHOOL, Role.REFERRER, authority="elsewhere")

    await planted(service, elsewhere, *FACTS)
    assert (await front_door.get(query)).content == at_front_door.content
    await planted(service, gp, *FACTS)

    assert (await front_door.get(query)).content != at_front_door.content
    after = await school.get(query)
    assert (after.content, dict(after.headers)) == (before.content, dict(before.headers))


async def test_what_the_caller_may_not_filter_by_is_not_counted_either(
    service: Service, school: Partner, front_door: Partner
) -> None:
    assert (await front_door.get("/counts?by=status&escalated=true")).status_code == 200

    refused = await school.get("/counts?by=status&escalated=true")

    assert refused.status_code == 400
    assert refused.json()["filters"] == ["escalated"]


@pytest.mark.parametrize("query", ["", "?by=family_name", "?by=status&limit=2", "?by=agency"])
async def test_what_is_not_offered_is_refused(school: Partner, query: str) -> None:
    assert (await school.get("/counts?by=status")).status_code == 200

    assert (await school.get(f"/counts{query}")).status_code == 400


async def test_a_count_is_a_look_and_is_recorded(service: Service, school: Partner) -> None:
    await school.get("/counts?by=status")

    rows = await service.rows("select operation, worker_id, subjects from access")

    assert rows == [("referral.count", school.caller.worker_id, [])]
