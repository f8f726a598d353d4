"""Versions of agreements in their time: superseded by the next one, told of before their review."""

from datetime import datetime

from sqlalchemy import Update, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.agreeing import Standing
from services.consent.store.agreements import standing_of, standings
from services.consent.store.policies import agreement, version


def _the_one(of: Standing, **state: datetime) -> Update:
    assert of.published  # noqa: S101 -- only what is in use is superseded, or told of
    return (
        update(version)
        .where(version.c.agreement_id == of.id, version.c.number == of.published.version)
        .values(state)
    )


async def supersede(connection: AsyncConnection, of: Standing, now: datetime) -> None:
    """Whichever version was in use until now is so no more; `of` is as it was before."""
    if of.published is not None:
        await connection.execute(_the_one(of, superseded_at=now))


async def untold(connection: AsyncConnection, base: str) -> list[Standing]:
    """The agreements whose version in use was not told of yet, locked; others do not wait."""
    wanted = (
        standings()
        .where(version.c.number.is_not(None), version.c.review_told_at.is_(None))
        .order_by(agreement.c.id)
        .with_for_update(of=agreement, skip_locked=True)
    )
    rows = (await connection.execute(wanted)).mappings()
    return [standing_of(row, base) for row in rows]


async def tell(connection: AsyncConnection, of: Standing, now: datetime) -> None:
    """It is told of now, and not again."""
    await connection.execute(_the_one(of, review_told_at=now))
