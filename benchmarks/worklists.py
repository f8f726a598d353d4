"""Worklists of 200,000 referrals through the real service, beside the same SQL through the driver.

Each reader asks at its hour, or as soon after it as the answer before has come; the time counts
from that hour. Before it answers, the service asks the consent service what may be shared of the
page. The bare SQL is what it sends itself, with its access row, in turn with it.
"""

import asyncio
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

import asyncpg
import httpx2
import structlog
from fastapi import FastAPI
from joserfc.jwk import KeySet
from sqlalchemy.engine import make_url

from benchmarks.accepted import answers, ended, free_port
from benchmarks.replayed import Sent, hearing, send
from benchmarks.sharing import Bench, consent_service, founded
from benchmarks.table import percentile, show, spread
from benchmarks.worklist_rows import OPEN, ROWS, WORKER, fill
from hub.site import AUTHORITY
from services.referral.app import create
from services.referral.settings import Settings
from shared import keys, migrations
from shared.auth import Caller, Role, Scope, mint
from shared.authority import Authorities
from shared.bus import InProcessBus
from shared.db import Database
from shared.entry import Entry

BASE = "http://127.0.0.1"
READERS, A_SECOND, SECONDS = 20, 100, 10
WARM = 2
"""Seconds at the start of each round that do not count: connections and statements are new then."""
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
LIMIT_MS = 50.0
PURPOSE = "front_door"
WAITING = "status=submitted&status=acknowledged&status=triaging"

QUESTIONS = {
    "what is due first": "?sort=due",
    "what is due first, next page": "",
    "overdue": "?sort=due&due=overdue",
    "urgent first, of what waits": f"?sort=urgency&{WAITING}",
    "due in one area": "?sort=due&area=north",
    "own, by due": "?sort=due&worker=me",
    "newest": "?sort=newest",
    "counts of what waits by status": f"/counts?by=status&{WAITING}",
    "counts of what is late by area": "/counts?by=area&due=overdue",
}
"""A front door's mix, each asked as often. The next page is the one that the first leads to."""

Ask = Callable[[str], Awaitable[None]]
Times = dict[str, list[float]]
"""Milliseconds of each question."""


class Asked(NamedTuple):
    """A question, and the statements that the service sends for it."""

    path: str
    statements: list[Sent]


def run() -> None:
    """One database server, one service beside the consent service; it and the bare SQL in turn."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        bench = stack.enter_context(consent_service(folder))
        bench.postgres.create_database("referral")
        keys.create_missing(folder, ("referral",))
        settings = Settings(
            database_url=bench.postgres.url("referral"),
            public_url="http://127.0.0.1",
            authority_files=(AUTHORITY,),
            internal_keys=folder / "internal.public.json",
            field_keys=folder / "referral.fields.json",
            consent_url=f"http://127.0.0.1:{bench.port}",
            directory_url="http://127.0.0.1:1",  # nobody names a service here
        )
        by = asyncio.run(_front_door(bench))
        asyncio.run(_filled(settings.database_url, by))
        bench.postgres.sql("checkpoint")  # else filling is still being written while it is measured
        port = free_port()
        hub = str(Path(sys.executable).parent / "hub")
        told = {f"REFERRAL_{name.upper()}": str(value) for name, value in settings if value}
        told["REFERRAL_AUTHORITY_FILES"] = str(AUTHORITY)
        serve = [hub, "serve", "referral", "--port", str(port)]
        stack.enter_context(ended(serve, {**os.environ, **told}))
        answers(f"http://127.0.0.1:{port}/readyz")
        asyncio.run(_measure(port, settings, by))


async def _front_door(bench: Bench) -> Caller:
    """A worker of the front door, which has signed the agreements."""
    door = (await founded(bench)).front_door.caller
    roles, scopes = frozenset({Role.FRONT_DOOR_WORKER}), frozenset({Scope.REFERRALS_READ})
    return replace(door, worker_id=WORKER, roles=roles, scopes=scopes)


async def _filled(url: str, by: Caller) -> None:
    agency_id, _ = by.acting()
    await migrations.upgrade("referral", url)
    db = Database.open(url)
    await fill(db, Authorities.load([AUTHORITY])["sample"].calendar.version, agency_id)
    await db.close()


async def _measure(port: int, settings: Settings, by: Caller) -> None:
    key = keys.signing_keys(settings.internal_keys.with_name("internal.json"))()
    sent = await _what_is_sent(settings, by, key)
    address = make_url(settings.database_url)
    where = {name: str(address.query[name]) for name in ("host", "port")}
    hub: list[Times] = []
    bare: list[Times] = []
    async with asyncpg.create_pool(user="referral", **where, max_size=10) as pool:

        async def query(question: str) -> None:
            await send(pool, sent[question].statements)

        for _ in range(ROUNDS):
            async with AsyncExitStack() as stack:
                token = _headers(by, key)["Authorization"]
                readers = [await stack.enter_async_context(_reader(port)) for _ in range(READERS)]
                hub.append(await _load([partial(_ask, *r, token, sent) for r in readers]))
            bare.append(await _load([query] * READERS))
    _report(hub, bare)


@asynccontextmanager
async def _reader(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection that stays: what a reader costs here it takes from the service."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()
    await writer.wait_closed()


async def _ask(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    token: str,
    sent: Mapping[str, Asked],
    question: str,
) -> None:
    lines = (
        *(f"GET {sent[question].path} HTTP/1.1", "Host: hub", f"Authorization: {token}"),
        *(f"Purpose: {PURPOSE}", "", ""),
    )
    writer.write("\r\n".join(lines).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    length = re.search(rb"content-length: (\d+)", head)
    assert length, head
    await reader.readexactly(int(length[1]))


def _headers(by: Caller, key: KeySet) -> dict[str, str]:
    """Good for a minute: longer than a round."""
    return {"Authorization": f"Bearer {mint(by, key, time.time())}", "Purpose": PURPOSE}


async def _what_is_sent(settings: Settings, by: Caller, key: KeySet) -> dict[str, Asked]:
    """Each question with what the service sends for it: asked twice, for what differs is an id."""
    entry = create(settings, InProcessBus())
    assert isinstance(entry, Entry)
    assert isinstance(entry.app, FastAPI)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    transport = httpx2.ASGITransport(app=entry)
    sent, following, headers = {}, "", _headers(by, key)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE, headers=headers) as http:
        await http.get("/api/v1/referrals")  # opens the connection
        for question, query in QUESTIONS.items():
            path, turns = f"/api/v1/referrals{query}" if query else following, []
            for _ in range(2):
                with hearing() as heard:
                    answer = await http.get(path)
                assert answer.status_code == 200, answer.text
                turns.append(heard)
            following = answer.json().get("next", "")
            sent[question] = Asked(path, [Sent.of(*both) for both in zip(*turns, strict=True)])
    await entry.app.state.desk.db.close()
    return sent


async def _load(readers: Sequence[Ask]) -> Times:
    """One round. A reader who waits for an answer at the hour of the next question is late then."""
    times: Times = {question: [] for question in QUESTIONS}
    began, pace = time.perf_counter() + 0.1, READERS / A_SECOND

    async def reads(number: int, ask: Ask) -> None:
        random = Random(number)  # noqa: S311 -- the same questions in each round
        for nth in range(int((WARM + SECONDS) / pace)):
            hour = began + (number / READERS + nth) * pace
            await asyncio.sleep(hour - time.perf_counter())
            question = random.choice(list(QUESTIONS))
            await ask(question)
            if hour >= began + WARM:
                times[question].append((time.perf_counter() - hour) * 1000)

    await asyncio.gather(*(reads(number, ask) for number, ask in enumerate(readers)))
    return times


def _report(hub: list[Times], bare: list[Times]) -> None:
    rows = [
        _row("all", [_every(one) for one in hub], [_every(one) for one in bare]),
        *(_row(q, [one[q] for one in hub], [one[q] for one in bare]) for q in QUESTIONS),
    ]
    show(
        f"Worklists of {ROWS:,} referrals, {OPEN:,} of them open ({READERS} readers, {A_SECOND} "
        f"requests a second in all, {ROUNDS} rounds in turn of {SECONDS} s; limit: p99 "
        f"{LIMIT_MS:.0f} ms)",
        ["", "p50 ms", "p99 ms", "of the limit", "bare SQL p50", "p99", "ratio of p50"],
        rows,
    )


def _every(times: Times) -> list[float]:
    return [one for some in times.values() for one in some]


def _row(name: str, hub: list[list[float]], bare: list[list[float]]) -> list[object]:
    """Medians over the rounds; the ratio is made inside each round."""
    p50, p99 = (median(percentile(times, share) for times in hub) for share in (0.5, 0.99))
    sql50, sql99 = (median(percentile(times, share) for times in bare) for share in (0.5, 0.99))
    ratios = [
        percentile(one, 0.5) / percentile(other, 0.5) for one, other in zip(hub, bare, strict=True)
    ]
    return [name, p50, p99, p99 / LIMIT_MS, sql50, sql99, spread(ratios)]
