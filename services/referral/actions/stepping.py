"""One step on the way of a referral: load, decide, save, announce, in one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.actions.desk import Desk, Done, records
from services.referral.domain.effects import code_of, take
from services.referral.domain.guards import Asked, Named, Step
from services.referral.domain.referral import Referral, moment
from services.referral.store import agencies, referrals
from shared.auth import Caller
from shared.contracts.lifecycle import Action
from shared.errors import Unprocessable
from shared.rows import add


async def step(
    desk: Desk,
    referral_id: UUID,
    action: Action,
    said: Any,
    *,
    by: Caller,
    version: int,
    now: datetime,
) -> Referral:
    """Take `action`, saying `said`.

    Raises NotFound, Stale, Forbidden, NotAllowedNow, Unprocessable.

    The referral is locked from here to the commit: of two at once the second finds the version
    that it saw gone.
    """
    council = desk.council(by)
    async with desk.db.transaction() as connection:
        found = await referrals.get(connection, referral_id, by=by, base=desk.base, version=version)
        taken = Step(
            action,
            said,
            by,
            now,
            council,
            asked=await _asked(connection, said, council.id),
            named=await _named(connection, said, council.id),
        )
        moved, events = take(found, taken)
        code = code_of(said)
        moments = await referrals.moments_of(connection, found.id)
        moved = moved.reckoned([*moments, moment(now, action, moved.status, code)], council)
        await referrals.save(connection, found, moved)
        done = Done(action, by, now, code=code, words=said)
        await add(connection, *records(desk, moved, events, done, found))
    desk.wake()
    return moved


async def _asked(connection: AsyncConnection, said: Any, authority: str) -> Asked | None:
    agency_id = getattr(said, "agency_id", None)
    if agency_id is None:
        return None
    found = await agencies.asked(connection, agency_id, authority)
    if found is None:
        raise Unprocessable("No agency with this id takes part here", pointer="/agency_id")
    return found


async def _named(connection: AsyncConnection, said: Any, authority: str) -> Named | None:
    for field in ("lead_professional_id", "worker_id"):
        if worker_id := getattr(said, field, None):
            found = await agencies.named(connection, worker_id, authority)
            if found is None:
                raise Unprocessable(
                    "No worker with this id is registered here; one who was registered a moment "
                    "ago is known soon: try again",
                    pointer=f"/{field}",
                )
            return found
    return None
