"""Worklists: what a worker sees of many referrals at once. Every look is recorded, page by page.

What may be shared is decided for a page at once. Of a referral whose people, or to which the
caller's relationship, has changed by the time that the page is answered, it is decided again.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.actions.desk import Desk
from services.referral.actions.sharing import Looking, grant, uniform
from services.referral.clients.consent import PATIENCE, TIMEOUT
from services.referral.clients.consent import Question as Disclosing
from services.referral.domain.referral import Referral
from services.referral.domain.seeing import (
    Grant,
    Relationship,
    is_at_the_front_door,
    relationship_of,
)
from services.referral.domain.worklist import (
    By,
    Place,
    Sort,
    Worklist,
    permitted,
    refuse_unknown_codes,
    told_by,
    where_it_may_be_told,
)
from services.referral.store import people, referrals, views, worklists
from services.referral.store.worklists import Asked
from services.referral.tables.events import Access
from shared import cursor as cursors
from shared.access import access_row
from shared.auth import Caller, Role
from shared.errors import BadRequest, Unavailable
from shared.ids import read_reference
from shared.people import PersonKind
from shared.rows import add

EXPORT = "export"
_BATCH = 100
"""Referrals of an export that are held at a time."""
_TRIES = 5


class ReferenceMistyped(BadRequest):
    slug, title = "reference-mistyped", "This is not a reference of the hub"


@dataclass(frozen=True)
class Question:
    """A worklist as the caller asks for it: by filters and order, or by a view that says them."""

    worklist: Worklist
    view: UUID | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Listed:
    """One referral of a list, with what of it may leave."""

    referral: Referral
    grant: Grant
    at_the_front_door: bool


async def page(
    desk: Desk,
    question: Question,
    looking: Looking,
    categories: frozenset[str],
    *,
    cursor: str | None,
    limit: int,
) -> tuple[list[Listed], str | None]:
    """At most `limit` referrals that the caller may know of, and the cursor of the next page.

    Raises FilterNotPermitted, FilterUnknown, ReferenceMistyped, CursorUnknown, NotFound (view),
    SharingNotDecided.
    """
    asked = await _asked(desk, question, looking)
    agency_id, _ = looking.by.acting()
    where = _list_of(asked)
    after = None
    if cursor is not None:
        after = Place.read(cursors.opened(desk.cipher, cursor, where, agency_id))
    found, ends = await _page(desk, asked, looking, categories, after, limit, "list")
    if ends is None:
        return found, None
    return found, cursors.sealed(desk.cipher, ends.written(), where, agency_id)


async def counts(
    desk: Desk, question: Question, what: By, looking: Looking
) -> list[tuple[str | UUID | None, int]]:
    """How many there are of each code, of what the caller may see alone. Raises as `page` does."""
    asked = await _asked(desk, question, looking, what)
    look = access_row(Access, looking.by, "referral.count", [], looking.now)
    async with desk.db.reading() as connection:
        return await worklists.counts(connection, asked, what, look=look)


async def export(
    desk: Desk, question: Question, looking: Looking, categories: frozenset[str]
) -> AsyncIterator[list[Listed]]:
    """All of it, the oldest first, some at a time. Raises as `page` does, before the first.

    In that order no referral moves while others write: each comes once.
    """
    asked = await _asked(desk, question, looking, order=Sort.OLDEST)
    after = None
    while True:
        found, after = await _page(desk, asked, looking, categories, after, _BATCH, EXPORT)
        yield found
        if after is None:
            return


async def _asked(
    desk: Desk, question: Question, looking: Looking, *also: str, order: Sort | None = None
) -> Asked:
    """What is asked for, once it is certain that the caller may ask it, and of whose referrals."""
    by, worklist = looking.by, question.worklist
    if question.view is not None:
        async with desk.db.reading() as connection:
            worklist = (await views.get(connection, question.view, by=by)).worklist
    if order is not None:
        worklist = worklist.model_copy(update={"sort": order})
    reference = read_reference(question.reference) if question.reference is not None else None
    if question.reference is not None and reference is None:
        raise ReferenceMistyped("Read it again: one of its signs is wrong, missing or too many")
    refuse_unknown_codes(worklist, desk.council(by))
    roles, without = permitted(worklist, by, *also), frozenset[UUID]()
    told = told_by(worklist, *also, *(["reference"] if reference else []))
    if told and roles != {Role.REFERRER}:
        same = await uniform(desk, looking, frozenset(told.values()))
        roles, without = where_it_may_be_told(roles, told, same.permitted), same.except_people
    narrowed = replace(by, roles=roles)
    return Asked(worklist.resolved(by), narrowed, looking.now, reference, without)


async def _page(
    desk: Desk,
    asked: Asked,
    looking: Looking,
    categories: frozenset[str],
    after: Place | None,
    limit: int,
    operation: str,
) -> tuple[list[Listed], Place | None]:
    """A page, its disclosures before it and its access row beside it."""
    for _ in range(_TRIES):
        async with desk.db.reading() as connection:
            found = await worklists.page(
                connection, asked, after=after, limit=limit, base=desk.base
            )
            before = await _about(connection, found.referrals, looking.by)
        grants = await _granted(desk, looking, before, categories, operation)
        now = {one.id: one for one in found.referrals}
        async with desk.db.transaction() as connection:
            moved = await referrals.moved_on(connection, found.referrals, desk.base)
            about = await _about(connection, list(moved.values()), looking.by) if moved else {}
            if all(before[one] == stands for one, stands in about.items()):
                look = access_row(Access, looking.by, f"referral.{operation}", [*now], looking.now)
                await add(connection, look)
                shown = (now | moved).items()
                return [_listed(one, grants[of], looking.by) for of, one in shown], found.ends
    raise Unavailable("These are being changed: look again", headers={"Retry-After": "1"})


About = dict[UUID, tuple[Relationship, frozenset[UUID]]]
"""How the caller stands to each referral, and its children: what a disclosure is asked by."""


async def _about(connection: AsyncConnection, found: Sequence[Referral], by: Caller) -> About:
    children = await people.children_of(connection, [one.id for one in found])
    return {one.id: (relationship_of(one, by), children[one.id]) for one in found}


async def _granted(
    desk: Desk, looking: Looking, about: About, categories: frozenset[str], operation: str
) -> dict[UUID, Grant]:
    """One disclosure for all to which the caller stands alike."""
    alike: dict[Relationship, list[UUID]] = {}
    for referral_id, (stands, _) in about.items():
        alike.setdefault(stands.in_a_list(), []).append(referral_id)
    grants: dict[UUID, Grant] = {}
    for stands, ids in alike.items():
        children = {child: PersonKind.CHILD for one in ids for child in about[one][1]}
        asked = Disclosing(
            children,
            ids,
            stands.may_ask(categories),
            f"referral.{operation}",
            PATIENCE if operation == EXPORT else TIMEOUT,
        )
        granted = await grant(desk, looking, asked, stands)
        grants |= {one: replace(granted, children=about[one][1]) for one in ids}
    return grants


def _listed(referral: Referral, granted: Grant, by: Caller) -> Listed:
    return Listed(referral, granted, is_at_the_front_door(referral, by))


def _list_of(asked: Asked) -> str:
    """Which list a cursor belongs to: other filters, another order, another list."""
    told = f"{asked.by.authority} {asked.reference} {asked.worklist.model_dump_json()}"
    return f"worklist.cursor:{sha256(told.encode()).hexdigest()}"
