"""Worklists: pages and counts of what a caller may see; the access row of a count in its statement.

What decides an order is written to the letter as in the index that serves it
(`tables/referrals.py`): an expression that a parameter stands in finds no index.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    case,
    cast,
    column,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.referral import Referral
from services.referral.domain.worklist import By, Due, Filters, Of, Place, Sort, Worklist
from services.referral.store.people import person
from services.referral.store.referrals import STATE, referral, referral_of, seen_by
from services.referral.tables.referrals import FIRST_DUE, ROUTINE
from shared.auth import AgencyKind, Caller, Role
from shared.contracts.lifecycle import Urgency
from shared.rows import Row as NewRow

never: ColumnElement[Any] = literal_column("'infinity'::timestamptz")
first_due: ColumnElement[Any] = literal_column(FIRST_DUE)
routine: ColumnElement[bool] = literal_column(ROUTINE)
_KEYS: dict[Sort, list[ColumnElement[Any]]] = {
    Sort.NEWEST: [referral.c.id],
    Sort.OLDEST: [referral.c.id],
    Sort.DUE: [first_due, referral.c.id],
    Sort.URGENCY: [routine, first_due, referral.c.id],
}
"""What decides each order; ids are ordered by time."""

_SHOWN = [*STATE, referral.c.next_due]
_NAMES = [c.name for c in STATE]
_found = table("found", *(column(c.name, c.type) for c in _SHOWN), column("row", Integer))
_FINDING = select(*_SHOWN)
_SHOWING = select(_found).order_by(_found.c.row)
"""What a page's statement finds and shows, written once: its forty columns take their time."""


@dataclass(frozen=True)
class Asked:
    """A worklist as it is asked for: by whom, in the roles in which it may be, and when."""

    worklist: Worklist
    by: Caller
    now: datetime
    reference: str | None = None
    without: frozenset[UUID] = frozenset()
    """Children of whom the question would tell what may not be seen."""


@dataclass(frozen=True)
class Page:
    """Some referrals in order, and behind which one the next page begins, if there is one."""

    referrals: list[Referral]
    ends: Place | None


def _due(due: Due, now: datetime) -> ColumnElement[bool]:
    if due is Due.OVERDUE:
        return first_due < now
    near = referral.c.next_near < now
    return and_(
        first_due >= now, first_due < never, near if due is Due.NEAR else func.coalesce(~near, True)
    )


def _of(of: Of, by: Caller) -> ColumnElement[bool]:
    """The worker's own; or what waits for the agency, at the front door what it has seen."""
    c = referral.c
    if of is Of.MINE:
        return or_(
            c.assigned_worker_id == by.worker_id,
            c.lead_professional_id == by.worker_id,
            c.referring_worker_id == by.worker_id,
        )
    waits = or_(c.holding_agency_id == by.agency_id, c.offered_to_agency_id == by.agency_id)
    if by.agency_kind is AgencyKind.FRONT_DOOR:
        return or_(waits, c.front_door_agency_id == by.agency_id)
    return waits


def _codes(codes: Sequence[str]) -> ColumnElement[Any]:
    """One array, however many codes: the statement stays the same."""
    return literal(list(codes), ARRAY(Text))


def _is(name: str) -> Callable[[Any, Asked], ColumnElement[bool]]:
    return lambda value, _: referral.c[name] == value


_FITS: dict[str, Callable[[Any, Asked], ColumnElement[bool]]] = {
    "status": lambda statuses, _: referral.c.status == any_(_codes(statuses)),
    "due": lambda due, asked: _due(due, asked.now),
    "urgency": _is("urgency"),
    "area": _is("area"),
    "hub": _is("hub"),
    "need": lambda group, _: referral.c.need_groups.op("@>")(_codes([group])),
    "agency": _is("referring_agency_id"),
    "holder": _is("holding_agency_id"),
    "offered_to": _is("offered_to_agency_id"),
    "worker": _is("assigned_worker_id"),
    "lead_professional": _is("lead_professional_id"),
    "escalated": lambda escalated, _: referral.c.escalated_at.is_not(None) == escalated,
    "decision": _is("decision"),
    "of": lambda of, asked: _of(of, asked.by),
}
"""What each filter means; its names are those of Filters."""


def _fitting(asked: Asked) -> ColumnElement[bool]:
    filters: Filters = asked.worklist
    narrowed = [_FITS[name](getattr(filters, name), asked) for name in sorted(filters.used())]
    if asked.reference:
        narrowed.append(referral.c.reference == asked.reference)
    if asked.without:
        narrowed.append(_without(asked.without, asked.by))
    return and_(seen_by(asked.by), *narrowed)


def _without(children: frozenset[UUID], by: Caller) -> ColumnElement[bool]:
    """What is about none of these children; what the agency has sent itself may be."""
    about = select(person.c.id).where(
        person.c.referral_id == referral.c.id,
        person.c.is_child,
        person.c.id == any_(literal(list(children), ARRAY(Uuid))),
    )
    own = referral.c.referring_agency_id == by.agency_id
    return or_(~about.exists(), own) if Role.REFERRER in by.roles else ~about.exists()


def _behind(place: Place, sort: Sort) -> ColumnElement[bool]:
    if sort is Sort.NEWEST:
        return referral.c.id < place.id
    values: list[Any] = [place.is_routine, place.due or never, place.id]
    keys = _KEYS[sort]
    return tuple_(*keys) > tuple_(*values[-len(keys) :])


def _noting(statement: Select[Any], look: NewRow, shown: Any) -> Select[Any]:
    """`statement`, which inserts the access row `look` beside it, about the ids `shown`."""
    values = {**look.values, "subjects": shown}
    given = [
        cast(value, look.table.c[name].type) if name != "subjects" else value
        for name, value in values.items()
    ]
    into = insert(look.table).from_select(list(values), select(*given))
    return statement.add_cte(into.cte("noted"))


async def page(
    connection: AsyncConnection,
    asked: Asked,
    *,
    after: Place | None,
    limit: int,
    base: str,
) -> Page:
    """At most `limit` referrals from behind the place `after`."""
    sort = asked.worklist.sort
    keys = [key.desc() if sort is Sort.NEWEST else key for key in _KEYS[sort]]
    row = func.row_number().over(order_by=keys).label("row")
    wanted = _FINDING.add_columns(row).where(_fitting(asked)).order_by(*keys).limit(limit + 1)
    if after:
        wanted = wanted.where(_behind(after, sort))
    rows = (await connection.execute(_SHOWING.add_cte(wanted.cte("found")))).all()
    shown = [dict(zip(_NAMES, row, strict=False)) for row in rows[:limit]]
    ends = _place(rows[limit - 1]) if len(rows) > limit else None
    return Page([referral_of(state, base) for state in shown], ends)


def _place(row: Row[Any]) -> Place:
    return Place(row.urgency != Urgency.URGENT, row.next_due, row.id)


def _code(by: By, now: datetime) -> ColumnElement[Any]:
    if by is By.DUE:
        return case(*((_due(due, now), due.value) for due in Due))
    if by is By.NEED:
        return func.unnest(referral.c.need_groups)
    return referral.c["assigned_worker_id" if by is By.WORKER else by]


async def counts(
    connection: AsyncConnection, asked: Asked, by: By, *, look: NewRow
) -> list[tuple[str | UUID | None, int]]:
    """How many of the referrals that fit there are of each code; None: of those without one.

    One that has several needs counts with each; one of which no clock runs is not due at all.
    """
    code = _code(by, asked.now).label("code")
    found = select(code, func.count().label("count")).where(_fitting(asked)).group_by("code")
    if by is By.DUE:
        found = found.where(first_due < never)
    statement = _noting(found, look, literal([], ARRAY(Uuid)))
    rows = await connection.execute(statement.order_by(literal_column("code").nulls_last()))
    return [(row.code, row.count) for row in rows]
