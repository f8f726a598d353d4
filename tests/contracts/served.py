"""A hub that listens on a port, in a thread of its own, with callers of every kind and role."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any
from uuid import uuid4

import httpx2
import uvicorn

from hub.postgres import PostgresServer
from tests.builders import a_decision, a_submission
from tests.hub_fixture import REFERRALS, Hub, System, open_hub
from tests.rules.authorization_table import MAY_HOLD

CALLERS = [(kind, role) for kind, roles in MAY_HOLD.items() for role in sorted(roles)]
"""Every kind of agency, with every role that it may give."""
_STEPS = ("acknowledgement", "triage", "decision")

Headers = dict[str, str]


@dataclass
class Served:
    """A hub as the network shows it, and what each caller sends to be known."""

    url: str
    known: dict[tuple[str, str], Headers]
    document: dict[str, Any]
    http: httpx2.Client = field(default_factory=httpx2.Client)

    def send(
        self, method: str, path: str, kind: str, role: str, body: Any = None, **headers: str
    ) -> httpx2.Response:
        """A request that must succeed."""
        told = self.known[kind, role] | {name.replace("_", "-"): v for name, v in headers.items()}
        answer = self.http.request(method, self.url + path, json=body, headers=told)
        assert answer.is_success, answer.text
        return answer

    def referral(self, steps: int) -> str:
        """The id of a new referral of the school's that has come `steps` steps far."""
        told = {"Idempotency_Key": str(uuid4())}
        receipt = self.send("POST", REFERRALS, "school", "referrer", a_submission(), **told)
        which = str(receipt.json()["id"])
        for version, step in enumerate(_STEPS[:steps], start=1):
            body, path = a_decision() if step == "decision" else None, f"{REFERRALS}/{which}/{step}"
            seen = {"If_Match": f'"{version}"'}
            self.send("POST", path, "front_door", "front_door_worker", body, **seen)
        return which

    def worker(self) -> tuple[str, str]:
        """The id and the ETag of the worker that the school calls `somebody`."""
        seen = self.send("GET", "/api/v1/workers/somebody", "school", "referrer")
        return str(seen.json()["id"]), seen.headers["ETag"]


async def _serve(hub: Hub, ready: "Queue[Any]") -> None:
    systems: dict[str, System] = {}
    known = {}
    for kind, role in CALLERS:
        system = systems[kind] = systems.get(kind) or await hub.join(kind)
        await system.worker(role, role)
        authorization = f"Bearer {await system.token()}"
        known[kind, role] = {"Authorization": authorization, "Acting-Worker": role}
    await systems["school"].worker("somebody")
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
    ready.put((server, Served(f"http://127.0.0.1:{port}", known, document)))
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
