"""Debian's Chromium, the hub with a street in its directory, and the websites that show it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from starlette.types import ASGIApp

from hub.postgres import PostgresServer
from hub.site import AUTHORITY
from services.directory.actions import saving
from services.directory.routes.pages.finding import Finding
from services.directory.store import places
from shared.crypto import FieldCipher
from tests.browser.hosts import Websites
from tests.browser.in_the_way import SEARCH, InTheWay
from tests.browser.street import COUNT, POSTCODES, a_street
from tests.directory.served import EDITOR
from tests.hub_fixture import Hub, open_hub
from tests.kafka_fixture import free_port

CHROMIUM = "/usr/bin/chromium"
DESKTOP, PHONE = (1280, 900), (320, 640)


@dataclass
class Council:
    """The hub on a port, and a council's website on another."""

    hub: str
    website: str
    search: InTheWay
    inside: Hub
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    """What pages wrote to the console as errors or warnings."""

    @asynccontextmanager
    async def visitor(self, size: tuple[int, int] = DESKTOP, **told: Any) -> AsyncIterator[Page]:
        """A page of a browser that nobody has used; it goes nowhere but to these two."""
        context: BrowserContext = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, **told
        )
        page = await context.new_page()
        page.set_default_timeout(15_000)
        self.complaints.clear()
        page.on("console", lambda one: self._hear(one.type, one.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        try:
            yield page
        finally:
            await context.close()

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


@asynccontextmanager
async def listening(app: ASGIApp, port: int) -> AsyncIterator[str]:
    """An application on a port of this machine."""
    config = uvicorn.Config(app, "127.0.0.1", port, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- it rings no bell
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.force_exit = server.should_exit = True
    await running


@pytest.fixture(scope="session")
def axe(node_modules: Path) -> str:
    """axe-core, as its lock file says."""
    return (node_modules / "axe-core" / "axe.min.js").read_text()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def council(
    postgres: PostgresServer, templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Council]:
    """A hub whose sample council has its website on this machine."""
    folder, port, website = tmp_path_factory.mktemp("var"), free_port(), free_port()
    settings = folder / "sample.yaml"
    named = f"http://localhost:{website}"
    settings.write_text(AUTHORITY.read_text().replace("https://www.sampleton.example", named))
    async with (
        open_hub(postgres, templates, folder, authorities=(settings,)) as hub,
        async_playwright() as playwright,
    ):
        cipher = FieldCipher(hub.site.keys / "directory.fields.json")
        async with hub.directory.transaction() as connection:
            await places.keep_postcodes(connection, POSTCODES)
        await saving.save(hub.directory, cipher, a_street(), EDITOR)
        await _found(hub)
        search = InTheWay(hub.app)
        _inner(hub.app).state.finding = Finding(search)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        sites = Websites(lambda: f"http://127.0.0.1:{port}")
        async with listening(search, port) as address, listening(sites, website):
            yield Council(address, named, search, hub, browser)
            await browser.close()


async def _found(hub: Hub) -> None:
    """Until the search knows the whole street."""
    async with asyncio.timeout(60):
        while True:
            answer = await hub.http.get(SEARCH)
            if answer.status_code == 200 and answer.json()["total"] == COUNT:
                return
            await asyncio.sleep(0.05)


def _inner(app: Any) -> Any:
    """The directory's own application behind the door, which the pages ask."""
    return app._services["directory"]._app.app
