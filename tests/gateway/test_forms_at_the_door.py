"""A public form is sent only so often from one address, in both shapes of the door.

Whoever reads it is not counted, and on a page the refusal is one that people can read."""

import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from gateway.door import nginx
from gateway.door.checks import Door
from gateway.door.dispatcher import Dispatcher
from gateway.door.table import GATEWAY, Route
from gateway.limits import Limit
from shared.errors import MEDIA_TYPE
from tests.gateway.doors import HERE, free_port

AGAIN, JSON, PAGE = 3, "/api/v1/requests-for-help", "/ask-for-help"
SELDOM, PROBLEMS = 2, "/api/v1/directory/problems"
TABLE = (
    Route("/", GATEWAY, public=True),
    Route("/api/v1/referrals", "referral"),
    Route(JSON, "referral", public=True, form=True),
    Route(PAGE, "referral", public=True, form=True, page=True),
    Route(PROBLEMS, "referral", public=True, form=True, seldom=True, any_origin=True),
)


async def service(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers everything."""
    await Request(scope, receive).body()
    await PlainTextResponse("taken")(scope, receive, send)


class Nobody(Door):
    """A door through which nobody known comes."""

    def __init__(self) -> None:
        self._forms, self._seldom = Limit(AGAIN, AGAIN / 60), Limit(SELDOM, 1 / 60)

    def anonymous(self) -> bytes:
        """No token at all."""
        return b"Bearer nobody"


@pytest.fixture
async def dispatcher() -> AsyncIterator[httpx2.AsyncClient]:
    """The door in one process."""
    app = Dispatcher(TABLE, {GATEWAY: service, "referral": service}, Nobody())
    transport = httpx2.ASGITransport(app=app, client=("192.0.2.1", 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://hub") as http:
        yield http


@pytest.mark.parametrize("path", [JSON, PAGE, f"{PAGE}/sample"])
async def test_in_one_process_too_many_are_asked_to_wait(
    dispatcher: httpx2.AsyncClient, path: str
) -> None:
    reads = [(await dispatcher.get(path)).status_code for _ in range(10)]
    sent = [await dispatcher.post(path, data={"a": "b"}) for _ in range(5)]

    assert reads == [200] * 10
    assert [answer.status_code for answer in sent] == [200] * 3 + [429] * 2
    assert int(sent[-1].headers["retry-after"]) >= 1
    _as_people_or_machines_read_it(path, sent[-1])
    assert (await dispatcher.get(path)).status_code == 200


async def test_another_address_has_a_limit_of_its_own() -> None:
    app = Dispatcher(TABLE, {GATEWAY: service, "referral": service}, Nobody())
    for address in ("192.0.2.1", "192.0.2.2"):
        transport = httpx2.ASGITransport(app=app, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://hub") as http:
            sent = [(await http.post(JSON)).status_code for _ in range(4)]
        assert sent == [200, 200, 200, 429]


async def test_problems_are_reported_seldom_and_have_a_limit_of_their_own(
    dispatcher: httpx2.AsyncClient,
) -> None:
    sent = [await dispatcher.post(PROBLEMS) for _ in range(3)]

    _asked_to_wait_a_minute(sent, taken=200)
    assert (await dispatcher.post(JSON)).status_code == 200
    large = await dispatcher.post(PAGE, content=b"x", headers={"Content-Length": "9999999"})
    assert large.status_code == 413
    assert "make it shorter" in large.text


def test_behind_nginx_they_are_too() -> None:
    with nginx_before(f"{HERE}:{free_port()}") as door:
        sent = [door.post(PROBLEMS) for _ in range(3)]
        other = door.post(JSON)

    _asked_to_wait_a_minute(sent, taken=503)
    assert other.status_code == 503


def _asked_to_wait_a_minute(sent: list[httpx2.Response], taken: int) -> None:
    """Any page may read that: the widget of a website must tell it."""
    assert [answer.status_code for answer in sent] == [taken, taken, 429]
    assert sent[-1].headers.get_list("access-control-allow-origin") == ["*"]
    assert "Retry-After" in sent[-1].headers["access-control-expose-headers"]
    assert sent[-1].headers["content-type"] == MEDIA_TYPE


def _as_people_or_machines_read_it(path: str, answer: httpx2.Response) -> None:
    assert answer.headers["cache-control"] == "no-store"
    if path == JSON:
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["type"] == "/problems/rate-limited"
        return
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "call 999" in answer.text
    assert "load this page again" in answer.text


@contextmanager
def nginx_before(upstream: str) -> Iterator[httpx2.Client]:
    """The door in several processes, before services that are all at `upstream`."""
    address = f"{HERE}:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="nginx-") as place:
        services = {GATEWAY: upstream, "referral": upstream}
        conf = nginx.render(
            Path(place),
            listen=address,
            services=services,
            routes=TABLE,
            forms_per_minute=AGAIN,
            reports_at_once=SELDOM,
        )
        running = subprocess.Popen(nginx.command(conf), stderr=subprocess.DEVNULL)
        try:
            with httpx2.Client(base_url=f"http://{address}") as door:
                for _ in range(200):
                    with suppress(httpx2.TransportError):
                        door.get("/livez")
                        break
                    time.sleep(0.02)
                yield door
        finally:
            running.terminate()
            running.wait()


@pytest.mark.parametrize("path", [JSON, f"{PAGE}/sample"])
def test_behind_nginx_too_many_are_asked_to_wait(path: str) -> None:
    """The services are away here: what is let through is answered 503, and told as it is read."""
    with nginx_before(f"{HERE}:{free_port()}") as door:
        reads = [door.get(path).status_code for _ in range(10)]
        sent = [door.post(path, data={"a": "b"}) for _ in range(5)]

    assert reads == [503] * 10
    assert [answer.status_code for answer in sent] == [503] * 3 + [429] * 2
    assert int(sent[-1].headers["retry-after"]) >= 1
    for answer in (sent[0], sent[-1]):
        if path == JSON:
            assert answer.headers["content-type"] == MEDIA_TYPE
            assert answer.json()["type"].startswith("/problems/")
        else:
            _as_people_or_machines_read_it(path, answer)


def test_whoever_has_asked_for_nothing_lately_is_forgotten() -> None:
    limit = Limit(2, 1.0)
    for number in range(10_000):
        limit.take(f"early {number}", 0.0)
    limit.take("greedy", 99.9)
    limit.take("greedy", 99.9)

    limit.take("late", 100.0)

    assert limit.take("greedy", 100.0) < 0
    assert len(limit._buckets) == 2
