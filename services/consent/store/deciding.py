"""Everything that decides, in two statements: one waits for the locks, one reads what they hold.

Each statement that is sent costs about as much as deciding a few categories, and a disclosure is
asked for before every look at a family. So the rows come as arrays of rows, whole.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.people import Known
from services.consent.store import consents, overrides, people, policies, refusals

_LOCKS = text(
    """
    select pg_advisory_xact_lock_shared(hashtextextended(name, 0))
    from unnest(cast(:names as text[])) as name
    """
)
_READ = text(
    """
    select
        coalesce((select hash from policy where authority = :authority), '') as hash,
        array(
            select one from person as one
            where one.id = any(cast(:people as uuid[])) and one.authority = :authority
        ) as people,
        array(
            select one from involved as one
            where one.person_id = any(cast(:people as uuid[])) and one.authority = :authority
            order by one.id
        ) as involvements,
        array(
            select one from consent as one
            where one.people && cast(:people as uuid[]) and one.authority = :authority
            order by one.id
        ) as consents,
        array(
            select one from override as one
            where one.people && cast(:people as uuid[]) and one.authority = :authority
            order by one.id
        ) as overrides,
        array(
            select one from refusal_to_share as one
            where one.people && cast(:people as uuid[]) and one.authority = :authority
            order by one.id
        ) as refusals,
        array(
            select agreement.name || '@' || signature.number
            from agreement_signature as signature
            join agreement on agreement.id = signature.agreement_id
            where signature.agency_id = :agency
                and not exists (
                    select from agreement_absence as absence
                    where absence.agency_id = :agency and absence.agreement_id = agreement.id
                )
        ) as signed,
        array(
            select agreement_id from agreement_absence where agency_id = :agency
        ) as absent
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
    connection: AsyncConnection, about: Collection[UUID], *, agency: UUID, authority: str
) -> Held:
    """What is committed now. Whoever changes any of it waits until this transaction ends.

    The statement that reads sees what was committed while the other waited for its locks.
    """
    names = [policies.lock_name(authority), *people.lock_names(about)]
    await connection.execute(_LOCKS, {"names": names})
    asked = {"people": list(about), "agency": agency, "authority": authority}
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
