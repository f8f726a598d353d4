"""The processes of `hub up --processes` and a MASH consumer; each can be killed and restarted."""

import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import psutil
from rich.console import Console

from hub.processes import Child, programs
from hub.site import ROOT, Site
from hub.up import Started, broker, prepare

ENDING = 10.0
"""Seconds in which the kernel must have taken a killed process away."""


class MashConsumer:
    """The front door's example, as a process that reads the listener for partners."""

    def __init__(self, site: Site) -> None:
        self._command = [
            *(sys.executable, str(ROOT / "deploy" / "examples" / "mash_consumer.py")),
            *("--hub", site.public_url),
            *("--client", str(site.clients / "front-door.json")),
            *("--kafka", f"127.0.0.1:{site.ports.kafka_partner_port}"),
        ]
        self.log = site.var / "mash_consumer.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process else None

    def start(self) -> None:
        self.stop()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class RunningHub:
    """Every process of one hub, as a context; whatever happens in it, all have ended after it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kafka = broker(site)
        self.consumer = MashConsumer(site)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            port = self.site.ports.postgres_port
            self.postgres = prepare(stack, self.site, Started(Console(quiet=True)), port)
            services = programs(self.site)
            for program in services.values():
                stack.callback(program.stop)
                program.start()
            for other in (self.kafka, self.consumer):
                stack.callback(other.stop)
                other.start()
            self._parts: dict[str, Child] = {
                "postgres": self.postgres,
                "kafka": self.kafka,
                "consumer": self.consumer,
                **services,
            }
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def processes(self, name: str) -> list[psutil.Process]:
        """What a part consists of, its main process first; taken before a kill, to kill at once."""
        main = psutil.Process(self._parts[name].pid)
        return [main, *main.children(recursive=True)]

    def start(self, name: str) -> None:
        """Start a part that was killed, and return when it answers."""
        self._parts[name].start()

    def log(self, name: str) -> Path:
        """Where a service writes."""
        return self.site.var / "run" / f"{name}.log"


def kill_9(processes: list[psutil.Process]) -> None:
    """End them all as a failing machine would."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, ENDING)
