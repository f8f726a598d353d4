"""Earlier referrals: the one that a worker links, and those for the same children."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.referral import Referral
from services.referral.store.people import child_index
from services.referral.store.referrals import STATE, referral, referral_of, seen_by
from shared.auth import Caller
from shared.contracts.lifecycle import Status


@dataclass(frozen=True)
class Earlier:
    """A referral that was sent earlier."""

    id: UUID
    reference: str
    status: str
    submitted_at: datetime
    closed_at: datetime | None
    outcome: str | None


_SHOWN = [referral.c[name] for name in Earlier.__dataclass_fields__]


async def by_reference(
    connection: AsyncConnection, reference: str, *, by: Caller, base: str
) -> Referral | None:
    """The referral of this reference, where the caller may know of it."""
    wanted = select(*STATE).where(referral.c.reference == reference, seen_by(by))
    row = (await connection.execute(wanted)).mappings().one_or_none()
    return referral_of(dict(row), base) if row else None


async def linked_to(connection: AsyncConnection, of: Referral, *, by: Caller) -> str | None:
    """The reference of the one it goes on from, where the caller may know of that one."""
    if of.earlier_referral_id is None:
        return None
    wanted = select(referral.c.reference).where(referral.c.id == of.earlier_referral_id)
    reference: str | None = (await connection.execute(wanted.where(seen_by(by)))).scalar()
    return reference


async def about_the_same_children(connection: AsyncConnection, of: Referral) -> list[UUID]:
    """Every other referral of the authority for these children, earlier or later, over or not."""
    own = select(child_index.c.blind_index).where(child_index.c.referral_id == of.id)
    same = select(child_index.c.referral_id).where(child_index.c.blind_index.in_(own))
    wanted = select(referral.c.id).where(referral.c.id.in_(same), referral.c.id != of.id)
    here = wanted.where(referral.c.authority == of.authority)
    return list((await connection.execute(here)).scalars())


async def for_the_same_children(connection: AsyncConnection, of: Referral) -> list[Earlier]:
    """What the authority has had for these children before, the newest first; over or not.

    For the front door only. What was entered in error was never there.
    """
    own = select(child_index.c.blind_index).where(child_index.c.referral_id == of.id)
    same = select(child_index.c.referral_id).where(child_index.c.blind_index.in_(own))
    wanted = (
        select(*_SHOWN)
        .where(referral.c.id.in_(same), referral.c.id < of.id)
        .where(referral.c.authority == of.authority, referral.c.status != Status.ENTERED_IN_ERROR)
        .order_by(referral.c.id.desc())
    )
    return [Earlier(*row) for row in await connection.execute(wanted)]
