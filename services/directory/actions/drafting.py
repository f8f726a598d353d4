"""Drafts of entries: a provider writes one, a council's editor decides about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.actions.accepting import accepted, taken
from services.directory.actions.desk import (
    Desk,
    Receipt,
    create,
    in_care,
    noted,
    nothing,
    refuse_careless,
    refuse_stranger,
)
from services.directory.actions.saving import save_in
from services.directory.actions.showing import today
from services.directory.domain.drafts import (
    Draft,
    DraftStatus,
    EntryMoved,
)
from services.directory.domain.entries import Entry, Kind
from services.directory.domain.keepers import is_editor, owner_of, refuse_who_is_no_editor
from services.directory.store import drafts, keeping
from services.directory.store import entries as store
from services.directory.store.entries import By
from services.directory.store.keeping import Held
from shared.auth import Caller
from shared.idempotency import Once
from shared.ids import new_id


async def write(
    desk: Desk,
    entry_id: UUID | None,
    kind: Kind,
    said: Mapping[str, Any],
    *,
    by: Caller,
    once: Once,
    now: datetime,
) -> Receipt:
    """Write a draft of an entry, or of a new one. Sent again, it is the first one.

    Raises NotFound, NotAnEntry, NobodysEntry, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    agency, worker = by.acting()

    async def make(connection: AsyncConnection) -> Receipt:
        which = entry_id or new_id()
        held = None if entry_id is None else await in_care(connection, desk, which, by)
        of = kind if held is None else held.entry.kind
        content = await accepted(connection, of, said, which, held, by=by, day=today(now))
        draft = Draft(
            id=new_id(),
            entry_id=which,
            kind=of,
            agency_id=agency,
            authority=desk.authorities.of(by.authority).id,
            worker_id=worker,
            content=content,
            entry_version=_stands(held),
            created_at=now,
            changed_at=now,
        )
        await drafts.keep(connection, desk.cipher, draft)
        await noted(connection, by, "entry_draft.write", [draft.id, which], now)
        return {"id": str(draft.id), "entry_id": str(which), "version": draft.version}

    return await create(desk, once, make, now)


async def rewrite(
    desk: Desk,
    draft_id: UUID,
    said: Mapping[str, Any],
    *,
    by: Caller,
    version: int,
    now: datetime,
) -> Draft:
    """Let a draft say something else, over the entry as it stands now.

    Raises NotFound, Stale, DraftEnded, NotAnEntry, NobodysEntry.
    """
    _, worker = by.acting()
    async with desk.db.transaction() as connection:
        draft = (await _own(connection, desk, draft_id, by)).seen(version)
        held = await _entry(connection, desk, draft, by, to_change=True)
        content = await accepted(
            connection, draft.kind, said, draft.entry_id, held, by=by, day=today(now)
        )
        draft = draft.rewritten(content, entry_version=_stands(held), by=worker, now=now)
        await drafts.change(connection, desk.cipher, draft)
        await noted(connection, by, "entry_draft.rewrite", [draft_id, draft.entry_id], now)
    return draft


async def withdraw(desk: Desk, draft_id: UUID, *, by: Caller, version: int, now: datetime) -> Draft:
    """Take a draft back. Raises NotFound, Stale, DraftEnded."""
    _, worker = by.acting()
    async with desk.db.transaction() as connection:
        draft = (await _own(connection, desk, draft_id, by)).seen(version)
        draft = draft.ended(DraftStatus.WITHDRAWN, by=worker, now=now)
        await drafts.change(connection, desk.cipher, draft)
        await noted(connection, by, "entry_draft.withdraw", [draft_id, draft.entry_id], now)
    return draft


async def reject(
    desk: Desk, draft_id: UUID, reason: str, *, by: Caller, version: int, now: datetime
) -> Draft:
    """Say that an entry is not to be so, and why. Raises Forbidden, NotFound, Stale, DraftEnded."""
    refuse_who_is_no_editor(by)
    _, worker = by.acting()
    async with desk.db.transaction() as connection:
        draft = (await _visible(connection, desk, draft_id, by, to_change=True)).seen(version)
        draft = draft.ended(DraftStatus.REJECTED, by=worker, now=now, reason=reason)
        await drafts.change(connection, desk.cipher, draft)
        await noted(connection, by, "entry_draft.reject", [draft_id, draft.entry_id], now)
    return draft


async def approve(
    desk: Desk, draft_id: UUID, reason: str | None, *, by: Caller, version: int, now: datetime
) -> Draft:
    """Let the entry stand as the draft has it, for everybody to read.

    It may have become another council's since, or its organization may.
    Raises Forbidden, NotFound, Stale, DraftEnded, EntryMoved.
    """
    refuse_who_is_no_editor(by)
    _, worker = by.acting()
    async with desk.db.transaction() as connection:
        await store.one_writer(connection)
        draft = (await _visible(connection, desk, draft_id, by, to_change=True)).seen(version)
        held = await _entry(connection, desk, draft, by, to_change=True)
        await refuse_stranger(connection, owner_of(draft.kind, draft.content), by)
        if draft.entry_version != _stands(held) or await taken(connection, draft.content):
            raise EntryMoved("Have the draft written again over the entry as it stands now")
        said = By(by.client_id, f"draft {draft.id} approved", worker, words=reason)
        entry = draft.entry(held.entry if held else None)
        await save_in(connection, desk.cipher, [entry], said)
        draft = draft.ended(DraftStatus.APPROVED, by=worker, now=now, reason=reason)
        await drafts.change(connection, desk.cipher, draft)
        await noted(connection, by, "entry_draft.approve", [draft_id, draft.entry_id], now)
    return draft


async def get(
    desk: Desk, draft_id: UUID, *, by: Caller, now: datetime
) -> tuple[Draft, Entry | None]:
    """A draft and the entry as it stands, to be compared by who looks after that now.

    Raises NotFound.
    """
    async with desk.db.transaction() as connection:
        draft = await _visible(connection, desk, draft_id, by)
        held = await _entry(connection, desk, draft, by)
        await noted(connection, by, "entry_draft.look", [draft_id, draft.entry_id], now)
    return draft, held.entry if held else None


async def page(
    desk: Desk,
    *,
    by: Caller,
    status: DraftStatus | None,
    after: UUID | None,
    limit: int,
    now: datetime,
) -> list[Draft]:
    """The agency's drafts, or for an editor its authority's; one more than `limit`."""
    editor = is_editor(by)
    async with desk.db.transaction() as connection:
        found = await drafts.page(
            connection,
            desk.cipher,
            agency_id=None if editor else by.agency_id,
            authority=by.authority if editor else None,
            status=status,
            after=after,
            limit=limit + 1,
        )
        await noted(connection, by, "entry_draft.list", [one.id for one in found[:limit]], now)
    return found


def _stands(held: Held | None) -> int:
    """The version over which a draft is written; 0: there is no entry yet."""
    return held.version if held else 0


async def _entry(
    connection: AsyncConnection, desk: Desk, draft: Draft, by: Caller, *, to_change: bool = False
) -> Held | None:
    """The entry that a draft is of; None: there is none yet. Raises NotFound, as `in_care`.

    A draft outlives the care of who wrote it: an organization gets another provider.
    """
    held = await keeping.held(connection, desk.cipher, draft.entry_id, to_change=to_change)
    if held is not None:
        await refuse_careless(connection, held, by)
    return held


async def _visible(
    connection: AsyncConnection, desk: Desk, draft_id: UUID, by: Caller, *, to_change: bool = False
) -> Draft:
    """For its agency, and for the editors of its authority. Raises NotFound."""
    draft = await drafts.get(connection, desk.cipher, draft_id, to_change=to_change)
    if draft is None:
        raise nothing()
    if draft.agency_id != by.agency_id and not (is_editor(by) and draft.authority == by.authority):
        raise nothing()
    return draft


async def _own(connection: AsyncConnection, desk: Desk, draft_id: UUID, by: Caller) -> Draft:
    """To be changed by its agency alone. Raises NotFound."""
    draft = await drafts.get(connection, desk.cipher, draft_id, to_change=True)
    if draft is None or draft.agency_id != by.agency_id:
        raise nothing()
    return draft
