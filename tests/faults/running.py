"""The processes of `hub up --processes` and a MASH consumer; each can be killed and restarted."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import psutil
from rich.console import Console

from hub.kafka import KafkaNode
from hub.postgres import PostgresServer
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
        self._log = site.var / "mash_consumer.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def start(self) -> None:
        self.stop()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True)
class RunningHub:
    """Every process of one hub, with those that a test looks into."""

    site: Site
    postgres: PostgresServer
    kafka: KafkaNode
    parts: dict[str, Child]

    def processes(self, name: str) -> list[psutil.Process]:
        """What a part consists of, its main process first; taken before a kill, to kill at once."""
        pid = self.parts[name].pid
        assert pid is not None, f"{name} has died by itself"
        main = psutil.Process(pid)
        return [main, *main.children(recursive=True)]

    def start(self, name: str) -> None:
        """Start a part that was killed, and return when it answers."""
        self.parts[name].start()


@contextmanager
def running(site: Site) -> Iterator[RunningHub]:
    """A hub and its MASH consumer; whatever happens in the block, all have ended after it."""
    with ExitStack() as stack:
        starting = Started(Console(quiet=True))
        postgres = prepare(stack, site, starting, site.ports.postgres_port)
        kafka = broker(site)
        rest: dict[str, Child] = {**programs(site), "kafka": kafka, "consumer": MashConsumer(site)}
        for part in rest.values():
            stack.callback(part.stop)
            part.start()
        yield RunningHub(site, postgres, kafka, {"postgres": postgres, **rest})


def kill_9(processes: list[psutil.Process]) -> None:
    """End them all as a failing machine would."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, ENDING)
