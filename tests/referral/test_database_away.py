"""When PostgreSQL is away the service says so, changes nothing, and goes on when it is back."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hub.postgres import PostgresServer
from shared import migrations
from shared.auth import AgencyKind, Role
from tests.builders import a_submission, a_withdrawal
from tests.referral.conftest import Service, live


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that may be stopped without harming anybody."""
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        Path(folder).chmod(0o755)
        with PostgresServer(Path(folder) / "postgres", durable=False) as server:
            server.create_database("referral")
            asyncio.run(migrations.upgrade("referral", server.url("referral")))
            yield server


@pytest.fixture
async def service(own_server: PostgresServer, key_folder: Path) -> AsyncIterator[Service]:
    """A referral service on that server."""
    async with live(own_server.url("referral"), key_folder) as alive:
        yield alive


async def test_while_the_database_is_away_every_operation_says_so_and_nothing_is_lost(
    own_server: PostgresServer, service: Service
) -> None:
    school = service.partner(AgencyKind.SCHOOL, Role.REFERRER)
    receipt, sent = await school.refer(), a_submission()
    before = await service.counts()
    await asyncio.to_thread(own_server.stop)

    away = [
        await school.send(sent, key="1"),
        await school.get(f"/{receipt['id']}"),
        await school.get(""),
        await school.step(receipt, "withdrawal", 1, a_withdrawal()),
    ]
    ready = await service.http.get("/readyz")
    alive = await service.http.get("/livez")

    assert [answer.status_code for answer in away] == [503] * 4
    for answer in away:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/unavailable"
        assert answer.headers["Retry-After"]
    assert (ready.status_code, alive.status_code) == (503, 200)

    await asyncio.to_thread(own_server.start)
    await service.db.close()  # the test's own connections have ended too
    async with asyncio.timeout(10):
        while (await service.http.get("/readyz")).status_code != 200:  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(0.1)
    assert await service.counts() == before
    assert (await school.send(sent, key="1")).status_code == 201
    assert (await school.get(f"/{receipt['id']}")).json()["status"] == "submitted"
