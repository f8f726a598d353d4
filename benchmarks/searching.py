"""The directory's search at 50,000 services, beside its limit, its yardstick and its peer.

The service is `hub serve directory`, asked as the door asks it for anybody: the door itself, which
is the same for every service, is not measured. *Index* is the call of the index alone in this
process, for words, filters, order and counts; of one service it is the bare row through the driver.
*Tantivy* finds the ten best of the words, and nothing else that is asked. *In the process* is the
service's own search without HTTP. *Constant* is a FastAPI endpoint that answers as many bytes at
once. *Datasette* answers the same questions from the same services in SQLite with FTS5.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

from joserfc.jwk import KeySet

from benchmarks.accepted import answers, ended, free_port
from benchmarks.searching_index import Alone, filled
from benchmarks.searching_peer import complete, datasette, path_of
from benchmarks.searching_reader import connected, lines_a_second
from benchmarks.searching_report import (
    CONSTANT,
    ENGINE,
    HUB,
    INDEX,
    INSIDE,
    PEER,
    UNCOUNTED,
    Found,
    report,
)
from benchmarks.searching_town import (
    FACETS,
    ONE,
    SERVICES,
    TEXT,
    Question,
    fill,
    parameters,
    questions,
)
from hub.postgres import PostgresServer
from hub.site import AUTHORITY
from services.directory.settings import Settings
from shared import keys, migrations
from tests.directory.searching.neighbours import neighbours

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
"""Of a round under load; what is asked one after the other has an eighth of it each."""
READERS, A_SECOND, WARM = 20, 100, 2
_SOME, _SHARE = 10, 8

Ask = Callable[[Question], Awaitable[float]]
"""Milliseconds that the answer took."""
Get = Callable[[str], Awaitable[int]]
Where = Callable[[Question], str]
"""The path under which it is answered."""
Asked = Mapping[str, Sequence[Question]]


class Bench(NamedTuple):
    """Where everything answers, and what is asked."""

    hub: int
    constant: int
    peer: int
    signing: KeySet
    asked: Asked


def run() -> None:
    """One database, one service, one file for Datasette; the candidates take turns."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = stack.enter_context(PostgresServer(folder / "postgres"))
        postgres.create_database("directory")
        keys.create_missing(folder, ("directory",))
        url = postgres.url("directory")
        asyncio.run(migrations.upgrade("directory", url))
        made = neighbours(SERVICES)
        asyncio.run(fill(url, made))
        postgres.sql("checkpoint")  # else filling is still being written while it is measured
        hub = stack.enter_context(directory(folder, url))
        file = folder / "town.db"
        alone = asyncio.run(filled(url, file, made.codes))
        complete(file, made.codes.items())
        constant, peer = stack.enter_context(_constant()), stack.enter_context(datasette(file))
        answers(f"http://127.0.0.1:{hub}/readyz", within=300)
        signing = keys.signing_keys(folder / "internal.json")()
        bench = Bench(hub, constant, peer, signing, questions(made))
        asyncio.run(_measure(bench, alone))


@contextmanager
def directory(folder: Path, url: str) -> Iterator[int]:
    """`hub serve directory` on a database that is filled; it is asked when it is ready."""
    settings = Settings(
        database_url=url,
        public_url="http://127.0.0.1",
        authority_files=(AUTHORITY,),
        internal_keys=folder / "internal.public.json",
        field_keys=folder / "directory.fields.json",
    )
    port = free_port()
    told = {f"DIRECTORY_{name.upper()}": str(value) for name, value in settings if value}
    told["DIRECTORY_AUTHORITY_FILES"] = str(AUTHORITY)
    serve = [str(Path(sys.executable).parent / "hub"), "serve", "directory", "--port", str(port)]
    with ended(serve, {**os.environ, **told}):
        yield port


@contextmanager
def _constant() -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.searching_constant:app"]
    with ended(
        [*command, "--port", str(port), "--no-access-log", "--log-level", "warning"],
        dict(os.environ),
    ):
        answers(f"http://127.0.0.1:{port}/constant?size=9")
        yield port


def hub_path(question: Question) -> str:
    """Where the hub answers it."""
    if question.kind == ONE:
        return f"/directory/v3/services/{question.id}"
    return f"/api/v1/directory/search?{urlencode(list(parameters(question.asked)))}"


async def _measure(bench: Bench, alone: Alone) -> None:
    found = Found({}, {HUB: [], CONSTANT: []}, {}, await _sizes(bench))
    there = _candidates(bench, found.sizes)
    for nth in range(ROUNDS):
        for kind, asked in bench.asked.items():
            some = asked[nth::ROUNDS]
            took = {INDEX: await _in_turn(alone.bare, some)}
            if kind in (TEXT, FACETS):
                took[ENGINE] = await _in_turn(alone.engine, some)
            took[INSIDE] = await _in_turn(alone.inside, some)
            for name, (port, path) in there.items():
                async with connected(port, bench.signing) as reader:
                    took[name] = await _in_turn(_timed(reader.get, path), some)
            for name, times in took.items():
                found.times.setdefault((kind, name), []).append(times)
        for name, rounds in found.loads.items():
            rounds.append(await _load(bench, *there[name], nth))
        rates = await lines_a_second(bench.hub, bench.peer, bench.signing, alone.url)
        for name, rate in rates.items():
            found.lines.setdefault(name, []).append(rate)
    await alone.close()
    report(found)


async def _sizes(bench: Bench) -> dict[str, int]:
    """How many bytes the hub's answers have, by kind; the median of some."""
    async with connected(bench.hub, bench.signing) as reader:
        return {
            kind: round(median([await reader.get(hub_path(one)) for one in asked[:_SOME]]))
            for kind, asked in bench.asked.items()
        }


def _candidates(bench: Bench, sizes: Mapping[str, int]) -> dict[str, tuple[int, Where]]:
    """Where each answers over HTTP, and under which path."""
    return {
        CONSTANT: (bench.constant, lambda one: f"/constant?size={sizes[one.kind]}"),
        HUB: (bench.hub, hub_path),
        PEER: (bench.peer, path_of),
        UNCOUNTED: (bench.peer, partial(path_of, counted=False)),
    }


async def _in_turn(ask: Ask, asked: Sequence[Question]) -> list[float]:
    """One question after the other, the first few of which do not count."""
    for question in asked[:_SOME]:
        await ask(question)
    times, began = [], time.perf_counter()
    for question in cycle(asked[_SOME:]):
        if time.perf_counter() > began + SECONDS / _SHARE:
            break
        times.append(await ask(question))
    return times


def _timed(get: Get, path: Where) -> Ask:
    async def ask(question: Question) -> float:
        began = time.perf_counter()
        await get(path(question))
        return (time.perf_counter() - began) * 1000

    return ask


async def _load(bench: Bench, port: int, path: Where, nth: int) -> dict[str, list[float]]:
    """Each reader asks at its hour, or as soon after it as it has the answer before: then late."""
    times: dict[str, list[float]] = {kind: [] for kind in bench.asked}
    pace = READERS / A_SECOND

    async def reads(number: int, get: Get, began: float) -> None:
        random = Random(f"{nth} {number}")  # noqa: S311 -- the same questions of each candidate
        for turn in range(int((WARM + SECONDS) / pace)):
            hour = began + (number / READERS + turn) * pace
            await asyncio.sleep(hour - time.perf_counter())
            question = random.choice(bench.asked[random.choice(list(bench.asked))])
            await get(path(question))
            if hour >= began + WARM:
                times[question.kind].append((time.perf_counter() - hour) * 1000)

    async with AsyncExitStack() as stack:
        opened = [connected(port, bench.signing) for _ in range(READERS)]
        readers = [await stack.enter_async_context(one) for one in opened]
        began = time.perf_counter() + 0.1
        await asyncio.gather(*(reads(n, one.get, began) for n, one in enumerate(readers)))
    return times
