"""Access requests: recorded, the child asked, exempted, answered; told where nobody has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.consenting import refuse_stranger
from services.consent.actions.desk import Desk, Done, Receipt, create, finish, look
from services.consent.domain import access_requests as domain
from services.consent.domain.access_requests import AccessRequest, Exemption, Wish
from services.consent.domain.consents import Speakers
from services.consent.store import access_requests, people
from shared.auth import Caller
from shared.calendar import ENGLAND
from shared.idempotency import Once
from shared.rows import add


async def ask(desk: Desk, new: AccessRequest, *, by: Caller, once: Once, now: datetime) -> Receipt:
    """Record that somebody asks for what is held. Sent again, it is the first one.

    Raises NotFound, RequestIncomplete, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        await refuse_stranger(connection, new.person, by, now)
        speakers = await _speakers(connection, new)
        asked, events = domain.ask(new, speakers, now.astimezone(ENGLAND).date())
        await add(connection, access_requests.row_of(asked))
        done = Done(
            operation="access_request.ask",
            by=by,
            now=now,
            records=[asked.id],
            people=[asked.person],
            events=events,
            concerns={asked.by_agency, *await people.councils(connection, asked.authority)},
        )
        receipt: Receipt = {"id": str(asked.id), "version": 1, "due": asked.due.isoformat()}
        return receipt | {"wish_needed": asked.needs_wish(speakers)}, done

    return await create(desk, once, make, now)


async def _speakers(connection: AsyncConnection, of: AccessRequest) -> Speakers:
    """Who speaks for the person, as it is known now."""
    found = await people.locked(connection, [of.person], of.authority, deciding=True)
    return found[of.person].speakers()


@dataclass(frozen=True)
class Changing:
    """Which request is changed, by whom, from which version on."""

    desk: Desk
    id: UUID
    by: Caller
    version: int
    now: datetime


Move = Callable[[AccessRequest, Speakers], AccessRequest]


async def _move(
    changing: Changing, operation: str, move: Move, exemption: Exemption | None = None
) -> AccessRequest:
    desk, by = changing.desk, changing.by
    async with desk.db.transaction() as connection:
        kept = await access_requests.get(
            connection,
            changing.id,
            by=by,
            cipher=desk.cipher,
            base=desk.base,
            version=changing.version,
        )
        moved = move(kept, await _speakers(connection, kept))
        await access_requests.save(connection, moved)
        if exemption is not None:
            row = access_requests.exemption_row(moved, exemption, desk.cipher)
            await add(connection, row)
        done = Done(
            operation=f"access_request.{operation}",
            by=by,
            now=changing.now,
            records=[moved.id, *([exemption.id] if exemption else [])],
            people=[moved.person],
            code=exemption.ground if exemption else None,
            words={"because": exemption.because} if exemption else None,
        )
        await finish(connection, desk, done)
    return moved


async def hear(changing: Changing, wish: Wish) -> AccessRequest:
    """What the child itself wishes. Raises NotFound, Stale, NoWishNeeded, AlreadyAnswered."""
    _, worker = changing.by.acting()
    return await _move(
        changing,
        "hear_child",
        lambda kept, speakers: domain.hear(kept, speakers, wish, by=worker, now=changing.now),
    )


async def exempt(changing: Changing, exemption: Exemption) -> AccessRequest:
    """Keep something out. Raises NotFound, Stale, RequestIncomplete, AlreadyAnswered."""
    return await _move(
        changing, "exempt", lambda kept, _: domain.exempt(kept, exemption), exemption
    )


async def answer(changing: Changing) -> AccessRequest:
    """It was handed over. Raises NotFound, Stale, ChildNotAsked, AlreadyAnswered."""
    _, worker = changing.by.acting()
    return await _move(
        changing,
        "answer",
        lambda kept, speakers: domain.answer(kept, speakers, by=worker, now=changing.now),
    )


async def get(desk: Desk, request_id: UUID, *, by: Caller, now: datetime) -> AccessRequest:
    """One request. Raises NotFound."""
    async with desk.db.transaction() as connection:
        kept = await access_requests.get(
            connection, request_id, by=by, cipher=desk.cipher, base=desk.base
        )
        await look(connection, by, "access_request.look", [request_id, kept.person], now)
    return kept


async def page(
    desk: Desk, *, by: Caller, unanswered: bool, after: UUID | None, limit: int, now: datetime
) -> list[AccessRequest]:
    """Those that the caller may see; one more than `limit`."""
    async with desk.db.transaction() as connection:
        found = await access_requests.page(
            connection, by=by, unanswered=unanswered, after=after, limit=limit + 1, base=desk.base
        )
        await look(connection, by, "access_request.list", [one.id for one in found[:limit]], now)
    return found


async def tell_overdue(desk: Desk, now: datetime) -> int:
    """Announce each request that nobody has answered in time, once; how many there were."""
    today = now.astimezone(ENGLAND).date()
    async with desk.db.transaction() as connection:
        found = await access_requests.due(connection, today, [*desk.authorities], desk.base)
        for kept in found:
            moved, events = domain.overdue(kept, now)
            await access_requests.save(connection, moved)
            hear = {kept.by_agency, *await people.councils(connection, kept.authority)}
            done = Done(
                operation="access_request.overdue",
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
