"""Agencies, clients and workers: who is registered, who may hold what, and what is announced."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from gateway import actions
from gateway.actions import Credentials, new_secret
from gateway.app import Gateway
from gateway.domain.agencies import MAY_HOLD, AgencyTaken
from gateway.domain.clients import ClientTaken
from shared.auth import AgencyKind, Role, Scope
from shared.errors import NotFound, Unprocessable
from tests.gateway.partners import Partner

Register = Callable[..., Awaitable[Partner]]
TEACHER = {"name": "Ann Onym", "job_title": "Teacher"}
ADMINISTRATOR = frozenset({Scope.WORKERS_READ, Scope.WORKERS_WRITE, Scope.AGENCY_ADMIN})


async def announced(gateway: Gateway) -> list[str]:
    async with gateway.db.reading() as connection:
        rows = await connection.execute(text("select type from outbox order by number"))
        return [row.type.split(".")[3] for row in rows]


async def administrator(gateway: Gateway, partner: Partner) -> None:
    cipher = gateway.app.state.cipher
    who: dict[str, Any] = {"agency_id": partner.agency_id, "external_id": "head"}
    now = datetime.now(UTC)
    await actions.register_worker(gateway.db, cipher, **who, name="A", job_title="Head", now=now)
    roles = frozenset({Role.AGENCY_ADMINISTRATOR})
    await actions.grant_roles(gateway.db, cipher, **who, roles=roles, now=now)


async def test_what_happens_to_partners_is_announced_once(
    gateway: Gateway, partner: Partner
) -> None:
    now = datetime.now(UTC)
    await actions.revoke_client(gateway.db, partner.client_id, now=now)
    again = await actions.revoke_client(gateway.db, partner.client_id, now=now)
    assert again.revoked_at is not None
    await administrator(gateway, partner)
    assert await announced(gateway) == [
        "agency_registered",
        "client_registered",
        "client_revoked",
        "worker_registered",
        "worker_roles_granted",
    ]


async def test_names_are_taken_once(gateway: Gateway, partner: Partner) -> None:
    now = datetime.now(UTC)
    agency: dict[str, Any] = {"name": "B", "kind": AgencyKind.SCHOOL, "authority": "sample"}
    client: dict[str, Any] = {
        "agency_id": partner.agency_id,
        "name": "B",
        "credentials": Credentials(secret=new_secret()),
        "scopes": frozenset(),
    }
    with pytest.raises(AgencyTaken):
        await actions.register_agency(gateway.db, **agency, agency_id=partner.agency_id, now=now)
    for client_id, refusal in {partner.client_id: ClientTaken, "Not A Name": Unprocessable}.items():
        with pytest.raises(refusal):
            await actions.register_client(gateway.db, **client, client_id=client_id, now=now)
    with pytest.raises(NotFound):
        await actions.revoke_client(gateway.db, "nobody", now=now)
    assert await announced(gateway) == ["agency_registered", "client_registered"]


@pytest.mark.parametrize(
    "different",
    [
        {"scopes": frozenset({Scope.REFERRALS_DECIDE})},
        {"events": True},
        {"kind": AgencyKind.FRONT_DOOR, "scopes": frozenset({Scope.EVENTS_CONSUME})},
        {"secret": "too short"},
    ],
)
async def test_a_client_is_not_given_what_its_agency_may_not_have(
    different: dict[str, object], register: Register
) -> None:
    with pytest.raises(Unprocessable):
        await register(**different)


async def test_an_agency_registers_its_workers_and_puts_them_right(
    gateway: Gateway, partner: Partner, http: httpx2.AsyncClient
) -> None:
    bearer = await partner.bearer(http)
    new = await http.put("/api/v1/workers/T-17", headers=bearer, json=TEACHER)
    assert (new.status_code, new.json()["roles"]) == (201, ["referrer"])
    changed = TEACHER | {"name": "Ann Other"}
    again = await http.put("/api/v1/workers/T-17", headers=bearer, json=changed)
    assert (again.status_code, again.json()["id"]) == (200, new.json()["id"])
    seen = await http.get("/api/v1/workers/T-17", headers=bearer | {"Acting-Worker": "T-17"})
    assert (seen.status_code, seen.json()["name"]) == (200, "Ann Other")
    assert seen.headers["etag"] == '"2"'
    async with gateway.db.reading() as connection:
        kept = (await connection.execute(text("select name from worker"))).scalar_one()
        looked = await connection.execute(text("select operation from access order by at"))
        assert b"Ann" not in kept
        assert [row.operation for row in looked] == [
            "register_worker",
            "register_worker",
            "look_up_worker",
        ]


async def test_a_worker_who_is_registered_twice_at_once_is_one_worker(
    gateway: Gateway, partner: Partner
) -> None:
    who: dict[str, Any] = {"agency_id": partner.agency_id, "external_id": "T-1"}
    told = {**who, "name": "Ann Onym", "job_title": "Teacher", "now": datetime.now(UTC)}
    cipher = gateway.app.state.cipher

    registered = await asyncio.gather(
        *(actions.register_worker(gateway.db, cipher, **told) for _ in range(8))
    )

    assert len({worker.id for worker, _ in registered}) == 1
    assert [new for _, new in registered].count(True) == 1


@pytest.mark.parametrize("external_id", ["a@b.example", "a b", "-a", "x" * 65, "ü"])
async def test_a_workers_number_is_no_address_and_no_text(
    external_id: str, partner: Partner, http: httpx2.AsyncClient
) -> None:
    bearer = await partner.bearer(http)
    answer = await http.put(f"/api/v1/workers/{external_id}", headers=bearer, json=TEACHER)
    assert answer.status_code == 400
    assert "external_id" in answer.text


async def test_other_agencies_workers_are_not_seen_but_the_front_door_sees_who_acted(
    gateway: Gateway, register: Register, http: httpx2.AsyncClient
) -> None:
    school, police = await register(), await register(kind=AgencyKind.POLICE)
    mash = await register(kind=AgencyKind.FRONT_DOOR)
    headers, ids = [], []
    for partner in (school, police, mash):
        bearer = await partner.bearer(http)
        answer = await http.put("/api/v1/workers/one", headers=bearer, json=TEACHER)
        headers.append(bearer | {"Acting-Worker": "one"})
        ids.append(answer.json()["id"])
    await actions.grant_roles(
        gateway.db,
        gateway.app.state.cipher,
        agency_id=mash.agency_id,
        external_id="one",
        roles=frozenset({Role.FRONT_DOOR_WORKER}),
        now=datetime.now(UTC),
    )
    path = f"/api/v1/workers/by-id/{ids[0]}"
    statuses = [(await http.get(path, headers=sent)).status_code for sent in headers]
    assert statuses == [200, 404, 200]


async def test_the_administrator_grants_roles_on_the_version_they_saw(
    gateway: Gateway, register: Register, http: httpx2.AsyncClient
) -> None:
    partner = await register(scopes=ADMINISTRATOR)
    await administrator(gateway, partner)
    bearer = await partner.bearer(http)
    await http.put("/api/v1/workers/T-17", headers=bearer, json=TEACHER)
    path, wanted = "/api/v1/workers/T-17/roles", {"roles": ["referrer", "lead_professional"]}
    head = bearer | {"Acting-Worker": "head"}

    async def grant(headers: dict[str, str], roles: object = wanted) -> int:
        return (await http.put(path, headers=headers, json=roles)).status_code

    assert await grant(head) == 428
    assert await grant(head | {"If-Match": '"7"'}) == 412
    assert await grant(bearer | {"Acting-Worker": "T-17", "If-Match": '"1"'}) == 403
    assert await grant(bearer | {"If-Match": '"1"'}) == 400
    system = {"roles": ["system"]}
    assert await grant(head | {"If-Match": '"1"'}, system) == 422
    assert await grant(head | {"If-Match": '"1"'}) == 200
    assert await grant(head | {"If-Match": '"1"'}) == 412


def test_nobody_but_the_front_door_decides_and_nobody_is_the_system() -> None:
    front_door = {Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER}
    for kind, role in product(AgencyKind, front_door):
        assert (role in MAY_HOLD[kind]) is (kind is AgencyKind.FRONT_DOOR)
    assert all(Role.SYSTEM not in roles for roles in MAY_HOLD.values())
    assert MAY_HOLD.keys() == set(AgencyKind)
