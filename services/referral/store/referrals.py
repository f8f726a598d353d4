"""The referral service's only SQL. Sealing and opening happen here and nowhere else."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    RowMapping,
    Uuid,
    any_,
    bindparam,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.codes import WithdrawalReason
from services.referral.domain.lifecycle import OPEN, Status
from services.referral.domain.referral import Referral
from services.referral.domain.submission import Submission, as_stored, identity_of
from services.referral.tables import AgencyRow, ChildIndexRow, HistoryRow, PersonRow, ReferralRow
from shared.auth import AgencyKind, Caller
from shared.contracts.referral import Decision, Urgency
from shared.crypto import FieldCipher
from shared.errors import NotFound, Stale
from shared.ids import new_id
from shared.rows import Row, table_of

PARTS = ("referrer", "need", "safeguarding", "basis")
"""The sealed parts of a submission, beside its people."""
DESPITE = "despite_open_referral"
ONE_OPEN = "one_open_referral_of_an_agency_for_a_child"


referral, person = table_of(ReferralRow), table_of(PersonRow)
child_index, history, agency = table_of(ChildIndexRow), table_of(HistoryRow), table_of(AgencyRow)

_STATE = [referral.c[field.name] for field in fields(Referral) if field.name != "url"]


def indexes_of(submission: Submission, cipher: FieldCipher) -> set[bytes]:
    """Blind indexes of every child named."""
    return {
        cipher.blind_index(*identity)
        for child in submission.children
        for identity in identity_of(child)
    }


def rows_of(
    new: Referral, submission: Submission, indexes: set[bytes], cipher: FieldCipher
) -> list[Row]:
    """A new referral, its people, and the indexes by which its children are found again."""
    state = {name: value for name, value in vars(new).items() if name != "url"}
    sealed: dict[str, Any] = {
        part: cipher.seal(as_stored(getattr(submission, part)), f"referral.{part}", new.id)
        for part in PARTS
    }
    if (why := submission.despite_open_referral) is not None:
        sealed[DESPITE] = cipher.seal(why, f"referral.{DESPITE}", new.id)
    row = Row.of(ReferralRow, **state, **sealed, need_groups=list(submission.need.groups))
    people = [
        _person_row(new.id, place, as_stored(someone), place < len(submission.children), cipher)
        for place, someone in enumerate(submission.people())
    ]
    found = [
        Row.of(
            ChildIndexRow,
            referral_id=new.id,
            blind_index=index,
            agency_id=new.referring_agency_id,
            is_open=True,
            overridden=submission.despite_open_referral is not None,
        )
        for index in sorted(indexes)  # in one order: two at once must not wait for each other
    ]
    return [row, *people, *found]


def _person_row(
    referral_id: UUID, place: int, details: dict[str, Any], is_child: bool, cipher: FieldCipher
) -> Row:
    person_id = new_id()
    addresses = details.pop("addresses", [])
    return Row.of(
        PersonRow,
        id=person_id,
        referral_id=referral_id,
        place=place,
        is_child=is_child,
        details=cipher.seal(details, "person.details", person_id),
        addresses=cipher.seal(addresses, "person.addresses", person_id),
    )


OPEN_FOR_CHILD = (
    select(referral.c.id, referral.c.reference)
    .join(child_index, child_index.c.referral_id == referral.c.id)
    .where(child_index.c.blind_index == any_(bindparam("children", type_=ARRAY(LargeBinary))))
    .where(child_index.c.agency_id == bindparam("agency", type_=Uuid()), child_index.c.is_open)
    .limit(1)
)
"""An open referral of `agency` for one of `children` (their blind indexes): id, reference."""


async def possible_duplicates(
    connection: AsyncConnection, of: Referral
) -> Sequence[tuple[str, UUID]]:
    """Other open referrals for the same children: reference and id. For the front door only."""
    own = select(child_index.c.blind_index).where(child_index.c.referral_id == of.id)
    found = (
        select(referral.c.reference, referral.c.id)
        .join(child_index, child_index.c.referral_id == referral.c.id)
        .where(child_index.c.blind_index.in_(own), child_index.c.is_open)
        .where(referral.c.id != of.id)
        .distinct()
        .order_by(referral.c.reference)
    )
    return [(row.reference, row.id) for row in await connection.execute(found)]


def _seen_by(caller: Caller) -> ColumnElement[bool]:
    """The rows a caller may know of. Not seen and not there are one query and one answer."""
    if caller.is_front_door():
        return true()
    return referral.c.referring_agency_id == caller.agency_id


async def get(
    connection: AsyncConnection,
    referral_id: UUID,
    *,
    by: Caller,
    base: str,
    version: int | None = None,
) -> Referral:
    """One referral. With `version` it is locked for a change.

    Raises NotFound, and Stale when it is no longer the version that the caller saw.
    """
    wanted = select(*_STATE).where(referral.c.id == referral_id, _seen_by(by))
    if version is not None:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("No referral with this id concerns this caller")
    if version is not None and row["version"] != version:
        raise Stale("Fetch the referral again and decide on what it says now")
    return _referral(row, base)


def _referral(row: RowMapping, base: str) -> Referral:
    typed = dict(row)
    typed["status"], typed["urgency"] = Status(row["status"]), Urgency(row["urgency"])
    typed["decision"] = Decision(row["decision"]) if row["decision"] else None
    reason = row["withdrawal_reason"]
    typed["withdrawal_reason"] = WithdrawalReason(reason) if reason else None
    return Referral(**typed, url=f"{base}/api/v1/referrals/{row['id']}")


async def save(
    connection: AsyncConnection, moved: Referral, *, closing: bytes | None = None
) -> None:
    """The new state of a referral that `get` has locked."""
    state = {column.name: getattr(moved, column.name) for column in _STATE}
    if closing is not None:
        state["closing"] = closing
    await connection.execute(update(referral).where(referral.c.id == moved.id).values(state))
    if moved.is_over():
        await _close_index(connection, moved)


async def _close_index(connection: AsyncConnection, closed: Referral) -> None:
    """A closed referral no longer stands in the way of a new one for the same child."""
    await connection.execute(
        update(child_index).where(child_index.c.referral_id == closed.id).values(is_open=False)
    )


async def sealed_parts(
    connection: AsyncConnection, of: Referral, cipher: FieldCipher
) -> dict[str, Any]:
    """The opened parts of the submission; `closing` and why it was sent despite another, if any."""
    columns = [referral.c[name] for name in (*PARTS, DESPITE, "closing")]
    row = (
        (await connection.execute(select(*columns).where(referral.c.id == of.id))).mappings().one()
    )
    return {
        name: cipher.open(sealed, f"referral.{name}", of.id)
        for name, sealed in row.items()
        if sealed is not None
    }


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
            **cipher.open(row.details, "person.details", row.id),
            "addresses": cipher.open(row.addresses, "person.addresses", row.id),
        }
        for row in rows
    ]


async def page(
    connection: AsyncConnection,
    *,
    by: Caller,
    base: str,
    status: Status | None,
    urgency: Urgency | None,
    after: UUID | None,
    limit: int,
) -> list[Referral]:
    """Newest first, from behind the referral `after`; ids are ordered by time."""
    wanted = select(*_STATE).where(_seen_by(by)).order_by(referral.c.id.desc()).limit(limit)
    if status:
        wanted = wanted.where(referral.c.status == status)
    if urgency:
        wanted = wanted.where(referral.c.urgency == urgency)
    if after:
        wanted = wanted.where(referral.c.id < after)
    return [_referral(row, base) for row in (await connection.execute(wanted)).mappings()]


async def late(connection: AsyncConnection, now: datetime, base: str) -> list[Referral]:
    """Open referrals that are late and of which nobody was told yet, locked; some at a time."""
    wanted = (
        select(*_STATE)
        .where(referral.c.overdue_at.is_(None), referral.c.decision_due < now)
        .where(referral.c.status.in_(OPEN))
        .order_by(referral.c.decision_due)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    return [_referral(row, base) for row in (await connection.execute(wanted)).mappings()]


async def history_of(connection: AsyncConnection, of: Referral) -> Sequence[RowMapping]:
    """Every entry, the first one first."""
    wanted = select(history).where(history.c.referral_id == of.id).order_by(history.c.version)
    return (await connection.execute(wanted)).mappings().all()


async def know_agency(
    connection: AsyncConnection, agency_id: UUID, name: str, kind: AgencyKind
) -> None:
    """Remember, or put right, what an agency is called."""
    known = insert(agency).values(id=agency_id, name=name, kind=kind)
    renamed = known.on_conflict_do_update(index_elements=["id"], set_={"name": name, "kind": kind})
    await connection.execute(renamed)


async def agency_name(connection: AsyncConnection, agency_id: UUID) -> str | None:
    """What the agency is called; None until the gateway's announcement has arrived."""
    wanted = select(agency.c.name).where(agency.c.id == agency_id)
    return (await connection.execute(wanted)).scalar_one_or_none()
