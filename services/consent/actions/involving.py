"""Who somebody is and which agency works with it, said and ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.consenting import About, refuse_stranger
from services.consent.actions.desk import Desk, Done, Receipt, create, finish, look
from services.consent.domain import involving as domain
from services.consent.domain.involving import Introduction
from services.consent.domain.people import Involvement
from services.consent.domain.saying import Change
from services.consent.store import people
from shared.auth import Caller
from shared.errors import NotFound, Stale, Unprocessable
from shared.idempotency import Once
from shared.rows import add


async def introduce(
    desk: Desk, said: Introduction, *, by: Caller, once: Once, now: datetime
) -> Receipt:
    """Keep who somebody is, and that an agency works with it. Sent again, it is the first one.

    Raises NotFound, OwnWord, SaidBefore, EndedByOthers, Unprocessable, IdempotencyKeyReused,
    IdempotencyKeyInFlight.
    """
    authority = desk.authority(by)

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        ids = [person.id for person in said.people]
        known = await people.known(connection, ids, authority, deciding=False)
        introduced = domain.introduce(known, said, by, desk.base)
        if await people.unknown_agencies(connection, [said.agency], by):
            raise Unprocessable("This agency takes no part here", pointer="/agency_id")
        for change in introduced.changes:
            await people.say(connection, change.person)
        await add(connection, *people.involvement_rows(introduced.involvements))
        done = Done(
            operation="involvement.claim" if said.is_claim(by) else "involvement.record",
            by=by,
            now=now,
            records=said.ids,
            people=ids,
            events=introduced.events,
            concerns=await people.councils(connection, authority) if introduced.events else (),
            fields=sorted({name for one in introduced.changes for name in one.fields}),
            beside=[_changed(one, by, now) for one in introduced.changes if one.before],
        )
        return {"involvements": [str(one) for one in said.ids]}, done

    return await create(desk, once, make, now)


def _changed(change: Change, by: Caller, now: datetime) -> Done:
    """What was known of the person before lies sealed beside the leaf."""
    before = {
        name: sorted(map(str, was)) if isinstance(was, frozenset) else was
        for name, was in (change.before or {}).items()
    }
    return Done(
        operation="person.change",
        by=by,
        now=now,
        records=(),
        people=[change.person.id],
        fields=change.fields,
        words={"before": before},
    )


async def end(
    desk: Desk, involvement_id: UUID, *, by: Caller, version: int, now: datetime
) -> Involvement:
    """The agency works with the person no more.

    Raises NotFound, Stale, Forbidden, InvolvementOver.
    """
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        seen = await _seen(connection, involvement_id, by, now)
        await people.locked(connection, [seen.person_id], authority, deciding=False)
        found = await people.involvement_of(connection, involvement_id, authority)
        if found.version != version:
            raise Stale("Fetch it again and go on from what it says now")
        moved = domain.ended(found, by, now)
        await people.save_involvement(connection, moved, seen=version)
        done = Done(
            operation="involvement.end",
            by=by,
            now=now,
            records=[involvement_id],
            people=[moved.person_id],
        )
        await finish(connection, desk, done)
    return moved


async def _seen(
    connection: AsyncConnection, involvement_id: UUID, by: Caller, now: datetime
) -> Involvement:
    found = await people.involvement_of(connection, involvement_id, by.authority)
    own = by.agency_id in (found.agency_id, found.recorded_by_agency)
    if not own and not await people.known_to(connection, [found.person_id], by, now):
        raise NotFound("No involvement with this id is known to your agency")
    return found


async def get(desk: Desk, involvement_id: UUID, *, by: Caller, now: datetime) -> Involvement:
    """One involvement. Raises NotFound."""
    async with desk.db.transaction() as connection:
        found = await _seen(connection, involvement_id, by, now)
        await look(connection, by, "involvement.look", [involvement_id, found.person_id], now)
    return found


async def listed(desk: Desk, about: About, *, by: Caller, now: datetime) -> list[Involvement]:
    """Which agencies work with a person, or did, the newest first; one more than the limit.

    Raises NotFound.
    """
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        await refuse_stranger(connection, about.person, by, now)
        found = await people.involvements(connection, [about.person], authority)
        await look(connection, by, "involvement.list", [about.person], now)
    newest = [one for one in reversed(found) if about.after is None or one.id < about.after]
    return newest[: about.limit + 1]


async def claims(
    desk: Desk, *, by: Caller, after: UUID | None, limit: int, now: datetime
) -> list[Involvement]:
    """What agencies say of themselves, the newest first; one more than `limit`."""
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        found = await people.claims(connection, authority, after=after, limit=limit + 1, at=now)
        about = {one.person_id for one in found[:limit]}
        await look(connection, by, "involvement.list", sorted(about), now)
    return found
