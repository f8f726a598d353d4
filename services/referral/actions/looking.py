"""Looking at referrals: every look at a family leaves its access row, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from services.referral import store
from services.referral.actions.desk import Desk
from services.referral.domain.lifecycle import Action, Status, possible
from services.referral.domain.referral import Referral
from services.referral.domain.seeing import addresses_for, sees_duplicates
from services.referral.tables import Access
from shared.access import access_row
from shared.auth import Caller
from shared.contracts.referral import Urgency
from shared.rows import add


@dataclass(frozen=True)
class Seen:
    """A referral with what of it the caller may see."""

    referral: Referral
    agency_name: str | None
    parts: dict[str, Any]
    """referrer, need, safeguarding, basis, and closing where there is one."""
    people: list[dict[str, Any]]
    possible_duplicates: list[str] | None
    """References, for the front door; None for everybody else."""


async def look(desk: Desk, referral_id: UUID, *, by: Caller, now: datetime) -> Seen:
    """One referral, as far as the caller may see it. Raises NotFound."""
    async with desk.db.transaction() as connection:
        found = await store.get(connection, referral_id, by=by, base=desk.base)
        roles = found.roles_of(by)
        people = await store.people(connection, found, desk.cipher)
        for person in people:
            person["addresses"] = addresses_for(roles, person["addresses"])
        may_see = sees_duplicates(roles)
        others = await store.possible_duplicates(connection, found) if may_see else []
        seen = Seen(
            referral=found,
            agency_name=await store.agency_name(connection, found.referring_agency_id),
            parts=await store.sealed_parts(connection, found, desk.cipher),
            people=people,
            possible_duplicates=[reference for reference, _ in others] if may_see else None,
        )
        looked_at = [found.id, *(other for _, other in others)]
        await add(connection, access_row(Access, by, "referral.look", looked_at, now))
    return seen


async def page(
    desk: Desk,
    *,
    by: Caller,
    status: Status | None,
    urgency: Urgency | None,
    after: UUID | None,
    limit: int,
    now: datetime,
) -> list[Referral]:
    """A page of the referrals the caller may see, the newest first; one more than `limit`."""
    async with desk.db.transaction() as connection:
        found = await store.page(
            connection,
            by=by,
            base=desk.base,
            status=status,
            urgency=urgency,
            after=after,
            limit=limit + 1,
        )
        shown = [referral.id for referral in found[:limit]]
        await add(connection, access_row(Access, by, "referral.list", shown, now))
    return found


async def history(
    desk: Desk, referral_id: UUID, *, by: Caller, now: datetime
) -> Sequence[RowMapping]:
    """What happened to a referral, in order. Raises NotFound."""
    async with desk.db.transaction() as connection:
        found = await store.get(connection, referral_id, by=by, base=desk.base)
        entries = await store.history_of(connection, found)
        await add(connection, access_row(Access, by, "referral.history", [found.id], now))
    return entries


async def actions(
    desk: Desk, referral_id: UUID, *, by: Caller, now: datetime
) -> tuple[Referral, list[Action]]:
    """What the caller may do with a referral now. Raises NotFound."""
    async with desk.db.transaction() as connection:
        found = await store.get(connection, referral_id, by=by, base=desk.base)
        await add(connection, access_row(Access, by, "referral.actions", [found.id], now))
    return found, possible(found.status, found.roles_of(by))
