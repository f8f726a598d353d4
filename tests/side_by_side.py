"""Tests in several processes: each file in one of them, whatever kills and measures in one too.

Most of a test's time is waiting for other processes, so that two of them fit on two cores.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

FAULTS = "tests/faults/"
"""Hubs under load, killed and measured: never two at once."""
MEASURED = f"{FAULTS}test_steady.py"
LOCKS = Path(__file__).resolve().parent.parent / "var"


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Files share hubs among their tests, and brokers among all tests of a process."""

    def _split_scope(self, nodeid: str) -> str:
        return FAULTS if nodeid.startswith(FAULTS) else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def our_share(port: int) -> bool:
    """Whether a port is for this process to give: two of them never offer the same one."""
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return port % count == number % count


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """What is measured over minutes has both cores: no other test begins before it is over."""
    measured = item.nodeid.startswith(MEASURED)
    LOCKS.mkdir(exist_ok=True)
    with (LOCKS / "measured.lock").open("w") as gate, (LOCKS / "tests.lock").open("w") as running:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(running, fcntl.LOCK_EX if measured else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)  # whoever waits for the other process has waited first
        return (yield)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """What is installed into `folder` is installed once; the other process waits for it."""
    LOCKS.mkdir(exist_ok=True)
    with (LOCKS / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
