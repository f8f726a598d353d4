"""The front door's example without Kafka: it reads the feed, and may die or be overtaken."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest

from hub.partners import Headers
from hub.site import ROOT, Ports, Site
from tests.builders import a_submission
from tests.hub.conftest import Hub

pytestmark = pytest.mark.journey
EXAMPLE = ROOT / "deploy" / "examples" / "mash_consumer.py"


@contextmanager
def consuming(hub: Hub, cursor: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The example as a process of its own; killed at the end."""
    client = hub.var / "clients" / "front-door.json"
    words = ["--hub", hub.url, "--client", str(client), "--feed", str(cursor)]
    process = subprocess.Popen([sys.executable, str(EXAMPLE), *words], stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def school(running: Hub) -> Headers:
    return Headers(site_of(running), "school")


def site_of(hub: Hub) -> Site:
    return Site(hub.var, Ports(hub_port=hub.port))


def refer(hub: Hub, school: Headers) -> str:
    key = f"refer-{time.monotonic_ns()}"
    headers = school(idempotency_key=key)
    answer = httpx2.post(f"{hub.url}/api/v1/referrals", json=a_submission(), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["links"]["self"])


def history(hub: Hub, school: Headers, path: str) -> list[str]:
    answer = httpx2.get(
        f"{hub.url}{path}/history", headers=school(purpose="early_help")
    ).raise_for_status()
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return [entry["action"] for entry in entries]


def until_decided(hub: Hub, school: Headers, paths: list[str]) -> None:
    deadline = time.monotonic() + 40
    while any(history(hub, school, path)[-1] != "decide" for path in paths):
        assert time.monotonic() < deadline
        time.sleep(0.1)


WAY = ["submit", "acknowledge", "triage", "decide"]


def test_each_referral_is_decided_once_by_consumers_that_die_and_race(
    running: Hub, school: Headers, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    paths = [refer(running, school) for _ in range(4)]
    for _ in range(3):
        with consuming(running, first):
            time.sleep(1.2)  # killed wherever it is by then
        paths.append(refer(running, school))
    with consuming(running, first), consuming(running, second):
        paths += [refer(running, school) for _ in range(4)]
        until_decided(running, school, paths)
    assert [history(running, school, path) for path in paths] == [WAY] * len(paths)


class Expired(BaseHTTPRequestHandler):
    """A feed that no longer holds what the cursor points at."""

    def do_GET(self) -> None:
        self.send_response(410)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the test's output is for the test."""


@pytest.fixture
def expired() -> Iterator[str]:
    """A cursor, as the address of the next page, that is answered with 410."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Expired) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api/v1/events?cursor=old"
        server.shutdown()


@pytest.mark.parametrize("left", ["empty", "expired"])
def test_a_cursor_that_leads_nowhere_starts_from_the_beginning(
    running: Hub, school: Headers, tmp_path: Path, expired: str, left: str
) -> None:
    cursor = tmp_path / "cursor"
    cursor.write_text(expired if left == "expired" else "")
    path = refer(running, school)
    with consuming(running, cursor):
        until_decided(running, school, [path])
        deadline = time.monotonic() + 10
        while cursor.read_text() in ("", expired):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert "/api/v1/events?cursor=" in cursor.read_text()


def test_the_feed_tells_the_referrer(running: Hub, school: Headers, tmp_path: Path) -> None:
    feed = httpx2.get(f"{running.url}/api/v1/events", headers=school())
    while feed.json():
        feed = httpx2.get(f"{running.url}{feed.links['next']['url']}", headers=school())
    path = refer(running, school)
    with consuming(running, tmp_path / "cursor"):
        until_decided(running, school, [path])
    news = httpx2.get(f"{running.url}{feed.links['next']['url']}", headers=school()).json()
    told = [event["type"].split(".")[3] for event in news]
    assert told == ["submitted", "acknowledged", "triage_started", "decided"]
    assert all(event["data"]["detail_url"] == f"{running.url}{path}" for event in news)
    assert "Testchild" not in json.dumps(news)
