"""Who looked at a person's record, told to who acts for the family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.consenting import refuse_stranger
from services.consent.actions.desk import Desk, look
from services.consent.domain.agreements import Clause
from services.consent.domain.looks import Look, for_reader, is_for, look_of
from services.consent.domain.overrides import Override
from services.consent.domain.withheld import Sieve, untold
from services.consent.store import access_requests, audit, looks, overrides, people, policies
from services.consent.store.looks import Place
from shared.auth import Caller, Role
from shared.cursor import opened, sealed
from shared.errors import NotFound

MORE = "looks"


@dataclass(frozen=True)
class Looks:
    """A page of a person's looks, with the names of the agencies in it."""

    person: UUID
    looks: list[Look]
    names: Mapping[UUID, str]
    more: str | None
    """The cursor of the next page."""
    told: Sequence[Look] = ()
    """What of them the family may be told: without what was exempted and what is unsafe to tell."""


@dataclass(frozen=True)
class Asked:
    """Which page of whose looks."""

    person: UUID
    cursor: str | None
    limit: int
    operation: str = "looks.list"
    """As the access record names it."""


async def page(desk: Desk, asked: Asked, *, by: Caller, now: datetime) -> Looks:
    """The person's looks, the newest first. Raises NotFound, CursorUnknown.

    The look of who asks stands in the list the next time.
    """
    authority = desk.authority(by)
    agency, _ = by.acting()
    where = f"{MORE}/{asked.person}"
    after = Place.read(opened(desk.cipher, asked.cursor, where, agency)) if asked.cursor else None
    async with desk.db.transaction() as connection:
        await refuse_stranger(connection, asked.person, by, now)
        found = await looks.of_person(
            connection,
            asked.person,
            after=after,
            limit=asked.limit + 1,
            reader=None if _leads(by) else agency,
        )
        agencies = {one.agency for one in found if one.agency}
        names = await people.names_of(connection, agencies)
        sieve = await _sieve(connection, asked.person, authority)
        await look(connection, by, asked.operation, [asked.person], now)
    shown = [for_reader(one, agency, leads=_leads(by)) for one in found[: asked.limit]]
    more = None
    if len(found) > asked.limit:
        more = sealed(desk.cipher, str(Place.of(shown[-1])), where, agency)
    return Looks(asked.person, shown, names, more, sieve.looks(shown))


async def _sieve(connection: AsyncConnection, person: UUID, authority: str) -> Sieve:
    """What an exemption keeps out of one answer no page tells either, whoever prints it."""
    declared = await overrides.about(connection, [person], authority)
    exempted = await access_requests.exempted(connection, person, authority)
    return Sieve(person, exempted, untold(declared, exempted))


def _leads(by: Caller) -> bool:
    return Role.INFORMATION_GOVERNANCE_LEAD in by.roles


@dataclass(frozen=True)
class Rationale:
    """Why something was shown or was not: the look of each person, and the clauses it rests on."""

    looks: list[Look]
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    """By their keys; without those of versions that are not here."""
    overrides: Sequence[Override] = ()
    untold: frozenset[UUID] = frozenset()
    """The people to whose family not all of it may be told."""


async def rationale(desk: Desk, index: int, *, by: Caller, now: datetime) -> Rationale:
    """Why one look was answered as it was, of the people whom the caller's agency works with.

    Raises NotFound.
    """
    authority = desk.authority(by)
    agency, _ = by.acting()
    async with desk.db.transaction() as connection:
        entry = await audit.entry(connection, index)
        named = list(map(UUID, entry["people"])) if entry else []
        theirs = await people.known_to(connection, named, by, now)
        each = [look_of(entry, one, "", index) for one in sorted(theirs)] if entry else []
        found = [
            for_reader(one, agency, leads=_leads(by))
            for one in each
            if is_for(one, agency, leads=_leads(by))
        ]
        if not found:
            raise NotFound("Your agency knows no look with this number")
        keys = {key for one in found for answer in one.answers for key in answer.clauses}
        clauses = await policies.clauses(connection, authority, keys)
        declared = await overrides.about(connection, theirs, authority)
        sieves = [await _sieve(connection, one.person, authority) for one in found]
        await look(connection, by, "looks.look", sorted(theirs), now)
    untold_to = (
        one.person for one, sieve in zip(found, sieves, strict=True) if sieve.looks([one]) != [one]
    )
    rested_on = [one for one in declared if one.id in found[0].overrides]
    return Rationale(found, clauses, rested_on, frozenset(untold_to))
