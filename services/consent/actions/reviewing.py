"""Agreements whose review is near: whoever answers for them is told in time, and once."""

from datetime import datetime

from services.consent.actions.desk import Desk, Done, finish
from services.consent.domain.agreeing import review_due_soon
from services.consent.store import people, reviews
from shared.calendar import ENGLAND


async def tell_reviews(desk: Desk, now: datetime) -> int:
    """Announce each version in use whose review is three months off; how many there were.

    Which agreement it is, and its day: nothing of anybody.
    """
    told = 0
    async with desk.db.transaction() as connection:
        for standing in await reviews.untold(connection, desk.base):
            events = review_due_soon(standing, now.astimezone(ENGLAND).date())
            if not events:
                continue
            await reviews.tell(connection, standing, now)
            done = Done(
                operation="agreement.review_due_soon",
                by=None,
                now=now,
                records=[standing.id],
                events=events,
                concerns=await people.councils(connection, standing.authority),
            )
            await finish(connection, desk, done)
            told += 1
    if told:
        desk.wake()
    return told
