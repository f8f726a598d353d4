"""Refusals to share: recorded, looked at, lifted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.consenting import About, refuse_stranger
from services.consent.actions.desk import Desk, Done, Receipt, create, finish, look
from services.consent.domain import holding as domain
from services.consent.domain.holding import KeptRefusal
from services.consent.domain.overrides import RefusalToShare
from services.consent.store import people, refusals
from shared.auth import Caller
from shared.errors import Unprocessable
from shared.idempotency import Once
from shared.rows import add


async def record(
    desk: Desk, said: RefusalToShare, *, by: Caller, once: Once, now: datetime
) -> Receipt:
    """Hold back from the commit on what would do more harm than good. Sent again, it is the first.

    Raises NotFound, RefusalIncomplete, Unprocessable, IdempotencyKeyReused,
    IdempotencyKeyInFlight.
    """
    authority, (agency_id, _) = desk.authority(by), by.acting()
    new = KeptRefusal(said=said, authority=authority, by_agency=agency_id)

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        await people.locked(connection, said.people, authority, deciding=False)
        theirs = await people.known_to(connection, said.people, by, now)
        refused = domain.refuse(new, theirs)
        if await people.unknown_agencies(connection, said.agencies, by):
            raise Unprocessable("Not all of these agencies take part here", pointer="/agencies")
        await add(connection, refusals.row_of(refused, desk.cipher))
        done = Done(
            operation="refusal_to_share.record",
            by=by,
            now=now,
            records=[said.id],
            people=said.people,
            words={"because": said.because},
        )
        return {"id": str(said.id), "version": 1}, done

    return await create(desk, once, make, now)


async def lift(
    desk: Desk, refusal_id: UUID, *, by: Caller, version: int, now: datetime
) -> KeptRefusal:
    """It holds nothing back any more. Raises NotFound, Stale, AlreadyLifted."""
    async with desk.db.transaction() as connection:
        seen = await refusals.get(connection, refusal_id, by=by, cipher=desk.cipher)
        await people.locked(connection, seen.said.people, seen.authority, deciding=False)
        kept = await refusals.get(
            connection, refusal_id, by=by, cipher=desk.cipher, version=version
        )
        moved = domain.lifted(kept, now)
        await refusals.save(connection, moved)
        done = Done(
            operation="refusal_to_share.lift",
            by=by,
            now=now,
            records=[refusal_id],
            people=kept.said.people,
        )
        await finish(connection, desk, done)
    return moved


async def get(desk: Desk, refusal_id: UUID, *, by: Caller, now: datetime) -> KeptRefusal:
    """One refusal with its reasons. Raises NotFound."""
    async with desk.db.transaction() as connection:
        kept = await refusals.get(connection, refusal_id, by=by, cipher=desk.cipher)
        looked_at = [refusal_id, *kept.said.people]
        await look(connection, by, "refusal_to_share.look", looked_at, now)
    return kept


async def page(desk: Desk, about: About, *, by: Caller, now: datetime) -> list[KeptRefusal]:
    """Those about one person that the caller may see; one more than the limit. Raises NotFound."""
    async with desk.db.transaction() as connection:
        await refuse_stranger(connection, about.person, by, now)
        found = await refusals.page(
            connection,
            about.person,
            by=by,
            after=about.after,
            limit=about.limit + 1,
            cipher=desk.cipher,
        )
        await look(connection, by, "refusal_to_share.list", [about.person], now)
    return found
