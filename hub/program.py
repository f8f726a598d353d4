"""A program that the hub starts beside itself: started, waited for, and stopped by its pid."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from hub.site import HERE
from hub.trouble import Trouble

STARTING = 30.0
"""Seconds until its port must answer."""
STOPPING = 15.0
"""Seconds it may take to finish before it is killed."""


class Program:
    """`command`, with its output in `<folder>/<name>.log` and its pid in `<name>.pid`.

    It has a session of its own: Ctrl-C reaches the hub alone, which stops the others in order.
    The pid file is how a program that outlived a killed hub is found and stopped.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        port: int,
        folder: Path,
        environment: Mapping[str, str],
    ) -> None:
        self.name, self.port = name, port
        self.command, self._environment = list(command), dict(environment)
        self.log, self._pid_file = folder / f"{name}.log", folder / f"{name}.pid"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its process id, if it is alive and still this very program."""
        return next((one.pid for one in self._family() if one.pid == self._noted()[0]), None)

    def start(self) -> None:
        """Start it and return when it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it; what a killed hub or a killed main process left of it ends first."""
        self.stop()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.touch(mode=0o600)
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self.command,
                env=os.environ | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        pid = self._child.pid
        self._pid_file.write_text(f"{pid} {psutil.Process(pid).create_time()}")

    def wait(self) -> None:
        """Return when it answers. Raises Trouble with the end of its log when it does not."""
        deadline = time.monotonic() + STARTING
        while not answers(self.port):
            if self.pid is None or time.monotonic() > deadline:
                self.stop()
                said = self.log.read_text(errors="replace")[-2000:]
                raise Trouble(f"{self.name} did not start. Its log, {self.log}:\n{said}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it, then whatever it leaves behind; harmless when nothing runs."""
        family = self._family()
        asked = [one for one in family if one.pid == self._noted()[0]] or family
        for process in asked:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        psutil.wait_procs(asked, STOPPING)
        left = self._family()
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, STOPPING)
        if self._child is not None:
            self._child.poll()  # takes its exit code, so that no zombie stays

    def _noted(self) -> tuple[int, float]:
        """The pid and the time of birth of the last one started."""
        try:
            pid, born = self._pid_file.read_text().split()
        except (FileNotFoundError, ValueError):
            return 0, 0.0
        return int(pid), float(born)

    def _family(self) -> list[psutil.Process]:
        """What lives of its session: nginx's workers outlive a master that was killed.

        While one of them lives the kernel gives the session's number to nobody else.
        """
        pid, born = self._noted()
        found = [one for one in psutil.process_iter() if pid and _session(one.pid) == pid]
        with suppress(psutil.NoSuchProcess):
            if any(one.pid == pid and one.create_time() != born for one in found):
                return []
        return [one for one in found if _is_alive(one)]


def _is_alive(process: psutil.Process) -> bool:
    """Whether it still runs; one that has just ended is no fault of whoever asks."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def answers(port: int) -> bool:
    """Whether something on this machine listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HERE, port)) == 0
