"""A live directory service on a database of its own, read as the anonymous reader reads it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any
from uuid import UUID

import httpx2
from joserfc.jwk import KeySet
from starlette.types import ASGIApp

from services.directory.actions import saving
from services.directory.app import create
from services.directory.domain.entries import Entry
from services.directory.settings import Settings
from services.directory.store.entries import By
from shared.auth import Caller, mint
from shared.crypto import FieldCipher
from shared.db import Database
from shared.keys import signing_keys
from shared.settings import SHIPPED
from tests.hub_fixture import alive

HUB = "https://hub.example"
V3, V1 = "/directory/v3", "/directory/v1"
OWN = ("/robots.txt", "/api", "/directory", "/find-help", "/widget")
"""What is no path below the feed's address."""
EDITOR = By("tests", "made up for a test")
Json = dict[str, Any]


@dataclass(frozen=True)
class Directory:
    """The directory service, alive."""

    app: ASGIApp
    http: httpx2.AsyncClient
    db: Database
    cipher: FieldCipher
    signing: KeySet

    async def save(self, *entries: Entry, by: By = EDITOR) -> list[UUID]:
        """Let the entries stand so."""
        return await saving.save(self.db, self.cipher, entries, by)

    async def ask(self, path: str, method: str = "GET", **told: Any) -> httpx2.Response:
        """A request below the feed's address, as anybody sends it through the door."""
        token = mint(Caller.anonymous, self.signing, time())
        headers = {"Authorization": f"Bearer {token}"} | told.pop("headers", {})
        where = path if path.startswith(OWN) else V3 + path
        return await self.http.request(method, where, headers=headers, **told)

    async def page(self, path: str, **asked: Any) -> Json:
        """A page that must be answered."""
        answer = await self.ask(path, params=asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def ids(self, path: str, **asked: Any) -> list[str]:
        """The ids of everything that fits, page by page."""
        found: list[str] = []
        number = 1
        while True:
            page = await self.page(path, page=number, per_page=200, **asked)
            found += [one["id"] for one in page["contents"]]
            if page["last_page"]:
                return found
            number += 1


@asynccontextmanager
async def served(url: str, key_folder: Path, **told: Any) -> AsyncIterator[Directory]:
    """The service, until the block ends."""
    settings = Settings(
        database_url=url,
        public_url=HUB,
        authority_files=told.pop("authority_files", (SHIPPED / "sample.yaml",)),
        internal_keys=key_folder / "internal.public.json",
        field_keys=key_folder / "directory.fields.json",
        **told,
    )
    app = create(settings)
    db = Database.open(url)
    transport = httpx2.ASGITransport(app=app)
    async with alive(app), httpx2.AsyncClient(transport=transport, base_url=HUB) as http:
        await _ready(http)
        cipher = FieldCipher(settings.field_keys)
        yield Directory(app, http, db, cipher, signing_keys(key_folder / "internal.json")())
    await db.close()


async def _ready(http: httpx2.AsyncClient) -> None:
    """Its search has been filled: before that every question is answered with a telephone."""
    async with asyncio.timeout(20):
        while (await http.get("/readyz")).status_code != httpx2.codes.OK:  # noqa: ASYNC110 -- no bell
            await asyncio.sleep(0.005)


async def many(directory: Directory, entries: Sequence[Entry], at_once: int = 1000) -> None:
    """Save a whole town's entries."""
    for start in range(0, len(entries), at_once):
        await directory.save(*entries[start : start + at_once])
