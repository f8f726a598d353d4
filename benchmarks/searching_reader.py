"""A reader's connection, and the whole feed as lines."""

import re
import time
from asyncio import StreamReader, StreamWriter, open_connection
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from joserfc.jwk import KeySet
from sqlalchemy.engine import make_url

from benchmarks.searching_peer import LINES
from benchmarks.searching_report import HUB, PEER, ROWS
from shared.auth import LIFETIME, Caller, mint

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_LINES = "/directory/v3/services?format=ndjson"
_EVERY_LINE = "select brief from listing where collection = 'services' order by place"


@dataclass
class Reader:
    """A connection that stays: what a reader costs here it takes from the service."""

    read: StreamReader
    write: StreamWriter
    signing: KeySet
    _token: str = ""
    _until: float = 0.0

    async def get(self, path: str) -> int:
        """How many bytes are answered."""
        return sum([len(some) async for some in self._answer(path)])

    async def lines(self, path: str, end: bytes = b"}\n") -> int:
        """How many lines are streamed; counted as they come."""
        found, rest = 0, b""
        async for some in self._answer(path):
            found += (rest + some).count(end)
            rest = some[1 - len(end) :]
        return found

    async def _answer(self, path: str) -> AsyncIterator[bytes]:
        head = await self._asked(path)
        if length := _LENGTH.search(head):
            yield await self.read.readexactly(int(length[1]))
            return
        assert b"chunked" in head.lower(), head
        while size := int(await self.read.readline(), 16):
            yield (await self.read.readexactly(size + 2))[:-2]
        await self.read.readline()

    async def _asked(self, path: str) -> bytes:
        lines = (f"GET {path} HTTP/1.1", "Host: hub", f"Authorization: Bearer {self._fresh()}")
        self.write.write("\r\n".join((*lines, "", "")).encode())
        head = await self.read.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), (path, head)
        return head

    def _fresh(self) -> str:
        """The anonymous caller's token, as the door sends it: renewed while it still holds."""
        if time.time() > self._until:
            self._token = mint(Caller.anonymous, self.signing, time.time())
            self._until = time.time() + LIFETIME / 2
        return self._token


@asynccontextmanager
async def connected(port: int, signing: KeySet) -> AsyncIterator[Reader]:
    """A reader, until the block ends."""
    read, write = await open_connection("127.0.0.1", port, limit=1 << 20)
    yield Reader(read, write, signing)
    write.close()
    await write.wait_closed()


def driven(url: str) -> dict[str, Any]:
    """The address of a database as the driver takes it."""
    there = make_url(url)
    where = {name: str(there.query[name]) for name in ("host", "port")}
    return {"user": there.username, "database": there.database, **where}


async def lines_a_second(hub: int, peer: int, signing: KeySet, url: str) -> dict[str, float]:
    """The whole list of services: as lines, as the peer's CSV, and through the driver."""
    found: dict[str, float] = {}
    streams = ((HUB, hub, _LINES, b"}\n"), (PEER, peer, LINES, b'}"\r\n'))
    for name, port, path, end in streams:
        async with connected(port, signing) as reader:
            began = time.perf_counter()
            found[name] = await reader.lines(path, end) / (time.perf_counter() - began)
    connection = await asyncpg.connect(**driven(url))
    began, rows = time.perf_counter(), 0
    async with connection.transaction():
        async for _ in connection.cursor(_EVERY_LINE, prefetch=200):
            rows += 1
    found[ROWS] = rows / (time.perf_counter() - began)
    await connection.close()
    return found
