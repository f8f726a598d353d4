"""Worklists: what a worker sees of many referrals at once. Every look is recorded, page by page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from services.referral.actions.desk import Desk
from services.referral.domain.referral import Referral
from services.referral.domain.worklist import (
    By,
    Place,
    Sort,
    Worklist,
    permitted,
    refuse_unknown_codes,
)
from services.referral.store import views, worklists
from services.referral.store.worklists import Asked
from services.referral.tables.events import Access
from shared import cursor as cursors
from shared.access import access_row
from shared.auth import Caller
from shared.errors import BadRequest
from shared.ids import read_reference

_BATCH = 100
"""Referrals of an export that are held at a time."""


class ReferenceMistyped(BadRequest):
    slug, title = "reference-mistyped", "This is not a reference of the hub"


@dataclass(frozen=True)
class Question:
    """A worklist as the caller asks for it: by filters and order, or by a view that says them."""

    worklist: Worklist
    view: UUID | None = None
    reference: str | None = None


async def page(
    desk: Desk, question: Question, *, by: Caller, cursor: str | None, limit: int, now: datetime
) -> tuple[list[Referral], str | None]:
    """At most `limit` referrals that the caller may see, and the cursor of the next page.

    Raises FilterNotPermitted, FilterUnknown, ReferenceMistyped, CursorUnknown, NotFound (view).
    """
    asked = await _asked(desk, question, by, now)
    agency_id, _ = by.acting()
    where = _list_of(asked)
    after = None
    if cursor is not None:
        after = Place.read(cursors.opened(desk.cipher, cursor, where, agency_id))
    found = await _page(desk, asked, after, limit, "referral.list")
    if found.ends is None:
        return found.referrals, None
    return found.referrals, cursors.sealed(desk.cipher, found.ends.written(), where, agency_id)


async def counts(
    desk: Desk, question: Question, what: By, *, by: Caller, now: datetime
) -> list[tuple[str | UUID | None, int]]:
    """How many there are of each code, of what the caller may see alone. Raises as `page` does."""
    asked = await _asked(desk, question, by, now, what)
    look = access_row(Access, by, "referral.count", [], now)
    async with desk.db.reading() as connection:
        return await worklists.counts(connection, asked, what, look=look)


async def export(
    desk: Desk, question: Question, *, by: Caller, now: datetime
) -> AsyncIterator[list[Referral]]:
    """All of it, the oldest first, some at a time. Raises as `page` does, before the first.

    In that order no referral moves while others write: each comes once.
    """
    asked = await _asked(desk, question, by, now)
    asked = replace(asked, worklist=asked.worklist.model_copy(update={"sort": Sort.OLDEST}))
    after = None
    while True:
        found = await _page(desk, asked, after, _BATCH, "referral.export")
        yield found.referrals
        if (after := found.ends) is None:
            return


async def _asked(desk: Desk, question: Question, by: Caller, now: datetime, *also: str) -> Asked:
    """What is asked for, once it is certain that the caller may ask it."""
    worklist = question.worklist
    if question.view is not None:
        async with desk.db.reading() as connection:
            worklist = (await views.get(connection, question.view, by=by)).worklist
    reference = read_reference(question.reference) if question.reference is not None else None
    if question.reference is not None and reference is None:
        raise ReferenceMistyped("Read it again: one of its signs is wrong, missing or too many")
    refuse_unknown_codes(worklist, desk.council(by))
    roles = permitted(worklist, by, *also)
    return Asked(worklist.resolved(by), replace(by, roles=roles), now, reference)


async def _page(
    desk: Desk, asked: Asked, after: Place | None, limit: int, operation: str
) -> worklists.Page:
    look = access_row(Access, asked.by, operation, [], asked.now)
    async with desk.db.reading() as connection:
        return await worklists.page(
            connection, asked, after=after, limit=limit, look=look, base=desk.base
        )


def _list_of(asked: Asked) -> str:
    """Which list a cursor belongs to: other filters, another order, another list."""
    told = f"{asked.by.authority} {asked.reference} {asked.worklist.model_dump_json()}"
    return f"worklist.cursor:{sha256(told.encode()).hexdigest()}"
