"""`hub up --processes`: what docker-compose.yml runs, without Docker, as children of this command.

A child that dies is reported and started again, as `restart: unless-stopped` does there; one that
dies again and again stops the hub, so that nobody looks for the fault elsewhere.
"""

import shutil
import sys
import time
from collections import deque
from contextlib import ExitStack, suppress
from typing import Protocol

from rich.console import Console

from gateway.door import nginx
from hub import banner
from hub.databases import alone
from hub.program import Program
from hub.site import HERE, SERVICES, Site
from hub.trouble import Trouble
from hub.up import Started, broker, end_cleanly, prepare, refuse_taken

WATCH = 0.3
"""Seconds between two looks at the children."""
DEATHS, WITHIN = 5, 60.0
"""So many deaths of one child in so many seconds stop the hub."""


class Child(Protocol):
    """A process that can be found, started and stopped."""

    @property
    def pid(self) -> int | None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


def run(site: Site, console: Console) -> None:
    """Start every process, say what there is, and watch over them until Ctrl-C."""
    started = Started(console)
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        stack.enter_context(alone(site))
        end_cleanly(stack, console)
        for name, port in site.ports.model_dump().items():
            refuse_taken(port, name.upper())
        server = prepare(stack, site, started, site.ports.postgres_port)
        beside = programs(site)
        for program in beside.values():
            stack.callback(program.stop)
        with started.step("Starting the services", ", ".join(beside)):
            for program in beside.values():
                program.launch()
            for program in beside.values():
                program.wait()
        kafka = broker(site)
        stack.callback(kafka.stop)
        with started.step("Starting Kafka", "Kafka 4.4"):
            kafka.start()
        children: dict[str, Child] = {"postgres": server, **beside, "kafka": kafka}
        seconds = time.monotonic() - started.began
        banner.show(console, site, seconds=seconds, kafka=True)
        watch(children, console)


def programs(site: Site) -> dict[str, Program]:
    """The services and the door before them, in the order in which they start."""
    hub = [sys.executable, "-m", "hub.main"]
    found = {
        name: Program(
            name,
            [*hub, "serve", name, "--host", HERE, "--port", str(site.ports.of(name))],
            port=site.ports.of(name),
            folder=site.var / "run",
            environment=site.environment(
                name, database_url(site, name), kafka=True, processes=True
            ),
        )
        for name in SERVICES
    }
    return found | {"nginx": _nginx(site)}


def database_url(site: Site, service: str) -> str:
    """A service's database over TCP, where its password file opens it."""
    return f"postgresql+asyncpg://{service}@{HERE}:{site.ports.postgres_port}/{service}"


def _nginx(site: Site) -> Program:
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        raise Trouble("nginx is missing. Have an administrator run: apt-get install nginx")
    folder = site.var / "nginx"
    folder.mkdir(parents=True, exist_ok=True)
    settings = nginx.render(
        folder,
        listen=f"{HERE}:{site.ports.hub_port}",
        services={name: f"{HERE}:{site.ports.of(name)}" for name in SERVICES},
    )
    command = [program, *nginx.command(settings)[1:]]
    run = site.var / "run"
    return Program("nginx", command, port=site.ports.hub_port, folder=run, environment={})


def watch(children: dict[str, Child], console: Console) -> None:
    """Look after the children for ever. Raises Trouble when one keeps dying."""
    deaths: dict[str, deque[float]] = {name: deque(maxlen=DEATHS) for name in children}
    while True:
        time.sleep(WATCH)
        for name, child in children.items():
            if child.pid is not None:
                continue
            died = deaths[name]
            died.append(time.monotonic())
            if len(died) == DEATHS and died[-1] - died[0] < WITHIN:
                raise Trouble(f"{name} died {DEATHS} times within a minute; its log says why.")
            console.print(f"[yellow]![/] {name} died and is started again.")
            child.start()
