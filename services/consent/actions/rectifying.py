"""Rectifications: recorded, and told to every agency that had received what was wrong."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.consenting import refuse_stranger
from services.consent.actions.desk import Desk, Done, Receipt, create, look
from services.consent.domain.rectifying import Rectification, rectify
from services.consent.store import looks, people, rectifications
from services.consent.store.looks import Recipient
from shared.auth import Caller
from shared.categories import under
from shared.idempotency import Once
from shared.rows import add


async def record(
    desk: Desk, new: Rectification, *, by: Caller, once: Once, now: datetime
) -> Receipt:
    """Record that data was wrong, and tell who had received it. Sent again, it is the first one.

    Raises NotFound, RectificationIncomplete, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        await refuse_stranger(connection, new.person, by, now)
        rectified, events = rectify(new)
        # Whoever is deciding is waited for: its leaf is there, or it sees what is right now.
        await people.locked(connection, [new.person], new.authority, deciding=False)
        wrong = under(new.categories)
        found = await looks.recipients(connection, new.person, wrong, new.since)
        received = frozenset(one.agency for one in found)
        kept = replace(rectified, recipients=received)
        names = await people.names_of(connection, received)
        await add(connection, rectifications.row_of(kept, desk.cipher))
        done = Done(
            operation="rectification.record",
            by=by,
            now=now,
            records=[new.id],
            people=[new.person],
            words={"because": new.because},
            events=events,
            concerns={*received, new.by_agency, *await people.councils(connection, new.authority)},
        )
        told = [_told(one, names.get(one.agency)) for one in found]
        return {"id": str(new.id), "recipients": told}, done

    return await create(desk, once, make, now)


def _told(one: Recipient, name: str | None) -> Receipt:
    return {
        "agency_id": str(one.agency),
        "agency": name,
        "last": one.last.isoformat(),
        "audit_index": one.index,
    }


async def get(desk: Desk, rectification_id: UUID, *, by: Caller, now: datetime) -> Rectification:
    """One rectification, for who recorded it and for who is told of it. Raises NotFound."""
    async with desk.db.transaction() as connection:
        kept = await rectifications.get(
            connection, rectification_id, by=by, cipher=desk.cipher, base=desk.base
        )
        await look(connection, by, "rectification.look", [rectification_id, kept.person], now)
    return kept


async def page(
    desk: Desk, *, by: Caller, after: UUID | None, limit: int, now: datetime
) -> list[Rectification]:
    """Those that the caller may see; one more than `limit`."""
    async with desk.db.transaction() as connection:
        found = await rectifications.page(
            connection, by=by, after=after, limit=limit + 1, cipher=desk.cipher, base=desk.base
        )
        await look(connection, by, "rectification.list", [one.id for one in found[:limit]], now)
    return found
