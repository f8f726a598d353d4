"""Looking at referrals: every look at a family leaves its access row, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.actions.desk import Desk
from services.referral.domain.earlier import LINK, is_within
from services.referral.domain.guards import missing
from services.referral.domain.lifecycle import possible
from services.referral.domain.referral import Referral
from services.referral.domain.seeing import (
    Sight,
    addresses_for,
    hears,
    sees_duplicates,
    sight_of,
)
from services.referral.store import agencies, earlier, people, referrals
from services.referral.store.earlier import Earlier
from services.referral.tables.events import Access
from shared.access import access_row
from shared.auth import Caller
from shared.contracts.lifecycle import Action
from shared.rows import add


@dataclass(frozen=True)
class Seen:
    """A referral with what of it the caller may see."""

    referral: Referral
    agency_name: str | None
    parts: dict[str, Any] | None
    """referrer, need, safeguarding, basis; None for whom only ids and codes are."""
    people: list[dict[str, Any]]
    decision_words: dict[str, Any] | None
    """What the front door decided last, in its words."""
    possible_duplicates: list[str] | None
    """References, for the front door; None for everybody else."""
    earlier_referral: str | None
    """The reference of the one it goes on from, where the caller may know of that."""
    earlier_referrals: list[dict[str, Any]] | None
    """What there was for the same children before, for the front door; None for others."""


async def look(desk: Desk, referral_id: UUID, *, by: Caller, now: datetime) -> Seen:
    """One referral, as far as the caller may see it. Raises NotFound."""
    async with desk.db.transaction() as connection:
        found = await referrals.get(connection, referral_id, by=by, base=desk.base)
        sight = sight_of(found, by)
        may_see = sees_duplicates(sight)
        others = await people.possible_duplicates(connection, found) if may_see else []
        before = await earlier.for_the_same_children(connection, found) if may_see else []
        seen = Seen(
            referral=found,
            agency_name=await agencies.agency_name(connection, found.referring_agency_id),
            parts=await _parts(connection, desk, found, sight),
            people=await _people(connection, desk, found, sight),
            decision_words=await _decision_words(connection, desk, found, by),
            possible_duplicates=[name for name, _ in others] if may_see else None,
            earlier_referral=await earlier.linked_to(connection, found, by=by),
            earlier_referrals=_before(desk, found, before) if may_see else None,
        )
        looked_at = dict.fromkeys([found.id, *(o for _, o in others), *(e.id for e in before)])
        await add(connection, access_row(Access, by, "referral.look", [*looked_at], now))
    return seen


def _before(desk: Desk, found: Referral, before: list[Earlier]) -> list[dict[str, Any]]:
    months = desk.authorities.of(found.authority).re_referral_months
    return [
        vars(one) | {"within_months": is_within(months, one.submitted_at, found.submitted_at)}
        for one in before
    ]


async def _parts(
    connection: AsyncConnection, desk: Desk, found: Referral, sight: Sight
) -> dict[str, Any] | None:
    if sight < Sight.STORY:
        return None
    return await referrals.sealed_parts(connection, found, desk.cipher)


async def _people(
    connection: AsyncConnection, desk: Desk, found: Referral, sight: Sight
) -> list[dict[str, Any]]:
    if sight < Sight.STORY:
        return []
    seen = await people.people(connection, found, desk.cipher)
    return [p | {"addresses": addresses_for(sight, p["addresses"])} for p in seen]


async def _decision_words(
    connection: AsyncConnection, desk: Desk, found: Referral, by: Caller
) -> dict[str, Any] | None:
    if found.decision is None or not hears(found, by, Action.DECIDE):
        return None
    entries = await referrals.history_of(connection, found, desk.cipher)
    said = [entry["words"] for entry in entries if entry["action"] == Action.DECIDE]
    return dict(said[-1])


async def history(
    desk: Desk, referral_id: UUID, *, by: Caller, now: datetime
) -> list[dict[str, Any]]:
    """What happened to a referral, in order, with the words that the caller may read."""
    async with desk.db.transaction() as connection:
        found = await referrals.get(connection, referral_id, by=by, base=desk.base)
        entries = await referrals.history_of(connection, found, desk.cipher)
        await add(connection, access_row(Access, by, "referral.history", [found.id], now))
    seen: list[dict[str, Any]] = []
    sees_links = sees_duplicates(sight_of(found, by))
    for entry in entries:
        own = entry["agency_id"] == by.agency_id
        if not own and not hears(found, by, entry["action"]):
            entry["words"] = None
        if own or sees_links or entry["action"] != LINK:
            seen.append(entry)  # of a link: somebody has known the family before
    return seen


async def actions(
    desk: Desk, referral_id: UUID, *, by: Caller, now: datetime
) -> tuple[Referral, dict[Action, str | None]]:
    """What the caller may do with a referral now, and what stands in the way of each."""
    async with desk.db.transaction() as connection:
        found = await referrals.get(connection, referral_id, by=by, base=desk.base)
        await add(connection, access_row(Access, by, "referral.actions", [found.id], now))
    council = desk.council(by)
    may = possible(found.status, found.roles_of(by))
    return found, {action: missing(found, action, council) for action in may}
