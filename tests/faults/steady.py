"""A steady load: so many referrals a second, each begun at its own moment, however the hub is."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import monotonic
from uuid import uuid4

import psutil
from sqlalchemy import text

from hub import families
from hub.site import SERVICES
from shared.db import Database
from tests.faults.partner import Partner
from tests.faults.running import RunningHub
from tests.faults.school import REFERRALS, SAMPLETON

LOOKED_THROUGH = 10
"""After every so many referrals the front door reads the first page of its worklist."""
LOOK = 0.25
"""Seconds between two looks at the outbox and the memory."""
WINDOW = 40
"""Looks whose median is the memory of a moment: ten seconds."""
MEASURED = SERVICES

_LAG = text(
    """
    select coalesce(extract(epoch from now() - min(occurred_at)), 0)::float from outbox
    where position is null
       or position > (select position from relay_cursor where name = 'kafka')
    """
)
"""Seconds since the oldest event was written that Kafka has not taken yet."""


@dataclass
class Steady:
    """A school that refers and a front door that acknowledges, at a rate that never waits."""

    school: Partner
    front_door: Partner
    rate: float
    """Referrals a second."""
    taken: dict[str, float] = field(default_factory=dict)
    """The referrals, and the seconds from the moment each was due until its 201."""
    late: list[float] = field(default_factory=list)
    """Seconds by which this program itself began later than due."""
    _random: Random = field(default_factory=Random)

    async def run(self, seconds: float) -> None:
        """Every referral begins when it is due, whether or not the one before was answered."""
        began = monotonic()
        async with asyncio.TaskGroup() as calls:
            for number in range(round(self.rate * seconds)):
                due = began + number / self.rate
                await asyncio.sleep(max(0.0, due - monotonic()))
                self.late.append(monotonic() - due)
                calls.create_task(self._one(number, due))

    async def _one(self, number: int, due: float) -> None:
        body = families.referral(self._random, datetime.now(UTC).date(), SAMPLETON)
        key = {"Idempotency-Key": str(uuid4())}
        answer = await self.school.call("POST", REFERRALS, body, key)
        receipt = answer.json()["id"]
        self.taken[receipt] = monotonic() - due
        path, seen = f"{REFERRALS}/{receipt}/acknowledgement", {"If-Match": '"1"'}
        await self.front_door.call("POST", path, None, seen)
        if number % LOOKED_THROUGH == 0:
            await self.front_door.call("GET", f"{REFERRALS}?status=acknowledged")

    def cut(self) -> int:
        """Calls that had to be sent again."""
        return self.school.cut.total() + self.front_door.cut.total()


@dataclass
class Looked:
    """What was seen of the hub while it worked."""

    lags: list[float] = field(default_factory=list)
    """Seconds."""
    memory: list[float] = field(default_factory=list)
    """Megabytes that the measured processes hold alone."""

    async def look(self, hub: RunningHub, db: Database) -> None:
        """Look until cancelled."""
        while True:
            async with db.reading() as connection:
                self.lags.append((await connection.execute(_LAG)).scalar_one())
            self.memory.append(await asyncio.to_thread(megabytes, hub))
            await asyncio.sleep(LOOK)

    def megabytes(self, parts: int) -> list[float]:
        """The memory of so many moments, from the beginning to the end, the same time apart."""
        last = len(self.memory) - WINDOW
        starts = [last * part // parts for part in range(parts + 1)]
        return [median(self.memory[start : start + WINDOW]) for start in starts]


def megabytes(hub: RunningHub) -> float:
    """What the services' processes hold, shared pages aside."""
    processes: list[psutil.Process] = [one for name in MEASURED for one in hub.processes(name)]
    return sum(process.memory_full_info().uss for process in processes) / 1e6
