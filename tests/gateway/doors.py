"""Both shapes of the door as real processes, and a client that sends exactly what a test says."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gateway.door import nginx
from tests.gateway.served import TABLE

Shape = Literal["dispatcher", "nginx"]
HERE = "127.0.0.1"


@dataclass
class Answer:
    """A raw answer: every header line as it came."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for found, value in self.headers if found.lower() == name]


@dataclass
class Doorway:
    """A running hub, its public port, and the processes behind it."""

    database_url: str
    commands: dict[str, list[str]]
    environment: dict[str, str]
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def port(self) -> int:
        """Where callers from outside knock."""
        return self.ports["door"]

    @property
    def url(self) -> str:
        """Its address, which is its issuer too."""
        return f"http://{HERE}:{self.port}"

    def start(self, name: str) -> None:
        """Start one of its processes and wait until it listens."""
        process = subprocess.Popen(
            self.commands[name], env=os.environ | self.environment, stdout=subprocess.DEVNULL
        )
        self.processes[name] = process
        _await_listening(process, self.ports[name])

    def stop(self, name: str) -> None:
        """End one of its processes."""
        process = self.processes.pop(name)
        process.terminate()
        process.wait(10)

    def raw(self, *lines: str, body: bytes = b"", port: int | None = None) -> Answer:
        """Send these lines as they are and read the answer."""
        head = "\r\n".join([*lines, f"Host: {HERE}", "", ""]).encode("latin-1")
        with socket.create_connection((HERE, port or self.port), timeout=10) as connection:
            connection.sendall(head + body)
            response = http.client.HTTPResponse(connection, method=lines[0].split()[0])
            response.begin()
            return Answer(response.status, response.getheaders(), response.read())


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def _await_listening(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, f"it ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex((HERE, port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nobody listens")


def uvicorn(factory: str, port: int) -> list[str]:
    """The command that serves one of tests/gateway/served.py."""
    application = f"tests.gateway.served:{factory}"
    options = ["--factory", "--port", str(port), "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", application, *options]


@contextmanager
def doorway(shape: Shape, folder: Path, environment: dict[str, str]) -> Iterator[Doorway]:
    """A hub with the echo service, in the shape asked for."""
    ports = {name: free_port() for name in ("door", "gateway", "echo")}
    told = environment | {"GATEWAY_PUBLIC_URL": f"http://{HERE}:{ports['door']}"}
    commands = {"door": uvicorn("dispatcher", ports["door"])}
    if shape == "nginx":
        addresses = {name: f"{HERE}:{ports[name]}" for name in ("gateway", "echo")}
        limits = {
            name: int(environment[f"GATEWAY_{name.upper()}"])
            for name in ("requests_per_second", "request_burst")
            if f"GATEWAY_{name.upper()}" in environment
        }
        conf = nginx.render(
            folder, listen=f"{HERE}:{ports['door']}", services=addresses, routes=TABLE, **limits
        )
        commands = {
            "gateway": uvicorn("gateway", ports["gateway"]),
            "echo": uvicorn("echo_service", ports["echo"]),
            "door": nginx.command(conf),
        }
    opened = Doorway(environment["GATEWAY_DATABASE_URL"], commands, told, ports)
    try:
        for name in commands:
            opened.start(name)
        yield opened
    finally:
        for name in reversed(list(opened.processes)):
            opened.stop(name)
