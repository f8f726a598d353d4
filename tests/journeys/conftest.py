"""Hubs that run as their users run them, and the programs that partners start."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from hub.partners import Headers, new_key
from hub.postgres import PostgresServer
from hub.site import ROOT, Ports, Site
from shared.settings import SHIPPED
from tests import hub_fixture
from tests.authorities import INVENTED
from tests.builders import a_submission
from tests.hub.conftest import Hub
from tests.live import a_site, environment

EXAMPLES = ROOT / "deploy" / "examples"
REFERRALS = "/api/v1/referrals"


@contextmanager
def a_running_hub(*flags: str, **told: str) -> Iterator[Hub]:
    """`hub up` with these flags, told more by its environment, in a folder and on ports of its
    own."""
    with a_site() as site:
        hub = Hub(site.var)
        hub.environment |= environment(site) | {"HUB_PORT": str(hub.port)} | told
        try:
            hub.up(*flags)
            yield hub
        finally:
            hub.end()


@pytest.fixture(scope="module")
def one_process() -> Iterator[Hub]:
    """`hub up`."""
    with a_running_hub() as hub:
        yield hub


@pytest.fixture(scope="module")
def processes() -> Iterator[Hub]:
    """`hub up --processes`: nginx, every service, PostgreSQL and Kafka."""
    with a_running_hub("--processes") as hub:
        yield hub


class School:
    """The sample's school, calling a running hub."""

    def __init__(self, hub: Hub) -> None:
        site = Site(hub.var, Ports.model_validate({"hub_port": hub.port}))
        self._hub, self._headers = hub, Headers(site, "school")

    def refer(self) -> dict[str, Any]:
        """The receipt of a referral of an invented family."""
        headers = self._headers(idempotency_key=new_key())
        answer = httpx2.post(self._hub.url + REFERRALS, json=a_submission(), headers=headers)
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    def get(self, path: str) -> httpx2.Response:
        """What the hub answers; it must be a success."""
        headers = self._headers(purpose="early_help")
        answer = httpx2.get(self._hub.url + path, headers=headers, timeout=60)
        return answer.raise_for_status()

    def history(self, receipt: dict[str, Any]) -> list[str]:
        """What happened to a referral, as the school reads it."""
        entries = self.get(receipt["links"]["history"]).json()["entries"]
        return [entry["action"] for entry in entries]

    def told_of(self, receipt: dict[str, Any], until: str) -> list[str]:
        """The types of a referral's events, from the school's feed, up to the last awaited."""
        page, told = "/api/v1/events?timeout=20", list[str]()
        while until not in told:
            answer = self.get(page)
            told += [event["type"] for event in answer.json() if event["subject"] == receipt["id"]]
            page = answer.links["next"]["url"]
        return told


@pytest.fixture
def school(processes: Hub) -> School:
    """The school at the hub of several processes."""
    return School(processes)


Consuming = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def mash_consumer(processes: Hub, tmp_path: Path) -> Consuming:
    """Starts the front door's example: `with mash_consumer("--feed"):`; Kafka where not said."""

    @contextmanager
    def consuming(*how: str) -> Iterator[None]:
        client = processes.var / "clients" / "front-door.json"
        kafka = ["--kafka", f"127.0.0.1:{processes.environment['KAFKA_PARTNER_PORT']}"]
        words = ["--hub", processes.url, "--client", str(client), *(how or kafka)]
        with (tmp_path / "mash_consumer.log").open("ab") as log:
            command = [sys.executable, str(EXAMPLES / "mash_consumer.py"), *words]
            process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
            try:
                yield
            finally:
                process.kill()
                process.wait()

    return consuming


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def every_council(
    postgres: PostgresServer, templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[hub_fixture.Hub]:
    """One hub that serves every council that ships, and an invented one."""
    folder, files = tmp_path_factory.mktemp("var"), (*sorted(SHIPPED.glob("*.yaml")), INVENTED)
    async with hub_fixture.open_hub(postgres, templates, folder, authorities=files) as opened:
        yield opened
