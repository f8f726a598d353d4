"""Referrals and their history: what is written, found again and locked for a step."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Uuid,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.clocks import ClockState, Moment, next_alarm, next_due, next_near
from services.referral.domain.lifecycle import OFFERED, PANEL
from services.referral.domain.referral import Referral, moment
from services.referral.domain.submission import Submission, as_stored
from services.referral.store.people import index_rows, is_open_for_child, people_rows
from services.referral.tables.referrals import HistoryRow, ReferralRow
from shared.auth import AgencyKind, Caller, Role
from shared.contracts.lifecycle import Decision, Status, Urgency
from shared.crypto import FieldCipher
from shared.errors import NotFound, Stale
from shared.rows import Row, table_of

PARTS = ("referrer", "need", "safeguarding", "basis")
"""The sealed parts of a submission, beside its people."""
DESPITE = "despite_open_referral"
WORDS = "history.words"

referral, history = table_of(ReferralRow), table_of(HistoryRow)

STATE = [referral.c[field.name] for field in fields(Referral) if field.name != "url"]
"""The columns of a Referral; the sealed parts are asked for when they are needed."""


def state_of(moved: Referral) -> dict[str, Any]:
    """The columns as they are kept, with what the clocks are searched by."""
    state = {column.name: getattr(moved, column.name) for column in STATE}
    return state | {
        "clocks": [clock.as_json() for clock in moved.clocks],
        "need_groups": list(moved.need_groups),
        "next_due": next_due(moved.clocks),
        "next_near": next_near(moved.clocks),
        "next_alarm": next_alarm(moved.clocks),
    }


def rows_of(
    new: Referral,
    submission: Submission,
    people: Sequence[UUID],
    indexes: set[bytes],
    cipher: FieldCipher,
    calendar: str,
) -> list[Row]:
    """A new referral, its `people`, and the indexes by which its children are found again."""
    why = submission.despite_open_referral
    sealed = {
        part: cipher.seal(as_stored(getattr(submission, part)), f"referral.{part}", new.id)
        for part in PARTS
    }
    if why is not None:
        sealed[DESPITE] = cipher.seal(why, f"referral.{DESPITE}", new.id)
    return [
        Row.of(ReferralRow, **state_of(new), **sealed, calendar=calendar),
        *people_rows(new, submission, people, cipher),
        *index_rows(new, indexes, overridden=why is not None),
    ]


def seen_by(caller: Caller) -> ColumnElement[bool]:
    """The rows a caller may know of. Not seen and not there are one query and one answer.

    The same as `Referral.roles_of`, for many rows at once.
    """
    if caller.authority is None:
        return false()
    return and_(referral.c.authority == caller.authority, or_(*_relations(caller)))


def _relations(caller: Caller) -> list[ColumnElement[bool]]:
    c, own = referral.c, caller.agency_id
    if caller.agency_kind is AgencyKind.FRONT_DOOR and caller.roles & PANEL:
        return [true()]
    found: list[ColumnElement[bool]] = [false()]
    if Role.REFERRER in caller.roles:
        found.append(c.referring_agency_id == own)
    if Role.PANEL_CHAIR in caller.roles:
        found.append(c.status == Status.AWAITING_PANEL)
    if Role.RECEIVING_WORKER in caller.roles:
        found.append(and_(c.offered_to_agency_id == own, c.status.in_(OFFERED)))
        found.append(and_(c.holding_agency_id == own, c.accepted_at.is_not(None)))
    if Role.LEAD_PROFESSIONAL in caller.roles:
        led = and_(c.lead_professional_id == caller.worker_id, c.accepted_at.is_not(None))
        found.append(led)
    return found


async def get(
    connection: AsyncConnection,
    referral_id: UUID,
    *,
    by: Caller,
    base: str,
    version: int | None = None,
) -> Referral:
    """One referral. With `version` it is locked for a change.

    Raises NotFound, and Stale when it is no longer the version that the caller saw: also where
    somebody else's step, for which it waited here, has just taken it away from the caller.
    """
    seen = select(referral.c.id).where(referral.c.id == referral_id, seen_by(by))
    wanted = select(*STATE).where(referral.c.id == seen.correlate(None).scalar_subquery())
    if version is not None:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("No referral with this id concerns this caller")
    if version is not None and row["version"] != version:
        raise Stale("Fetch the referral again and decide on what it says now")
    return referral_of(row, base)


async def of_authority(
    connection: AsyncConnection, referral_id: UUID, by: Caller, base: str
) -> Referral | None:
    """One referral of the caller's authority, whatever the caller has to do with it."""
    wanted = select(*STATE).where(
        referral.c.id == referral_id, referral.c.authority == by.authority
    )
    row = (await connection.execute(wanted)).mappings().one_or_none()
    return referral_of(row, base) if row else None


async def version_of(connection: AsyncConnection, referral_id: UUID) -> int | None:
    """At which version it is by now."""
    wanted = select(referral.c.version).where(referral.c.id == referral_id)
    version: int | None = (await connection.execute(wanted)).scalar()
    return version


async def moved_on(
    connection: AsyncConnection, found: Sequence[Referral], base: str
) -> dict[UUID, Referral]:
    """Those of `found` that have changed since, as they are now."""
    ids = literal([one.id for one in found], ARRAY(Uuid))
    versions = literal([one.version for one in found], ARRAY(Integer))
    seen = func.unnest(ids, versions).table_valued("id", "version").render_derived(name="seen")
    wanted = select(*STATE).where(referral.c.id == seen.c.id, referral.c.version != seen.c.version)
    rows = (await connection.execute(wanted)).mappings()
    return {row["id"]: referral_of(row, base) for row in rows}


def referral_of(row: Mapping[Any, Any], base: str) -> Referral:
    """A row of the STATE columns as the domain knows it."""
    typed = dict(row)
    codes = {"status": Status, "urgency": Urgency, "decision": Decision, "resumes_to": Status}
    for name, code in codes.items():
        typed[name] = code(row[name]) if row[name] is not None else None
    typed["clocks"] = tuple(map(ClockState.from_json, row["clocks"]))
    typed["need_groups"] = tuple(row["need_groups"])
    return Referral(**typed, url=f"{base}/api/v1/referrals/{row['id']}")


async def save(connection: AsyncConnection, before: Referral, moved: Referral) -> None:
    """The new state of a referral that `get` has locked."""
    kept = update(referral).where(referral.c.id == moved.id).values(state_of(moved))
    await connection.execute(kept)
    if moved.is_over() != before.is_over():
        await is_open_for_child(connection, moved)


async def sealed_parts(
    connection: AsyncConnection, of: Referral, cipher: FieldCipher
) -> dict[str, Any]:
    """The opened parts of the submission, and why it was sent despite another, if it was."""
    columns = [referral.c[name] for name in (*PARTS, DESPITE)]
    row = (
        (await connection.execute(select(*columns).where(referral.c.id == of.id))).mappings().one()
    )
    return {
        name: cipher.open(sealed, f"referral.{name}", of.id)
        for name, sealed in row.items()
        if sealed is not None
    }


async def history_of(
    connection: AsyncConnection, of: Referral, cipher: FieldCipher
) -> list[dict[str, Any]]:
    """Every entry with its words opened, the first one first."""
    wanted = (
        select(history)
        .where(history.c.referral_id == of.id)
        .order_by(history.c.version, history.c.id)
    )
    entries = [dict(row) for row in (await connection.execute(wanted)).mappings()]
    for entry in entries:
        if entry["words"] is not None:
            entry["words"] = cipher.open(entry["words"], WORDS, entry["id"])
    return entries


async def moments_of(connection: AsyncConnection, referral_id: UUID) -> Sequence[Moment]:
    """The history as the clocks read it."""
    wanted = (
        select(history.c.at, history.c.action, history.c.status, history.c.code)
        .where(history.c.referral_id == referral_id)
        .order_by(history.c.version, history.c.id)
    )
    return [
        moment(row.at, row.action, Status(row.status), row.code)
        for row in await connection.execute(wanted)
    ]
