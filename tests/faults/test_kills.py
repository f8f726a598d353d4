"""Kill -9 at random moments under load, always with work in flight: nothing is lost or doubled."""

import asyncio
from statistics import median

import pytest

from tests.faults.conftest import PROVING
from tests.faults.proof import nothing_is_lost
from tests.faults.victims import AT_WORK, Scene, kill_at_work
from tests.figures import Figures

pytestmark = pytest.mark.kafka

KILLS = 20 if PROVING else 3
LONGEST = 60.0 + 30.0 * KILLS
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
        events_repeated=repeats,
        seconds_to_recover=f"{median(death.recovered_after for death in deaths):.1f} (median)",
    )
