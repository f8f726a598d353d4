"""Looking at referrals: first it is decided what may be shared, then it is read, and who looked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.actions.desk import Desk
from services.referral.actions.sharing import LOOK, Looking, shown
from services.referral.domain.earlier import LINK, is_within
from services.referral.domain.guards import missing
from services.referral.domain.lifecycle import possible
from services.referral.domain.referral import Referral
from services.referral.domain.seeing import (
    Relationship,
    Sharing,
    hears,
    is_at_the_front_door,
    relationship_of,
    was_told,
)
from services.referral.store import agencies, earlier, people, referrals
from services.referral.store.earlier import Earlier
from shared.auth import Caller
from shared.contracts.lifecycle import Action

Categories = frozenset[str]
"""Those that an answer can hold."""
Permits = Callable[[str, UUID | None], bool]


@dataclass(frozen=True)
class Seen:
    """A referral with all that the caller may ask for, and what of that may leave."""

    referral: Referral
    sharing: Sharing
    is_known: bool
    """The caller has a role towards it."""
    at_the_front_door: bool
    agency_name: str | None
    parts: dict[str, Any]
    """referrer, need, safeguarding, basis."""
    people: list[dict[str, Any]]
    decision_words: dict[str, Any] | None
    """What the front door decided last, in its words."""
    possible_duplicates: list[str] | None
    """References, for the front door; None for everybody else."""
    earlier_referral: str | None
    """The reference of the one it goes on from, where the caller may know of that."""
    earlier_referrals: list[dict[str, Any]] | None
    """What there was for the same children before, for the front door; None for others."""


async def look(desk: Desk, referral_id: UUID, looking: Looking, categories: Categories) -> Seen:
    """One referral. Raises NotFound, SharingNotDecided."""
    by = looking.by

    async def read(
        connection: AsyncConnection, found: Referral, sharing: Sharing
    ) -> tuple[Seen, list[UUID]]:
        at_the_door, stands = is_at_the_front_door(found, by), relationship_of(found, by)
        others = await people.possible_duplicates(connection, found) if at_the_door else []
        before = await earlier.for_the_same_children(connection, found) if at_the_door else []
        others = [(name, one) for name, one in others if one in sharing.others]
        before = [one for one in before if one.id in sharing.others]
        seen = Seen(
            referral=found,
            sharing=sharing,
            is_known=stands.is_known,
            at_the_front_door=at_the_door,
            agency_name=await agencies.agency_name(connection, found.referring_agency_id),
            parts=await _parts(connection, desk, found, stands),
            people=await people.people(connection, found, desk.cipher),
            decision_words=await _decision_words(connection, desk, found, by),
            possible_duplicates=[name for name, _ in others] if at_the_door else None,
            earlier_referral=await earlier.linked_to(connection, found, by=by),
            earlier_referrals=_before(desk, found, before) if at_the_door else None,
        )
        return seen, [*(o for _, o in others), *(e.id for e in before)]

    return await shown(desk, referral_id, looking, LOOK, categories, read)


async def _parts(
    connection: AsyncConnection, desk: Desk, found: Referral, stands: Relationship
) -> dict[str, Any]:
    """The sealed parts; whoever asks for codes alone needs none of them, their codes neither."""
    if stands.asks is not None:
        return {}
    return await referrals.sealed_parts(connection, found, desk.cipher)


def _before(desk: Desk, found: Referral, before: list[Earlier]) -> list[dict[str, Any]]:
    months = desk.authorities.of(found.authority).re_referral_months
    return [
        vars(one) | {"within_months": is_within(months, one.submitted_at, found.submitted_at)}
        for one in before
    ]


async def _decision_words(
    connection: AsyncConnection, desk: Desk, found: Referral, by: Caller
) -> dict[str, Any] | None:
    if found.decision is None or not hears(found, by, Action.DECIDE):
        return None
    entries = await referrals.history_of(connection, found, desk.cipher)
    said = [entry["words"] for entry in entries if entry["action"] == Action.DECIDE]
    return dict(said[-1])


async def history(
    desk: Desk, referral_id: UUID, looking: Looking, categories: Categories
) -> list[tuple[dict[str, Any], Permits]]:
    """What happened to a referral, in order: each entry with what of it may leave.

    Raises NotFound, SharingNotDecided.
    """
    by = looking.by

    async def read(
        connection: AsyncConnection, found: Referral, sharing: Sharing
    ) -> tuple[list[tuple[dict[str, Any], Permits]], list[UUID]]:
        entries = await referrals.history_of(connection, found, desk.cipher)
        sees_links = is_at_the_front_door(found, by)
        seen: list[tuple[dict[str, Any], Permits]] = []
        for entry in entries:
            own = entry["agency_id"] == by.agency_id
            if not own and not hears(found, by, entry["action"]):
                entry["words"] = None
            told = own or entry["words"] is None or was_told(found, by, entry["action"])
            if own or sees_links or entry["action"] != LINK:
                # of a link: somebody has known the family before
                seen.append((entry, sharing.own if told else sharing.added))
        return seen, []

    return await shown(desk, referral_id, looking, "history", categories, read)


@dataclass(frozen=True)
class Chances:
    """What the caller may do with a referral now, and what stands in the way of each."""

    referral: Referral
    sharing: Sharing
    is_known: bool
    may: dict[Action, str | None]


async def actions(
    desk: Desk, referral_id: UUID, looking: Looking, categories: Categories
) -> Chances:
    """What the caller may do. Raises NotFound, SharingNotDecided."""
    by = looking.by

    async def read(
        _: AsyncConnection, found: Referral, sharing: Sharing
    ) -> tuple[Chances, list[UUID]]:
        council, known = desk.council(by), relationship_of(found, by).is_known
        may = possible(found.status, found.roles_of(by))
        told = {action: missing(found, action, council) for action in may}
        return Chances(found, sharing, known, told), []

    return await shown(desk, referral_id, looking, "actions", categories, read)
