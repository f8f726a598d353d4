"""What README.md and `hub demo` show is what happens."""

import re

import pytest

from tests.hub.conftest import Hub
from tests.journeys.conftest import School
from tests.journeys.pages import WRITTEN, documents, lines_under, paste

pytestmark = pytest.mark.journey


def test_the_readmes_own_lines_refer_a_family_whose_reference_outlives_a_restart(
    one_process: Hub,
) -> None:
    lines = lines_under("The first referral")
    assert lines.count(WRITTEN) >= 3
    receipt, history, feed = documents(paste(lines.replace(WRITTEN, one_process.url), one_process))
    assert [entry["action"] for entry in history["entries"]] == ["submit"]
    assert [event["subject"] for event in feed] == [receipt["id"]]
    assert one_process.end() == 0
    one_process.up()
    found = School(one_process).get(receipt["links"]["self"]).json()
    assert found["reference"] == receipt["reference"]


def test_the_demo_plays_through_and_each_call_can_be_pasted(one_process: Hub) -> None:
    said = one_process("demo")
    calls = re.findall(r"^curl -sS -X .*?[^\\]$", said, re.DOTALL | re.MULTILINE)
    answers = re.findall(r"^(\d{3}) ", said, re.MULTILINE)
    assert len(calls) > len(answers) >= 20
    tokens = "\n".join(re.findall(r"^[A-Z_]+=\$\(.*\)$", said, re.MULTILINE))
    looks = [call for call in calls if call.startswith("curl -sS -X GET")]
    declined = [call for call in looks if "$HEALTH" in call]
    assert len(looks) > len(declined) > 0
    for call in looks:
        answer = paste(f"{tokens}\n{call}", one_process)
        gone = "/problems/not-found" in answer
        assert gone == (call in declined), "whoever has declined knows nothing of it any more"
