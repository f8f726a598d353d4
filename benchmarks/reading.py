"""What a disclosure adds to reading a referral: the same read with it, and without deciding.

*Recorded* is a stand-in for the consent service that gives the same answer at once. *Bare SQL* is
what the referral service sends for the read, through the driver. The disclosure alone is the very
request that the referral service makes of the consent service.
"""

import asyncio
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median

import asyncpg
import httpx2
import structlog
from fastapi import FastAPI
from sqlalchemy.engine import make_url

from benchmarks.accepted import answers, ended, free_port
from benchmarks.replayed import Sent, hearing, send
from benchmarks.sharing import Bench, consent_service, founded
from benchmarks.table import percentile, show, spread
from hub.site import AUTHORITY
from services.referral.app import create
from services.referral.settings import Settings
from shared import keys, migrations
from shared.auth import Role, mint
from shared.bus import InProcessBus
from shared.db import Database
from shared.entry import Entry
from shared.partners import know_agency
from tests.builders import a_submission
from tests.consent.served import Partner, Town

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
WARM = 100
READS, RECORDED = "a read with its disclosure", "the same, the answer recorded"
ALONE, BARE = "the disclosure alone", "bare SQL of the read"

Once = Callable[[], Awaitable[None]]


class Recorder:
    """The consent service in front of itself: asked once, it gives the same answer ever after."""

    def __init__(self, there: int) -> None:
        self._there = there
        self.request = self._answer = b""
        self._talking: set[asyncio.Task[None] | None] = set()

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[None]:
        """Until the block ends, and with it whoever still listens."""
        async with await asyncio.start_server(self._talk, "127.0.0.1", port):
            yield
            for one in filter(None, self._talking):
                one.cancel()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._talking.add(asyncio.current_task())
        with suppress(asyncio.CancelledError):
            await self._answers(reader, writer)

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await _message(reader):
            if not self._answer:
                self.request = asked
                self._answer = await self._ask(asked)
            writer.write(self._answer)

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._there)
        writer.write(request)
        answer = await _message(reader)
        writer.close()
        return answer


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One request or answer; empty at the end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


def run() -> None:
    """One database server, one consent service, two referral services; they take turns."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        bench = stack.enter_context(consent_service(folder))
        bench.postgres.create_database("referral")
        keys.create_missing(folder, ("referral",))
        url = bench.postgres.url("referral")
        asyncio.run(migrations.upgrade("referral", url))
        recorder, port = Recorder(bench.port), free_port()
        real, recorded = (_settings(folder, url, there) for there in (bench.port, port))
        ports = [stack.enter_context(_served(told)) for told in (real, recorded)]
        asyncio.run(_measure(bench, recorder, port, recorded, ports))


def _settings(folder: Path, url: str, consent_port: int) -> Settings:
    return Settings(
        database_url=url,
        public_url="http://127.0.0.1",
        authority_files=(AUTHORITY,),
        internal_keys=folder / "internal.public.json",
        field_keys=folder / "referral.fields.json",
        consent_url=f"http://127.0.0.1:{consent_port}",
        directory_url="http://127.0.0.1:1",  # nobody names a service here
    )


@contextmanager
def _served(settings: Settings) -> Iterator[int]:
    """`hub serve referral`."""
    port, hub = free_port(), str(Path(sys.executable).parent / "hub")
    told = {f"REFERRAL_{name.upper()}": str(value) for name, value in settings if value}
    told["REFERRAL_AUTHORITY_FILES"] = str(AUTHORITY)
    with ended([hub, "serve", "referral", "--port", str(port)], {**os.environ, **told}):
        answers(f"http://127.0.0.1:{port}/readyz")
        yield port


async def _measure(
    bench: Bench, recorder: Recorder, port: int, recorded: Settings, ports: list[int]
) -> None:
    town = await founded(bench)
    reader = town.front_door
    path = await _referred(bench, town, ports[0])
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(recorder.serving(port))
        statements = await _what_is_sent(recorded, reader, path)
        address = make_url(recorded.database_url)
        where = {name: str(address.query[name]) for name in ("host", "port")}
        pool = await stack.enter_async_context(
            asyncpg.create_pool(user="referral", **where, min_size=1, max_size=1)
        )
        found: dict[str, list[list[float]]] = {}
        for _ in range(ROUNDS):
            token = mint(reader.caller, bench.signing, time.time())
            get = _get(path, token)
            bearer = rb"(?i)(authorization: bearer )[^\r]+"
            asked = re.sub(bearer, rb"\1" + token.encode(), recorder.request)
            candidates: dict[str, Once] = {
                READS: await _connected(stack, ports[0], get),
                RECORDED: await _connected(stack, ports[1], get),
                ALONE: await _connected(stack, bench.port, asked),
                BARE: partial(send, pool, statements),
            }
            for name, once in candidates.items():
                found.setdefault(name, []).append(await _in_turn(once))
    _report(found, len(statements))


async def _referred(bench: Bench, town: Town, port: int) -> str:
    """The path of a referral that the town's school has sent."""
    db = Database.open(bench.postgres.url("referral"), connections=1)
    async with db.transaction() as connection:
        for partner in (town.school, town.front_door):
            kind = partner.caller.agency_kind
            assert kind is not None
            await know_agency(connection, partner.agency_id, f"Made-up {kind}", kind, "sample")
    await db.close()
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        school = Partner(http, town.school.as_(Role.REFERRER).caller, bench.signing)
        receipt = await school.created("/referrals", a_submission())
    return f"/api/v1/referrals/{receipt['id']}"


async def _what_is_sent(settings: Settings, reader: Partner, path: str) -> list[Sent]:
    """What the service sends for the read: asked twice in this process, for what differs is new."""
    entry = create(settings, InProcessBus())
    assert isinstance(entry, Entry)
    assert isinstance(entry.app, FastAPI)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    transport, turns = httpx2.ASGITransport(app=entry), []
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        for _ in range(3):  # the first also opens the connection
            with hearing() as heard:
                token = mint(reader.caller, reader.signing, time.time())
                headers = {"Authorization": f"Bearer {token}", "Purpose": "front_door"}
                answer = await http.get(path, headers=headers)
            assert answer.status_code == 200, answer.text
            assert answer.json()["children"], "nothing was read"
            turns.append(heard)
    await entry.app.state.desk.db.close()
    return [Sent.of(once, again) for once, again in zip(*turns[1:], strict=True)]


def _get(path: str, token: str) -> bytes:
    lines = (
        *(f"GET {path} HTTP/1.1", "Host: hub", f"Authorization: Bearer {token}"),
        *("Purpose: front_door", "", ""),
    )
    return "\r\n".join(lines).encode()


async def _connected(stack: AsyncExitStack, port: int, request: bytes) -> Once:
    """A connection that stays: what a client costs here it takes from the services."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    stack.callback(writer.close)

    async def once() -> None:
        writer.write(request)
        answer = await _message(reader)
        assert answer.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 201 ")), answer

    return once


async def _in_turn(once: Once) -> list[float]:
    """Milliseconds of each, one after the other."""
    for _ in range(WARM):
        await once()
    times, ending = [], time.perf_counter() + SECONDS
    while (asked := time.perf_counter()) < ending:
        await once()
        times.append((time.perf_counter() - asked) * 1000)
    return times


def _report(found: dict[str, list[list[float]]], statements: int) -> None:
    whole = found[READS]
    rows: list[list[object]] = [
        [
            name,
            median(median(times) for times in rounds),
            median(percentile(times, 0.99) for times in rounds),
            spread([median(a) / median(b) for a, b in zip(rounds, whole, strict=True)]),
        ]
        for name, rounds in found.items()
    ]
    show(
        f"Reading a referral at the front door ({ROUNDS} rounds in turn of {SECONDS:.0f} s, one "
        f"after the other; the read sends {statements} statements)",
        ["", "p50 ms", "p99 ms", "of the whole read"],
        rows,
    )
    added = [median(a) - median(b) for a, b in zip(whole, found[RECORDED], strict=True)]
    print(f"\nDeciding adds {spread(added)} ms to the median read.")
