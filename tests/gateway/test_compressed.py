"""What anybody may read travels compressed, in both shapes of the door; what holds a secret never.

Beside a secret even the length of an answer tells (BREACH): neither answers to callers with tokens
nor the forms with stamps are compressed."""

import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import httpx2
import pytest
import uvicorn
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.door import nginx
from gateway.door.checks import Door
from gateway.door.dispatcher import Dispatcher
from gateway.door.table import ROUTES
from gateway.limits import Headers
from hub.site import SERVICES
from tests.gateway.doors import HERE, free_port

WORDS = "Invented words that anybody may read. " * 100
LINES, TAG = "application/x-ndjson", 'W/"known"'
KINDS = {
    "/directory/v3/services": "application/json",
    "/api/v1/directory/search": "application/json",
    "/find-help/services/1": "text/html; charset=utf-8",
    "/find-help/pages.css": "text/css; charset=utf-8",
    "/find-help/sitemap.xml": "application/xml",
    "/widget/v1/early-help-directory.js": "text/javascript; charset=utf-8",
    "/directory/v3/lines": LINES,
    "/ask-for-help/sample": "text/html; charset=utf-8",
    "/find-help/problems/1": "text/html; charset=utf-8",
    "/api/v1/referrals": "application/json",
    "/api/v1/directory/entries": "application/json",
    "/oauth/jwks": "application/json",
}
AS_THEY_ARE = ("lines", "ask-for-help", "problems", "referrals", "entries", "oauth")


async def service(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with words of the kind that the path names; lets everybody in."""
    if scope["type"] != "http":
        return
    headers = {"ETag": TAG, "X-Internal-Token": "Bearer nobody"}
    kind = KINDS.get(scope["path"])
    if kind is None:
        answer = Response(None, 204, headers)
    elif kind == LINES:
        answer = StreamingResponse(_lines(), headers=headers, media_type=kind)
    else:
        answer = Response(WORDS, headers=headers | {"Content-Type": kind})
    await answer(scope, receive, send)


async def _lines() -> AsyncIterator[str]:
    yield WORDS


class Anybody(Door):
    """A door through which everybody comes."""

    def __init__(self) -> None:
        pass

    def anonymous(self) -> bytes:
        """No token at all."""
        return b"Bearer nobody"

    async def admit(self, authorization: bytes, worker: bytes) -> tuple[bytes, Headers]:
        """Whoever it is."""
        return b"Bearer nobody", {}


@contextmanager
def serving(app: object, port: int) -> Iterator[None]:
    """An application on a port, in a thread."""
    config = uvicorn.Config(app, HERE, port, lifespan="off", log_config=None)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module", params=["dispatcher", "nginx"])
def door(request: pytest.FixtureRequest) -> Iterator[httpx2.Client]:
    """Each shape of the door with the hub's own routes."""
    front, back = free_port(), free_port()
    everything = dict.fromkeys(SERVICES, service)
    if request.param == "dispatcher":
        app = Dispatcher(ROUTES, everything, Anybody())
        with serving(app, front), httpx2.Client(base_url=f"http://{HERE}:{front}") as http:
            yield http
        return
    with tempfile.TemporaryDirectory(prefix="nginx-") as place, serving(service, back):
        services = dict.fromkeys(SERVICES, f"{HERE}:{back}")
        conf = nginx.render(Path(place), listen=f"{HERE}:{front}", services=services)
        running = subprocess.Popen(nginx.command(conf), stderr=subprocess.DEVNULL)
        try:
            with httpx2.Client(base_url=f"http://{HERE}:{front}") as http:
                for _ in range(200):
                    with suppress(httpx2.TransportError):
                        http.get("/livez")
                        break
                    time.sleep(0.02)
                yield http
        finally:
            running.terminate()
            running.wait()


@pytest.mark.parametrize("path", KINDS)
def test_only_what_holds_no_secret_is_compressed(door: httpx2.Client, path: str) -> None:
    zipped = door.get(path, headers={"Accept-Encoding": "gzip"})
    plain = door.get(path, headers={"Accept-Encoding": "identity"})
    left = any(word in path for word in AS_THEY_ARE)

    for answer in (zipped, plain):
        assert answer.status_code == 200
        assert answer.text == WORDS
        assert answer.headers.get_list("etag") == [TAG], "weak: it holds for both"
        assert answer.headers.get_list("vary") == ([] if left else ["Accept-Encoding"])
    assert zipped.headers.get_list("content-encoding") == ([] if left else ["gzip"])
    assert "content-encoding" not in plain.headers
