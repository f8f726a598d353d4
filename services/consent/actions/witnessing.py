"""What those who watch over the audit log ask of it: checkpoints, and leaves with their proofs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.audit import Inclusion, Log, prove_inclusion, signed
from services.consent.domain.checkpoints import NotSigned
from services.consent.store import agencies, audit
from services.consent.tables.audit import CheckpointRow
from services.consent.tables.events import Access, Idempotency
from shared.access import access_row
from shared.auth import Caller
from shared.errors import NotFound
from shared.idempotency import Once
from shared.rows import Row, add


async def ask_for_checkpoint(log: Log, *, by: Caller, once: Once, now: datetime) -> dict[str, Any]:
    """A checkpoint of the log as it is now. Sent again, it is the first one.

    Raises IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    async with log.db.transaction() as connection:
        await once.hold(connection)
        first = await once.answered(connection, Idempotency)
        if first is not None:
            return first
        row = await signed(connection, log, now)
        answer = row.model_dump(mode="json")
        await add(
            connection,
            Row.of(Idempotency, **vars(once), answer=answer, created_at=now),
            access_row(Access, by, "audit.checkpoint", [row.id], now),
        )
    return answer


async def sign_when_due(log: Log, now: datetime, after: timedelta) -> bool:
    """Sign a checkpoint unless the newest is younger than `after`; say whether it was signed."""
    async with log.db.transaction() as connection:
        await audit.alone(connection)  # of several processes one signs
        newest = await audit.newest(connection, limit=1)
        is_due = not newest or _is_older(log, newest[0].note, now - after)
        if is_due:
            await signed(connection, log, now)
    return is_due


def _is_older(log: Log, note: str, than: datetime) -> bool:
    """What the log has not signed is as good as none."""
    try:
        return log.read(note).at <= than
    except NotSigned:
        return True


async def checkpoints(log: Log, *, before: UUID | None, limit: int) -> Sequence[CheckpointRow]:
    """A page of them, the newest first; one more than `limit`."""
    async with log.db.reading() as connection:
        return await audit.newest(connection, before=before, limit=limit + 1)


async def look_at_leaf(
    log: Log, index: int, size: int | None, *, by: Caller, now: datetime
) -> Inclusion:
    """A leaf with its proof, for the authority whose agency acted; the look leaves its record.

    Raises NotFound, for another authority's leaf as for none.
    """
    found = await prove_inclusion(log, index, size)
    async with log.db.transaction() as connection:
        if not await _is_theirs(connection, found.entry, by):
            raise NotFound(f"The log of {found.size} leaves has none with this index")
        people = [UUID(one) for one in found.entry.get("people", ())]
        await add(connection, access_row(Access, by, "audit.look", people, now))
    return found


async def _is_theirs(connection: AsyncConnection, entry: dict[str, Any], by: Caller) -> bool:
    """What no agency did, the hub's own commands for one, is nobody's to look at."""
    agency_id = entry["by"].get("agency_id")
    if agency_id is None or by.authority is None:
        return False
    return await agencies.authority_of(connection, UUID(agency_id)) == by.authority
