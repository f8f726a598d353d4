"""A PostgreSQL that is not ready yet counts as away, not as a fault of the statement."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.db import Database, is_unreachable

FIELDS = b"SFATAL\0C57P03\0Mthe database system is starting up\0\0"
STARTING_UP = b"E" + (len(FIELDS) + 4).to_bytes(4, "big") + FIELDS
"""What PostgreSQL answers to whoever connects while it recovers from a crash."""


@pytest.fixture
async def starting_up(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a server that is never ready."""

    async def refuse(asked: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        await asked.read(1024)
        answer.write(STARTING_UP)
        answer.close()
        await answer.wait_closed()

    async with await asyncio.start_unix_server(refuse, tmp_path / ".s.PGSQL.5432"):
        yield f"postgresql+asyncpg://hub@/hub?host={tmp_path}"


async def test_a_server_that_starts_up_is_away(starting_up: str) -> None:
    db = Database.open(starting_up)
    with pytest.raises(DBAPIError) as refused:
        async with db.reading():
            pass
    assert is_unreachable(refused.value)
    await db.close()


async def test_a_wrong_statement_is_not(db: Database) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with db.reading() as connection:
            await connection.execute(text("select nothing from nowhere"))
    assert not is_unreachable(refused.value)
