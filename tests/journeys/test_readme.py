"""What README.md and `hub demo` show is what happens."""

import json
import re
import subprocess
from typing import Any

import pytest

from hub.site import ROOT
from tests.hub.conftest import Hub
from tests.journeys.conftest import School

pytestmark = pytest.mark.journey

WRITTEN = "http://127.0.0.1:8080"
"""Where the README's hub answers; the tests' own has another port."""


def lines_under(heading: str) -> str:
    """The shell lines of a section of the README."""
    section = (ROOT / "README.md").read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", section[0], re.DOTALL | re.MULTILINE))


def paste(lines: str, hub: Hub) -> str:
    """Run lines in the project's folder, as somebody who pastes them; what they print."""
    told = {**hub.environment}
    done = subprocess.run(
        ["sh", "-eu", "-c", lines], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def documents(printed: str) -> list[Any]:
    """The JSON documents that were printed one after the other."""
    found, rest = list[Any](), printed.strip()
    while rest:
        document, end = json.JSONDecoder().raw_decode(rest)
        found.append(document)
        rest = rest[end:].strip()
    return found


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
    for call in calls:
        if call.startswith("curl -sS -X GET"):
            again = call.replace("curl -sS", "curl -sS --fail", 1)
            assert paste(f"{tokens}\n{again}", one_process)
