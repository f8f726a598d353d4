"""The authorization table, held against the live hub through its door, with real tokens."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio

from gateway.domain import agencies
from shared.auth import TAKE_OVER, AgencyKind, Role, Scope
from tests.builders import a_submission
from tests.figures import Figures
from tests.hub_fixture import ELSEWHERE, REFERRALS, Hub, System
from tests.rules.authorization_table import (
    AGENCIES,
    MAY_HOLD,
    ROLES,
    SCOPES,
    STANDINGS,
    TABLES,
    Cell,
    cells,
    idle,
)
from tests.ways import KINDS, WAYS, Cast

pytestmark = pytest.mark.asyncio(loop_scope="module")

SPREAD = 1 if os.environ.get("PROVE") else 7
"""Of the refusals every so many are asked, of what is permitted all; no divisor of the standings,
so that each of them, and each caller, has its turn."""
BODIES: dict[str, Any] = {
    "PUT /api/v1/workers/{external_id}": {"name": "Wanda Madeup", "job_title": "Invented worker"},
    "PUT /api/v1/workers/{external_id}/roles": {"roles": ["referrer"]},
}
_numbers = count(1)
_done: Counter[str] = Counter()


@dataclass
class World:
    """A school that has made referrals, and all that other agencies are to these."""

    systems: dict[str, System]
    cast: Cast
    referrals: dict[str, dict[str, Any]]
    looked_at: UUID

    async def referral_in(self, standing: str) -> dict[str, Any]:
        """A new referral of the school's that has come as far as `standing`."""
        receipt = await self.systems["referring"].refer("referrer")
        for version, move in enumerate(WAYS[standing], start=1):
            answer = await self.systems[move.who].ask(
                "POST",
                f"{REFERRALS}/{receipt['id']}/{move.noun}",
                worker=move.role,
                json=move.body(self.cast),
                headers={"If-Match": f'"{version}"'},
            )
            assert answer.status_code == 200, answer.text
        return receipt


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(hub: Hub) -> AsyncIterator[World]:
    """Each worker's number is the name of the one role it holds."""
    systems, workers = {}, {}
    for agency, kind in AGENCIES.items():
        authority = ELSEWHERE if agency == "front door elsewhere" else "sample"
        systems[agency] = await hub.join(kind, authority=authority)
        for role in sorted(MAY_HOLD[kind]):
            workers[agency, role] = await systems[agency].worker(role, role)
    looked_at = await systems["referring"].worker("looked-at", "referrer")
    await hub.settled()
    cast = Cast(
        agencies={agency: system.agency_id for agency, system in systems.items()},
        workers={agency: workers[agency, "referrer"] for agency in AGENCIES},
        lead=workers["leading", "lead_professional"],
    )
    made = World(systems, cast, {}, looked_at)
    made.referrals = {standing: await made.referral_in(standing) for standing in STANDINGS}
    yield made


async def _asked(
    world: World, operation: str, cell: Cell, system: System | None = None
) -> httpx2.Response:
    """The operation as this caller asks for it, right in everything but who asks."""
    method, path = operation.split(" ")
    receipt = world.referrals[cell.standing]
    if method != "GET" and "{referral_id}" in path and cell.answer < 400:
        receipt = await world.referral_in(cell.standing)  # it will change
    version = 1 + len(WAYS[cell.standing])
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
    number = "looked-at"
    if operation == "PUT /api/v1/workers/{external_id}" and cell.agency != "referring":
        number = f"new-{next(_numbers)}"
    if operation == "PUT /api/v1/workers/{external_id}/roles":
        headers["If-Match"] = await _version_of_the_worker(world)
    where = path.format(referral_id=receipt["id"], external_id=number, worker_id=world.looked_at)
    asking = system or world.systems[cell.agency]
    worker = None if cell.role == "nobody" else cell.role
    body = _body(world, operation, cell.agency)
    return await asking.ask(method, where, worker=worker, json=body, headers=headers)


def _body(world: World, operation: str, agency: str) -> Any:
    if operation == "POST /api/v1/referrals":
        return a_submission()
    noun = operation.rpartition("/")[2]
    return BODIES.get(operation) or world.cast.words(noun, agency)


async def _version_of_the_worker(world: World) -> str:
    path = "/api/v1/workers/looked-at"
    seen = await world.systems["referring"].ask("GET", path, worker="referrer")
    return str(seen.headers["ETag"])


@pytest.mark.parametrize("operation", TABLES)
async def test_who_may_do_what(world: World, operation: str) -> None:
    written = cells(operation)
    permitted = [cell for cell in written if cell.answer < 400]
    refused = [cell for cell in written if cell.answer >= 400]
    assert permitted, "what is permitted comes first"

    asked = permitted + refused[::SPREAD]
    found = [(cell, (await _asked(world, operation, cell)).status_code) for cell in asked]

    _done.update(permitted=len(permitted), refused=len(asked) - len(permitted), of=len(written))
    assert [(cell, answer) for cell, answer in found if answer != cell.answer] == []


@pytest.mark.parametrize("operation", TABLES)
async def test_every_word_of_the_table_says_something(operation: str) -> None:
    assert idle(operation) == []


@pytest.mark.parametrize("operation", TABLES)
async def test_without_its_scope_or_without_a_token_an_operation_is_refused(
    hub: Hub, world: World, operation: str
) -> None:
    best = next(cell for cell in cells(operation) if cell.answer < 300)
    poor = await hub.join(AGENCIES[best.agency], without=frozenset({Scope(SCOPES[operation])}))
    if best.role != "nobody":
        await poor.worker(best.role, best.role)
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


async def test_who_can_be_asked_to_take_a_family_over_has_workers_who_can_receive_it() -> None:
    receiving = {
        kind for kind, roles in agencies.MAY_HOLD.items() if Role.RECEIVING_WORKER in roles
    }

    assert receiving == TAKE_OVER
    assert all(Role.LEAD_PROFESSIONAL in agencies.MAY_HOLD[kind] for kind in TAKE_OVER)


async def test_every_operation_status_role_and_kind_of_agency_of_the_hub_is_in_the_table(
    hub: Hub, figures: Figures
) -> None:
    document = (await hub.http.get("/openapi.json")).json()
    offered = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation.get("security")
    }
    schemas = document["components"]["schemas"]

    assert set(TABLES) == offered
    assert {standing.partition("/")[0] for standing in STANDINGS} == set(schemas["Status"]["enum"])
    assert set(STANDINGS) == set(WAYS)
    assert AGENCIES == KINDS
    assert set(ROLES) == set(schemas["Role"]["enum"]) == {role.value for role in Role}
    assert set(MAY_HOLD) == {kind.value for kind in AgencyKind}
    assert set(SCOPES.values()) | {Scope.EVENTS_CONSUME} == set(Scope)
    figures("authorization table, cells", operations=len(TABLES), **_done)
