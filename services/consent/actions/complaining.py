"""Complaints: lodged, acknowledged, answered; told where nobody has acknowledged one in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.consenting import refuse_stranger
from services.consent.actions.desk import Desk, Done, Receipt, create, finish, look
from services.consent.domain import complaining as domain
from services.consent.domain.complaining import Complaint
from services.consent.store import complaints, people
from shared.auth import Caller
from shared.calendar import ENGLAND
from shared.idempotency import Once
from shared.rows import add


async def lodge(desk: Desk, new: Complaint, *, by: Caller, once: Once, now: datetime) -> Receipt:
    """Take a complaint down. Sent again, it is the first one.

    Raises NotFound, ComplaintIncomplete, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        await refuse_stranger(connection, new.person, by, now)
        lodged, events = domain.lodge(new, now.astimezone(ENGLAND).date())
        await add(connection, complaints.row_of(lodged, desk.cipher))
        done = Done(
            operation="complaint.lodge",
            by=by,
            now=now,
            records=[lodged.id],
            people=[lodged.person],
            words={"words": lodged.words},
            events=events,
            concerns={lodged.by_agency, *await people.councils(connection, lodged.authority)},
        )
        return {"id": str(lodged.id), "version": 1, "due": lodged.due.isoformat()}, done

    return await create(desk, once, make, now)


@dataclass(frozen=True)
class Changing:
    """Which complaint is changed, by whom, from which version on."""

    desk: Desk
    id: UUID
    by: Caller
    version: int
    now: datetime


async def acknowledge(changing: Changing) -> Complaint:
    """Whoever complained was told. Raises NotFound, Stale, AlreadyAcknowledged."""
    _, worker = changing.by.acting()
    return await _move(
        changing,
        "acknowledge",
        lambda kept: domain.acknowledge(kept, by=worker, now=changing.now),
    )


async def answer(changing: Changing, said: str) -> Complaint:
    """What came of it. Raises NotFound, Stale, ComplaintAnswered."""
    _, worker = changing.by.acting()
    return await _move(
        changing,
        "answer",
        lambda kept: domain.answer(kept, said, by=worker, now=changing.now),
        {"answer": said},
    )


async def _move(
    changing: Changing,
    operation: str,
    move: Callable[[Complaint], Complaint],
    words: dict[str, str] | None = None,
) -> Complaint:
    desk, by = changing.desk, changing.by
    async with desk.db.transaction() as connection:
        kept = await complaints.get(
            connection,
            changing.id,
            by=by,
            cipher=desk.cipher,
            base=desk.base,
            version=changing.version,
        )
        moved = move(kept)
        await complaints.save(connection, moved, desk.cipher)
        done = Done(
            operation=f"complaint.{operation}",
            by=by,
            now=changing.now,
            records=[moved.id],
            people=[moved.person],
            words=words,
        )
        await finish(connection, desk, done)
    return moved


async def get(desk: Desk, complaint_id: UUID, *, by: Caller, now: datetime) -> Complaint:
    """One complaint. Raises NotFound."""
    async with desk.db.transaction() as connection:
        kept = await complaints.get(
            connection, complaint_id, by=by, cipher=desk.cipher, base=desk.base
        )
        await look(connection, by, "complaint.look", [complaint_id, kept.person], now)
    return kept


async def page(
    desk: Desk, *, by: Caller, unanswered: bool, after: UUID | None, limit: int, now: datetime
) -> list[Complaint]:
    """Those that the caller may see; one more than `limit`."""
    async with desk.db.transaction() as connection:
        found = await complaints.page(
            connection,
            by=by,
            unanswered=unanswered,
            after=after,
            limit=limit + 1,
            cipher=desk.cipher,
            base=desk.base,
        )
        await look(connection, by, "complaint.list", [one.id for one in found[:limit]], now)
    return found


async def tell_overdue(desk: Desk, now: datetime) -> int:
    """Announce each complaint that nobody has acknowledged in time, once; how many there were."""
    today = now.astimezone(ENGLAND).date()
    async with desk.db.transaction() as connection:
        found = await complaints.due(connection, today, [*desk.authorities], desk.cipher, desk.base)
        for kept in found:
            moved, events = domain.overdue(kept, now)
            await complaints.save(connection, moved, desk.cipher)
            hear = {kept.by_agency, *await people.councils(connection, kept.authority)}
            done = Done(
                operation="complaint.overdue",
                by=None,
                now=now,
                records=[kept.id],
                people=[kept.person],
                events=events,
                concerns=hear,
            )
            await finish(connection, desk, done)
    if found:
        desk.wake()
    return len(found)
