"""The entry of every service: what reaches its routes is clean, and its caller is verified.

nginx hands on headers that Connection nominates and dot segments as they were sent, so they are
dropped and refused here, the same in both shapes of the door.
"""

from functools import lru_cache
from time import perf_counter
from urllib.parse import unquote_to_bytes

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.auth import InternalTokens
from shared.errors import (
    BODY_LIMIT,
    BadRequest,
    NotAuthenticated,
    Refusal,
    TooLarge,
    problem_response,
)
from shared.trace import TRACEPARENT, continued

log = structlog.get_logger()

OPEN_PATHS = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json"})
"""What the machines beside the service read; the door never leads there."""

_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization"}
    | {b"proxy-connection", b"te", b"trailer", b"upgrade"}
)
_ONCE = frozenset(
    {b"authorization", b"acting-worker", b"content-length", b"content-type", b"host"}
    | {b"idempotency-key", b"if-match", b"purpose", b"traceparent", b"dpop"}
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Written to log and metrics by name; any other word is the caller's own."""
_OURS = b"x-internal-"
"""What the hub's own machines tell each other; from outside it is always an attempt."""

REQUESTS = Counter("hub_requests_total", "Answers", ["service", "method", "route", "status"])
SECONDS = Histogram("hub_request_seconds", "Time to the answer's first byte", ["service", "route"])


@lru_cache(maxsize=4096)
def _metrics(service: str, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Both of one kind of answer; looking them up by their labels takes longer than counting."""
    return REQUESTS.labels(service, method, route, str(status)), SECONDS.labels(service, route)


_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)

Headers = list[tuple[bytes, bytes]]


class Entry:
    """ASGI application around `app`: the first thing of a service that sees a request."""

    def __init__(
        self,
        app: ASGIApp,
        service: str,
        tokens: InternalTokens,
        *,
        open_prefixes: tuple[str, ...] = (),
    ) -> None:
        self.app, self._service, self._tokens = app, service, tokens
        self._open = open_prefixes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(self._service, scope, send)
        try:
            refuse_dot_segments(scope["raw_path"])
            scope["headers"] = clean(scope["headers"])
            headers = dict(scope["headers"])
            trace = continued(headers.get(b"traceparent", b"").decode("latin-1"))
            TRACEPARENT.set(trace)
            refuse_large(headers)
            if not self._is_open(scope["path"]):
                scope["caller"] = self._tokens.verify(bearer(headers))
        except Refusal as refusal:
            await problem_response(refusal)(scope, receive, answer)
        else:
            await self._serve(scope, receive, answer)
        answer.report()

    def _is_open(self, path: str) -> bool:
        return path in OPEN_PATHS or path.startswith(self._open)

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            if not answer.status:
                raise
            # Answered by the one handler for faults, which logged it; Starlette raises it again.
            log.debug("fault answered", fault=type(error).__name__)


class _Answer:
    """The way out: security headers always, HEAD without a body, and one line in the log."""

    def __init__(self, service: str, scope: Scope, send: Send) -> None:
        self._service, self._scope, self._send = service, scope, send
        self._started = perf_counter()
        self._bodiless = scope["method"] == "HEAD"
        self._seconds = 0.0
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._seconds = perf_counter() - self._started
            headers: Headers = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [header for header in _ALWAYS if header[0] not in present]
            message = {**message, "headers": headers}
        elif self._bodiless:
            message = {**message, "body": b""}
        await self._send(message)

    def report(self) -> None:
        """Route templates, never paths: a path holds ids and may hold a mistake of the caller."""
        route = getattr(self._scope.get("route"), "path", "unmatched")
        method = "HEAD" if self._bodiless else self._scope["method"]
        method = method if method in _METHODS else "other"
        answers, seconds = _metrics(self._service, method, route, self.status)
        answers.inc()
        seconds.observe(self._seconds)
        log.info(
            "answered",
            method=method,
            route=route,
            status=self.status,
            milliseconds=round(self._seconds * 1000, 1),
        )


def refuse_dot_segments(raw_path: bytes) -> None:
    """Nobody needs `..`, however it is written; behind a check by prefix it is an attack."""
    segments = unquote_to_bytes(raw_path).replace(b"\\", b"/").split(b"/")
    if b".." in segments or b"." in segments:
        raise BadRequest("Write the path without dot segments")


def clean(headers: Headers) -> Headers:
    """Without hop-by-hop, Connection-nominated and underscore-named headers. Refuses repeats."""
    names = [name for name, _ in headers]
    for name in _ONCE.intersection(names):
        if names.count(name) > 1:
            raise BadRequest(f"Send the header {name.decode()} once")
    nominated = {
        nominee.strip().lower()
        for name, value in headers
        if name == b"connection"
        for nominee in value.split(b",")
    }
    dropped = _HOP_BY_HOP | nominated
    return [(n, v) for n, v in headers if not (n in dropped or b"_" in n or n.startswith(_OURS))]


def bearer(headers: dict[bytes, bytes]) -> str:
    """The internal token that a request brings. Raises NotAuthenticated."""
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticated(
            "Send an access token: Authorization: Bearer …",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return token


def refuse_large(headers: dict[bytes, bytes]) -> None:
    """Raises TooLarge for a body that says itself that it is."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > BODY_LIMIT:
        raise TooLarge(f"Send at most {BODY_LIMIT} bytes")
