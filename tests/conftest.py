"""What every test may use: one PostgreSQL server, and a database of its own for each test."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from hub.postgres import PostgresServer
from hub.site import SERVICES
from shared import migrations

pytest_plugins = [
    "tests.side_by_side",
    "tests.events_fixture",
    "tests.figures",
    "tests.hub_fixture",
    "tests.kafka_fixture",
    "tests.node_fixture",
]

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, for the whole session."""
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        Path(folder).chmod(0o755)
        with PostgresServer(Path(folder) / "postgres", durable=False) as server:
            yield server


@pytest.fixture(scope="session")
def templates(postgres: PostgresServer) -> dict[str, str]:
    """A migrated database of each service, to be cloned; the name of each is its service's."""
    made = {}
    for service in SERVICES:
        postgres.create_database(service)
        asyncio.run(migrations.upgrade(service, postgres.url(service)))
        made[service] = service
    return made


@pytest.fixture
def databases(postgres: PostgresServer, templates: dict[str, str]) -> Callable[[str], str]:
    """`databases("referral")`: the address of a fresh, migrated database of that service."""

    def clone(service: str) -> str:
        name = f"{service}_{next(_numbers)}"
        postgres.create_database(name, owner=service, template=templates[service])
        return postgres.url(name, service)

    return clone
