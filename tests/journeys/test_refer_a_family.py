"""The main way through, in separate processes: refer, hear, decide, be told."""

import signal
from time import monotonic

import pytest

from tests.figures import Figures
from tests.hub.conftest import Hub
from tests.journeys.conftest import Consuming, School

pytestmark = [pytest.mark.journey, pytest.mark.kafka]

STEPS = ["submit", "acknowledge", "triage", "decide"]
HAPPENED = [
    f"uk.earlyhelp.referral.{what}.v1"
    for what in ("submitted", "acknowledged", "triage_started", "decided")
]
HOW: dict[str, list[str]] = {"over Kafka": [], "over the feed": ["--feed"]}
"""How the front door's example is told to listen."""


@pytest.mark.parametrize("heard", HOW)
def test_a_school_refers_the_front_door_hears_and_decides_and_the_school_is_told(
    heard: str, school: School, mash_consumer: Consuming, figures: Figures
) -> None:
    first = school.refer()
    assert school.history(first) == ["submit"]
    with mash_consumer(*HOW[heard]):
        assert school.told_of(first, until=HAPPENED[-1]) == HAPPENED
        began = monotonic()
        second = school.refer()
        assert school.told_of(second, until=HAPPENED[-1]) == HAPPENED
        figures(
            f"A school refers, the front door hears {heard} and decides, the school is told",
            seconds=f"{monotonic() - began:.2f}",
        )
    for receipt in (first, second):
        assert school.history(receipt) == STEPS
        found = school.get(receipt["links"]["self"]).json()
        assert (found["status"], found["decision"]) == ("decided", "early_help")


def test_after_a_restart_the_reference_is_found_again_and_the_way_goes_on(
    processes: Hub, school: School, mash_consumer: Consuming
) -> None:
    receipt = school.refer()
    assert processes.end(signal.SIGINT) == 0
    processes.up("--processes")
    found = school.get(receipt["links"]["self"]).json()
    assert found["reference"] == receipt["reference"]
    with mash_consumer():
        assert school.told_of(receipt, until=HAPPENED[-1]) == HAPPENED
