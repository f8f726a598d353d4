"""Recording consents and refusals, and withdrawing them: each counts from its commit on."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.desk import Desk, Done, Receipt, create, look
from services.consent.domain import consenting as domain
from services.consent.domain.consenting import Recorded
from services.consent.domain.consents import Consent
from services.consent.store import consents, people
from shared.auth import Caller
from shared.errors import NotFound, Unprocessable
from shared.idempotency import Once
from shared.rows import add

URL = "/api/v1/consents"


async def record(desk: Desk, said: Consent, *, by: Caller, once: Once, now: datetime) -> Receipt:
    """Keep a yes or a no; the receipt has its id. Sent again, it is the first one.

    Raises NotFound, ConsentIncomplete, Unprocessable, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    authority, (agency_id, _) = desk.authority(by), by.acting()
    new = Recorded(
        said=said,
        authority=authority,
        by_agency=agency_id,
        recorded_at=now,
        url=f"{desk.base}{URL}/{said.id}",
    )

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        found = await people.locked(connection, said.people, authority, deciding=False)
        theirs = await people.known_to(connection, said.people, by, now)
        speakers = {one: found[one].speakers() for one in theirs}
        recorded, events = domain.record(new, speakers)
        if unknown := await people.unknown_agencies(connection, said.agencies, by):
            named = ", ".join(map(str, sorted(unknown)))
            raise Unprocessable(f"These agencies take no part here: {named}", pointer="/agencies")
        earlier = await consents.deciding(connection, said.people, authority)
        recorded, old = domain.superseded(recorded, earlier)
        await consents.supersede(connection, old, now)
        await add(connection, consents.row_of(recorded, desk.cipher))
        done = Done(
            operation="consent.refuse" if said.refuses else "consent.give",
            by=by,
            now=now,
            records=[said.id, *old],
            people=said.people,
            events=events,
            concerns=await _concerned(connection, recorded),
        )
        return {"id": str(said.id), "version": recorded.version}, done

    return await create(desk, once, make, now)


async def withdraw(
    desk: Desk, consent_id: UUID, because: str | None, *, by: Caller, once: Once, now: datetime
) -> Receipt:
    """Take a consent back: no decision after the commit rests on it.

    No If-Match is asked for: taking back must be as easy as giving (UK GDPR, article 7(3)), and
    whatever the record has become meanwhile, it is taken back. Raises NotFound, NothingToWithdraw,
    IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    authority = desk.authority(by)

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done | None]:
        first = await _get(connection, desk, consent_id, by)
        await _known_of(connection, first, by, now)
        await people.locked(connection, first.said.people, authority, deciding=False)
        kept = await _get(connection, desk, consent_id, by)  # as it is under the lock
        withdrawn, events = domain.withdraw(kept, because, now)
        receipt = {"id": str(consent_id), "version": withdrawn.version}
        if not events:
            return receipt, None
        await consents.save(connection, withdrawn, desk.cipher)
        done = Done(
            operation="consent.withdraw",
            by=by,
            now=now,
            records=[consent_id],
            people=kept.said.people,
            events=events,
            concerns=await _concerned(connection, withdrawn),
        )
        return receipt, done

    return await create(desk, once, make, now)


async def _get(connection: AsyncConnection, desk: Desk, consent_id: UUID, by: Caller) -> Recorded:
    return await consents.get(
        connection, consent_id, authority=by.authority, cipher=desk.cipher, base=desk.base
    )


async def _concerned(connection: AsyncConnection, kept: Recorded) -> set[UUID]:
    return kept.concerned(await people.met(connection, kept.said.people, kept.authority))


async def seen(
    connection: AsyncConnection, desk: Desk, consent_id: UUID, by: Caller, now: datetime
) -> Recorded:
    """The record, for who works with somebody it is about, and for who has recorded it.

    Raises NotFound.
    """
    kept = await _get(connection, desk, consent_id, by)
    return _only(kept, await _known_of(connection, kept, by, now))


async def _known_of(
    connection: AsyncConnection, kept: Recorded, by: Caller, now: datetime
) -> set[UUID]:
    """Whom of those that the record is about the caller may read of. Raises NotFound."""
    if kept.by_agency == by.agency_id:
        return {*kept.said.people}
    if theirs := await people.known_to(connection, kept.said.people, by, now):
        return theirs
    raise consents.unseen()


async def _readable(
    connection: AsyncConnection, kept: Recorded, by: Caller, now: datetime
) -> set[UUID]:
    """Where the caller is told of the record, also whom it has worked with. Raises NotFound."""
    about = kept.said.people
    if kept.by_agency == by.agency_id or by.agency_id not in await _concerned(connection, kept):
        return await _known_of(connection, kept, by, now)
    once = await people.once_with(connection, about, by)
    return once | await people.known_to(connection, about, by, now)


def _only(kept: Recorded, known: Collection[UUID]) -> Recorded:
    """Without whoever else it names: an agency could claim to work with them by their ids."""
    return replace(kept, said=replace(kept.said, people=kept.said.people & frozenset(known)))


async def get(desk: Desk, consent_id: UUID, *, by: Caller, now: datetime) -> Recorded:
    """One record; also for whoever is told of it, however long ago it worked with the family.

    Raises NotFound.
    """
    async with desk.db.transaction() as connection:
        kept = await _get(connection, desk, consent_id, by)
        kept = _only(kept, await _readable(connection, kept, by, now))
        await look(connection, by, "consent.look", [consent_id, *kept.said.people], now)
    return kept


@dataclass(frozen=True)
class About:
    """Which part of a list about one person is wanted."""

    person: UUID
    after: UUID | None
    limit: int


async def page(desk: Desk, about: About, *, by: Caller, now: datetime) -> list[Recorded]:
    """What was said about one person, the newest first; one more than asked. Raises NotFound."""
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        await refuse_stranger(connection, about.person, by, now)
        found = await consents.page(
            connection,
            about.person,
            after=about.after,
            limit=about.limit + 1,
            authority=authority,
            cipher=desk.cipher,
            base=desk.base,
        )
        named = {person for one in found for person in one.said.people}
        theirs = await people.known_to(connection, named, by, now)
        await look(connection, by, "consent.list", [about.person], now)
    return [one if one.by_agency == by.agency_id else _only(one, theirs) for one in found]


async def refuse_stranger(
    connection: AsyncConnection, person: UUID, by: Caller, now: datetime
) -> None:
    """Raises NotFound for whoever is not known, and for whoever is not theirs."""
    if not await people.known_to(connection, [person], by, now):
        raise NotFound("Your agency works with nobody who has this id")
