"""Entries that nobody has assured in time, and whether that was told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Date, Uuid, and_, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.entries import Kind
from services.directory.domain.listing import SERVICES
from services.directory.tables.entries import EntryRow, HistoryRow
from services.directory.tables.events import AgencyRow
from services.directory.tables.keeping import ProviderRow, ReminderRow
from services.directory.tables.listings import ListingRow
from shared.rows import table_of

_ENTRY, _HISTORY, _LISTING = table_of(EntryRow), table_of(HistoryRow), table_of(ListingRow)
_PROVIDER, _AGENCY = table_of(ProviderRow), table_of(AgencyRow)
_REMINDER = table_of(ReminderRow)


class Lapsed(NamedTuple):
    """A service that families read, and when somebody said last that it is right."""

    id: UUID
    assured_date: date | None


async def lapsed(
    connection: AsyncConnection, cutoffs: Mapping[str, date], otherwise: date, limit: int
) -> list[Lapsed]:
    """Those that are shown, were not assured since their authority's day, and were not told of.

    What was never assured counts from the day on which it came here.
    """
    assured = cast(_ENTRY.c.content["assured_date"].astext, Date)
    came = (
        select(func.min(_HISTORY.c.at)).where(_HISTORY.c.entry_id == _ENTRY.c.id).scalar_subquery()
    )
    named = [(_AGENCY.c.authority == id_, day) for id_, day in cutoffs.items()]
    due = case(*named, else_=otherwise)
    same = and_(
        _REMINDER.c.service_id == _ENTRY.c.id,
        _REMINDER.c.assured_date.is_not_distinct_from(assured),
    )
    shown = and_(_LISTING.c.collection == SERVICES, _LISTING.c.id == _ENTRY.c.id)
    owner = cast(_ENTRY.c.content["organization_id"].astext, Uuid)
    wanted = (
        select(_ENTRY.c.id, assured.label("assured_date"))
        .join(_LISTING, and_(shown, _LISTING.c.withdrawn_at.is_(None)))
        .outerjoin(_PROVIDER, _PROVIDER.c.organization_id == owner)
        .outerjoin(_AGENCY, _AGENCY.c.id == _PROVIDER.c.agency_id)
        .outerjoin(_REMINDER, same)
        .where(_ENTRY.c.kind == Kind.SERVICE, _REMINDER.c.service_id.is_(None))
        .where(or_(assured < due, and_(assured.is_(None), cast(came, Date) < due)))
        .order_by(_ENTRY.c.id)
        .limit(limit)
    )
    return [Lapsed(row.id, row.assured_date) for row in await connection.execute(wanted)]


async def note(connection: AsyncConnection, told: Sequence[Lapsed], now: datetime) -> None:
    """Remember that it was told, for as long as nobody assures it."""
    rows = [
        {"service_id": one.id, "assured_date": one.assured_date, "told_at": now} for one in told
    ]
    statement = upsert(_REMINDER)
    changing = {name: statement.excluded[name] for name in ("assured_date", "told_at")}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["service_id"], set_=changing), rows
    )
