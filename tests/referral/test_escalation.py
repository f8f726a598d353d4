"""An urgent referral that nobody has seen goes the authority's emergency way, day and night."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.site import AUTHORITY
from services.referral.actions.clocks import escalate_unseen
from shared.auth import AgencyKind, Role
from shared.authority import load
from tests.builders import a_submission
from tests.referral.conftest import Partner, Service, live

WEDNESDAY = datetime.fromisoformat("2027-11-17T10:00:00+00:00")
IN_TIME = timedelta(minutes=load(AUTHORITY).emergency.unacknowledged_minutes)
TOO_LATE = IN_TIME + timedelta(seconds=1)
ESCALATED = "select key, data->>'route' from outbox where type like '%.escalated.v1'"


def urgent() -> Any:
    """A child is in danger now."""
    return a_submission(safeguarding={"immediate_danger": True})


@pytest.mark.parametrize(
    ("sent", "route"),
    [
        ("2027-11-17T10:00:00+00:00", "in_cover_hours"),
        ("2027-11-17T16:30:00+00:00", "out_of_hours"),  # until half past five
        ("2027-11-20T10:00:00+00:00", "out_of_hours"),  # Saturday
        ("2027-12-27T10:00:00+00:00", "out_of_hours"),  # Christmas Day's bank holiday
        ("2027-07-07T08:00:00+01:00", "in_cover_hours"),  # from nine o'clock in summer
    ],
)
async def test_unseen_in_time_it_goes_once_by_the_way_that_is_open_at_this_hour(
    school: Partner, front_door: Partner, service: Service, sent: str, route: str
) -> None:
    now = datetime.fromisoformat(sent)
    service.at(now)
    receipt = await school.refer(urgent())

    looks = (now + IN_TIME, now + TOO_LATE, now + TOO_LATE, now + timedelta(days=3))
    told = [await escalate_unseen(service.desk, look) for look in looks]

    assert told == [0, 1, 0, 0]
    assert await service.rows(ESCALATED) == [(receipt["id"], route)]
    seen = (await front_door.get(f"/{receipt['id']}")).json()
    assert datetime.fromisoformat(seen["escalated_at"]) == now + TOO_LATE
    entry = (await school.get(f"/{receipt['id']}/history")).json()["entries"][-1]
    assert (entry["action"], entry["code"], entry["version"]) == ("escalate", route, 1)


async def test_what_is_acknowledged_or_taken_back_in_time_or_not_urgent_does_not_escalate(
    school: Partner, front_door: Partner, service: Service
) -> None:
    service.at(WEDNESDAY)
    acknowledged, withdrawn = await school.refer(urgent()), await school.refer(urgent())
    await school.refer()
    assert (await front_door.step(acknowledged, "acknowledgement", 1)).status_code == 200
    taken_back = await school.step(withdrawn, "withdrawal", 1, {"reason": "family_declined"})
    assert taken_back.status_code == 200
    unseen = await school.refer(urgent())

    assert await escalate_unseen(service.desk, WEDNESDAY + TOO_LATE) == 1

    assert [key for key, _ in await service.rows(ESCALATED)] == [unseen["id"]]


async def test_it_can_still_be_acknowledged_at_the_version_that_was_seen_before(
    school: Partner, front_door: Partner, service: Service
) -> None:
    service.at(WEDNESDAY)
    receipt = await school.refer(urgent())
    await escalate_unseen(service.desk, WEDNESDAY + TOO_LATE)

    assert (await front_door.step(receipt, "acknowledgement", 1)).status_code == 200


async def test_two_instances_that_look_at_the_same_time_escalate_each_once(
    databases: Callable[[str], str], key_folder: Path
) -> None:
    url = databases("referral")
    async with live(url, key_folder) as one, live(url, key_folder) as other:
        school = one.partner(AgencyKind.SCHOOL, Role.REFERRER)
        one.at(WEDNESDAY)
        referred = {(await school.refer(urgent()))["id"] for _ in range(20)}

        later = WEDNESDAY + TOO_LATE
        told = await asyncio.gather(
            *(escalate_unseen(it.desk, later) for _ in range(4) for it in (one, other))
        )

        found = [key for key, _ in await one.rows(ESCALATED)]
        assert (sum(told), len(found), set(found)) == (len(referred), len(referred), referred)


@pytest.mark.parametrize(
    ("now", "answered_by"),
    [
        ("2026-11-18T08:59:59+00:00", "out_of_hours"),
        ("2026-11-18T09:00:00+00:00", "front_door"),
        ("2026-11-18T16:59:59+00:00", "front_door"),
        ("2026-11-18T17:00:00+00:00", "out_of_hours"),
        ("2026-07-01T08:00:00+00:00", "front_door"),  # nine o'clock in summer
        ("2026-07-01T16:00:00+00:00", "out_of_hours"),
        ("2026-11-21T12:00:00+00:00", "out_of_hours"),  # Saturday
        ("2026-08-31T12:00:00+01:00", "out_of_hours"),  # summer bank holiday
    ],
)
def test_the_telephone_that_answers_now(now: str, answered_by: str) -> None:
    authority = load(AUTHORITY)

    answering = authority.answers_now(datetime.fromisoformat(now))

    assert answering == getattr(authority.emergency, answered_by)
