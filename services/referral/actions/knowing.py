"""Whom a step can name."""

from services.referral.store import agencies
from shared.db import Database


async def partners(db: Database, authority: str) -> list[agencies.Partner]:
    """The agencies that can be named in a step, by name."""
    async with db.reading() as connection:
        return await agencies.partners(connection, authority)
