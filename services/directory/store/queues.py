"""What waits for an editor; what families wrote is sealed, because it may name somebody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.listing import SERVICES
from services.directory.domain.queues import (
    LookAlike,
    LookAlikeOutcome,
    Problem,
    ProblemOutcome,
    ReportedProblem,
)
from services.directory.store.keeping import not_elsewhere
from services.directory.tables.entries import EntryRow
from services.directory.tables.keeping import LookAlikeRow, ProblemRow
from services.directory.tables.listings import ListingRow
from shared.crypto import FieldCipher
from shared.ids import new_id
from shared.rows import table_of

_PROBLEM, _ALIKE = table_of(ProblemRow), table_of(LookAlikeRow)
_ENTRY, _LISTING = table_of(EntryRow), table_of(ListingRow)
_WORDS = "problem.words"
_REPORTERS = 4_046_002
"""The advisory lock of whoever reports a problem: those before it are counted."""


async def is_listed(connection: AsyncConnection, service_id: UUID) -> bool:
    """Whether everybody can read of the service."""
    wanted = select(_LISTING.c.id).where(
        _LISTING.c.collection == SERVICES,
        _LISTING.c.id == service_id,
        _LISTING.c.withdrawn_at.is_(None),
    )
    return (await connection.execute(wanted)).first() is not None


async def counted(connection: AsyncConnection, service_id: UUID, since: datetime) -> int:
    """How many problems were reported since then of this service."""
    lock = func.pg_advisory_xact_lock(bindparam("lock", _REPORTERS, BigInteger))
    await connection.execute(select(lock))
    wanted = select(func.count()).where(
        _PROBLEM.c.service_id == service_id, _PROBLEM.c.reported_at > since
    )
    return int((await connection.execute(wanted)).scalar_one())


async def report(connection: AsyncConnection, cipher: FieldCipher, problem: Problem) -> None:
    """Put a problem into the queue."""
    words = problem.words
    sealed = None if words is None else cipher.seal(words, _WORDS, problem.id)
    await connection.execute(insert(_PROBLEM).values(vars(problem) | {"words": sealed}))


async def problems(
    connection: AsyncConnection,
    cipher: FieldCipher,
    authority: str | None,
    *,
    after: UUID | None,
    limit: int,
) -> list[Problem]:
    """What waits for the authority's editors, the oldest first."""
    wanted = select(_PROBLEM).join(_ENTRY, _ENTRY.c.id == _PROBLEM.c.service_id)
    wanted = wanted.where(_PROBLEM.c.outcome.is_(None), not_elsewhere(authority))
    if after is not None:
        wanted = wanted.where(_PROBLEM.c.id > after)
    rows = await connection.execute(wanted.order_by(_PROBLEM.c.id).limit(limit))
    return [_problem(cipher, row) for row in rows]


async def problem(
    connection: AsyncConnection, cipher: FieldCipher, problem_id: UUID
) -> Problem | None:
    """One of them, held until it is settled."""
    wanted = select(_PROBLEM).where(_PROBLEM.c.id == problem_id).with_for_update()
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else _problem(cipher, row)


def _problem(cipher: FieldCipher, row: Row[Any]) -> Problem:
    said = row._asdict() | {"what": ReportedProblem(row.what)}
    said["outcome"] = None if row.outcome is None else ProblemOutcome(row.outcome)
    said["words"] = None if row.words is None else cipher.open(row.words, _WORDS, row.id)
    return Problem(**said)


async def note_look_alikes(
    connection: AsyncConnection, pairs: Sequence[Sequence[str]], origin: str, now: datetime
) -> None:
    """Put pairs into the queue; one that is or was there stays as it is."""
    rows = [
        {"id": new_id(), "first_id": UUID(first), "second_id": UUID(second)}
        | {"origin": origin, "found_at": now, "version": 1}
        for first, second in map(sorted, pairs)
    ]
    if rows:
        await connection.execute(upsert(_ALIKE).on_conflict_do_nothing(), rows)


async def look_alikes(
    connection: AsyncConnection, authority: str | None, *, after: UUID | None, limit: int
) -> list[LookAlike]:
    """The pairs that wait for the authority's editors: both services are theirs to settle."""
    theirs = select(_ENTRY.c.id).where(not_elsewhere(authority))
    both = (_ALIKE.c.first_id.in_(theirs), _ALIKE.c.second_id.in_(theirs))
    wanted = select(_ALIKE).where(_ALIKE.c.outcome.is_(None), *both)
    if after is not None:
        wanted = wanted.where(_ALIKE.c.id > after)
    rows = await connection.execute(wanted.order_by(_ALIKE.c.id).limit(limit))
    return [_look_alike(row) for row in rows]


async def look_alike(connection: AsyncConnection, pair_id: UUID) -> LookAlike | None:
    """One pair, held until it is settled."""
    wanted = select(_ALIKE).where(_ALIKE.c.id == pair_id).with_for_update()
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else _look_alike(row)


def _look_alike(row: Row[Any]) -> LookAlike:
    outcome = None if row.outcome is None else LookAlikeOutcome(row.outcome)
    return LookAlike(**row._asdict() | {"outcome": outcome})


async def settle(connection: AsyncConnection, settled: Problem | LookAlike) -> None:
    """Write what an editor made of it."""
    table = _PROBLEM if isinstance(settled, Problem) else _ALIKE
    said = {name: getattr(settled, name) for name in ("outcome", "settled_by", "version")}
    await connection.execute(update(table).where(table.c.id == settled.id).values(said))
