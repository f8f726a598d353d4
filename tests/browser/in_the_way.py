"""Stands before the hub: hears what is searched for, and lets some words go wrong.

Who searches for `slow` waits for ever; `broken` is a fault. Everything else is the hub's own.
"""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SEARCH = "/api/v1/directory/search"
_ANYBODY = {"Access-Control-Allow-Origin": "*"}
Json = dict[str, Any]


class InTheWay:
    """ASGI application before the hub."""

    def __init__(self, hub: ASGIApp) -> None:
        self._hub = hub
        self.asked: list[Json] = []
        """What was searched for."""
        self.methods: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != SEARCH or scope["method"] == "OPTIONS":
            await self._hub(scope, receive, send)
            return
        body = await _whole(receive)
        said = json.loads(body) if body else dict(parse_qsl(scope["query_string"].decode()))
        self.methods.append(scope["method"])
        self.asked.append(said)
        if said.get("text") == "slow":
            await asyncio.sleep(3600)
        if said.get("text") == "broken":
            fault = {"type": "/problems/fault", "title": "", "status": 500}
            await JSONResponse(fault, 500, headers=_ANYBODY)(scope, receive, send)
            return
        await self._hub(scope, _again(body, receive), send)


async def _whole(receive: Receive) -> bytes:
    """The body of a request."""
    body: bytes = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body once more, then what comes after it."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return first.pop() if first else await receive()

    return replayed
