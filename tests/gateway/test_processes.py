"""With separate processes: services that are away, and callers that go round the door."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx2
import pytest

from gateway.door import nginx
from hub.site import SERVICES
from shared.db import Database
from shared.errors import MEDIA_TYPE
from tests.gateway.doors import HERE, Doorway, free_port
from tests.gateway.partners import Partner, new_partner


@pytest.fixture
def apart(open_door: Callable[..., AbstractContextManager[Doorway]]) -> Iterator[Doorway]:
    """A hub of its own behind nginx, whose processes a test may end."""
    with open_door("nginx") as opened:
        yield opened


@pytest.fixture
async def partner(apart: Doorway) -> Partner:
    db = Database.open(apart.database_url)
    try:
        return await new_partner(db, apart.url)
    finally:
        await db.close()


async def test_a_service_that_is_away_is_a_problem_and_comes_back(
    apart: Doorway, partner: Partner
) -> None:
    async with httpx2.AsyncClient(base_url=apart.url) as http:
        bearer = await partner.bearer(http)
        assert (await http.get("/echo", headers=bearer)).status_code == 200
        apart.stop("echo")
        away = await http.get("/echo", headers=bearer)
        assert (away.status_code, away.headers["content-type"]) == (502, MEDIA_TYPE)
        assert away.json()["type"] == "/problems/service-unreachable"
        assert away.headers["retry-after"] == "2"
        assert (await http.get("/livez")).status_code == 200
        apart.start("echo")
        assert (await http.get("/echo", headers=bearer)).status_code == 200


async def test_without_the_gateway_nobody_comes_in(apart: Doorway, partner: Partner) -> None:
    async with httpx2.AsyncClient(base_url=apart.url) as http:
        bearer = await partner.bearer(http)
        apart.stop("gateway")
        for path in ("/echo", "/docs"):
            away = await http.get(path, headers=bearer)
            assert (away.status_code, away.headers["content-type"]) == (503, MEDIA_TYPE)
            assert away.json()["type"] == "/problems/unavailable"
        away = await http.post("/oauth/token", data=partner.form())
        assert (away.status_code, away.headers["content-type"]) == (502, MEDIA_TYPE)


async def test_an_outside_token_is_worth_nothing_inside(apart: Doorway, partner: Partner) -> None:
    async with httpx2.AsyncClient(base_url=apart.url) as http:
        bearer = await partner.bearer(http)
        assert (await http.get("/echo", headers=bearer)).status_code == 200
        for service, path in {"echo": "/echo", "gateway": "/api/v1/workers/one"}.items():
            straight = f"http://{HERE}:{apart.ports[service]}{path}"
            for headers in (bearer, {}, {"X-Internal-Token": bearer["Authorization"]}):
                answer = await http.get(straight, headers=headers)
                assert (answer.status_code, answer.headers["content-type"]) == (401, MEDIA_TYPE)


def test_nginxs_log_repeats_no_path_and_no_query() -> None:
    gone = f"{HERE}:{free_port()}"
    door = f"{HERE}:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="nginx-") as place:
        folder = Path(place) / "with a space"
        folder.mkdir()
        conf = nginx.render(folder, listen=door, services=dict.fromkeys(SERVICES, gone))
        log = folder / "log"
        with log.open("wb") as errors:
            running = subprocess.Popen(nginx.command(conf), stderr=errors)
        try:
            asked = httpx2.HTTPTransport(retries=5)  # until it listens
            with httpx2.Client(transport=asked, base_url=f"http://{door}") as http:
                for path in ("/docs", "/oauth", "/api/v1/referrals"):
                    away = http.get(f"{path}/canary-path", params={"name": "canary-query"})
                    assert away.status_code in (502, 503)
        finally:
            running.terminate()
            running.wait(10)
        assert "canary" not in log.read_text()


def test_nginx_runs_as_an_ordinary_user_in_its_own_folder() -> None:
    name = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    with tempfile.TemporaryDirectory(prefix="nginx-") as place:
        folder = Path(place)
        os.chown(folder, pwd.getpwnam(name).pw_uid, -1)
        services = dict.fromkeys(SERVICES, f"{HERE}:9")
        conf = nginx.render(folder, listen=f"{HERE}:{free_port()}", services=services)
        checked = subprocess.run(
            [*nginx.command(conf), "-t"], user=name, capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stderr
        assert {found.name for found in folder.iterdir()} >= {"nginx.conf", "proxy", "verdicts"}
