"""Keeping worklists as views. A view shows nothing: whoever uses it asks for its filters anew."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services.referral.actions.desk import Desk
from services.referral.domain.views import (
    MOST,
    TooManyViews,
    View,
    Viewed,
    ViewNameTaken,
    may_change,
    may_keep,
)
from services.referral.domain.worklist import permitted, refuse_unknown_codes
from services.referral.store import views
from services.referral.tables.events import Idempotency
from services.referral.tables.views import ViewRow
from shared.auth import Caller
from shared.db import broken_rule
from shared.idempotency import Once
from shared.ids import new_id
from shared.rows import Row


async def keep(desk: Desk, said: Viewed, *, by: Caller, once: Once, now: datetime) -> View:
    """Keep a worklist under a name. Sent again, it gives what was kept first.

    Raises Forbidden, FilterNotPermitted, FilterUnknown, ViewNameTaken, TooManyViews,
    IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    _may_keep(desk, said, by)
    agency_id, worker_id = by.acting()
    view = View(new_id(), agency_id, worker_id, said, version=1)
    answer = {"id": str(view.id), "said": said.model_dump(mode="json")}
    rows = [
        Row.of(ViewRow, **views.state_of(view), created_at=now),
        Row.of(Idempotency, **vars(once), answer=answer, created_at=now),
    ]
    taken = False
    try:
        kept = await desk.db.together(rows, holding=once.lock, unless=views.too_many(by))
    except IntegrityError as error:
        taken = broken_rule(error) in views.NAMES
        if not taken and broken_rule(error) != "idempotency_pkey":
            raise
        kept = False
    return view if kept else await _first(desk, by, once, taken)


async def _first(desk: Desk, by: Caller, once: Once, taken: bool) -> View:
    """Why nothing was kept: it was before, by this very request, or something stands in its way."""
    agency_id, worker_id = by.acting()
    async with desk.db.reading() as connection:
        if answer := await once.answered(connection, Idempotency):
            said = Viewed.model_validate(answer["said"])
            return View(UUID(answer["id"]), agency_id, worker_id, said, version=1)
        if taken:
            raise _taken()
        if (await connection.execute(views.too_many(by))).first():
            raise TooManyViews(f"Take one away: a worker has at most {MOST}")
    raise once.in_flight()


def _taken() -> ViewNameTaken:
    return ViewNameTaken("Give it another name, or change the one that is there", pointer="/name")


def _may_keep(desk: Desk, said: Viewed, by: Caller) -> None:
    may_keep(said, by)
    refuse_unknown_codes(said.worklist, desk.council(by))
    permitted(said.worklist, by)


async def listed(desk: Desk, *, by: Caller) -> list[View]:
    """The worker's own views and those of its agency, by name."""
    async with desk.db.reading() as connection:
        return await views.listed(connection, by=by)


async def look(desk: Desk, view_id: UUID, *, by: Caller) -> View:
    """One view. Raises NotFound."""
    async with desk.db.reading() as connection:
        return await views.get(connection, view_id, by=by)


async def change(desk: Desk, view_id: UUID, said: Viewed, *, by: Caller, version: int) -> View:
    """Say anew what a view is. Raises as `keep` does, NotFound and Stale."""
    _may_keep(desk, said, by)
    try:
        async with desk.db.transaction() as connection:
            view = await views.get(connection, view_id, by=by, version=version)
            may_change(view, by)
            changed = replace(view, said=said, version=view.version + 1)
            await views.save(connection, changed)
    except IntegrityError as error:
        if broken_rule(error) not in views.NAMES:
            raise
        raise _taken() from error
    return changed


async def remove(desk: Desk, view_id: UUID, *, by: Caller, version: int) -> None:
    """Take a view away; the referrals stay what they are. Raises NotFound, Stale, Forbidden."""
    async with desk.db.transaction() as connection:
        view = await views.get(connection, view_id, by=by, version=version)
        may_change(view, by)
        await views.remove(connection, view)
