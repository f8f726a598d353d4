"""A hub that listens on a port, in a thread of its own, with callers of every kind and role."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any, TypeVar
from uuid import uuid4

import httpx2
import uvicorn

from hub.postgres import PostgresServer
from tests.hub_fixture import Hub, System, open_hub
from tests.rules.authorization_table import AGENCIES, MAY_HOLD, TABLES, Cell, cells
from tests.rules.world import World, made_in

CASES = {operation: cells(operation)[0] for operation in TABLES}
"""For each operation somebody who may, about something with which it is possible."""
OTHERS = [kind for kind in MAY_HOLD if kind not in AGENCIES.values()]
CALLERS = [
    (agency, role)
    for agency in [*AGENCIES, *OTHERS]
    for role in sorted(MAY_HOLD[AGENCIES.get(agency, agency)])
]
"""Every agency there is, with every role that it may give."""

Headers = dict[str, str]
T = TypeVar("T")


@dataclass
class Served:
    """A hub as the network shows it, and what each caller sends to be known."""

    url: str
    known: dict[tuple[str, str], Headers]
    document: dict[str, Any]
    world: World
    loop: asyncio.AbstractEventLoop
    http: httpx2.Client = field(default_factory=httpx2.Client)
    _ready: dict[str, tuple[dict[str, Any], Headers]] = field(default_factory=dict)

    def ready(self, operation: str) -> tuple[dict[str, Any], Headers]:
        """What the path names and the headers with which the operation is possible now.

        The same until it is `used`.
        """
        cell = CASES[operation]
        if operation not in self._ready:
            names = self._do(self.world.names(operation, cell))
            seen = self._do(self.world.version(operation, cell))
            self._ready[operation] = names, {"If-Match": seen}
        names, version = self._ready[operation]
        return names, self._who(cell) | version | {"Idempotency-Key": str(uuid4())}

    def used(self, operation: str) -> None:
        """It was done: the next one needs something new."""
        self._ready.pop(operation, None)

    def _who(self, cell: Cell) -> Headers:
        role = next(iter(sorted(MAY_HOLD[AGENCIES[cell.agency]])))
        return self.known[cell.agency, role if cell.role == "nobody" else cell.role]

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=60)


async def _known(hub: Hub, world: World) -> dict[tuple[str, str], Headers]:
    """The headers of each caller."""
    systems: dict[str, System] = dict(world.systems)
    for kind in OTHERS:
        systems[kind] = await hub.join(kind)
        for role in MAY_HOLD[kind]:
            await systems[kind].worker(role, role)
    return {
        (agency, role): {
            "Authorization": f"Bearer {await systems[agency].token()}",
            "Acting-Worker": role,
            "Purpose": systems[agency].purpose,
        }
        for agency, role in CALLERS
    }


async def _serve(hub: Hub, ready: "Queue[Any]") -> None:
    world = await made_in(hub)
    known = await _known(hub, world)
    server = uvicorn.Server(
        uvicorn.Config(
            hub.app, port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=1
        )
    )
    document = (await hub.http.get("/openapi.json")).json()
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- no bell rings
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    url, loop = f"http://127.0.0.1:{port}", asyncio.get_running_loop()
    ready.put((server, Served(url, known, document, world, loop)))
    await serving


@contextmanager
def serving(postgres: PostgresServer, templates: dict[str, str], folder: Path) -> Iterator[Served]:
    """The hub, until the block ends."""
    ready: Queue[Any] = Queue()

    async def live() -> None:
        try:
            async with open_hub(postgres, templates, folder) as hub:
                await _serve(hub, ready)
        except Exception as error:
            ready.put(error)
            raise

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    told = ready.get(timeout=60)
    if isinstance(told, Exception):
        raise told
    server, served = told
    try:
        yield served
    finally:
        served.http.close()
        server.should_exit = True
        thread.join()
