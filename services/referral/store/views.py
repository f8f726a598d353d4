"""Views: what a worker keeps, and what is shared with its agency."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.views import MOST, View, Viewed
from services.referral.tables.views import ViewRow
from shared.auth import Caller
from shared.errors import NotFound, Stale
from shared.rows import table_of

_view = table_of(ViewRow)

NAMES = frozenset({"one_view_of_a_worker_by_name", "one_shared_view_of_an_agency_by_name"})
"""The rules that say that a name is there once."""


def state_of(view: View) -> dict[str, Any]:
    """The columns as they are kept, without when it was made."""
    said = view.said
    return {
        "id": view.id,
        "agency_id": view.agency_id,
        "worker_id": view.worker_id,
        "name": said.name,
        "shared": said.shared,
        "worklist": said.worklist.model_dump(mode="json", exclude_defaults=True),
        "version": view.version,
    }


def _view_of(row: RowMapping) -> View:
    said = Viewed(name=row["name"], worklist=row["worklist"], shared=row["shared"])
    return View(row["id"], row["agency_id"], row["worker_id"], said, row["version"])


def _seen_by(caller: Caller) -> ColumnElement[bool]:
    own = _view.c.worker_id == caller.worker_id
    return and_(_view.c.agency_id == caller.agency_id, or_(own, _view.c.shared))


def too_many(by: Caller) -> Select[Any]:
    """A row, where the worker has as many views as one may have."""
    mine = and_(_view.c.agency_id == by.agency_id, _view.c.worker_id == by.worker_id)
    return select(func.count()).where(mine).having(func.count() >= MOST)


async def listed(connection: AsyncConnection, *, by: Caller) -> list[View]:
    """The worker's own and the agency's, by name."""
    wanted = select(_view).where(_seen_by(by)).order_by(_view.c.name, _view.c.id)
    return [_view_of(row) for row in (await connection.execute(wanted)).mappings()]


async def get(
    connection: AsyncConnection, view_id: UUID, *, by: Caller, version: int | None = None
) -> View:
    """One view. With `version` it is locked for a change. Raises NotFound and Stale."""
    wanted = select(_view).where(_view.c.id == view_id, _seen_by(by))
    if version is not None:
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("No view with this id is this worker's or its agency's")
    if version is not None and row["version"] != version:
        raise Stale("Fetch the view again and decide on what it says now")
    return _view_of(row)


async def save(connection: AsyncConnection, view: View) -> None:
    """What a view says now; `get` has locked it."""
    await connection.execute(update(_view).where(_view.c.id == view.id).values(state_of(view)))


async def remove(connection: AsyncConnection, view: View) -> None:
    """It is gone."""
    await connection.execute(delete(_view).where(_view.c.id == view.id))
