"""What scripts of any web page may read: every answer of the directory, refusals and faults too."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALLOWED = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Last-Modified, Retry-After"),
]
_PREFLIGHT = [
    *_ALLOWED,
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Content-Type, Idempotency-Key, If-None-Match, If-Modified-Since",
    ),
    (b"access-control-max-age", b"86400"),
]


class AnyOrigin:
    """ASGI application around the service: nothing leaves without saying who may read it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return

        async def readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_ALLOWED]}
            await send(message)

        await self._app(scope, receive, readable)
