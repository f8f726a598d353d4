"""What the tests of the `hub` command share: the command itself, and a hub that it runs."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.site import ROOT
from tests.kafka_fixture import free_port as find_free_port

READY = 60.0
"""Seconds a start may take on a busy machine before the test gives up."""


@pytest.fixture
def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    return find_free_port()


class Hub:
    """The `hub` command with data and a port of its own, and `hub up` as a child of the test."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {"HUB_VAR": str(var), "HUB_PORT": str(self.port)}
        self._child: subprocess.Popen[str] | None = None

    def __call__(self, *words: str, check: bool = True) -> str:
        """Run `hub …` and answer what it printed; with `check=False` the complaint too."""
        done = subprocess.run(
            [sys.executable, "-m", "hub.main", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout if check else f"{done.returncode} {done.stdout}{done.stderr}"

    def up(self, *flags: str) -> str:
        """Start it, and answer what it printed until it was ready."""
        log = self.var.with_suffix(".out")
        with log.open("w") as output:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "hub.main", "up", *flags],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        deadline = time.monotonic() + READY
        while "Ctrl-C stops everything" not in log.read_text():
            assert self._child.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        return log.read_text()

    @property
    def pid(self) -> int:
        """The running command."""
        assert self._child is not None
        return self._child.pid

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """End the running command by a signal; its exit code, 0 when none was started."""
        if self._child is None:
            return 0
        if self._child.poll() is None:
            self._child.send_signal(how)
        return self._child.wait(READY)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account may pass through when the tests run as root.

    pytest closes its own folders again whenever another session begins.
    """
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A fresh folder for one test."""
    with open_folder() as fresh:
        yield fresh


@pytest.fixture
def hub(folder: Path) -> Iterator[Hub]:
    """A hub of the test's own, not started yet."""
    own = Hub(folder / "var")
    yield own
    own.end()


@pytest.fixture(scope="module")
def running() -> Iterator[Hub]:
    """A hub that runs in one process, for every test of a module."""
    with open_folder() as folder:
        own = Hub(folder / "var")
        own.up()
        yield own
        own.end()
