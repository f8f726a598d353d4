"""The people of a referral and the hashes that find the same child again."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, any_, bindparam, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.referral import Referral
from services.referral.domain.submission import (
    Child,
    HouseholdMember,
    Submission,
    as_stored,
    identity_of,
)
from services.referral.tables.people import ChildIndexRow, PersonRow
from services.referral.tables.referrals import ReferralRow
from shared.crypto import FieldCipher
from shared.rows import Row, table_of

ONE_OPEN = "one_open_referral_of_an_agency_for_a_child"
DETAILS, ADDRESSES = "person.details", "person.addresses"

referral, person, child_index = table_of(ReferralRow), table_of(PersonRow), table_of(ChildIndexRow)


def indexes_of(submission: Submission, cipher: FieldCipher) -> set[bytes]:
    """Blind indexes of every child named."""
    return {
        cipher.blind_index(*identity)
        for child in submission.children
        for identity in identity_of(child)
    }


def people_rows(
    new: Referral, submission: Submission, ids: Sequence[UUID], cipher: FieldCipher
) -> list[Row]:
    """Everybody named, the children first, in the order of their ids."""
    return [
        _row(new.id, person_id, place, someone, cipher)
        for place, (person_id, someone) in enumerate(zip(ids, submission.people(), strict=True))
    ]


def index_rows(new: Referral, indexes: set[bytes], *, overridden: bool) -> list[Row]:
    """By which a referral's children are found again.

    A family that asks for itself, through nobody's worker, is never refused as a duplicate.
    """
    asked_itself = new.referring_worker_id is None
    return [
        Row.of(
            ChildIndexRow,
            referral_id=new.id,
            blind_index=index,
            agency_id=new.referring_agency_id,
            is_open=not new.is_over(),
            overridden=overridden or asked_itself,
        )
        for index in sorted(indexes)  # in one order: two at once must not wait for each other
    ]


def _row(
    referral_id: UUID,
    person_id: UUID,
    place: int,
    someone: Child | HouseholdMember,
    cipher: FieldCipher,
) -> Row:
    """One person, sealed."""
    details = as_stored(someone)
    addresses = details.pop("addresses", [])
    return Row.of(
        PersonRow,
        id=person_id,
        referral_id=referral_id,
        place=place,
        is_child=isinstance(someone, Child),
        details=cipher.seal(details, DETAILS, person_id),
        addresses=cipher.seal(addresses, ADDRESSES, person_id),
    )


OPEN_FOR_CHILD = (
    select(referral.c.id, referral.c.reference)
    .join(child_index, child_index.c.referral_id == referral.c.id)
    .where(child_index.c.blind_index == any_(bindparam("children", type_=ARRAY(LargeBinary))))
    .where(child_index.c.agency_id == bindparam("agency", type_=Uuid()), child_index.c.is_open)
    .limit(1)
)
"""An open referral of `agency` for one of `children` (their blind indexes): id, reference."""


class InTheWay(NamedTuple):
    """The open referral that a child has already."""

    id: UUID
    reference: str


async def in_the_way(
    connection: AsyncConnection, children: Mapping[str, Any], *, of: Referral | None = None
) -> InTheWay | None:
    """What OPEN_FOR_CHILD finds beside the referral `of`; nothing where it is not asked for any."""
    if not children:
        return None
    wanted = OPEN_FOR_CHILD if of is None else OPEN_FOR_CHILD.where(referral.c.id != of.id)
    row = (await connection.execute(wanted, children)).one_or_none()
    return InTheWay(row.id, row.reference) if row else None


async def possible_duplicates(
    connection: AsyncConnection, of: Referral
) -> Sequence[tuple[str, UUID]]:
    """Other open referrals for the same children: reference and id. For the front door only."""
    own = select(child_index.c.blind_index).where(child_index.c.referral_id == of.id)
    found = (
        select(referral.c.reference, referral.c.id)
        .join(child_index, child_index.c.referral_id == referral.c.id)
        .where(child_index.c.blind_index.in_(own), child_index.c.is_open)
        .where(referral.c.id != of.id, referral.c.authority == of.authority)
        .distinct()
        .order_by(referral.c.reference)
    )
    return [(row.reference, row.id) for row in await connection.execute(found)]


async def is_open_for_child(connection: AsyncConnection, of: Referral) -> None:
    """One that is over no longer stands in the way of a new one; one that is reopened does again.

    Reopened ones do not count for the rule itself: a worker has said why there must be another.
    """
    index = update(child_index).where(child_index.c.referral_id == of.id)
    if of.is_over():
        await connection.execute(index.where(child_index.c.is_open).values(is_open=False))
    else:
        await connection.execute(
            index.where(~child_index.c.is_open).values(is_open=True, overridden=True)
        )


async def people(
    connection: AsyncConnection, of: Referral, cipher: FieldCipher
) -> list[dict[str, Any]]:
    """Everybody in the referral: `person_id`, `is_child`, the details, the addresses."""
    rows = await connection.execute(
        select(person).where(person.c.referral_id == of.id).order_by(person.c.place)
    )
    return [
        {
            "person_id": row.id,
            "is_child": row.is_child,
            **cipher.open(row.details, DETAILS, row.id),
            "addresses": cipher.open(row.addresses, ADDRESSES, row.id),
        }
        for row in rows
    ]


async def children_of(
    connection: AsyncConnection, referrals: Sequence[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """The ids of the children of each of these referrals."""
    these = person.c.referral_id == any_(literal(list(referrals), ARRAY(Uuid)))
    wanted = select(person.c.referral_id, person.c.id).where(these, person.c.is_child)
    found: dict[UUID, set[UUID]] = {}
    for row in await connection.execute(wanted):
        found.setdefault(row.referral_id, set()).add(row.id)
    return {of: frozenset(found.get(of, ())) for of in referrals}
