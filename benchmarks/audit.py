"""A million leaves of the audit log: appended, proved, verified, each beside what it cannot beat.

Appending: the same rows in a table without hashes above them. Verifying: reading the same rows, and
SHA-256 of the same bytes. Everything through the service's own verbs, on a durable PostgreSQL.
"""

import asyncio
import hashlib
import os
import tempfile
import time
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from benchmarks.table import percentile, show
from hub.postgres import PostgresServer
from services.consent.actions import audit
from services.consent.actions.audit import Log
from services.consent.actions.verifying import PAGE, verify
from services.consent.domain.canonical import canonical
from services.consent.domain.leaves import Answered, By, Decided, Record
from services.consent.domain.merkle import leaf_hash
from services.consent.store import audit as store
from shared import keys, migrations
from shared.crypto import FieldCipher
from shared.db import Database
from shared.ids import new_id

LEAVES = int(os.environ.get("BENCH_LEAVES", "1000000"))
BATCH = 1_000
"""Leaves of one transaction while the log is filled."""
ALONE = 1_000
"""Leaves that are appended in a transaction each, as disclosures are."""
PROOFS = 1_000
CHECKPOINT_EVERY = max(LEAVES // 20, BATCH)

_BARE = text(
    """
    insert into bare_leaf (index, entry)
    select index, entry::jsonb
    from unnest(cast(:indexes as bigint[]), cast(:entries as text[])) as leaf (index, entry)
    """
)
_BARE_TABLE = """
    create table bare_leaf (index bigint primary key, entry jsonb not null);
    create index bare_leaf_by_person on bare_leaf using gin ((entry -> 'people'));
    alter table bare_leaf owner to consent;
"""
"""What a log without a tree would be: the same rows under the same indexes."""


def run() -> None:
    """One database: filled, then proved and verified; the bare rows are put in turn with it."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        keys.create_missing(folder, ("consent",))
        with PostgresServer(folder / "postgres") as postgres:
            postgres.create_database("consent")
            asyncio.run(migrations.upgrade("consent", postgres.url("consent")))
            postgres.sql(_BARE_TABLE, "consent")
            asyncio.run(_measure(postgres, FieldCipher(folder / "consent.fields.json")))


async def _measure(postgres: PostgresServer, cipher: FieldCipher) -> None:
    async with AsyncExitStack() as stack:
        db = Database.open(postgres.url("consent", "consent"), connections=4)
        stack.push_async_callback(db.close)
        log = Log(db, cipher, "bench.example/audit", Ed25519PrivateKey.generate())
        await _appended(log)
        postgres.sql("vacuum analyze; checkpoint", "consent")
        await _proved(log)
        await _verified(log)


def a_record(random: Random) -> Record:
    """A disclosure about one child: seven categories permitted, five not."""
    child = new_id()
    permitted = Answered(
        people=(child,),
        categories=("contact.address", "education.attendance", "education.place", "identity.name"),
        permitted=True,
        why="permitted",
        clauses=("early-help@1/schools-help",),
        bases=("6(1)(e)",),
        obligations=("no_onward_sharing",),
    )
    denied = Answered(
        people=(child,),
        categories=("health.mental", "narrative.concerns", "police.incidents"),
        permitted=False,
        why="no_clause",
    )
    return Record(
        Decided(
            at=datetime.now(UTC),
            by=By(
                client_id="school-mis",
                agency_id=UUID(int=random.randrange(60)),
                worker_id=UUID(int=random.randrange(2_000)),
            ),
            people=(child,),
            purpose="early_help",
            operation="referral.look",
            answers=(permitted, denied),
            policy_hash=hashlib.sha256(b"made up").hexdigest(),
        )
    )


async def _appended(log: Log) -> None:
    """Batches in turn with the same rows bare; then each leaf in a transaction of its own."""
    random = Random(1)  # noqa: S311 -- the same leaves in each run
    ours, bare = [], []
    for begin in range(0, LEAVES - ALONE, BATCH):
        records = [a_record(random) for _ in range(min(BATCH, LEAVES - ALONE - begin))]
        ours.append(await _took(_append(log, records)) / len(records))
        bare.append(await _took(_bare(log, records, begin)) / len(records))
        if begin % CHECKPOINT_EVERY == 0:
            await audit.sign_checkpoint(log, datetime.now(UTC))
    alone, bare_alone = [], []
    for number in range(ALONE):
        one = [a_record(random)]
        alone.append(await _took(_append(log, one)))
        bare_alone.append(await _took(_bare(log, one, LEAVES + number)))
    await audit.sign_checkpoint(log, datetime.now(UTC))
    rows: list[list[object]] = []
    for name, mine, limit in (
        (f"{BATCH:,} in a transaction, the first tenth", _first(ours), _first(bare)),
        (f"{BATCH:,} in a transaction, the last tenth", _last(ours), _last(bare)),
        ("one in a transaction, at the end", alone, bare_alone),
    ):
        rate, most = 1 / median(mine), 1 / median(limit)
        rows.append([name, rate, most, rate / most, percentile(mine, 0.99) * 1000])
    show(
        f"Leaves appended ({LEAVES:,} of one child and seven categories; bare: the same rows, "
        "written as JSON and inserted under the same indexes, nothing above them)",
        ["", "leaves a second", "bare rows", "ratio", "p99 ms a leaf"],
        rows,
    )


def _first(times: list[float]) -> list[float]:
    return times[: max(1, len(times) // 10)]


def _last(times: list[float]) -> list[float]:
    return times[-max(1, len(times) // 10) :]


async def _took(doing: Awaitable[Any]) -> float:
    """Seconds."""
    began = time.perf_counter()
    await doing
    return time.perf_counter() - began


async def _append(log: Log, records: list[Record]) -> None:
    async with log.db.transaction() as connection:
        await audit.append(connection, log, records)


async def _bare(log: Log, records: list[Record], begin: int) -> None:
    entries = [canonical(record.entry(b"")).decode() for record in records]
    indexes = list(range(begin, begin + len(records)))
    async with log.db.transaction() as connection:
        await connection.execute(_BARE, {"indexes": indexes, "entries": entries})


async def _proved(log: Log) -> None:
    """At random places; without the answer over HTTP."""
    random = Random(2)  # noqa: S311 -- the same proofs in each run
    inclusion, consistency = [], []
    for _ in range(PROOFS):
        index, old = random.randrange(LEAVES), random.randrange(1, LEAVES)
        inclusion.append(await _took(audit.prove_inclusion(log, index, LEAVES)) * 1000)
        consistency.append(await _took(audit.prove_consistency(log, old, LEAVES)) * 1000)
    show(
        f"Proofs at random places of {LEAVES:,} leaves ({PROOFS:,} of each, one after the other)",
        ["", "p50 ms", "p99 ms"],
        [
            [name, median(times), percentile(times, 0.99)]
            for name, times in (("inclusion", inclusion), ("consistency", consistency))
        ],
    )


async def _verified(log: Log) -> None:
    """All of it, beside reading its rows, and beside hashing what they say."""
    whole = time.perf_counter()
    found = await verify(log)
    whole = time.perf_counter() - whole
    assert (found.size, found.finding) == (LEAVES, None), found
    reading, hashing = await _read_and_hashed(log)
    rows: list[list[object]] = [
        ["verify", whole, LEAVES / whole, 1.0],
        ["reading the rows, in the same pages", reading, LEAVES / reading, reading / whole],
        ["SHA-256 of their bytes", hashing, LEAVES / hashing, hashing / whole],
    ]
    show(
        f"Verifying {LEAVES:,} leaves against {found.checkpoints} checkpoints",
        ["", "seconds", "leaves a second", "of verify"],
        rows,
    )


async def _read_and_hashed(log: Log) -> tuple[float, float]:
    """Seconds for each alone."""
    reading = hashing = 0.0
    async with log.db.reading() as connection:
        for begin in range(0, LEAVES, PAGE):
            began = time.perf_counter()
            rows = await store.page(connection, log.cipher, after=begin - 1, limit=PAGE)
            reading += time.perf_counter() - began
            said = [canonical(row.entry) for row in rows]
            began = time.perf_counter()
            for one in said:
                leaf_hash(one)
            hashing += time.perf_counter() - began
    return reading, hashing
