"""Whoever looks changes nothing: a GET leaves its access record, and no other trace."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text

from gateway.door.table import leads_to
from shared.db import Database
from tests.hub_fixture import Hub
from tests.rules.authorization_table import TABLES, cells
from tests.rules.world import World, made_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOOKS = [operation for operation in TABLES if operation.startswith("GET ")]
OF_NOBODY = {
    "GET /api/v1/events",
    "GET /api/v1/sharing-events",
    "GET /api/v1/views",
    "GET /api/v1/views/{view_id}",
    "GET /api/v1/agencies",
    "GET /api/v1/authority",
    "GET /api/v1/codes",
    "GET /api/v1/agreements",
    "GET /api/v1/agreements/{name}/review",
    "GET /api/v1/agreements/{name}/versions/{number}",
    "GET /api/v1/agreements/{name}/export",
    "GET /api/v1/agreements/{name}/processing-records",
    "GET /api/v1/processing-records",
    "GET /api/v1/processing-records/export",
    "GET /api/v1/audit/checkpoints",
    "GET /api/v1/audit/consistency-proof",
    "GET /api/v1/audit/key",
}
"""These move no personal data, and leave no trace at all."""
DISCLOSED = {
    "GET /api/v1/referrals",
    "GET /api/v1/referrals/export",
    "GET /api/v1/referrals/{referral_id}",
    "GET /api/v1/referrals/{referral_id}/history",
    "GET /api/v1/referrals/{referral_id}/actions",
    "GET /api/v1/referrals/{referral_id}/amendments",
}
"""What these show was disclosed: that stands in the audit log."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(hub: Hub) -> AsyncIterator[World]:
    """One for all the tests."""
    yield await made_in(hub)


Kept = dict[str, tuple[int, str]]


async def _at_rest(hub: Hub) -> dict[str, Kept]:
    """What the services keep, once their relays have carried everything."""
    found: dict[str, Kept] = {}
    while found != (now := {service: await _kept(db) for service, db in hub.behind().items()}):
        found = now
        await asyncio.sleep(0.1)
    return found


async def _kept(db: Database) -> Kept:
    """Of every table how many rows it holds, and a sum over what is in them."""
    tables = text("select tablename from pg_tables where schemaname = 'public'")
    async with db.reading() as connection:
        names = sorted((await connection.execute(tables)).scalars())
        found = {}
        for name in names:
            rows = text(
                f'select count(*), coalesce(sum(hashtext(t::text)), 0)::text from "{name}" t'  # noqa: S608 -- our own tables
            )
            count, content = (await connection.execute(rows)).one()
            found[name] = count, content
    return found


@pytest.mark.parametrize("operation", LOOKS)
async def test_a_look_leaves_its_access_record_and_no_other_trace(
    hub: Hub, world: World, operation: str
) -> None:
    best = cells(operation)[0]
    await world.systems[best.agency].token()
    before = await _at_rest(hub)

    answer = await world.asked(operation, best)

    assert answer.status_code == 200, answer.text
    after = await _at_rest(hub)
    changed = {
        (service, table): after[service][table][0] - kept[0]
        for service, tables in before.items()
        for table, kept in tables.items()
        if after[service][table] != kept
    }
    path = operation.removeprefix("GET ").partition("/{")[0]
    owner = leads_to(path)
    looked = {} if operation in OF_NOBODY else {(owner, "access"): 1}
    if operation in DISCLOSED:
        assert changed.pop(("consent", "audit_leaf")) == 1
        assert changed.pop(("consent", "audit_node"), 1) >= 1
    assert changed == looked
