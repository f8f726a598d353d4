"""The authorization table, held against the live hub through its door, with real tokens."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio

from shared.auth import AgencyKind, Role, Scope
from tests.builders import a_decision, a_submission, a_withdrawal
from tests.hub_fixture import REFERRALS, Hub, System
from tests.rules.authorization_table import (
    AGENCIES,
    MAY_HOLD,
    ROLES,
    SCOPES,
    STATUSES,
    TABLES,
    Cell,
    cells,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

STEPS: dict[str, list[str]] = {
    "acknowledged": ["acknowledgement"],
    "triaging": ["acknowledgement", "triage"],
    "decided": ["acknowledgement", "triage", "decision"],
}
BODIES: dict[str, Any] = {
    "POST /api/v1/referrals/{referral_id}/decision": a_decision("advice"),
    "POST /api/v1/referrals/{referral_id}/withdrawal": a_withdrawal(),
    "PUT /api/v1/workers/{external_id}": {"name": "Wanda Madeup", "job_title": "Invented worker"},
    "PUT /api/v1/workers/{external_id}/roles": {"roles": ["referrer"]},
}
_numbers = count(1)


@dataclass
class World:
    """A school that has made referrals, another agency, the front door, and all their workers."""

    systems: dict[str, System]
    referrals: dict[str, dict[str, Any]]
    looked_at: UUID

    async def referral_in(self, status: str) -> dict[str, Any]:
        """A new referral of the school's that has come as far as `status`."""
        receipt = await self.systems["its own"].refer("referrer")
        if status == "withdrawn":
            await self._step(self.systems["its own"], "referrer", receipt, 1, "withdrawal")
        for version, step in enumerate(STEPS.get(status, []), start=1):
            front_door = self.systems["front door"]
            await self._step(front_door, "front_door_worker", receipt, version, step)
        return receipt

    async def _step(
        self, system: System, worker: str, receipt: dict[str, Any], version: int, step: str
    ) -> None:
        body = {"decision": a_decision(), "withdrawal": a_withdrawal()}.get(step)
        path, seen = f"{REFERRALS}/{receipt['id']}/{step}", {"If-Match": f'"{version}"'}
        answer = await system.ask("POST", path, worker=worker, json=body, headers=seen)
        assert answer.status_code == 200, answer.text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(hub: Hub) -> AsyncIterator[World]:
    """Each worker's number is the name of the one role it holds."""
    systems = {relation: await hub.join(kind) for relation, kind in AGENCIES.items()}
    for relation, system in systems.items():
        for role in MAY_HOLD[AGENCIES[relation]]:
            await system.worker(role, role)
    looked_at = await systems["its own"].worker("looked-at", "referrer")
    made = World(systems, {}, looked_at)
    made.referrals = {status: await made.referral_in(status) for status in STATUSES}
    yield made


async def _asked(
    world: World, operation: str, cell: Cell, system: System | None = None
) -> httpx2.Response:
    """The operation as this caller asks for it, right in everything but who asks."""
    relation, role, status, expected = cell
    method, path = operation.split(" ")
    receipt = world.referrals[status]
    if method == "POST" and "{referral_id}" in path and expected < 400:
        receipt = await world.referral_in(status)  # it will change
    version = 1 + len(STEPS.get(status, ())) + (status == "withdrawn")
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
    number = "looked-at"
    if operation == "PUT /api/v1/workers/{external_id}" and relation != "its own":
        number = f"new-{next(_numbers)}"
    if operation == "PUT /api/v1/workers/{external_id}/roles":
        headers["If-Match"] = await _version_of_the_worker(world)
    where = path.format(referral_id=receipt["id"], external_id=number, worker_id=world.looked_at)
    body = a_submission() if operation == "POST /api/v1/referrals" else BODIES.get(operation)
    worker = None if role == "nobody" else role
    asking = system or world.systems[relation]
    return await asking.ask(method, where, worker=worker, json=body, headers=headers)


async def _version_of_the_worker(world: World) -> str:
    seen = await world.systems["its own"].ask("GET", "/api/v1/workers/looked-at", worker="referrer")
    return str(seen.headers["ETag"])


@pytest.mark.parametrize("operation", TABLES)
async def test_who_may_do_what(world: World, operation: str) -> None:
    asked = cells(operation)
    if "{referral_id}" not in operation:
        asked = [cell for cell in asked if cell[2] == STATUSES[0]]
    assert asked[0][3] < 300, "what is permitted comes first"

    found = [(cell, (await _asked(world, operation, cell)).status_code) for cell in asked]

    assert [(cell, answer) for cell, answer in found if answer != cell[3]] == []


@pytest.mark.parametrize("operation", TABLES)
async def test_without_its_scope_or_without_a_token_an_operation_is_refused(
    hub: Hub, world: World, operation: str
) -> None:
    best = next(cell for cell in cells(operation) if cell[3] < 300)
    poor = await hub.join(AGENCIES[best[0]], without=frozenset({Scope(SCOPES[operation])}))
    if best[1] != "nobody":
        await poor.worker(best[1], best[1])
    assert (await _asked(world, operation, best)).status_code < 300

    refused = await _asked(world, operation, best, poor)
    method, path = operation.split(" ")
    anonymous = await hub.http.request(
        method, path.format(referral_id=uuid4(), external_id="x", worker_id=uuid4())
    )

    assert (refused.status_code, refused.json()["scope"]) == (403, SCOPES[operation])
    assert anonymous.status_code == 401
    assert anonymous.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("kind", MAY_HOLD)
async def test_an_agency_gives_its_workers_the_roles_of_its_kind_and_no_others(
    hub: Hub, kind: str
) -> None:
    system = await hub.join(kind)
    await system.worker("head", "agency_administrator")
    path, answers = "/api/v1/workers/worker/roles", {}
    await system.worker("worker")

    for role in sorted(ROLES, key=lambda role: role not in MAY_HOLD[kind]):
        seen = await system.ask("GET", "/api/v1/workers/worker", worker="head")
        version = {"If-Match": seen.headers["ETag"]}
        granted = await system.ask(
            "PUT", path, worker="head", json={"roles": [role]}, headers=version
        )
        answers[role] = granted.status_code

    assert answers == {role: 200 if role in MAY_HOLD[kind] else 422 for role in ROLES}


async def test_every_operation_status_role_and_kind_of_agency_of_the_hub_is_in_the_table(
    hub: Hub,
) -> None:
    document = (await hub.http.get("/openapi.json")).json()
    offered = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation.get("security")
    }
    schemas = document["components"]["schemas"]

    assert set(TABLES) == set(SCOPES) == offered
    assert set(STATUSES) == set(schemas["Status"]["enum"])
    assert set(ROLES) == set(schemas["Role"]["enum"]) == {role.value for role in Role}
    assert set(MAY_HOLD) == {kind.value for kind in AgencyKind}
