"""What families report and what looks alike: taken down, and settled by the council's editors."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.actions.desk import Desk, Receipt, create, in_care, noted, nothing
from services.directory.actions.saving import save_in
from services.directory.domain.entries import Stage
from services.directory.domain.keepers import refuse_who_is_no_editor
from services.directory.domain.queues import (
    OF_ONE_SERVICE,
    WITHIN,
    LookAlike,
    LookAlikeOutcome,
    Problem,
    ProblemOutcome,
    ReportedProblem,
)
from services.directory.store import entries as store
from services.directory.store import queues
from services.directory.store.entries import By
from shared.auth import Caller
from shared.errors import NotFound, TooManyRequests
from shared.idempotency import Once
from shared.ids import new_id


async def report(
    desk: Desk,
    service_id: UUID,
    what: ReportedProblem,
    words: str | None,
    *,
    once: Once,
    now: datetime,
) -> Receipt:
    """Take down that something is wrong with an entry; nobody is asked who says so.

    Raises NotFound, TooManyRequests, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """

    async def make(connection: AsyncConnection) -> Receipt:
        if not await queues.is_listed(connection, service_id):
            raise NotFound("Name a service as the directory lists it")
        if await queues.counted(connection, service_id, now - WITHIN) >= OF_ONE_SERVICE:
            wait = str(int(WITHIN.total_seconds()))
            raise TooManyRequests(
                "Others have reported this: an editor looks. Or telephone the council",
                headers={"Retry-After": wait},
            )
        problem = Problem(
            id=new_id(), service_id=service_id, what=what, words=words, reported_at=now
        )
        await queues.report(connection, desk.cipher, problem)
        return {"service_id": str(service_id), "reported_at": now.isoformat()}

    return await create(desk, once, make, now)


async def problems(
    desk: Desk, *, by: Caller, after: UUID | None, limit: int, now: datetime
) -> list[Problem]:
    """What waits for the caller; one more than `limit`. Raises Forbidden."""
    refuse_who_is_no_editor(by)
    async with desk.db.transaction() as connection:
        found = await queues.problems(
            connection, desk.cipher, by.authority, after=after, limit=limit + 1
        )
        await noted(connection, by, "problem.list", [one.id for one in found[:limit]], now)
    return found


async def settle_problem(
    desk: Desk,
    problem_id: UUID,
    outcome: ProblemOutcome,
    *,
    by: Caller,
    version: int,
    now: datetime,
) -> Problem:
    """Say what became of a problem. Raises Forbidden, NotFound, Stale, SettledAlready."""
    refuse_who_is_no_editor(by)
    _, worker = by.acting()
    async with desk.db.transaction() as connection:
        found = await queues.problem(connection, desk.cipher, problem_id)
        if found is None:
            raise nothing()
        await in_care(connection, desk, found.service_id, by)
        settled = found.settled(outcome, by=worker, version=version)
        await queues.settle(connection, settled)
        await noted(connection, by, "problem.settle", [problem_id, found.service_id], now)
    return settled


async def look_alikes(
    desk: Desk, *, by: Caller, after: UUID | None, limit: int, now: datetime
) -> list[LookAlike]:
    """The pairs that wait for the caller; one more than `limit`. Raises Forbidden."""
    refuse_who_is_no_editor(by)
    async with desk.db.transaction() as connection:
        found = await queues.look_alikes(connection, by.authority, after=after, limit=limit + 1)
        await noted(connection, by, "look_alike.list", [one.id for one in found[:limit]], now)
    return found


async def settle_look_alike(
    desk: Desk,
    pair_id: UUID,
    outcome: LookAlikeOutcome,
    *,
    by: Caller,
    version: int,
    now: datetime,
) -> LookAlike:
    """Say what two services are; where one is kept, the other goes out of the lists.

    Raises Forbidden, NotFound, Stale, SettledAlready.
    """
    refuse_who_is_no_editor(by)
    _, worker = by.acting()
    async with desk.db.transaction() as connection:
        await store.one_writer(connection)
        found = await queues.look_alike(connection, pair_id)
        if found is None:
            raise nothing()
        for one in (found.first_id, found.second_id):
            await in_care(connection, desk, one, by)
        settled = found.settled(outcome, by=worker, version=version)
        if settled.gone is not None:
            held = await in_care(connection, desk, settled.gone, by, to_change=True)
            over = replace(held.entry, stage=Stage.WITHDRAWN)
            why = By(by.client_id, f"the same as another, pair {pair_id}", worker)
            await save_in(connection, desk.cipher, [over], why)
        await queues.settle(connection, settled)
        both = [pair_id, found.first_id, found.second_id]
        await noted(connection, by, "look_alike.settle", both, now)
    return settled
