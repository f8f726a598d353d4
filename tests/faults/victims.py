"""Kill -9 of a part that is at work: the kill of an idle process proves nothing and is repeated."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from random import Random
from time import monotonic

from sqlalchemy import text

from shared.db import Database
from tests.faults.running import RunningHub, kill_9
from tests.faults.school import School

BEFORE = 0.0, 1.5
"""Seconds of quiet before a kill, at least and at most."""
LOOK = 0.002
"""Seconds between two looks whether the victim is at work."""
SETTLING = 0.2
"""Seconds until what the victim had sent before it died has arrived."""


@dataclass(frozen=True)
class Scene:
    """A running hub under load, with a look into the referral service's database."""

    hub: RunningHub
    school: School
    referral_db: Database

    async def count(self, statement: str) -> int:
        async with self.referral_db.reading() as connection:
            return int((await connection.execute(text(statement))).scalar_one())


@dataclass(frozen=True)
class Death:
    """What was in flight when a part died, and how long it took until the whole way went again."""

    in_flight: int
    calls_cut: int
    recovered_after: float
    idle_kills: int
    """Kills before this one that found the part idle."""


async def undelivered(scene: Scene) -> int:
    """Events that the relay has in hand: stamped, and not noted as delivered."""
    return await scene.count(
        "select max(position) - min(position) from relay_cursor where name in ('stamped', 'kafka')"
    )


async def _in_a_batch(scene: Scene) -> int:
    """Events of a batch of several: one alone has no middle."""
    events = await undelivered(scene)
    return events if events > 1 else 0


async def _under_way(scene: Scene) -> int:
    """Calls of the school that are not answered."""
    return len(scene.school.partner.under_way)


async def _half_decided(scene: Scene) -> int:
    """Referrals that the front door has begun and not ended."""
    return await scene.count(
        "select count(*) from referral where status in ('acknowledged', 'triaging')"
    )


AT_WORK: dict[str, Callable[[Scene], Awaitable[int]]] = {
    "referral": _in_a_batch,
    "gateway": _under_way,
    "consumer": _half_decided,
    "postgres": _under_way,
}
"""The parts that are killed, and how it shows that they are at work."""


async def kill_at_work(scene: Scene, victim: str) -> Death:
    """Kill it at a random moment and start it again, once more where it had nothing in flight."""
    at_work = AT_WORK[victim]
    for idle_kills in count():
        processes = scene.hub.processes(victim)
        await asyncio.sleep(Random().uniform(*BEFORE))  # noqa: S311 -- not a secret
        while not await at_work(scene):  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(LOOK)
        calls = list(scene.school.partner.under_way)
        kill_9(processes)
        killed, clock = datetime.now(UTC), monotonic()
        cut = [await call for call in calls].count(False)
        await asyncio.sleep(SETTLING)
        in_flight = cut if at_work is _under_way else await at_work(scene)
        await asyncio.to_thread(scene.hub.start, victim)
        await _whole_way_goes(scene.hub, since=killed)
        if in_flight:
            return Death(in_flight, cut, monotonic() - clock, idle_kills)
    raise AssertionError("counted to the end")


async def _whole_way_goes(hub: RunningHub, since: datetime) -> None:
    """Until a referral of after the kill is decided."""
    decided = "select count(*) from referral where status = 'decided'"
    done = f"{decided} and submitted_at > '{since.isoformat()}'"
    while await asyncio.to_thread(hub.postgres.sql, done, "referral") == "0":  # noqa: ASYNC110
        await asyncio.sleep(0.1)
