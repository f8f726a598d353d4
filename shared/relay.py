"""The relay: carries committed outbox rows to whoever must hear them, in order, losing none.

One relay of a service leads; the others wait for its advisory lock. The leader *stamps* rows with
a gapless position on the connection that holds the lock, so that it stops with the lock. Then each
sender's courier *delivers* them in the order of position and moves its own cursor behind it. A
kill at any point repeats a batch; it never skips or swaps one. Consumers drop what they have seen.

Why so: an identity column is not the order of commits, and reading past it loses rows; several
relays, or transaction ids as the order, swap rows of one key (measured, see the decision record).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bell import STAMPED, WRITTEN, Bell, heard
from shared.contracts.topics import KEPT
from shared.db import Database
from shared.outbox import Announced
from shared.tasks import every, running

BATCH = 500
"""Rows stamped, and rows sent, at a time."""
HANDED_ON = 10 * BATCH
"""Stamped rows kept in memory for a sender; a sender that falls behind reads the table instead."""
GATHER = 0.01
"""Seconds that rows are gathered for where more than one came at a time; one alone never waits."""
FLOOR = 1.0
"""Seconds after which the relay looks even where no bell rang."""
SWEEP = 3600.0
"""Seconds between two clearings of what is older than its time."""
_LOCK = 7_281_993
"""The advisory lock of a database's one relay."""

_LEAD = text("select pg_try_advisory_lock(:lock)")
_BEGIN = text("insert into relay_cursor (name, position) values (:name, 0) on conflict do nothing")
_REACHED = text("select position from relay_cursor where name = :name")
_MOVE = text("update relay_cursor set position = :position where name = :name")
_STAMP = text(
    f"""
    with last as (select position from relay_cursor where name = 'stamped'),
    fresh as (
        select id, row_number() over (order by number) as step
        from (
            select id, number from outbox where position is null order by number limit {BATCH}
        ) as waiting
    ),
    counted as (
        update relay_cursor set position = position + (select count(*) from fresh)
        where name = 'stamped'
    ),
    stamped as (
        update outbox set position = last.position + fresh.step
        from fresh, last where outbox.id = fresh.id
        returning {Announced.COLUMNS}
    )
    select stamped.*, pg_notify('{STAMPED}', '') from stamped order by position
    """  # noqa: S608 -- constants only
)
_READ = text(
    f"""
    select {Announced.COLUMNS} from outbox
    where position > :after order by position limit {BATCH}
    """  # noqa: S608 -- constants only
)
_FORGET = text(
    f"""
    delete from outbox where id in (
        select id from outbox where occurred_at < now() - cast(:age as interval) and position <=
            (select min(position) from relay_cursor where name = any(:senders))
        limit {10 * BATCH}
    )
    """  # noqa: S608 -- constants only
)


class Sender(Protocol):
    """Someone who must hear every event of a service."""

    name: str
    """Names its cursor: it goes on after the last batch that it took."""

    async def send(self, batch: Sequence[Announced]) -> None:
        """Return when all of it has arrived; raise, and the whole batch comes again."""

    async def close(self) -> None:
        """The lead has ended; a later `send` opens again."""


class Relay:
    """A service's relay; `run` is one of its `shared.tasks` loops."""

    def __init__(self, db: Database, senders: Callable[[], Sequence[Sender]]) -> None:
        self._db = db
        self._senders = senders
        self._written = Bell(WRITTEN)

    def wake(self) -> None:
        """Rows were committed in this process: look at once."""
        self._written.ring()

    async def run(self) -> None:
        """Wait for the lead, then lead until the connection that holds it is lost."""
        async with self._db.reading() as connection:
            try:
                await self._lead(connection)
            finally:
                await connection.invalidate()  # the lock must not go back into the pool

    async def _lead(self, connection: AsyncConnection) -> None:
        lead = _LEAD, {"lock": _LOCK}
        while not (await connection.execute(*lead)).scalar_one():  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(FLOOR)
        await self._written.hang(connection)
        await connection.execute(_BEGIN, {"name": "stamped"})
        head = (await connection.execute(_REACHED, {"name": "stamped"})).scalar_one()
        senders = self._senders()
        couriers = [_Courier(self._db, sender, head) for sender in senders]
        loops = {f"deliver to {courier.name}": courier.deliver for courier in couriers}
        try:
            async with running({**loops, "forget": lambda: every(SWEEP, self.forget)}):
                await self._stamp_on(connection, couriers)
        finally:
            await asyncio.gather(*(sender.close() for sender in senders))

    async def _stamp_on(self, connection: AsyncConnection, couriers: "list[_Courier]") -> None:
        while True:
            ring = self._written.next_ring()
            if rows := await _stamp(connection):
                for courier in couriers:
                    courier.hand(rows)
            if 1 < len(rows) < BATCH:
                await asyncio.sleep(GATHER)
            if len(rows) < BATCH:
                await heard(ring, within=FLOOR)

    async def forget(self) -> None:
        """Delete what every sender has and no reader can ask for any more."""
        old = {"age": KEPT, "senders": [sender.name for sender in self._senders()]}
        async with self._db.reading() as connection:
            while (await connection.execute(_FORGET, old)).rowcount:
                pass


async def _stamp(connection: AsyncConnection) -> list[Announced]:
    """Give the next committed rows their positions in the order of writing, and ring the bell."""
    return [Announced(*row[:-1]) for row in await connection.execute(_STAMP)]


class _Courier:
    """Takes stamped rows to one sender: one task, one batch at a time."""

    def __init__(self, db: Database, sender: Sender, head: int) -> None:
        self.name = sender.name
        self._db = db
        self._sender = sender
        self._head = head
        self._reached: int | None = None
        self._handed: deque[Announced] = deque(maxlen=HANDED_ON)
        self._stamped = asyncio.Event()

    def hand(self, rows: Sequence[Announced]) -> None:
        """Rows just stamped. What does not fit pushes out the oldest, which stand in the table."""
        self._handed.extend(rows)
        self._head = rows[-1].position
        self._stamped.set()

    async def deliver(self) -> None:
        """One batch, and then the cursor."""
        if self._reached is None:
            self._reached = await self._start()
        if self._reached == self._head:
            self._stamped.clear()
            await self._stamped.wait()
        head = self._head
        if batch := self._next_handed(self._reached) or await self._read(self._reached):
            await self._sender.send(batch)
        self._reached = batch[-1].position if batch else head  # empty: forgotten before its time
        async with self._db.reading() as connection:
            await connection.execute(_MOVE, {"name": self.name, "position": self._reached})

    async def _start(self) -> int:
        async with self._db.reading() as connection:
            await connection.execute(_BEGIN, {"name": self.name})
            return int((await connection.execute(_REACHED, {"name": self.name})).scalar_one())

    def _next_handed(self, after: int) -> list[Announced]:
        """The batch that follows `after`, if it is still in memory without a gap."""
        while self._handed and self._handed[0].position <= after:
            self._handed.popleft()
        if not self._handed or self._handed[0].position != after + 1:
            return []
        return [self._handed.popleft() for _ in range(min(BATCH, len(self._handed)))]

    async def _read(self, after: int) -> list[Announced]:
        async with self._db.reading() as connection:
            rows = await connection.execute(_READ, {"after": after})
            return [Announced(*row) for row in rows]
