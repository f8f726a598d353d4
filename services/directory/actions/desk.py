"""What the verbs of those who keep the directory work with, and who may look after what."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.keepers import is_editor, owner_of
from services.directory.store import keeping
from services.directory.store.keeping import Held
from services.directory.tables.events import Access, Idempotency
from shared.access import access_row
from shared.auth import Caller
from shared.authority import Authorities
from shared.crypto import FieldCipher
from shared.db import Database
from shared.errors import NotFound
from shared.idempotency import Once
from shared.rows import Row, add

Receipt = dict[str, Any]
Make = Callable[[AsyncConnection], Awaitable[Receipt]]


@dataclass(frozen=True)
class Desk:
    """What the verbs work with."""

    db: Database
    cipher: FieldCipher
    authorities: Authorities


async def create(desk: Desk, once: Once, make: Make, now: datetime) -> Receipt:
    """Do `make` once, in one transaction with its receipt; sent again, it is the first one.

    Raises IdempotencyKeyReused, IdempotencyKeyInFlight, and what `make` raises.
    """
    async with desk.db.transaction() as connection:
        await once.hold(connection)
        receipt = await once.answered(connection, Idempotency)
        if receipt is not None:
            return receipt
        receipt = await make(connection)
        kept = Row.of(Idempotency, **vars(once), answer=receipt, created_at=now)
        await add(connection, kept)
    return receipt


async def noted(
    connection: AsyncConnection, by: Caller, what: str, at: Sequence[UUID], now: datetime
) -> None:
    """Keep that somebody looked, or changed something."""
    await add(connection, access_row(Access, by, what, at, now))


async def in_care(
    connection: AsyncConnection, desk: Desk, entry_id: UUID, by: Caller, *, to_change: bool = False
) -> Held:
    """An entry that the caller looks after. Raises NotFound."""
    found = await keeping.held(connection, desk.cipher, entry_id, to_change=to_change)
    if found is None:
        raise nothing()
    await refuse_careless(connection, found, by)
    return found


async def refuse_careless(connection: AsyncConnection, found: Held, by: Caller) -> None:
    """Only who looks after an entry as it stands now goes on. Raises NotFound."""
    entry = found.entry
    owner = owner_of(entry.kind, entry.content)
    await refuse_stranger(connection, owner, by)
    if owner is None and await keeping.is_elsewhere(connection, entry.id, by.authority):
        raise nothing()


async def refuse_stranger(connection: AsyncConnection, owner: UUID | None, by: Caller) -> None:
    """Only who looks after an organization goes on; its entries are nobody else's. Raises NotFound.

    An editor looks after everything but what another authority's agency does.
    """
    provider = await keeping.provider_of(connection, owner) if owner else None
    if provider is not None and provider.agency_id == by.agency_id:
        return
    if not is_editor(by) or (provider is not None and provider.authority != by.authority):
        raise nothing()


def nothing() -> NotFound:
    """The same for what there is not, and for what the caller does not look after."""
    return NotFound("List the entries that your agency looks after")
