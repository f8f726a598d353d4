"""The shell lines of the pages, as somebody pastes them."""

import json
import re
import subprocess
from typing import Any

from hub.site import ROOT
from tests.hub.conftest import Hub

WRITTEN = "http://127.0.0.1:8080"
"""Where the README's hub answers; the tests' own has another port."""


def lines_under(heading: str, page: str = "README.md") -> str:
    """The shell lines of a section of a page."""
    section = (ROOT / page).read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")
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
