"""Which policies decide for an authority, and what they are compiled from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.agreements import Agreement, Clause, Published
from services.consent.tables.agreements import (
    AbsenceRow,
    AgreementRow,
    PolicyRow,
    PolicySetRow,
    SignatureRow,
    VersionRow,
)
from shared.rows import table_of

agreement, version = table_of(AgreementRow), table_of(VersionRow)
signature, absence = table_of(SignatureRow), table_of(AbsenceRow)
policy, policy_set = table_of(PolicyRow), table_of(PolicySetRow)
_SHARED, _ALONE = (
    text(f"select {lock}(hashtextextended(:name, 0))")
    for lock in ("pg_advisory_xact_lock_shared", "pg_advisory_xact_lock")
)
"""Advisory, so that who publishes has its turn however many are deciding."""


@dataclass(frozen=True)
class InUse:
    """A version that decides, and of which agreement it is."""

    agreement_id: UUID
    published: Published


def lock_name(authority: str) -> str:
    """What is locked where an authority's policies decide, or change."""
    return f"policies {authority}"


async def held(connection: AsyncConnection, authority: str) -> str:
    """The hash of the versions in use; no other is published until this transaction ends."""
    wanted = select(policy.c.hash).where(policy.c.authority == authority)
    await connection.execute(_SHARED, {"name": lock_name(authority)})
    found = await connection.execute(wanted)
    return str(found.scalar_one_or_none() or "")


async def taken(connection: AsyncConnection, authority: str) -> None:
    """Wait until nobody decides by the policies any more; nobody does until the end."""
    await connection.execute(_ALONE, {"name": lock_name(authority)})
    await connection.execute(
        insert(policy).values(authority=authority, hash="").on_conflict_do_nothing()
    )


async def swapped(connection: AsyncConnection, authority: str, new: str) -> None:
    """From the commit on every decision finds this hash."""
    await connection.execute(update(policy).where(policy.c.authority == authority).values(hash=new))


async def in_use(connection: AsyncConnection, authority: str) -> list[InUse]:
    """The versions that decide, by name: the newest of each agreement that is not suspended."""
    newest = and_(
        version.c.agreement_id == agreement.c.id, version.c.number == agreement.c.published
    )
    wanted = (
        select(version)
        .join(agreement, newest)
        .where(agreement.c.authority == authority, agreement.c.suspended_at.is_(None))
        .order_by(agreement.c.name)
    )
    rows = (await connection.execute(wanted)).mappings()
    return [InUse(row["agreement_id"], published_of(row)) for row in rows]


def published_of(row: RowMapping) -> Published:
    """A version as it was published."""
    return Published(
        agreement=Agreement.model_validate(row["document"]),
        version=row["number"],
        published_at=row["published_at"],
        hash=row["hash"],
    )


async def clauses(
    connection: AsyncConnection, authority: str, keys: Collection[str]
) -> dict[str, Clause]:
    """The clauses that decisions name by these keys, as they were published."""
    versions = {key.partition("/")[0] for key in keys}
    named = func.concat(agreement.c.name, "@", version.c.number)
    wanted = (
        select(version)
        .join(agreement, agreement.c.id == version.c.agreement_id)
        .where(agreement.c.authority == authority, named.in_(versions))
    )
    found = map(published_of, (await connection.execute(wanted)).mappings())
    every = {one.clause_key(clause): clause for one in found for clause in one.agreement.clauses}
    return {key: every[key] for key in sorted(keys) if key in every}


async def authorities(connection: AsyncConnection) -> list[str]:
    """Those that have published something."""
    return list((await connection.execute(select(policy.c.authority))).scalars())


async def remember(connection: AsyncConnection, authority: str, named: Mapping[str, Any]) -> None:
    """So that a decision that names this hash can be made again."""
    kept = insert(policy_set).values(authority=authority, **named)
    await connection.execute(kept.on_conflict_do_nothing())


async def signed_by(connection: AsyncConnection, agency_id: UUID) -> frozenset[str]:
    """Keys of the versions that the agency has signed, without those it is absent from."""
    gone = select(absence.c.agreement_id).where(absence.c.agency_id == agency_id)
    key = func.concat(agreement.c.name, "@", signature.c.number)
    wanted = (
        select(key)
        .join(agreement, agreement.c.id == signature.c.agreement_id)
        .where(signature.c.agency_id == agency_id, signature.c.agreement_id.not_in(gone))
    )
    return frozenset((await connection.execute(wanted)).scalars())
