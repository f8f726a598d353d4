"""How the commands reach the services' databases: the environment's, or the embedded ones."""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from hub.postgres import PostgresServer
from hub.site import SERVICES, Site
from hub.trouble import Trouble
from shared import migrations
from shared.db import Database


@contextmanager
def alone(site: Site) -> Iterator[None]:
    """Hold this folder's lock: two hubs on the same data would stop each other's database."""
    try:
        site.var.mkdir(parents=True, exist_ok=True)
        lock = (site.var / "hub.lock").open("a")
    except PermissionError:
        raise Trouble(
            f"{site.var} belongs to another user (was the hub run as root before?). "
            "Be that user again, or name another folder: HUB_VAR=…"
        ) from None
    with lock as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"A hub is running with the data in {site.var}. "
                "Stop it with Ctrl-C in its terminal, or name another folder: HUB_VAR=…"
            ) from None
        yield


@contextmanager
def reachable(site: Site) -> Iterator[dict[str, str]]:
    """The URL of every service's database, for the while of a command.

    GATEWAY_DATABASE_URL and its like win: that is how the command runs in a container. Otherwise it
    is the embedded server, started for this while unless a hub is running already.
    """
    named = {name: os.environ.get(f"{name.upper()}_DATABASE_URL") for name in SERVICES}
    if any(named.values()):
        yield {name: _with_password(name, url) for name, url in named.items() if url}
        return
    with ExitStack() as stack:
        server = PostgresServer(site.postgres)
        if server.pid is None:
            stack.enter_context(alone(site))
            site.create_secrets()  # always before the data: a missing key then means a lost one
            stack.enter_context(server)
        for name in SERVICES:
            server.create_database(name)
        yield {name: server.url(name) for name in SERVICES}


def _with_password(service: str, url: str) -> str:
    file = os.environ.get(f"{service.upper()}_DATABASE_PASSWORD_FILE")
    if file is None:
        return url
    password = Path(file).read_text().strip()
    return make_url(url).set(password=password).render_as_string(hide_password=False)


async def migrate(urls: dict[str, str]) -> None:
    """Bring every database to the newest revision of its service."""
    for service, url in urls.items():
        await migrations.upgrade(service, url)


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """A few connections, for a command."""
    db = Database.open(url, connections=2)
    try:
        yield db
    finally:
        await db.close()
