"""The programs that partners start from: other people's OAuth clients, through discovery."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import a_submission
from tests.hub.conftest import Hub
from tests.journeys.conftest import EXAMPLES, Consuming
from tests.journeys.test_refer_a_family import HAPPENED

pytestmark = [pytest.mark.journey, pytest.mark.kafka]

LONGEST = 60.0
"""Seconds a program may take."""
LINES_OF_CODE = 30


@pytest.fixture(autouse=True)
def _front_door(mash_consumer: Consuming) -> Iterator[None]:
    """Somebody who decides."""
    with mash_consumer():
        yield


def arguments(hub: Hub, folder: Path) -> list[str]:
    """Where the hub is, the school's client, and a family that was not referred yet."""
    referral = folder / "referral.json"
    referral.write_text(json.dumps(a_submission()))
    return [hub.url, str(hub.var / "clients" / "school.json"), str(referral)]


def refers_and_is_told(*command: str) -> None:
    """Run a program of a partner, and look whether it came through to the decision."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert done.returncode == 0, done.stderr
    said = [line.split(": ", 1) for line in done.stdout.splitlines()]
    assert [words for topic, words in said if topic == "told"] == HAPPENED
    assert dict(said)["history"].startswith("submit")


def test_a_program_with_authlibs_own_client_refers_and_is_told(
    processes: Hub, tmp_path: Path
) -> None:
    program = EXAMPLES / "refer.py"
    refers_and_is_told(sys.executable, str(program), *arguments(processes, tmp_path))
    code = program.read_text().split('"""')[-1]
    assert sum(bool(line.strip()) for line in code.splitlines()) <= LINES_OF_CODE


def test_a_program_with_openid_client_refers_and_is_told(
    processes: Hub, tmp_path: Path, node_modules: Path
) -> None:
    """It lies beside its packages, as `npm install` leaves them."""
    (tmp_path / "node_modules").symlink_to(node_modules)
    program = shutil.copy(EXAMPLES / "refer.mjs", tmp_path)
    node = str(Path(sys.executable).parent / "node")
    refers_and_is_told(node, str(program), *arguments(processes, tmp_path))
