"""Hour after hour of a busy front door: no error, nothing late, nothing that grows."""

import asyncio
from collections.abc import AsyncIterator
from statistics import quantiles

import pytest

from shared.db import Database
from tests.faults.conftest import PROVING
from tests.faults.partner import Partner
from tests.faults.proof import WAY, assert_announced_in_order, everything_heard, referrals, written
from tests.faults.running import RunningHub
from tests.faults.steady import LOOK, Looked, Steady
from tests.figures import Figures

pytestmark = pytest.mark.kafka

RATE = 20.0
"""Referrals a second."""
LASTING = 1800.0 if PROVING else 180.0
"""Seconds."""
PARTS = 6
"""Memory is told for so many parts of the time. Pools and caches fill in the first: it is compared
from there to the end."""


@pytest.fixture
async def steady(hub: RunningHub) -> AsyncIterator[Steady]:
    """The load; the example of the front door is silent, so that nobody else takes a step."""
    hub.parts["consumer"].stop()
    school, front_door = Partner(hub.site, "school"), Partner(hub.site, "front-door")
    yield Steady(school, front_door, RATE)
    await school.close()
    await front_door.close()


async def test_twenty_referrals_a_second_are_taken_acknowledged_and_announced_once(
    hub: RunningHub, steady: Steady, figures: Figures
) -> None:
    looked, db = Looked(), Database.open(hub.postgres.url("referral"), connections=1)
    async with asyncio.TaskGroup() as work:
        looking = work.create_task(looked.look(hub, db))
        await steady.run(LASTING)
        looking.cancel()
    await db.close()

    await everything_is_there_and_announced_once(hub, steady)
    percent = quantiles(steady.taken.values(), n=100)
    memory = looked.megabytes(PARTS)
    figures(
        f"{RATE:.0f} referrals a second for {LASTING:.0f} s",
        taken=len(steady.taken),
        errors=f"{steady.cut()} (aim 0)",
        submitting=f"p50 {percent[49] * 1e3:.0f} ms, p99 {percent[98] * 1e3:.0f} ms",
        begun_late=f"{max(steady.late) * 1e3:.0f} ms at most",
        longest_outbox_lag=f"{max(looked.lags):.2f} s (aim 1 s), looked at each {LOOK} s",
        megabytes=[round(held) for held in memory],
        grown_since_the_first_part=f"{memory[-1] / memory[1] - 1:+.1%} (aim +10 %)",
    )
    assert steady.cut() == 0, (steady.school.cut, steady.front_door.cut)
    assert len(steady.taken) == round(RATE * LASTING)


async def everything_is_there_and_announced_once(hub: RunningHub, steady: Steady) -> None:
    """In the database and on the topic, each referral with its two steps in their order."""
    assert referrals(hub) == steady.taken.keys()
    rows = written(hub, "referral")
    heard, repeats = await everything_heard(hub, rows | written(hub, "gateway"))
    assert_announced_in_order(heard, rows | written(hub, "gateway"))
    assert repeats == 0
    assert all(list(events.values()) == WAY[:2] for events in rows.values())
