"""A directory service for each module, and one for each test that changes what it holds."""

from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from hub.postgres import PostgresServer
from shared import keys
from tests.directory.served import Directory, served

_numbers = count(1)


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of a hub, for the whole session."""
    folder = tmp_path_factory.mktemp("keys")
    keys.create_missing(folder, ("directory",))
    return folder


@pytest.fixture
async def directory(databases: Callable[[str], str], key_folder: Path) -> AsyncIterator[Directory]:
    """An empty directory of the test's own."""
    async with served(databases("directory"), key_folder) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_directory(
    postgres: PostgresServer, templates: dict[str, str], key_folder: Path
) -> AsyncIterator[Directory]:
    """An empty directory for all the tests of a module."""
    name = f"directory_of_module_{next(_numbers)}"
    postgres.create_database(name, owner="directory", template=templates["directory"])
    async with served(postgres.url(name, "directory"), key_folder) as opened:
        yield opened
