"""What the directory has announced, in the order in which its relay stamped it."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import text

from tests.directory.served import Directory

OWNER = "uk.earlyhelp.directory.service."
_ALL = text("select type, data, position from outbox order by position")
_WAITING = text("select count(*) from outbox where position is null")


async def rows(directory: Directory) -> list[Any]:
    """Every row of the outbox, once the relay has stamped them all."""
    async with asyncio.timeout(30), directory.db.reading() as connection:
        while (await connection.execute(_WAITING)).scalar_one():  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(0.01)
        return list(await connection.execute(_ALL))


async def told(directory: Directory) -> list[tuple[str, UUID]]:
    """The last word of each event's name, and which service it is about."""
    return [
        (row.type.removeprefix(OWNER).removesuffix(".v1"), UUID(row.data["service_id"]))
        for row in await rows(directory)
    ]
