"""People and involvements: what decides about somebody's data, read and locked as one."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, Table, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.bases import Reason
from services.consent.domain.people import Involvement, Known, Part, Person
from services.consent.store import consents, overrides, refusals
from services.consent.tables.events import AgencyRow
from services.consent.tables.people import InvolvementRow, PersonRow
from shared.auth import AgencyKind, Caller, Role
from shared.errors import NotFound, Stale
from shared.people import PersonKind
from shared.rows import Row, table_of

person, involvement = table_of(PersonRow), table_of(InvolvementRow)
agency = table_of(AgencyRow)
each = Table("involved", MetaData(), *(Column(c.name, c.type) for c in involvement.columns))
"""A view of involvements with the agency that each is of: those of the front door are of whichever
agency is that, as soon as it is heard of."""
DRAWERS = 256
"""A person is locked by the drawer its id falls into: whoever asks about a thousand people holds
as many locks at most, and PostgreSQL has room for some thousands of all its connections."""
_SHARED, _ALONE = (
    text(
        f"select {lock}(hashtextextended(name, 0))"  # noqa: S608 -- constants
        " from unnest(cast(:names as text[])) as name"
    )
    for lock in ("pg_advisory_xact_lock_shared", "pg_advisory_xact_lock")
)
"""Advisory locks wait in order, row locks do not: while 16 connections shared it for 3 ms each,
again and again, a change waited up to 0.3 s for the row, and 14 ms for its turn (measured)."""


def lock_names(people: Collection[UUID]) -> list[str]:
    """What is locked, in this order, where something about them decides, or changes."""
    return sorted({f"drawer {one.int % DRAWERS}" for one in people})


async def locked(
    connection: AsyncConnection, people: Collection[UUID], authority: str, *, deciding: bool
) -> dict[UUID, Person]:
    """Those of `people` that are known, in one order, until the transaction ends.

    Who is `deciding` shares them with others who are; whoever changes what is decided has them
    alone. So a change is seen by every decision that is made after its commit, and by none before.
    """
    await connection.execute(_SHARED if deciding else _ALONE, {"names": lock_names(people)})
    wanted = select(person).where(person.c.id.in_(people), person.c.authority == authority)
    rows = (await connection.execute(wanted)).mappings()
    return {row["id"]: as_person(row) for row in rows}


def as_person(row: Mapping[Any, Any]) -> Person:
    """A person's row."""
    said = dict(row) | {
        "kind": PersonKind(row["kind"]),
        "parents": frozenset(row["parents"]),
        "attorneys": frozenset(row["attorneys"]),
    }
    return Person(**said)


async def known(
    connection: AsyncConnection, people: Collection[UUID], authority: str, *, deciding: bool = True
) -> Known:
    """Everything that decides about these people, `locked`."""
    found = await locked(connection, people, authority, deciding=deciding)
    return Known(
        people=found,
        involvements=await involvements(connection, people, authority),
        consents=await consents.deciding(connection, people, authority),
        overrides=await overrides.about(connection, people, authority),
        refusals=await refusals.about(connection, people, authority),
    )


async def say(connection: AsyncConnection, said: Person) -> None:
    """Keep what was said of a person, who is locked."""
    row: dict[str, Any] = {name: getattr(said, name) for name in Person.__slots__}
    row |= {"parents": sorted(said.parents), "attorneys": sorted(said.attorneys)}
    state = {name: value for name, value in row.items() if name not in ("id", "authority")}
    await connection.execute(
        insert(person)
        .values(row)
        .on_conflict_do_update(
            index_elements=["id"], set_=state, where=person.c.authority == said.authority
        )
    )


async def hear(connection: AsyncConnection, heard: Person) -> None:
    """Keep what a referral says of a person; what a worker has said of it goes first.

    Where somebody has said yes or no, who speaks is not changed by an amendment either.
    """
    row = {name: getattr(heard, name) for name in Person.__slots__}
    kept = insert(person).values(row | {"parents": [], "attorneys": []})
    unsaid = person.c.recorded_by.is_(None) & (person.c.authority == heard.authority)
    unsaid &= ~consents.anything_about(heard.id)
    await connection.execute(
        kept.on_conflict_do_update(index_elements=["id"], set_={"kind": heard.kind}, where=unsaid)
    )


async def in_referral(connection: AsyncConnection, referral_id: UUID) -> set[UUID]:
    """The people of whom involvements follow from the referral."""
    wanted = select(involvement.c.person_id).where(involvement.c.referral_id == referral_id)
    return set((await connection.execute(wanted)).scalars())


async def following_from(connection: AsyncConnection, referral_id: UUID) -> list[Involvement]:
    """The involvements that follow from the referral, the front door's as it is kept."""
    wanted = select(involvement).where(involvement.c.referral_id == referral_id)
    return [as_involvement(row) for row in (await connection.execute(wanted)).mappings()]


async def involvements(
    connection: AsyncConnection, people: Collection[UUID], authority: str
) -> list[Involvement]:
    """Every one of these people, also those that are over, in the order of their recording."""
    wanted = (
        select(each)
        .where(each.c.person_id.in_(people), each.c.authority == authority)
        .order_by(each.c.id)
    )
    return [as_involvement(row) for row in (await connection.execute(wanted)).mappings()]


async def met(connection: AsyncConnection, people: Collection[UUID], authority: str) -> set[UUID]:
    """The agencies that work with some of these people, or did, and do not only say so."""
    found = await involvements(connection, people, authority)
    return {one.agency_id for one in found if one.agency_id and not one.claimed}


async def claims(
    connection: AsyncConnection, authority: str, *, after: UUID | None, limit: int, at: datetime
) -> list[Involvement]:
    """What agencies say of themselves and nobody has ended, the newest first."""
    wanted = (
        select(involvement)
        .where(involvement.c.authority == authority, involvement.c.claimed)
        .where(involvement.c.ended_at.is_(None), involvement.c.until > at)
        .order_by(involvement.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(involvement.c.id < after)
    return [as_involvement(row) for row in (await connection.execute(wanted)).mappings()]


async def once_with(connection: AsyncConnection, people: Collection[UUID], by: Caller) -> set[UUID]:
    """Those of `people` whom the caller's agency works with, or did."""
    found = await involvements(connection, people, str(by.authority))
    return {one.person_id for one in found if one.agency_id == by.agency_id}


def as_involvement(row: Mapping[Any, Any]) -> Involvement:
    """An involvement's row."""
    coded = {
        "reason": Reason(row["reason"]) if row["reason"] else None,
        "part": Part(row["part"]) if row["part"] else None,
    }
    return Involvement(**dict(row) | coded)


def involvement_rows(new: Iterable[Involvement]) -> list[Row]:
    """Involvements as they are inserted."""
    names = Involvement.__slots__
    return [Row.of(InvolvementRow, **{name: getattr(one, name) for name in names}) for one in new]


async def involvement_of(
    connection: AsyncConnection, involvement_id: UUID, authority: str | None
) -> Involvement:
    """One involvement. Raises NotFound."""
    wanted = select(each).where(each.c.id == involvement_id, each.c.authority == authority)
    row = (await connection.execute(wanted.limit(1))).mappings().one_or_none()
    if row is None:
        raise NotFound("No involvement with this id is known to your agency")
    return as_involvement(row)


async def save_involvement(connection: AsyncConnection, moved: Involvement, *, seen: int) -> None:
    """Its new state, from the version that was seen. Raises Stale."""
    changed = (
        update(involvement)
        .where(involvement.c.id == moved.id, involvement.c.version == seen)
        .values(
            until=moved.until,
            ended_at=moved.ended_at,
            ended_by_others=moved.ended_by_others,
            version=moved.version,
        )
    )
    if (await connection.execute(changed)).rowcount == 0:
        raise Stale("Fetch it again and go on from what it says now")


async def known_to(
    connection: AsyncConnection, people: Collection[UUID], by: Caller, at: datetime
) -> set[UUID]:
    """Those of `people` whom the caller's agency works with; the front door has to do with all.

    So has who answers for sharing. Whoever is not known and whoever is not theirs is left out.
    """
    wanted = select(person.c.id).where(person.c.id.in_(people), person.c.authority == by.authority)
    there = set((await connection.execute(wanted)).scalars())
    if by.is_front_door() or Role.INFORMATION_GOVERNANCE_LEAD in by.roles:
        return there
    agency_id, _ = by.acting()
    between = Known(involvements=await involvements(connection, there, str(by.authority)))
    return {one for one in there if between.live_involvements(one, agency_id, at)}


async def kind_of(connection: AsyncConnection, agency_id: UUID, by: Caller) -> AgencyKind | None:
    """What kind of partner an agency of the caller's authority is; None where there is none."""
    if agency_id == by.agency_id:
        return by.agency_kind
    wanted = select(agency.c.kind).where(
        agency.c.id == agency_id, agency.c.authority == by.authority
    )
    found = (await connection.execute(wanted)).scalar_one_or_none()
    return AgencyKind(found) if found else None


async def unknown_agencies(
    connection: AsyncConnection, agencies: Collection[UUID], by: Caller
) -> set[UUID]:
    """Which of `agencies` take no part in the caller's hub."""
    wanted = select(agency.c.id).where(
        agency.c.id.in_(agencies), agency.c.authority == by.authority
    )
    there = set((await connection.execute(wanted)).scalars())
    return {*agencies} - there - {by.agency_id}


async def councils(connection: AsyncConnection, authority: str) -> list[UUID]:
    """Where the information governance leads of an authority work."""
    wanted = select(agency.c.id).where(
        agency.c.kind == AgencyKind.COUNCIL, agency.c.authority == authority
    )
    return list((await connection.execute(wanted)).scalars())


async def names_of(connection: AsyncConnection, agencies: Collection[UUID]) -> dict[UUID, str]:
    """What agencies are called, as far as they are known."""
    wanted = select(agency.c.id, agency.c.name).where(agency.c.id.in_(agencies))
    return {row.id: row.name for row in await connection.execute(wanted)}
