"""A referral goes on from an earlier one."""

from services.referral.actions.amending import Amending
from services.referral.actions.desk import Done, records
from services.referral.domain import earlier as domain
from services.referral.domain.earlier import EarlierReferral
from services.referral.domain.referral import Referral
from services.referral.store import earlier, referrals
from shared.ids import read_reference
from shared.rows import add


async def link(amending: Amending, said: EarlierReferral) -> Referral:
    """Link it to the earlier one of that reference.

    Raises NotFound, Stale, Forbidden, NotAllowedNow, Unprocessable.
    """
    desk, by, now = amending.desk, amending.by, amending.now
    async with desk.db.transaction() as connection:
        found = await amending.found(connection)
        reference = read_reference(said.reference) or ""
        before = await earlier.by_reference(connection, reference, by=by, base=desk.base)
        outcome = domain.link(found, before, by=by)
        await referrals.save(connection, found, outcome.moved)
        done = Done(
            domain.LINK,
            by,
            now,
            words={"reference": outcome.earlier.reference},
            heard_by=frozenset(outcome.earlier.concerned()),
        )
        await add(
            connection,
            *records(desk, outcome.moved, outcome.events, done, found),
            amending.look("earlier", outcome.earlier.id),
        )
    desk.wake()
    return outcome.moved
