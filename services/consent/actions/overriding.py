"""Overrides: declared, reviewed, and told where nobody has reviewed them in time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.desk import Desk, Done, Receipt, create, finish, look
from services.consent.domain import holding as domain
from services.consent.domain.holding import KeptOverride
from services.consent.domain.overrides import Override, OverrideIncomplete
from services.consent.domain.people import Person
from services.consent.store import agencies, overrides, people
from shared.auth import Caller, Role
from shared.idempotency import Once
from shared.rows import add

URL = "/api/v1/overrides"


async def declare(desk: Desk, said: Override, *, by: Caller, once: Once, now: datetime) -> Receipt:
    """Release from the commit on what nothing else permits. Sent again, it is the first one.

    Also of people of whom the hub knows nothing yet: danger does not wait. Raises Forbidden,
    OverrideIncomplete, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    authority = desk.authority(by)
    limit = timedelta(hours=desk.authorities[authority].overrides.hours)
    new = KeptOverride(said=said, authority=authority, url=f"{desk.base}{URL}/{said.id}")

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        there = await people.locked(connection, said.people, authority, deciding=False)
        earlier = await overrides.about(connection, said.people, authority)
        declared, events = domain.declared(new, by, earlier, limit)
        await _refuse_unable(connection, said)
        await _keep_unknown(connection, said, authority, there)
        await add(connection, overrides.row_of(declared, desk.cipher))
        done = Done(
            operation="override.declare",
            by=by,
            now=now,
            records=[said.id],
            people=said.people,
            code=said.danger,
            words={"words": said.words, "untold_because": said.untold_because},
            events=events,
            concerns={said.agency, *await people.councils(connection, authority)},
        )
        due = said.review_due().isoformat()
        return {"id": str(said.id), "version": 1, "review_due": due}, done

    return await create(desk, once, make, now)


async def _keep_unknown(
    connection: AsyncConnection, said: Override, authority: str, there: Collection[UUID]
) -> None:
    """So that what is kept about them is found when its time is over. A referral says more."""
    for one in sorted(said.people.difference(there)):
        heard = Person(
            id=one,
            authority=authority,
            kind=said.kind_of_unknown(),
            recorded_by=None,
            recorded_at=said.declared_at,
        )
        await people.hear(connection, heard)


async def _refuse_unable(connection: AsyncConnection, said: Override) -> None:
    """Who answers for it beside the declarer must be able to."""
    approver = said.second_approver
    if approver and not await agencies.leads(connection, approver, said.agency):
        raise OverrideIncomplete(
            "Name a safeguarding lead of your agency, or who answers for sharing",
            pointer="/second_approver",
        )


def _seen_by(by: Caller) -> ColumnElement[bool]:
    agency_id, _ = by.acting()
    if Role.INFORMATION_GOVERNANCE_LEAD in by.roles:
        return overrides.of_authority(by.authority)
    return overrides.of_agency(by.authority, agency_id)


async def _get(
    connection: AsyncConnection,
    desk: Desk,
    override_id: UUID,
    by: Caller,
    version: int | None = None,
) -> KeptOverride:
    seen_by, cipher, base = _seen_by(by), desk.cipher, desk.base
    return await overrides.get(
        connection, override_id, seen_by=seen_by, cipher=cipher, base=base, version=version
    )


@dataclass(frozen=True)
class Finding:
    """What a review found."""

    justified: bool
    words: str


async def review(
    desk: Desk, override_id: UUID, found: Finding, *, by: Caller, version: int, now: datetime
) -> KeptOverride:
    """Say whether an override was right. If not, no release after the commit rests on it.

    Raises NotFound, Stale, AlreadyReviewed, Forbidden.
    """
    async with desk.db.transaction() as connection:
        first = await _get(connection, desk, override_id, by)
        await people.locked(connection, first.said.people, first.authority, deciding=False)
        kept = await _get(connection, desk, override_id, by, version)  # as it is under the lock
        moved = domain.reviewed(kept, by, justified=found.justified, words=found.words, now=now)
        await overrides.save(connection, moved, desk.cipher)
        done = Done(
            operation="override.review",
            by=by,
            now=now,
            records=[override_id],
            people=kept.said.people,
            code="justified" if found.justified else "not_justified",
            words={"words": found.words},
        )
        await finish(connection, desk, done)
    return moved


async def get(desk: Desk, override_id: UUID, *, by: Caller, now: datetime) -> KeptOverride:
    """One override, for its agency's safeguarding leads and who reviews it. Raises NotFound."""
    async with desk.db.transaction() as connection:
        kept = await _get(connection, desk, override_id, by)
        await look(connection, by, "override.look", [override_id, *kept.said.people], now)
    return kept


async def page(
    desk: Desk, *, by: Caller, unreviewed: bool, after: UUID | None, limit: int, now: datetime
) -> list[KeptOverride]:
    """The queue of reviews, what was declared first first; one more than `limit`."""
    async with desk.db.transaction() as connection:
        found = await overrides.page(
            connection,
            seen_by=_seen_by(by),
            unreviewed=unreviewed,
            after=after,
            limit=limit + 1,
            cipher=desk.cipher,
            base=desk.base,
        )
        await look(connection, by, "override.list", [one.said.id for one in found[:limit]], now)
    return found


async def tell_overdue(desk: Desk, now: datetime) -> int:
    """Announce each override that nobody has reviewed in time, once; how many there were."""
    async with desk.db.transaction() as connection:
        found = await overrides.due(connection, now, cipher=desk.cipher, base=desk.base)
        for kept in found:
            moved, events = domain.overdue(kept, now)
            await overrides.save(connection, moved, desk.cipher)
            hear = {kept.said.agency, *await people.councils(connection, kept.authority)}
            done = Done(
                operation="override.overdue",
                by=None,
                now=now,
                records=[kept.said.id],
                people=kept.said.people,
                events=events,
                concerns=hear,
            )
            await finish(connection, desk, done)
    if found:
        desk.wake()
    return len(found)
