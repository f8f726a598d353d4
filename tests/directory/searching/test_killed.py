"""Killed amid changes, the directory finds afterwards what the database says."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from time import time
from typing import Any

import httpx2
from sqlalchemy import text

from services.directory.actions import saving
from services.directory.domain.entries import Entry, Kind, Stage
from services.directory.store.entries import By
from shared.auth import Caller, mint
from shared.crypto import FieldCipher
from shared.db import Database
from shared.keys import signing_keys
from shared.settings import SHIPPED
from tests.directory.searching.asking import BASE
from tests.directory.searching.fair import Fair, a_fair
from tests.kafka_fixture import free_port

Json = dict[str, Any]
BY = By("tests", "made up for a test")
KILLS = 8 if os.environ.get("PROVE") else 2


class Served:
    """`hub serve directory` in a process of its own, killed and started at will."""

    def __init__(self, url: str, keys: Path) -> None:
        self.keys, self.port = keys, free_port()
        self._told = {
            **os.environ,
            "DIRECTORY_DATABASE_URL": url,
            "DIRECTORY_PUBLIC_URL": "https://hub.example",
            "DIRECTORY_AUTHORITY_FILES": str(SHIPPED / "sample.yaml"),
            "DIRECTORY_INTERNAL_KEYS": str(keys / "internal.public.json"),
            "DIRECTORY_FIELD_KEYS": str(keys / "directory.fields.json"),
        }
        self._process: Process | None = None
        self.total = 0
        """How many the search said that there are, when it was asked last."""

    async def start(self) -> None:
        """Until it answers that it is ready."""
        hub = str(Path(sys.executable).parent / "hub")
        nothing = asyncio.subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(
            *(hub, "serve", "directory", "--port", str(self.port)),
            env=self._told,
            stdout=nothing,
            stderr=nothing,
        )
        async with httpx2.AsyncClient() as http:
            for _ in range(1200):
                try:
                    if (await http.get(self._at("/readyz"))).status_code == 200:
                        return
                except httpx2.HTTPError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError("it was never ready")

    async def kill(self) -> None:
        """As a machine that loses its power."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    def _at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def found(self) -> dict[str, str]:
        """Every service that the search finds, and its name."""
        token = mint(Caller.anonymous, signing_keys(self.keys / "internal.json")(), time())
        headers, page = {"Authorization": f"Bearer {token}"}, 1
        found: dict[str, str] = {}
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            while True:
                told = {"page": page, "per_page": 50}
                answer = (await http.get(self._at(f"{BASE}/search"), params=told)).json()
                found |= {one["id"]: one["name"] for one in answer["services"]}
                if page >= answer["pages"]:
                    self.total = answer["total"]
                    return found
                page += 1


async def listed(db: Database) -> dict[str, str]:
    """What the database says that everybody may find."""
    wanted = text(
        "select id::text, brief::json->>'name' from listing where collection = 'services'"
        " and withdrawn_at is null and brief::json->>'status' = 'active'"
    )
    async with db.reading() as connection:
        rows = await connection.execute(wanted)
        return {row[0]: row[1] for row in rows}


class Editor:
    """Changes one service after the other: a new name, gone, or back again."""

    def __init__(self, db: Database, cipher: FieldCipher, fair: Fair) -> None:
        self.db, self.cipher, self.fair = db, cipher, fair
        self.changes = 0

    async def come_to(self, changes: int) -> None:
        """Wait until so many were made."""
        for _ in range(60_000):
            if self.changes >= changes:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"the editor stopped after {self.changes} changes")

    async def work(self) -> None:
        """Until it is cancelled."""
        random = Random(self.changes)  # noqa: S311 -- made-up data
        while True:
            id_ = random.choice(self.fair.stalls)["id"]
            content = {**self.fair.entries[id_].content, "name": f"Renamed {self.changes}"}
            gone = random.random() < 0.2
            stage = Stage.WITHDRAWN if gone else Stage.PUBLISHED
            await saving.save(self.db, self.cipher, [Entry(Kind.SERVICE, content, stage)], BY)
            self.changes += 1


@asynccontextmanager
async def at_work(editor: Editor) -> AsyncIterator[None]:
    """Meanwhile the editor changes things; a change that is under way is finished or never was."""
    task = asyncio.create_task(editor.work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def agree(served: Served, db: Database) -> int:
    """Until search and database say the same; how many services they say."""
    for _ in range(200):
        wanted, found = await listed(db), await served.found()
        if wanted == found and served.total == len(found):
            return len(found)
        await asyncio.sleep(0.1)
    assert found == wanted
    return 0


async def test_index_and_database_agree_after_a_kill_amid_changes(
    databases: Callable[[str], str], key_folder: Path
) -> None:
    url = databases("directory")
    db, fair = Database.open(url), a_fair(60)
    cipher = FieldCipher(key_folder / "directory.fields.json")
    await saving.save(db, cipher, list(fair.entries.values()), BY)
    served, editor = Served(url, key_folder), Editor(db, cipher, fair)
    await served.start()
    try:
        assert await agree(served, db) == 60
        for _ in range(KILLS):
            before = editor.changes
            async with at_work(editor):
                await editor.come_to(before + 15)
                await served.kill()  # while changes are written and followed
                await editor.come_to(before + 30)
                await served.start()
                await editor.come_to(before + 40)
            assert editor.changes > before

            assert await agree(served, db) > 20
    finally:
        await served.kill()
        await db.close()


async def test_two_replicas_find_a_change_as_it_comes(
    databases: Callable[[str], str], key_folder: Path
) -> None:
    url = databases("directory")
    db, fair = Database.open(url), a_fair(10)
    cipher = FieldCipher(key_folder / "directory.fields.json")
    await saving.save(db, cipher, list(fair.entries.values()), BY)
    replicas = [Served(url, key_folder) for _ in range(2)]
    for one in replicas:
        await one.start()
    try:
        for name in ("Renamed", "Renamed again"):
            content = {**fair.entries[fair.stalls[0]["id"]].content, "name": name}
            await saving.save(db, cipher, [Entry(Kind.SERVICE, content)], BY)
            for one in replicas:
                assert await agree(one, db) == 10
                assert name in (await one.found()).values()
    finally:
        for one in replicas:
            await one.kill()
        await db.close()
