"""What the verbs about agreements and consents work with, and what stands beside every change."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.library import Library
from services.consent.domain.leaves import By, Record, Written
from services.consent.store import audit
from services.consent.tables.events import Access, Idempotency, Outbox
from shared.access import access_row
from shared.auth import Caller
from shared.authority import Authorities
from shared.contracts.consent import ConsentEvent
from shared.crypto import FieldCipher
from shared.db import Database
from shared.idempotency import Once
from shared.outbox import outbox_row
from shared.rows import Row, add

Receipt = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """What the verbs work with."""

    db: Database
    cipher: FieldCipher
    authorities: Authorities
    base: str
    """Where partners reach the hub; detail URLs begin with it."""
    wake: Callable[[], None]
    """Rings the relay after a commit."""
    commencement: date | None = None
    """Since when section 16LA is in force here; None: not yet, no clause may cite it."""
    library: Library = field(default_factory=Library)

    def authority(self, caller: Caller) -> str:
        """Whose hub the caller's agency takes part in. Raises Forbidden."""
        return self.authorities.of(caller.authority).id


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done: for the audit log, for who looked, and for whoever hears of it."""

    operation: str
    """The word of the leaf, e.g. `consent.withdraw`."""
    by: Caller | None
    """None: the service itself."""
    now: datetime
    records: Sequence[UUID]
    people: Collection[UUID] = ()
    code: str | None = None
    fields: Sequence[str] = ()
    """Which fields were written."""
    words: dict[str, Any] | None = None
    """What was said with it; sealed beside the leaf."""
    events: Sequence[ConsentEvent] = ()
    concerns: Collection[UUID] = ()
    beside: "Sequence[Done]" = ()
    """What was done with it, each with a leaf of its own."""

    def row(self) -> Row | None:
        """The record that somebody acted."""
        if self.by is None:
            return None
        return access_row(Access, self.by, self.operation, [*self.records, *self.people], self.now)

    def leaves(self) -> list[Record]:
        """The leaf; with words one for each person, since each person's words are erased alone."""
        by = By.caller(self.by) if self.by else By(client_id="consent")
        people = sorted(self.people)
        each = [(person,) for person in people] if self.words and people else [tuple(people)]
        return [
            Record(
                Written(
                    at=self.now,
                    by=by,
                    people=about,
                    operation=self.operation,
                    records=tuple(self.records),
                    fields=tuple(self.fields),
                    code=self.code,
                ),
                self.words,
            )
            for about in each
        ]


async def finish(connection: AsyncConnection, desk: Desk, done: Done) -> None:
    """What stands beside a change; the last thing that its transaction does."""
    rows = [
        outbox_row(Outbox, event, concerns=sorted(done.concerns), now=done.now)
        for event in done.events
    ]
    if (row := done.row()) is not None:
        rows.append(row)
    await add(connection, *rows)
    leaves = [leaf for one in (done, *done.beside) for leaf in one.leaves()]
    await audit.append(connection, leaves, desk.cipher)


Make = Callable[[AsyncConnection], Awaitable[tuple[Receipt, Done | None]]]
"""What is answered, and what was done; None where there was nothing left to do."""


async def create(desk: Desk, once: Once, make: Make, now: datetime) -> Receipt:
    """Do `make` once, in one transaction with its receipt, its leaf and its events.

    Sent again it is answered from what is kept. Raises IdempotencyKeyReused,
    IdempotencyKeyInFlight, and what `make` raises.
    """
    async with desk.db.transaction() as connection:
        await once.hold(connection)
        receipt = await once.answered(connection, Idempotency)
        if receipt is not None:
            return receipt
        receipt, done = await make(connection)
        kept = Row.of(Idempotency, **vars(once), answer=receipt, created_at=now)
        await add(connection, kept)
        if done is not None:
            await finish(connection, desk, done)
    desk.wake()
    return receipt


async def look(
    connection: AsyncConnection, by: Caller, what: str, at: Sequence[UUID], now: datetime
) -> None:
    """Keep that somebody looked."""
    await add(connection, access_row(Access, by, what, at, now))
