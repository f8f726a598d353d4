"""Reminders: whoever looks after an entry hears when nobody has assured it in time."""

from datetime import datetime

from services.directory.actions.desk import Desk
from services.directory.actions.showing import today
from services.directory.domain.announcing import where
from services.directory.domain.assurance import cutoffs
from services.directory.store import entries as store
from services.directory.store import reminders
from services.directory.store.announcing import announce
from shared.contracts.directory import AssuranceLapsed

_AT_ONCE = 500
"""Entries told of in one transaction: the first turn after an import may find all of it stale."""


async def tell_lapsed(desk: Desk, now: datetime) -> int:
    """Announce each entry whose assurance has lapsed, once until it is assured; how many."""
    by_authority, otherwise = cutoffs(desk.authorities, today(now))
    told = 0
    while True:
        async with desk.db.transaction() as connection:
            await store.one_writer(connection)  # two replicas would tell it twice
            found = await reminders.lapsed(connection, by_authority, otherwise, _AT_ONCE)
            if not found:
                return told
            events = [
                AssuranceLapsed(
                    service_id=one.id, detail_url=where(one.id), assured_date=one.assured_date
                )
                for one in found
            ]
            await announce(connection, events, now)
            await reminders.note(connection, found, now)
        told += len(found)
