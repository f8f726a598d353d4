"""The door in several processes: what nginx asks before it hands a request to a service.

nginx understands 204, 401 and 403; anything else becomes a 500. The refusal itself travels in
headers, and the nginx configuration makes the same answer of it that the dispatcher gives.
"""

import json

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.door.checks import Door
from shared.errors import Refusal


class Authz:
    """ASGI application: `/authz` for nginx beside the gateway's own pages and endpoints."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else None
        if path == "/authz":
            await (await self._verdict(Headers(scope=scope)))(scope, receive, send)
        elif path == "/authz/anonymous":
            await _admitted(self._door.anonymous(), {})(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _verdict(self, headers: Headers) -> Response:
        authorization = headers.get("authorization", "").encode("latin-1")
        worker = headers.get("acting-worker", "").encode("latin-1")
        try:
            return _admitted(*await self._door.admit_afresh(authorization, worker))
        except Refusal as refusal:
            told = {"X-Refusal": refusal.slug, "X-Problem": json.dumps(refusal.body())}
            return Response(None, 401 if refusal.status == 401 else 403, refusal.headers | told)


def _admitted(authorization: bytes, told: dict[str, str]) -> Response:
    return Response(None, 204, {"X-Internal-Token": authorization.decode(), **told})
