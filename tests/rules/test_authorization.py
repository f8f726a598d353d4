"""The authorization table, held against the live hub through its door, with real tokens."""

import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from uuid import uuid4

import pytest
import pytest_asyncio

from gateway.domain import agencies
from shared.auth import TAKE_OVER, AgencyKind, Role, Scope
from tests.figures import Figures
from tests.hub_fixture import Hub
from tests.rules.authorization_table import (
    AGENCIES,
    MAY_HOLD,
    ROLES,
    SCOPES,
    STANDINGS,
    TABLES,
    cells,
    idle,
)
from tests.rules.decided import decided
from tests.rules.world import World, made_in
from tests.ways import KINDS, WAYS

pytestmark = pytest.mark.asyncio(loop_scope="module")

SPREAD = 1 if os.environ.get("PROVE") else 7
"""Of the refusals every so many are asked, of what is permitted all; no divisor of the standings,
so that each of them, and each caller, has its turn."""
_done: Counter[str] = Counter()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(hub: Hub) -> AsyncIterator[World]:
    """One for all the tests."""
    yield await made_in(hub)


@pytest.mark.parametrize("operation", TABLES)
async def test_who_may_do_what(world: World, operation: str) -> None:
    written = cells(operation)
    permitted = [cell for cell in written if cell.answer < 400]
    refused = [cell for cell in written if cell.answer >= 400]
    assert permitted, "what is permitted comes first"

    asked = permitted + refused[::SPREAD]
    answers = [await decided(partial(world.asked, operation, cell)) for cell in asked]
    found = [(cell, one.status_code) for cell, one in zip(asked, answers, strict=True)]

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
    assert (await world.asked(operation, best)).status_code < 300

    refused = await world.asked(operation, best, poor)
    method, path = operation.split(" ")
    anonymous = await hub.http.request(method, re.sub(r"{\w+}", str(uuid4()), path))

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
