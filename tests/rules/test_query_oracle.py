"""What an agency may not see of its own families it cannot find out by asking for it either; and
the list, the detail, the export and the history of a family tell the same."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from tests.builders import a_decision, a_need, a_submission
from tests.hub_fixture import REFERRALS, Hub, System
from tests.rules import sharing_table as sharing
from tests.rules.decided import decided

pytestmark = pytest.mark.asyncio(loop_scope="module")

TAKING_OVER = ("children_services", "school", "health", "gp", "housing", "voluntary")
READERS = [(kind, purpose) for kind in TAKING_OVER for purpose in sharing.PURPOSES]
TWO_VALUES = {
    sharing.GROUPS: [("need=education", "need=health")],
    sharing.REFERRAL: [
        ("status=in_progress", "status=closed"),
        ("urgency=urgent", "urgency=routine"),
        ("due=overdue", "due=near"),
        ("decision=early_help", "decision=advice"),
        ("sort=due", "sort=urgency"),
    ],
    sharing.INVOLVEMENT: [("worker=me", "worker={agency}"), ("of=mine", "of=agency")],
}
"""What is asked, by what the answer would tell: two values, of which one is right at most."""
COUNTED = {
    sharing.GROUPS: ["need"],
    sharing.REFERRAL: ["status", "due", "urgency", "area", "hub"],
    sharing.INVOLVEMENT: ["worker"],
}
_CHANGING = {"date", "ratelimit", "ratelimit-policy"}
_OF = {
    "status": sharing.REFERRAL,
    "submitted_at": sharing.REFERRAL,
    "reference": sharing.REFERRAL,
    "urgency": sharing.REFERRAL,
    "holding_agency_id": sharing.INVOLVEMENT,
    "referring_agency_id": sharing.INVOLVEMENT,
    "need_groups": sharing.GROUPS,
    "level_referrer": sharing.LEVEL,
}
"""Fields that a list, an export and a detail have in common."""


@dataclass
class Holders:
    """An agency of each kind that holds one family."""

    systems: dict[str, System]
    receipts: dict[str, dict[str, Any]]

    async def ask(self, kind: str, purpose: str, path: str) -> httpx2.Response:
        """A GET by the agency that holds the family."""
        system = self.systems[kind]
        path = path.replace("{agency}", str(system.agency_id))
        headers = {"Purpose": purpose}
        where = f"{REFERRALS}{path}"
        return await decided(lambda: system.ask("GET", where, worker="w", headers=headers))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def holders(hub: Hub) -> AsyncIterator[Holders]:
    """The front door has allocated a family to each, which has accepted it."""
    referring, front_door = await hub.join("school"), await hub.join("front_door")
    await referring.worker("w", "referrer")
    await front_door.worker("w", "front_door_worker", "front_door_manager")
    systems = {kind: await hub.join(kind) for kind in TAKING_OVER}
    for system in systems.values():
        await system.worker("w", "receiving_worker")
    await hub.settled()
    receipts = {}
    for kind, system in systems.items():
        family = a_submission(need=a_need(level="2"))
        receipts[kind] = receipt = await referring.refer("w", family)
        asked = {"agency_id": str(system.agency_id)}
        await _step(front_door, receipt, "acknowledgement", 1)
        await _step(front_door, receipt, "triage", 2)
        await _step(front_door, receipt, "decision", 3, a_decision())
        await _step(front_door, receipt, "allocation", 4, asked)
        await _step(system, receipt, "acceptance", 5)
    yield Holders(systems, receipts)


async def _step(
    system: System, receipt: dict[str, Any], noun: str, version: int, body: Any = None
) -> None:
    path, seen = f"{REFERRALS}/{receipt['id']}/{noun}", {"If-Match": f'"{version}"'}
    answer = await system.ask("POST", path, worker="w", json=body, headers=seen)
    assert answer.status_code == 200, answer.text


def _whole(answer: httpx2.Response) -> tuple[Any, ...]:
    kept = {name: value for name, value in answer.headers.items() if name not in _CHANGING}
    return answer.status_code, kept, answer.content


@pytest.mark.parametrize(("kind", "purpose"), READERS)
async def test_what_is_not_seen_of_every_family_cannot_be_filtered_sorted_or_counted_by(
    holders: Holders, kind: str, purpose: str
) -> None:
    open_to_it = sharing.UNIFORM[kind, purpose]
    for category, pairs in TWO_VALUES.items():
        expected = 200 if category in open_to_it else 400
        for path in ("", "/export"):
            for pair in pairs:
                if path and pair[0].startswith("sort"):
                    continue
                one, other = [await holders.ask(kind, purpose, f"{path}?{q}") for q in pair]
                assert (one.status_code, other.status_code) == (expected, expected), pair
                if expected == 400 and not pair[0].startswith("sort"):
                    assert _whole(one) == _whole(other)
        for by in COUNTED[category]:
            answer = await holders.ask(kind, purpose, f"/counts?by={by}")
            assert answer.status_code == expected, by


@pytest.mark.parametrize(("kind", "purpose"), READERS)
async def test_list_detail_export_and_history_of_a_family_tell_the_same(
    holders: Holders, kind: str, purpose: str
) -> None:
    path = f"/{holders.receipts[kind]['id']}"
    detail = (await holders.ask(kind, purpose, path)).json()
    [listed] = (await holders.ask(kind, purpose, "")).json()["referrals"]
    export = (await holders.ask(kind, purpose, "/export")).text
    [line] = csv.DictReader(io.StringIO(export))
    history = (await holders.ask(kind, purpose, f"{path}/history")).json()["entries"]

    permitted = sharing.TABLE[kind, purpose]
    expected = {name for name, category in _OF.items() if category in permitted}
    assert expected == {name for name in _OF if name in detail}
    assert expected == {name for name in _OF if name in listed}
    assert expected == {name for name in _OF if line.get(name)}
    assert {name: detail[name] for name in expected} == {name: listed[name] for name in expected}
    told = {name for entry in history for name in ("status", "agency_id") if name in entry}
    assert told <= {name for name, of in _TOLD.items() if of in permitted}
    assert ("status" in told) == (sharing.REFERRAL in permitted)


_TOLD = {"status": sharing.REFERRAL, "agency_id": sharing.INVOLVEMENT}
