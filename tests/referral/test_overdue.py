"""A decision that is late is announced once, by whichever instance looks first."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.referral.actions.deciding import find_overdue
from shared.auth import AgencyKind, Role
from tests.builders import a_decision
from tests.referral.conftest import Partner, Service, live

LATER = datetime.now(UTC) + timedelta(days=30)
_OVERDUE = "select key from outbox where type = 'uk.earlyhelp.referral.overdue.v1'"


async def test_a_late_decision_is_announced_once_to_the_referrer_and_seen_in_the_history(
    school: Partner, service: Service
) -> None:
    late, withdrawn = await school.refer(), await school.refer()
    await school.step(withdrawn, "withdrawal", 1, {"reason": "family_declined"})

    told = [await find_overdue(service.desk, LATER) for _ in range(3)]

    assert told == [1, 0, 0]
    assert await service.rows(_OVERDUE) == [late["id"]]
    assert await service.rows(f"{_OVERDUE} and concerns = :us", us=[school.agency_id]) == [
        late["id"]
    ]
    entries = (await school.get(f"/{late['id']}/history")).json()["entries"]
    assert [entry["action"] for entry in entries] == ["submit", "overdue"]
    assert "worker_id" not in entries[-1]


async def test_what_is_decided_in_time_is_never_late(
    school: Partner, front_door: Partner, service: Service
) -> None:
    receipt = await school.refer()
    for version, step in enumerate(("acknowledgement", "triage", "decision"), start=1):
        await front_door.step(receipt, step, version, a_decision() if step == "decision" else None)

    assert await find_overdue(service.desk, LATER) == 0


async def test_a_late_referral_still_goes_its_way(
    school: Partner, front_door: Partner, service: Service
) -> None:
    receipt = await school.refer()
    await find_overdue(service.desk, LATER)

    acknowledged = await front_door.step(receipt, "acknowledgement", 2)

    assert acknowledged.status_code == 200
    assert acknowledged.json()["overdue_at"]


async def test_two_instances_that_look_at_the_same_time_announce_each_once(
    databases: Callable[[str], str], key_folder: Path
) -> None:
    url = databases("referral")
    async with live(url, key_folder) as one, live(url, key_folder) as other:
        school = one.partner(AgencyKind.SCHOOL, Role.REFERRER)
        referred = {(await school.refer())["id"] for _ in range(30)}

        told = await asyncio.gather(
            *(find_overdue(instance.desk, LATER) for _ in range(4) for instance in (one, other))
        )

        assert sum(told) == len(referred)
        announced = await one.rows(_OVERDUE)
        assert (len(announced), set(announced)) == (len(referred), referred)


async def test_more_late_ones_than_one_look_takes_are_all_announced(
    school: Partner, service: Service
) -> None:
    await asyncio.gather(*(school.refer() for _ in range(101)))

    told = [await find_overdue(service.desk, LATER) for _ in range(3)]

    assert told == [100, 1, 0]
