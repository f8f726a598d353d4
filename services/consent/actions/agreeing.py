"""Agreements on their way: drafted, published, signed, left, suspended; one transaction each.

Whatever changes what is decided first takes the policies: who is deciding has done so before, or
finds them changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.desk import Desk, Done, Receipt, create, finish, look
from services.consent.actions.library import swap
from services.consent.domain import agreeing as domain
from services.consent.domain.agreeing import Absence, Standing
from services.consent.domain.agreements import Agreement, Published, Tier
from services.consent.domain.decision_table import Change, changes
from services.consent.domain.publishing import Circumstances, Fault, faults_in
from services.consent.store import agreements, people, policies, reviews
from shared.auth import Caller
from shared.db import broken_rule
from shared.errors import Conflict, NotFound, Unprocessable
from shared.idempotency import Once
from shared.ids import new_id
from shared.rows import add

URL = "/api/v1/agreements"


class AgreementExists(Conflict):
    slug, title = "agreement-exists", "There is an agreement of this name"


async def draft(desk: Desk, said: Agreement, *, by: Caller, once: Once, now: datetime) -> Receipt:
    """Begin an agreement. Sent again, it is the first one.

    Raises AgreementExists, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    new = Standing(
        id=new_id(),
        authority=desk.authority(by),
        draft=said,
        version=1,
        url=f"{desk.base}{URL}/{said.id}",
    )
    _, worker_id = by.acting()

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        await add(connection, agreements.row_of(new, by=worker_id, now=now))
        done = Done(operation="agreement.draft", by=by, now=now, records=[new.id])
        return {"id": said.id, "version": 1}, done

    try:
        return await create(desk, once, make, now)
    except IntegrityError as error:
        if broken_rule(error) != agreements.ONCE:
            raise
        raise AgreementExists("Go on with the draft that is there", pointer="/id") from error


@dataclass(frozen=True)
class Changing:
    """Which agreement is changed, by whom, from which version on."""

    desk: Desk
    name: str
    by: Caller
    version: int
    now: datetime

    async def found(self, connection: AsyncConnection) -> Standing:
        """The agreement, locked, for who answers for it. Raises NotFound, Stale."""
        found = await agreements.get(
            connection, self.name, by=self.by, base=self.desk.base, version=self.version
        )
        if not found.drafted_by(self.by):
            raise NotFound("Your agency is a party to no agreement of this name")
        return found

    async def save(self, connection: AsyncConnection, moved: Standing) -> None:
        """Its new state."""
        _, worker_id = self.by.acting()
        await agreements.save(connection, moved, by=worker_id, now=self.now)

    def done(self, operation: str, moved: Standing, **more: object) -> Done:
        said: dict[str, object] = {"by": self.by, "now": self.now, "records": [moved.id]}
        return Done(operation=f"agreement.{operation}", **said, **more)  # type: ignore[arg-type]


async def rewrite(changing: Changing, said: Agreement) -> Standing:
    """The whole draft anew. Raises NotFound, Stale, Unprocessable where it gets another name."""
    desk = changing.desk
    if said.id != changing.name:
        raise Unprocessable("An agreement keeps its name", pointer="/id")
    async with desk.db.transaction() as connection:
        found = await changing.found(connection)
        moved = replace(found, draft=said, version=found.version + 1)
        await changing.save(connection, moved)
        await finish(connection, desk, changing.done("rewrite", moved))
    return moved


async def publish(changing: Changing) -> Standing:
    """The draft as the next version: it decides from the commit on, for who has signed it.

    Raises NotFound, Stale, NotPublishable with each clause and the rule it offends.
    """
    desk, now, authority = changing.desk, changing.now, changing.desk.authority(changing.by)
    _, worker_id = changing.by.acting()
    async with desk.db.transaction() as connection:
        await policies.taken(connection, authority)
        found = await changing.found(connection)
        number = await agreements.last_number(connection, found) + 1
        around = await _around(connection, desk, authority)
        moved, events = domain.next_version(found, number, around, now)
        assert moved.published  # noqa: S101 -- that is what it returns
        await add(connection, agreements.version_row(moved, moved.published, by=worker_id))
        await reviews.supersede(connection, found, now)
        await changing.save(connection, moved)
        await swap(connection, authority, now)
        hear = await agreements.parties_of(connection, authority, moved.draft)
        await finish(
            connection, desk, changing.done("publish", moved, events=events, concerns=hear)
        )
    desk.wake()
    return moved


async def _around(connection: AsyncConnection, desk: Desk, authority: str) -> Circumstances:
    """What a draft is judged by: the principles that last longest where there are several."""
    first = [
        one.published
        for one in await policies.in_use(connection, authority)
        if one.published.agreement.tier is Tier.PRINCIPLES
    ]
    longest = max(first, key=lambda version: version.window()[1], default=None)
    return Circumstances(longest, desk.commencement)


@dataclass(frozen=True)
class Compared:
    """What publishing the draft would change for whom, and what stands in its way."""

    changes: Sequence[Change]
    faults: Sequence[Fault]


async def review(desk: Desk, name: str, *, by: Caller) -> Compared:
    """The draft beside the version in use. Raises NotFound."""
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        found = await _seen(connection, desk, name, by)
        if not found.drafted_by(by):
            raise NotFound("Your agency is a party to no agreement of this name")
        around = await _around(connection, desk, authority)
    old = found.published.agreement if found.published else None
    return Compared(changes(old, found.draft), faults_in(found.draft, around))


async def _seen(connection: AsyncConnection, desk: Desk, name: str, by: Caller) -> Standing:
    return await agreements.get(connection, name, by=by, base=desk.base)


async def suspend(changing: Changing, agency: UUID | None) -> Standing:
    """Suspend an agency's part in the agreement, or the whole of it where none is named.

    Raises NotFound, Stale, Unprocessable, AgreementSuspended, NotThisVersion.
    """

    def stopped(found: Standing) -> Standing:
        return domain.suspended(found, changing.now)

    async def absent(connection: AsyncConnection, found: Standing, one: UUID) -> None:
        await agreements.be_absent(connection, found, one, Absence.SUSPENDED, changing.now)

    return await _switch(changing, agency, "suspend", stopped, absent)


async def reinstate(changing: Changing, agency: UUID | None) -> Standing:
    """Take a suspended agency in again, or the whole agreement up; who has signed need not again.

    Raises NotFound, Stale, Unprocessable, AgreementNotSuspended.
    """
    return await _switch(changing, agency, "reinstate", domain.reinstated, agreements.take_in)


async def _switch(
    changing: Changing,
    agency: UUID | None,
    operation: str,
    whole: Callable[[Standing], Standing],
    part: agreements.Part,
) -> Standing:
    desk, authority = changing.desk, changing.desk.authority(changing.by)
    async with desk.db.transaction() as connection:
        await policies.taken(connection, authority)
        found = await changing.found(connection)
        if agency is None:
            moved = whole(found)
        elif await people.unknown_agencies(connection, [agency], changing.by):
            raise Unprocessable("This agency takes no part here", pointer="/agency_id")
        else:
            moved = replace(found, version=found.version + 1)
            await part(connection, found, agency)
        await changing.save(connection, moved)
        await swap(connection, authority, changing.now)
        await finish(connection, desk, changing.done(operation, moved))
    desk.wake()
    return moved


@dataclass(frozen=True)
class Seen:
    """An agreement as a caller sees it."""

    standing: Standing
    signers: Sequence[UUID]
    """Who has signed the version in use and takes part."""
    has_draft: bool
    """Whether the caller may see what is drafted."""


async def get(desk: Desk, name: str, *, by: Caller, now: datetime) -> Seen:
    """The agreement, for its parties and who answers for it. Raises NotFound."""
    async with desk.db.transaction() as connection:
        found = await _seen(connection, desk, name, by)
        number = found.published.version if found.published else 0
        signers = await agreements.signers(connection, found, number)
        await look(connection, by, "agreement.look", [found.id], now)
    return Seen(found, signers, found.drafted_by(by))


async def listed(desk: Desk, *, by: Caller, after: str | None) -> list[Standing]:
    """The agreements that the caller may see, by name."""
    desk.authority(by)
    async with desk.db.reading() as connection:
        return await agreements.page(connection, by=by, after=after, base=desk.base)


async def version(desk: Desk, name: str, number: int, *, by: Caller) -> Published:
    """One published version, also an old one, by which something was decided. Raises NotFound."""
    async with desk.db.reading() as connection:
        found = await _seen(connection, desk, name, by)
        return await agreements.published(connection, found, number)


async def in_use(desk: Desk, name: str, *, by: Caller) -> Published:
    """The version in use. Raises NotFound, also while none is published."""
    async with desk.db.reading() as connection:
        found = await _seen(connection, desk, name, by)
    if found.published is None:
        raise NotFound("No version of this agreement is published")
    return found.published
