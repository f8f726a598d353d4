"""Everything that decides, in one statement that waits for the locks and reads what they hold.

Each statement that is sent costs about as much as deciding a few categories, and a disclosure is
asked for before every look at a family. So a function locks and reads (its words are in the
migrations), and the rows come as arrays of rows, whole.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.people import Known
from services.consent.store import consents, overrides, people, policies, refusals

_READ = text("select * from what_decides(:locks, :people, :agency, :authority, :now)")
_HELD_BACK = text(
    """
    select
        array(
            select one from involved as one
            where one.authority = :authority and one.person_id in (
                select person_id from involved
                where agency_id = :agency and authority = :authority and ended_at is not null
            )
            order by one.id
        ) as involvements,
        array(
            select one from refusal_to_share as one
            where (one.agencies && array[cast(:agency as uuid)] or cardinality(one.agencies) = 0)
                and one.authority = :authority and one.lifted_at is null
            order by one.id
        ) as refusals
    """
)


@dataclass(frozen=True)
class Held:
    """What decides for an agency about some people, as it stays until the transaction ends."""

    policies: str
    """The hash of the versions in use."""
    known: Known
    signed: frozenset[str]
    """Keys of the versions that the agency has signed, without those it is absent from."""
    absent: frozenset[UUID]
    """The agreements that it has left, or is suspended from."""


async def held(
    connection: AsyncConnection,
    about: Collection[UUID],
    *,
    agency: UUID,
    authority: str,
    now: datetime,
) -> Held:
    """What is committed now. Whoever changes any of it waits until this transaction ends.

    Overrides and refusals to share that are over decide nothing any more, and are not read.
    """
    asked = {"people": list(about), "agency": agency, "authority": authority, "now": now}
    asked["locks"] = _locks(about, authority)
    row = (await connection.execute(_READ, asked)).one()
    return Held(
        policies=row.hash,
        known=Known(
            people={one["id"]: people.as_person(one) for one in row.people},
            involvements=[people.as_involvement(one) for one in row.involvements],
            consents=[consents.unread(one) for one in row.consents],
            overrides=[overrides.unread(one) for one in row.overrides],
            refusals=[refusals.unread(one) for one in row.refusals],
        ),
        signed=frozenset(row.signed),
        absent=frozenset(row.absent),
    )


async def held_back_from(connection: AsyncConnection, agency: UUID, authority: str) -> Known:
    """What people have said that keeps an agency from what it may see of everybody else.

    That is the end of an involvement, and every refusal to share, of whomever.
    """
    asked = {"agency": agency, "authority": authority}
    row = (await connection.execute(_HELD_BACK, asked)).one()
    return Known(
        involvements=[people.as_involvement(one) for one in row.involvements],
        refusals=[refusals.unread(one) for one in row.refusals],
    )


def _locks(about: Collection[UUID], authority: str) -> list[str]:
    return [policies.lock_name(authority), *people.lock_names(about)]
