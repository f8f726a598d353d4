"""`hub up`: the whole hub in this terminal, in one process; Ctrl-C stops all that it started."""

import asyncio
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

import structlog
import uvloop
from rich.console import Console

from hub import agreements, authorities, banner, sample, sample_agreements, services
from hub.databases import alone, migrate, open_database
from hub.kafka import KafkaNode, Partner
from hub.postgres import PostgresServer
from hub.site import HERE, SERVICES, Site
from hub.trouble import Trouble
from shared import logging, tuning
from shared.authority import Authorities
from shared.crypto import FieldCipher

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Started:
    """Says what has been started, one line each, on a terminal with a spinner before it."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.began = time.monotonic()

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[None]:
        """One step: `doing` while it lasts, `done` when it is over."""
        began = time.monotonic()
        with self.console.status(f"{doing} …"):
            yield
        self.console.print(f"[green]✓[/] {done} [dim]{time.monotonic() - began:.1f} s[/]")


def run(site: Site, console: Console, *, kafka: bool = False) -> None:
    """Start everything, say what there is, and serve until Ctrl-C, SIGTERM or a closed terminal."""
    started = Started(console)
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        stack.enter_context(alone(site))
        refuse_taken(site.ports.hub_port, "HUB_PORT")
        end_cleanly(stack, console)
        server = prepare(stack, site, started)
        node = broker(site) if kafka else None
        if node:
            stack.callback(node.stop)
        urls = {name: server.url(name) for name in SERVICES}
        uvloop.run(_serve(site, urls, started, node))


def end_cleanly(stack: ExitStack, console: Console) -> None:
    """SIGTERM and a closed terminal end the hub as Ctrl-C does."""
    for ending in ENDINGS:
        signal.signal(ending, _end)
    stack.callback(console.print, "[green]✓[/] Stopped. Your data stays.")


def prepare(
    stack: ExitStack, site: Site, started: Started, port: int | None = None
) -> PostgresServer:
    """PostgreSQL, keys, databases as the code wants them, the sample's partners and agreements."""
    councils = authorities.served(site.authorities)
    site.create_secrets()
    authorities.remember(site)
    server = PostgresServer(site.postgres, port=port)
    stack.callback(server.stop)
    with started.step("Starting PostgreSQL", "PostgreSQL 18"):
        server.start()
        for name in SERVICES:
            server.create_database(name)
            server.set_password(name, site.password_file(name).read_text())
    for folder in server.opened:
        started.console.print(f"  [yellow]{folder} now lets other accounts pass through[/]")
    urls = {name: server.url(name) for name in SERVICES}
    with started.step("Bringing the databases up to date", "Databases"):
        asyncio.run(_fill(site, urls, councils))
    return server


async def _fill(site: Site, urls: dict[str, str], councils: Authorities) -> None:
    await migrate(urls)
    async with open_database(urls["gateway"]) as db:
        cipher = FieldCipher(site.keys / "gateway.fields.json")
        now = datetime.now(UTC)
        parties = await sample.create(db, cipher, site, councils, now)
    async with open_database(urls["consent"]) as db:
        await sample_agreements.create(agreements.desk_of(site, db, councils), parties, now)


async def _serve(
    site: Site, urls: dict[str, str], started: Started, node: KafkaNode | None
) -> None:
    told = {name: site.environment(name, url, kafka=node is not None) for name, url in urls.items()}
    file = site.var / "hub.log"
    file.touch(mode=0o600)
    with file.open("a", buffering=1) as log:
        logging.configure("hub")
        structlog.configure(logger_factory=structlog.WriteLoggerFactory(log))
        app = services.all_in_one(told, node.bootstrap if node else None)
        server = services.server(app, HERE, site.ports.hub_port)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            if serving.done():
                await serving
                raise Trouble(f"The services did not start. Their log: {file}")
            await asyncio.sleep(0.02)
        if node:
            with started.step("Starting Kafka", "Kafka 4.4"):
                await asyncio.to_thread(node.start)
        tuning.settle()
        seconds = time.monotonic() - started.began
        banner.show(started.console, site, seconds=seconds, kafka=node is not None)
        await serving


def broker(site: Site) -> KafkaNode:
    """The Kafka node of this hub, with the listener that partners read from."""
    ports = site.ports
    return KafkaNode(
        site.var / "kafka",
        libs=site.var / "kafka" / "libs",
        internal=ports.kafka_port,
        controller=ports.kafka_controller_port,
        partner=Partner(
            port=ports.kafka_partner_port,
            jwks_url=f"{site.public_url}/.well-known/jwks.json",
            issuer=site.public_url,
            audience=f"{site.public_url}/events",
        ),
    )


def refuse_taken(port: int, variable: str) -> None:
    """Raises Trouble when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            free = f"{variable}={port + 1000} make up"
            raise Trouble(
                f"Port {port} is in use by another program. Stop that, or choose another: {free}"
            ) from None


def _end(*_: object) -> None:
    """Only once: a second Ctrl-C must not cut the stopping short."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt
