"""The door in one process: a raw ASGI application in front of the mounted services.

It swaps the caller's Authorization for an internal one and touches nothing else: no path is
decoded, no body is read, and a client that hangs up is heard by the service itself.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.door.checks import Door
from gateway.door.refusals import ANY_ORIGIN, PAGE_HEADERS, page_of
from gateway.door.table import CLOSED, Route, longest_first
from gateway.door.zipping import AS_THEY_ARE, LEVEL, SMALLEST
from gateway.limits import Headers
from shared.entry import refuse_large
from shared.errors import BadRequest, NotFound, Refusal, problem_response

log = structlog.get_logger()
_READS = ("GET", "HEAD", "OPTIONS")
"""Whoever reads a form sends nothing."""


class Dispatcher:
    """ASGI application: one door, many services, each with its own lifespan."""

    def __init__(
        self, routes: Sequence[Route], services: Mapping[str, ASGIApp], door: Door
    ) -> None:
        self._services, self._door = services, door
        self._zipping = {name: _zipped(app) for name, app in services.items()}
        self._state: dict[str, dict[str, Any]] = {name: {} for name in services}
        self._routes = [(r.prefix.rstrip("/").encode(), r) for r in longest_first(routes)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = None
        try:
            route = self._route(scope)
            authorization, told = await self._admitted(route, scope)
        except Refusal as refusal:
            log.info("refused at the door", status=refusal.status, reason=refusal.slug)
            refusal.headers.setdefault("Cache-Control", "no-store")
            await _told(refusal, route)(scope, receive, send)
            return
        headers = scope["headers"]
        if authorization:
            headers = [header for header in headers if header[0] != b"authorization"]
            headers.append((b"authorization", authorization))
        inner = {**scope, "headers": headers, "state": self._state[route.service].copy()}
        answer = _telling(told, send) if told else send
        services = self._zipping if route.compressed else self._services
        await services[route.service](inner, receive, answer)

    def _route(self, scope: Scope) -> Route:
        raw: bytes = scope["raw_path"]
        for prefix, route in self._routes:
            if raw.startswith(prefix) and raw[len(prefix) : len(prefix) + 1] in (b"/", b""):
                if scope["path"] in CLOSED:
                    break
                return route
        raise NotFound("Look at /docs for what is offered")

    async def _admitted(self, route: Route, scope: Scope) -> tuple[bytes, Headers]:
        """The Authorization for the service (empty: leave it), and what the client is told."""
        if route.page:
            refuse_large(dict(scope["headers"]))
        if route.own_credentials:
            return b"", {}
        if route.form and scope["method"] not in _READS:
            self._door.count_form((scope.get("client") or ("",))[0], seldom=route.seldom)
        if route.public:
            return self._door.anonymous(), {}
        found = {b"authorization": b"", b"acting-worker": b""}
        for name, value in scope["headers"]:
            if name in found:
                if found[name]:
                    raise BadRequest(f"Send the header {name.decode()} once")
                found[name] = value
        return await self._door.admit(found[b"authorization"], found[b"acting-worker"])

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start every service before the first request, in order; stop them in reverse."""
        await receive()
        async with AsyncExitStack() as stack:
            try:
                for name, app in self._services.items():
                    self._state[name] = await stack.enter_async_context(living(app))
            except Exception as error:
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                raise
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def _told(refusal: Refusal, route: Route | None) -> Response:
    """As machines read it, or as people do; where any page may read answers, this one too."""
    if route is not None and route.any_origin:
        refusal.headers.update(ANY_ORIGIN)
    if route is None or not route.page:
        return problem_response(refusal)
    headers = refusal.headers | PAGE_HEADERS
    return HTMLResponse(page_of(refusal), refusal.status, headers)


def _zipped(app: ASGIApp) -> ASGIApp:
    """An application whose answers are compressed for whoever can read that; lines stay lines."""
    left = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *AS_THEY_ARE)
    return GZipMiddleware(app, SMALLEST, LEVEL, exclude_content_types=left)


def _telling(told: Headers, send: Send) -> Send:
    """`send`, with what the client is told about its limit."""
    extra = [(name.lower().encode(), value.encode()) for name, value in told.items()]

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *extra]}
        await send(message)

    return tell


@asynccontextmanager
async def living(app: ASGIApp) -> AsyncIterator[dict[str, Any]]:
    """The lifespan of a mounted application; yields its state. Raises what its start-up raised."""
    asked: asyncio.Queue[Message] = asyncio.Queue()
    told: asyncio.Queue[Message] = asyncio.Queue()
    state: dict[str, Any] = {}
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}
    life = asyncio.ensure_future(app(scope, asked.get, told.put))

    async def step(name: str) -> None:
        await asked.put({"type": f"lifespan.{name}"})
        answer = asyncio.create_task(told.get())
        await asyncio.wait({life, answer}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done() or answer.result()["type"] != f"lifespan.{name}.complete":
            answer.cancel()
            await life  # raises what went wrong inside
            raise RuntimeError(f"A service failed at {name}")

    await step("startup")
    try:
        yield state
    finally:
        await step("shutdown")
        await life
