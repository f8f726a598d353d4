"""Drafts: begun, written on, thrown away, and sent, which is once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.actions import requesting, submitting
from services.referral.actions.desk import Desk
from services.referral.clients.directory import Service
from services.referral.domain import drafts as domain
from services.referral.domain.drafts import Content, Draft, Standing
from services.referral.store import drafts, people
from services.referral.tables.events import Access, Idempotency
from shared.access import access_row
from shared.auth import Caller
from shared.calendar import ENGLAND
from shared.db import broken_rule
from shared.errors import NotFound
from shared.idempotency import Once
from shared.ids import new_id, new_reference, read_reference
from shared.rows import Row, add


def standing(desk: Desk, content: Content, *, by: Caller, now: datetime) -> Standing:
    """What a draft lacks."""
    return domain.standing_of(content, desk.council(by), now.astimezone(ENGLAND).date())


async def begin(
    desk: Desk, content: Content, *, by: Caller, once: Once, now: datetime
) -> dict[str, Any]:
    """A new draft's receipt. Sent again, it gets its first one.

    Raises Unprocessable, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    domain.refuse_what_cannot_be_kept(content)
    council = desk.council(by)
    new = domain.begin(
        content,
        draft_id=new_id(),
        code=new_reference(),
        by=by,
        council=council.id,
        now=now,
        days=council.draft_days,
    )
    receipt = {"id": str(new.id), "code": new.code, "expires_at": new.expires_at.isoformat()}
    rows = [
        drafts.row_of(new, desk.cipher),
        Row.of(Idempotency, **vars(once), answer=receipt, created_at=now),
        _look(by, "begin", new.id, now),
    ]
    try:
        begun = await desk.db.together(rows, holding=once.lock)
    except IntegrityError as error:
        if broken_rule(error) != "idempotency_pkey":
            raise
        begun = False
    if begun:
        return receipt
    async with desk.db.reading() as connection:
        first = await once.answered(connection, Idempotency)
    if first is None:
        raise once.in_flight()
    return first


def _look(by: Caller, what: str, draft_id: UUID, now: datetime) -> Row:
    return access_row(Access, by, f"draft.{what}", [draft_id], now)


async def look(desk: Desk, of: UUID | str, *, by: Caller, now: datetime) -> Draft:
    """The draft with this id, or with this code as somebody reads it out. Raises NotFound."""
    named = of if isinstance(of, UUID) else read_reference(of) or ""
    async with desk.db.transaction() as connection:
        found = await drafts.get(connection, named, by=by, now=now, cipher=desk.cipher)
        await add(connection, _look(by, "look", found.id, now))
    return found


async def page(
    desk: Desk, *, by: Caller, after: UUID | None, limit: int, now: datetime
) -> Sequence[RowMapping]:
    """A page of the agency's drafts without what they say, the newest first; one more than
    `limit`."""
    async with desk.db.transaction() as connection:
        found = await drafts.page(connection, by=by, after=after, limit=limit + 1, now=now)
        shown = [draft["id"] for draft in found[:limit]]
        await add(connection, access_row(Access, by, "draft.list", shown, now))
    return found


async def rewrite(
    desk: Desk, draft_id: UUID, content: Content, *, by: Caller, version: int, now: datetime
) -> Draft:
    """The whole content anew. Raises NotFound, Stale, DraftSubmitted, Unprocessable."""
    domain.refuse_what_cannot_be_kept(content)
    days = desk.council(by).draft_days
    async with desk.db.transaction() as connection:
        found = await _to_change(desk, connection, draft_id, by, version, now)
        changed = found.rewritten(content, by=by, now=now, days=days)
        await drafts.save(connection, changed, desk.cipher)
        await add(connection, _look(by, "rewrite", changed.id, now))
    return changed


async def discard(desk: Desk, draft_id: UUID, *, by: Caller, version: int, now: datetime) -> None:
    """Throw it away. Raises NotFound, Stale, DraftSubmitted."""
    async with desk.db.transaction() as connection:
        found = await _to_change(desk, connection, draft_id, by, version, now)
        await drafts.discard(connection, found.still_written())
        await add(connection, _look(by, "discard", found.id, now))


async def send(
    desk: Desk, draft_id: UUID, *, by: Caller, version: int, once: Once, token: str, now: datetime
) -> dict[str, Any]:
    """The draft becomes a referral, once, whose receipt this is; the draft's words are gone then.
    `token` asks the directory about the service that it names.

    Raises NotFound, Stale, DraftSubmitted, and whatever `submitting.submit` raises.
    """
    told = await _told_of_service(desk, draft_id, by=by, version=version, token=token, now=now)
    try:
        async with desk.db.transaction() as connection:
            await once.hold(connection)
            if receipt := await once.answered(connection, Idempotency):
                return receipt
            found = await _to_change(desk, connection, draft_id, by, version, now)
            submission = domain.complete(
                found.still_written().content or {}, now.astimezone(ENGLAND).date()
            )
            taking = await submitting.made_ready(
                desk, submission, by=by, once=once, now=now, told=told, on=connection
            )
            free = await people.in_the_way(connection, taking.children) is None
            if free:
                sent = found.sent(taking.referral.id, by=by, now=now)
                await add(connection, *taking.rows, _look(by, "send", sent.id, now))
                await drafts.save(connection, sent, desk.cipher)
    except IntegrityError as error:
        submitting.refuse_other_rules(error)
        free = False  # somebody was faster
    if not free:
        return await submitting.first_one(desk, by=by, once=once, children=taking.children, now=now)
    desk.wake()
    return taking.receipt


async def _told_of_service(
    desk: Desk, draft_id: UUID, *, by: Caller, version: int, token: str, now: datetime
) -> Service | None:
    """What the directory tells of the service that this version of a draft names; None also where
    the draft cannot be sent, which `send` finds and says. Raises Unprocessable.
    """
    async with desk.db.reading() as connection:
        try:
            found = await drafts.get(connection, draft_id, by=by, now=now, cipher=desk.cipher)
        except NotFound:
            return None
    named = domain.service_named(found.content or {})
    return await requesting.told_of(desk, named, token) if found.version == version else None


async def _to_change(
    desk: Desk,
    connection: AsyncConnection,
    draft_id: UUID,
    by: Caller,
    version: int,
    now: datetime,
) -> Draft:
    return await drafts.get(
        connection, draft_id, by=by, now=now, cipher=desk.cipher, version=version
    )


async def forget_expired(desk: Desk, now: datetime) -> None:
    """Drop the drafts whose days are over."""
    async with desk.db.reading() as connection:
        await drafts.forget_expired(connection, now)
