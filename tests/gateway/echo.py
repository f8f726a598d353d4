"""A service for the door's tests: it says what reached it, streams, waits, and hears hang-ups."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.settings import Settings
from shared.auth import InternalTokens
from shared.entry import Entry
from shared.keys import signing_keys


@dataclass
class Seen:
    """What a long call has lived through so far, asked for by another call."""

    received: int = 0
    hung_up: bool = False
    released: asyncio.Event = field(default_factory=asyncio.Event)


class Echo:
    """ASGI application; the last part of the path names a call that others can watch."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = defaultdict(Seen)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        what, _, name = scope["path"].removeprefix("/echo/").partition("/")
        deed = getattr(self, f"_{what}", None)
        if deed:
            await deed(self._seen[name], receive, send)
        else:
            await _tell(send, await _received(scope, receive))

    async def _watch(self, seen: Seen, receive: Receive, send: Send) -> None:
        await _tell(send, {"received": seen.received, "hung_up": seen.hung_up})

    async def _release(self, seen: Seen, receive: Receive, send: Send) -> None:
        seen.released.set()
        await _tell(send, {})

    async def _swallow(self, seen: Seen, receive: Receive, send: Send) -> None:
        """Count the body while it arrives."""
        more = True
        while more:
            message = await receive()
            seen.received += len(message.get("body", b""))
            more = message.get("more_body", False)
        await _tell(send, {"received": seen.received})

    async def _drip(self, seen: Seen, receive: Receive, send: Send) -> None:
        """Half of the answer now, half when released."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await seen.released.wait()
        await send({"type": "http.response.body", "body": b"second"})

    async def _wait(self, seen: Seen, receive: Receive, send: Send) -> None:
        """Until the caller has gone."""
        while (await receive())["type"] != "http.disconnect":
            pass
        seen.hung_up = True


async def _received(scope: Scope, receive: Receive) -> dict[str, Any]:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    caller = scope["caller"]
    return {
        "method": scope["method"],
        "path": scope["raw_path"].decode("latin-1"),
        "query": scope["query_string"].decode("latin-1"),
        "headers": [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]],
        "body": body.decode("latin-1"),
        "client_id": caller.client_id,
        "authority": caller.authority,
        "worker_id": str(caller.worker_id) if caller.worker_id else None,
    }


async def _tell(send: Send, said: dict[str, Any]) -> None:
    body = json.dumps(said).encode()
    headers = [
        (b"content-length", str(len(body)).encode()),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    for step in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{step}.complete"})


def create(settings: Settings) -> ASGIApp:
    """The echo service behind the entry that every service has."""
    return Entry(Echo(), "echo", InternalTokens(signing_keys(settings.internal_keys)))
