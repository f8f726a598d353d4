"""Whatever dies or is away, under load: nothing is lost, nothing happens twice, order is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median
from time import monotonic

import pytest

from tests.events_fixture import until
from tests.faults.conftest import PROVING
from tests.faults.proof import WAY, nothing_is_lost
from tests.faults.school import School
from tests.faults.victims import AT_WORK, Scene, kill_at_work, undelivered
from tests.figures import Figures

pytestmark = pytest.mark.kafka

KILLS = 20 if PROVING else 3
STOPPED = 60.0 if PROVING else 15.0
"""Seconds without Kafka."""
LONGEST = 1800.0 if PROVING else 600.0
"""Seconds after which a test is given up."""


@pytest.mark.parametrize("victim", AT_WORK)
async def test_after_kill_9_every_referral_is_there_announced_and_decided_once_in_order(
    victim: str, scene: Scene, before: set[str], figures: Figures
) -> None:
    async with asyncio.timeout(LONGEST):
        async with scene.school.at_work():
            deaths = [await kill_at_work(scene, victim) for _ in range(KILLS)]
        repeats = await nothing_is_lost(scene.hub, scene.school, before)
    partner = scene.school.partner
    figures(
        f"kill -9 of {victim}",
        kills=KILLS,
        idle_kills_repeated=sum(death.idle_kills for death in deaths),
        in_flight=[death.in_flight for death in deaths],
        calls_cut=sum(death.calls_cut for death in deaths),
        sent_again=dict(partner.cut),
        referrals_taken=len(scene.school.referrals),
        workers_registered=len(scene.school.workers),
        events_repeated_so_far=repeats,
        seconds_to_recover=f"{median(death.recovered_after for death in deaths):.1f} (median)",
    )


async def test_while_kafka_is_stopped_referrals_are_taken_the_feed_goes_on_and_the_backlog_drains(
    scene: Scene, before: set[str], figures: Figures
) -> None:
    school, kafka = scene.school, scene.hub.kafka
    async with asyncio.timeout(LONGEST):
        async with school.at_work(), told_by_the_feed(school) as told:
            await until(lambda: school.referrals, LONGEST)
            await asyncio.to_thread(kafka.stop)
            taken_before = taken(school)
            await asyncio.sleep(STOPPED)
            meanwhile = taken(school) - taken_before
            await until(lambda: meanwhile <= told, LONGEST)
            backlog = await undelivered(scene)
            began = monotonic()
            await asyncio.to_thread(kafka.start)
            started = monotonic()
            await until(lambda: has_shrunk(scene, backlog), LONGEST)
            first = monotonic()
        errors = school.partner.cut.total()
        repeats = await nothing_is_lost(scene.hub, school, before)
        drained = monotonic()
    assert backlog >= len(meanwhile) > STOPPED, "Kafka was not away, or there was no load"
    assert errors == 0, school.partner.cut
    figures(
        f"Kafka stopped for {STOPPED:.0f} s",
        taken_meanwhile=len(meanwhile),
        errors=errors,
        backlog=backlog,
        events_repeated_so_far=repeats,
        seconds_until_kafka_answered=f"{started - began:.1f}",
        then_until_first_delivery=f"{first - started:.1f}",
        then_until_everything_was_decided_and_proved=f"{drained - first:.1f}",
    )


async def has_shrunk(scene: Scene, backlog: int) -> bool:
    """Whether the relay has delivered something again."""
    return await undelivered(scene) < backlog


def taken(school: School) -> set[str]:
    """The ids of the referrals that were answered 201 so far."""
    return {receipt["id"] for receipt in school.referrals.values()}


@asynccontextmanager
async def told_by_the_feed(school: School) -> AsyncIterator[set[str]]:
    """The ids of the referrals of whose sending the school's own feed has told so far."""
    told: set[str] = set()

    async def follow() -> None:
        page = "/api/v1/events?timeout=5"
        while True:
            answer = await school.partner.call("GET", page)
            told.update(event["subject"] for event in answer.json() if event["type"] == WAY[0])
            page = answer.links["next"]["url"]

    async with asyncio.TaskGroup() as reading:
        following = reading.create_task(follow())
        yield told
        following.cancel()
