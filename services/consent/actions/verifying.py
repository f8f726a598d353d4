"""Verifying the audit log: every stored row against every checkpoint that was ever signed."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.audit import Log
from services.consent.domain.checkpoints import Checkpoint, NotSigned
from services.consent.domain.examining import (
    Examined,
    Finding,
    Forged,
    Page,
    Wrong,
    ended,
    examine,
)
from services.consent.domain.merkle import completed
from services.consent.store import audit

PAGE = 1_000
"""Rows, and checkpoints, that are in memory at a time."""

Attested = Checkpoint | Forged


@dataclass(frozen=True)
class Verified:
    """What verifying found: `finding` is None where the log is sound."""

    size: int
    """How many leaves were looked at."""
    root: bytes
    """Their hash, from what their rows say."""
    checkpoints: int
    """With how many checkpoints the rows agree."""
    finding: Finding | None


async def verify(log: Log, witnessed: Sequence[Checkpoint] = ()) -> Verified:
    """Hash every row again and compare with every checkpoint, stored here or `witnessed` elsewhere.

    What a witness holds finds what nothing in the database can show: that all of it, checkpoints
    too, was put back from an older backup. In constant memory; appending goes on meanwhile.
    """
    async with log.db.reading() as connection:
        size = await audit.claimed(connection)  # one statement: what is appended later is not due
        checkpoints = _in_order(_stored(connection, log, size), witnessed)
        size = max(size, *(checkpoint.size for checkpoint in witnessed), 0)
        examined = await _examined(connection, log, size, checkpoints)
        if examined.finding is None:
            lost = await audit.lost_detail(connection, size)
            if lost is not None:
                examined = replace(examined, finding=Finding(lost, Wrong.DETAIL_MISSING))
    tree = examined.tree
    return Verified(tree.size, tree.root(), examined.checkpoints, examined.finding)


async def _examined(
    connection: AsyncConnection, log: Log, size: int, checkpoints: AsyncIterator[Attested]
) -> Examined:
    """Page after page of `size` leaves, with the checkpoints that speak of them."""
    examined, following = Examined(), await anext(checkpoints, None)
    while not examined.is_over and (examined.tree.size < size or following is not None):
        begin, due = examined.tree.size, list[Attested]()
        until = min(begin + PAGE, size)
        while following is not None and following.size <= until and len(due) < PAGE:
            due.append(following)
            following = await anext(checkpoints, None)
        if len(due) == PAGE:  # there may be more of this size: no row beyond it yet
            until = max(begin, due[-1].size)
        examined = examine(examined, await _page(connection, log, range(begin, until), due))
    return ended(examined, following)


async def _page(
    connection: AsyncConnection, log: Log, leaves: range, due: Sequence[Attested]
) -> Page:
    after = leaves.start - 1 if leaves.start else None
    rows = await audit.page(connection, log.cipher, after=after, limit=len(leaves))
    nodes = await audit.nodes(connection, list(completed(leaves.start, leaves.stop)))
    return Page(rows, len(leaves), nodes, due)


async def _stored(connection: AsyncConnection, log: Log, size: int) -> AsyncIterator[Attested]:
    """The stored checkpoints of at most `size` leaves, in order of size."""
    after: tuple[int, UUID] | None = None
    while rows := await audit.checkpoints(connection, after=after, size=size, limit=PAGE):
        for row in rows:
            after = (row.size, row.id)
            try:
                found = log.read(row.note)
            except NotSigned:
                yield Forged(row.size)
            else:
                yield found if found.size == row.size else Forged(row.size)


async def _in_order(
    stored: AsyncIterator[Attested], witnessed: Sequence[Checkpoint]
) -> AsyncIterator[Attested]:
    """Both, in order of size."""
    waiting = sorted(witnessed, key=lambda checkpoint: checkpoint.size, reverse=True)
    async for one in stored:
        while waiting and waiting[-1].size < one.size:
            yield waiting.pop()
        yield one
    while waiting:
        yield waiting.pop()
