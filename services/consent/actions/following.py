"""Following a referral on its way: whom it is about, and which agencies work with them."""

from datetime import datetime

from services.consent.domain import following as domain
from services.consent.domain.leaves import By, Record, Written
from services.consent.domain.people import Person
from services.consent.store import audit, people
from shared.contracts.referral import ReferralEvent
from shared.db import Database
from shared.ids import new_id
from shared.inbox import Received
from shared.rows import add

_BY = By(client_id="referral")


async def follow(db: Database, event: ReferralEvent, received: Received, now: datetime) -> None:
    """What the event makes of involvements, once. A referral that nobody is known of has none."""
    at, named = received.time, domain.people_of(event)
    async with db.transaction(once=received) as connection:
        known = await people.in_referral(connection, event.referral_id)
        family = {*known, *(one.person_id for one in named)}
        if not family:
            return
        await people.locked(connection, family, event.authority, deciding=False)
        before = await people.following_from(connection, event.referral_id)
        new, changed = domain.after(event, before, at=at, new_id=new_id)
        for one in named:
            heard = Person(
                id=one.person_id,
                authority=event.authority,
                kind=one.kind,
                recorded_by=None,
                recorded_at=at,
            )
            await people.hear(connection, heard)
        await add(connection, *people.involvement_rows(new))
        for moved in changed:
            await people.save_involvement(connection, moved, seen=moved.version - 1)
        touched = {one.person_id for one in (*new, *changed)}
        if touched:
            leaf = Written(
                at=now,
                by=_BY,
                people=tuple(sorted(touched)),
                operation="involvement.follow",
                records=(event.referral_id,),
                code=event.TYPE.split(".")[3],
            )
            await audit.append(connection, [Record(leaf)], None)
