"""One real Apache Kafka node from Maven artifacts: fetched once, started, waited for, stopped."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

import psutil
from jinja2 import Environment, FileSystemLoader, StrictUndefined

RECIPE = Path(__file__).resolve().parent.parent / "deploy" / "kafka"
HERE = "127.0.0.1"
STARTING = 60.0
"""Seconds a node may take to open its port; it takes two to four, and longer after kill -9."""
STOPPING = 20.0
"""Seconds a node may take to close its log before it is killed."""
PARTNER_ALLOWED = "-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls"


class KafkaFailed(RuntimeError):
    """Kafka did not do what was asked; the message says why and where its log lies."""


@dataclass(frozen=True)
class Partner:
    """The listener for partners: tokens of `issuer` for `audience`, by the keys at `jwks_url`.

    The gateway must answer at `jwks_url` before the node starts.
    """

    port: int
    jwks_url: str
    issuer: str
    audience: str
    host: str = HERE


class KafkaNode:
    """A broker that is its own controller, in `folder`; its jars are kept in `libs`."""

    def __init__(
        self,
        folder: Path,
        *,
        libs: Path,
        internal: int,
        controller: int,
        partner: Partner | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.libs = libs.resolve()
        self.internal = internal
        self.controller = controller
        self.partner = partner
        self.log = self.folder / "kafka.log"
        self._data = self.folder / "data"
        self._settings = self.folder / "server.properties"
        self._pid_file = self.folder / "kafka.pid"
        self._started: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """The internal listener, for the hub's own services."""
        return f"{HERE}:{self.internal}"

    @property
    def partner_bootstrap(self) -> str:
        """The listener that partners reach with their tokens."""
        if self.partner is None:
            raise KafkaFailed("This node has no listener for partners")
        return f"{self.partner.host}:{self.partner.port}"

    @property
    def pid(self) -> int | None:
        """The node's process id, if it is alive and serves this folder."""
        with suppress(OSError, ValueError, psutil.Error):
            process = psutil.Process(int(self._pid_file.read_text()))
            ours = str(self._settings) in process.cmdline()
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                return process.pid
        return None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, wait: float = STARTING) -> None:
        """Start the node and return when it answers; one left by a killed launcher ends first."""
        self.stop()
        fetch_jars(self.libs)
        self._data.mkdir(parents=True, exist_ok=True)
        self._settings.write_text(self._rendered())
        if not (self._data / "meta.properties").exists():
            self._format()
        with self.log.open("ab") as log:
            self._started = subprocess.Popen(
                self._java("-Xms256m", "-Xmx256m", "kafka.Kafka", str(self._settings)),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C stops the hub first, and the hub stops the node
            )
        self._pid_file.write_text(str(self._started.pid))
        self._wait_until_it_answers(self._started, time.monotonic() + wait)

    def stop(self) -> None:
        """Stop the node; harmless when it does not run."""
        if pid := self.pid:
            psutil.Process(pid).terminate()
            try:
                self._wait_until_it_ended(pid)
            except psutil.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End the node as a failing machine would: kill -9."""
        if pid := self.pid:
            os.kill(pid, signal.SIGKILL)
            self._wait_until_it_ended(pid)

    def _rendered(self) -> str:
        templates = Environment(  # noqa: S701 -- properties, not HTML
            loader=FileSystemLoader(RECIPE), undefined=StrictUndefined
        )
        return templates.get_template("server.properties.j2").render(
            host=HERE,
            bind=HERE,
            internal=self.internal,
            controller=self.controller,
            partner=self.partner,
            folder=self._data,
        )

    def _format(self) -> None:
        tool = "kafka.tools.StorageTool"
        cluster = self._run(tool, "random-uuid").splitlines()[-1]
        self._run(tool, "format", "--standalone", "-t", cluster, "-c", str(self._settings))

    def _run(self, *command: str) -> str:
        done = subprocess.run(self._java(*command), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise KafkaFailed(f"Kafka's {command[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def _java(self, *command: str) -> list[str]:
        allowed = [f"{PARTNER_ALLOWED}={self.partner.jwks_url}"] if self.partner else []
        quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        return [program("java"), "-cp", f"{self.libs}/*", quiet, *allowed, *command]

    def _wait_until_it_ended(self, pid: int) -> None:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).wait(STOPPING)
        if self._started is not None:
            self._started.wait()  # it has ended: this only lets Python know

    def _wait_until_it_answers(self, node: "subprocess.Popen[bytes]", deadline: float) -> None:
        ports = [self.internal, *([self.partner.port] if self.partner else [])]
        while not all(_is_open(port) for port in ports):
            if node.poll() is not None or time.monotonic() > deadline:
                node.kill()
                node.wait()
                said = self.log.read_text(errors="replace")[-4000:]
                raise KafkaFailed(f"Kafka did not start. Its log, {self.log}:\n{said}")
            time.sleep(0.1)


def fetch_jars(libs: Path) -> None:
    """Copy the node's jars into `libs` by Maven, unless these very versions are there."""
    recipe = sha256((RECIPE / "pom.xml").read_bytes()).hexdigest()
    mark = libs / "fetched"
    if mark.exists() and mark.read_text() == recipe:
        return
    shutil.rmtree(libs, ignore_errors=True)
    command = [program("mvn"), "-q", "-B", "-f", str(RECIPE / "pom.xml")]
    options = ["-DincludeScope=runtime", f"-DoutputDirectory={libs}"]
    done = subprocess.run(
        [*command, "dependency:copy-dependencies", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise KafkaFailed(f"Maven could not fetch Kafka:\n{done.stdout}{done.stderr}")
    mark.write_text(recipe)


def program(name: str) -> str:
    """Where a program lies. Raises KafkaFailed with what to install."""
    found = shutil.which(name)
    if found is None:
        raise KafkaFailed(f"{name} is missing: apt-get install default-jre-headless maven")
    return found


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HERE, port)) == 0
