"""The change log of what was sent, and the parts and people that it puts right."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.amendments import Change, Known
from services.referral.domain.referral import Referral
from services.referral.domain.seeing import Touched
from services.referral.domain.submission import Child, identity_of
from services.referral.store.people import (
    ADDRESSES,
    DETAILS,
    child_index,
    index_rows,
    person,
)
from services.referral.store.referrals import DESPITE, referral
from services.referral.tables.amendments import AmendmentRow
from shared.auth import Caller
from shared.crypto import FieldCipher
from shared.ids import new_id
from shared.rows import Row, add, table_of

amendment = table_of(AmendmentRow)


def row_of(
    moved: Referral, change: Change, *, by: Caller, now: datetime, cipher: FieldCipher
) -> Row:
    """A line of the change log, sealed."""
    amendment_id = new_id()
    agency_id, worker_id = by.acting()
    said = {"reason": change.reason, "before": change.before, "after": change.after}
    sealed = {
        name: cipher.seal(value, f"amendment.{name}", amendment_id)
        for name, value in said.items()
        if value is not None
    }
    return Row.of(
        AmendmentRow,
        id=amendment_id,
        referral_id=moved.id,
        version=moved.version,
        at=now,
        agency_id=agency_id,
        worker_id=worker_id,
        part=change.part,
        person_id=change.person_id,
        **sealed,
    )


async def changes_of(
    connection: AsyncConnection, of: Referral, cipher: FieldCipher
) -> list[dict[str, Any]]:
    """The change log with its words opened, the first change first."""
    wanted = select(amendment).where(amendment.c.referral_id == of.id)
    lines = (await connection.execute(wanted.order_by(amendment.c.version))).mappings()
    return [
        dict(line)
        | {
            name: cipher.open(line[name], f"amendment.{name}", line["id"])
            for name in ("reason", "before", "after")
            if line[name] is not None
        }
        for line in lines
    ]


async def touched_by_others(connection: AsyncConnection, of: Referral) -> Touched:
    """What other agencies than the one that sent it have changed or added since."""
    theirs = amendment.c.agency_id != of.referring_agency_id
    wanted = select(amendment.c.part, amendment.c.person_id).where(
        amendment.c.referral_id == of.id, theirs
    )
    rows = (await connection.execute(wanted)).all()
    people = frozenset(row.person_id for row in rows if row.person_id)
    return Touched(frozenset(row.part for row in rows if not row.person_id), people)


async def replace_part(
    connection: AsyncConnection, of: Referral, part: str, value: Any, cipher: FieldCipher
) -> None:
    """One sealed part of the submission anew."""
    sealed = cipher.seal(value, f"referral.{part}", of.id)
    await connection.execute(update(referral).where(referral.c.id == of.id).values({part: sealed}))


async def keep_person(
    connection: AsyncConnection, of: Referral, known: Known, cipher: FieldCipher
) -> None:
    """A person's data anew; somebody who was forgotten comes behind everybody else."""
    details = dict(known.said)
    addresses = details.pop("addresses", [])
    sealed = {
        "details": cipher.seal(details, DETAILS, known.person_id),
        "addresses": cipher.seal(addresses, ADDRESSES, known.person_id),
    }
    last = select(func.max(person.c.place)).where(person.c.referral_id == of.id)
    new = insert(person).values(
        id=known.person_id,
        referral_id=of.id,
        place=last.scalar_subquery() + 1,
        is_child=known.is_child,
        **sealed,
    )
    await connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=sealed))


def indexes_of(children: Iterable[Child], cipher: FieldCipher) -> set[bytes]:
    """Blind indexes of these children."""
    return {cipher.blind_index(*ident) for child in children for ident in identity_of(child)}


async def known_by(connection: AsyncConnection, of: Referral) -> set[bytes]:
    """The blind indexes by which the referral's children are found."""
    own = select(child_index.c.blind_index).where(child_index.c.referral_id == of.id)
    return set((await connection.execute(own)).scalars())


async def find_by(
    connection: AsyncConnection,
    of: Referral,
    *,
    no_more: set[bytes],
    also: set[bytes],
    overridden: bool,
) -> None:
    """From now on the referral's children are found by other blind indexes."""
    own = child_index.c.referral_id == of.id
    await connection.execute(delete(child_index).where(own, child_index.c.blind_index.in_(no_more)))
    await add(connection, *index_rows(of, also, overridden=overridden))


async def keep_why_another(
    connection: AsyncConnection, of: Referral, why: str, cipher: FieldCipher
) -> None:
    """Why there must be another open referral for a child; what was said first stays."""
    sealed = cipher.seal(why, f"referral.{DESPITE}", of.id)
    await connection.execute(
        update(referral)
        .where(referral.c.id == of.id, referral.c[DESPITE].is_(None))
        .values({DESPITE: sealed})
    )
