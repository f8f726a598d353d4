"""Disclosures of twelve categories, over HTTP and in the process, beside the bare policy engine.

The bare engine decides one request a category on the policies that the service hands it, and once
more the fewer that the service does ask: one for the categories that no policy tells apart. A
disclosure also finds out what decides, under locks, and commits its leaf of the audit log.
"""

import asyncio
import json
import os
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from unittest.mock import patch

import cedarpy
import psutil
from fastapi import FastAPI

from benchmarks.sharing import CATEGORIES, Bench, clauses, consent_service, founded
from benchmarks.table import percentile, show, spread
from services.consent.actions import deciding
from services.consent.app import create
from services.consent.domain import cedar
from services.consent.domain.policies import Own
from services.consent.routes.disclosures import Asking
from shared.auth import mint
from shared.bus import InProcessBus
from shared.entry import Entry
from tests.consent.served import Town

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
AT_ONCE = 8
"""Connections that ask without a pause, to see how much one core of the service decides."""
WARM = 200
LIMIT_MS, LIMIT_DECISIONS = 5.0, 4_000

Once = Callable[[], Awaitable[Any]]


class Round(NamedTuple):
    """Milliseconds of each; seconds of the clock, of the service's core and of PostgreSQL's."""

    times: list[float]
    seconds: float
    service: float = 0.0
    postgres: float = 0.0

    @property
    def rate(self) -> float:
        """Category decisions a second."""
        return len(self.times) * len(CATEGORIES) / self.seconds

    @property
    def of_a_core(self) -> float:
        """Category decisions for each second that the service's core worked."""
        return len(self.times) * len(CATEGORIES) / self.service

    @property
    def of_both(self) -> float:
        """The same with what the database's processes worked."""
        return len(self.times) * len(CATEGORIES) / (self.service + self.postgres)


def run() -> None:
    """One database, one service; the candidates take turns."""
    with (
        tempfile.TemporaryDirectory(prefix="hub-bench-") as folder,
        consent_service(Path(folder)) as bench,
    ):
        asyncio.run(_measure(bench))


async def _measure(bench: Bench) -> None:
    town = await founded(bench)
    app = _app(bench)
    question = Asking.model_validate(_body(town)).question
    caller = town.school.caller

    async def inside() -> None:
        await deciding.disclose(app.state.desk, question(caller, datetime.now(UTC)))

    bare, asked = await _bare(inside)
    found: dict[str, list[Round]] = {}
    for _ in range(ROUNDS):
        for name, once in (
            ("bare policy engine", bare),
            ("the engine as the service asks it", asked),
            ("in the process", inside),
        ):
            found.setdefault(name, []).append(await _in_turn(once))
        for connections in (1, AT_ONCE):
            name = f"over HTTP, {connections} at once"
            found.setdefault(name, []).append(await _over_http(bench, town, connections))
    await app.state.desk.db.close()
    _report(found)


def _app(bench: Bench) -> FastAPI:
    """The service once more in this process, on the same database; it does nothing by itself."""
    entry = create(bench.settings, InProcessBus())
    assert isinstance(entry, Entry)
    assert isinstance(entry.app, FastAPI)
    return entry.app


def _body(town: Town) -> dict[str, Any]:
    return {
        "purpose": "early_help",
        "operation": "referral.look",
        "people": [{"id": str(town.child), "kind": "child"}],
        "categories": list(CATEGORIES),
    }


async def _bare(inside: Once) -> tuple[Once, Once]:
    """What one disclosure would hand to the engine, each category apart, and what it does."""
    asked = await _handed(inside)
    with patch.object(Own, "like", lambda _, category: category):
        apart = await _handed(inside)
    assert len(apart[0]) == len(CATEGORIES) > len(asked[0])
    return _deciding(apart), _deciding(asked)


async def _handed(inside: Once) -> tuple[Any, ...]:
    """What the engine hears, in one batch."""
    heard: list[tuple[Any, ...]] = []

    def hear(*handed: Any) -> Any:
        heard.append(handed)
        return cedarpy.is_authorized_batch(*handed)

    with patch.object(cedar, "is_authorized_batch", hear):
        await inside()
    [handed] = heard
    return handed


def _deciding(handed: tuple[Any, ...]) -> Once:
    async def once() -> None:
        cedarpy.is_authorized_batch(*handed)

    return once


async def _in_turn(once: Once) -> Round:
    """One after the other."""
    for _ in range(WARM):
        await once()
    times, began = [], time.perf_counter()
    while (asked := time.perf_counter()) < began + SECONDS:
        await once()
        times.append((time.perf_counter() - asked) * 1000)
    return Round(times, time.perf_counter() - began)


async def _over_http(bench: Bench, town: Town, connections: int) -> Round:
    token = mint(town.school.caller, bench.signing, time.time())
    async with AsyncExitStack() as stack:
        asking = [await _connected(stack, bench, town, token) for _ in range(connections)]
        for once in asking:
            await _some(once, WARM // connections)
        before, began = _worked(bench), time.perf_counter()
        found = await asyncio.gather(*(_in_turn_unwarmed(once) for once in asking))
        seconds, after = time.perf_counter() - began, _worked(bench)
    service, postgres = (later - sooner for later, sooner in zip(after, before, strict=True))
    return Round([one for times in found for one in times], seconds, service, postgres)


async def _some(once: Once, count: int) -> None:
    for _ in range(count):
        await once()


async def _in_turn_unwarmed(once: Once) -> list[float]:
    times, ending = [], time.perf_counter() + SECONDS
    while (asked := time.perf_counter()) < ending:
        await once()
        times.append((time.perf_counter() - asked) * 1000)
    return times


async def _connected(stack: AsyncExitStack, bench: Bench, town: Town, token: str) -> Once:
    """A connection that stays: what a client costs here it takes from the service."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
    stack.callback(writer.close)
    body = json.dumps(_body(town)).encode()
    lines = (
        *("POST /api/v1/disclosures HTTP/1.1", "Host: hub", f"Authorization: Bearer {token}"),
        *("Content-Type: application/json", f"Content-Length: {len(body)}", "", ""),
    )
    return partial(_ask, reader, writer, "\r\n".join(lines).encode() + body)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201 "), head
    length = re.search(rb"content-length: (\d+)", head)
    assert length, head
    await reader.readexactly(int(length[1]))


def _worked(bench: Bench) -> tuple[float, float]:
    """Seconds that the service and PostgreSQL have used of a core so far."""
    pid = bench.postgres.pid
    assert pid is not None
    server = psutil.Process(pid)
    return _used(bench.process), sum(_used(one) for one in (server, *server.children()))


def _used(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _report(found: dict[str, list[Round]]) -> None:
    bare = found["bare policy engine"]
    rows: list[list[object]] = []
    for name, rounds in found.items():
        ratios = [
            median(one.times) / median(limit.times) for one, limit in zip(rounds, bare, strict=True)
        ]
        p50 = median(median(one.times) for one in rounds)
        p99 = median(percentile(one.times, 0.99) for one in rounds)
        measured = all(one.service for one in rounds)
        of_a_core = median(one.of_a_core for one in rounds) if measured else ""
        of_both = median(one.of_both for one in rounds) if measured else ""
        rate = median(one.rate for one in rounds)
        rows.append([name, p50, p99, spread(ratios), rate, of_a_core, of_both])
    show(
        f"A disclosure of {len(CATEGORIES)} categories of one child, the sample agreement of "
        f"{len(clauses())} clauses ({ROUNDS} rounds in turn of {SECONDS:.0f} s; aims: p50 over "
        f"HTTP under {LIMIT_MS:.0f} ms, {LIMIT_DECISIONS:,} category decisions a second of a core)",
        [
            *("", "p50 ms", "p99 ms", "p50 to the bare engine", "decisions a second"),
            *("a second of the service's core", "with the database's work"),
        ],
        rows,
    )
