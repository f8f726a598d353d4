"""The log grows with the transactions that it tells of, without a gap, and nobody takes back."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.postgres import PostgresFailed
from services.consent.actions import audit
from services.consent.actions.verifying import verify
from services.consent.domain.canonical import canonical
from services.consent.domain.examining import Finding
from services.consent.domain.leaves import By
from services.consent.domain.merkle import (
    EMPTY_ROOT,
    Tree,
    completed,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    needed,
    proves_consistency,
    proves_inclusion,
)
from services.consent.store import audit as store
from shared.errors import NotFound
from tests.consent.conftest import NOW, Kept, a_decision

WRITERS, LEAVES_EACH = 20, 15
NEVER = [
    f"{verb} {table}{rest}"
    for table, column in (
        ("audit_leaf", "index"),
        ("audit_node", "number"),
        ("audit_checkpoint", "size"),
    )
    for verb, rest in (
        ("update", f" set {column} = {column}"),
        ("delete from", ""),
        ("truncate", ""),
    )
] + ["update audit_detail set detail = detail", "truncate audit_detail"]


async def test_each_leaf_gets_the_next_index_from_nought(kept: Kept) -> None:
    first = await kept.append(a_decision())
    second = await kept.append(a_decision(), a_decision(detail={"reason": "Because."}))
    none = await kept.append()

    assert (first, second, none) == ([0], [1, 2], [])
    assert kept.ask("select index from audit_leaf order by index").split() == ["0", "1", "2"]
    assert kept.ask("select leaf_index from audit_detail") == "2"


async def test_a_leaf_is_stored_as_it_was_hashed(kept: Kept) -> None:
    record = a_decision(purpose="safeguarding")
    await kept.append(a_decision(), record)

    async with kept.log.db.reading() as connection:
        entry = await store.entry(connection, 1)

    assert entry == record.entry(b"")
    stored = kept.ask("select encode(hash, 'hex') from audit_node where level = 0 and number = 1")
    assert leaf_hash(canonical(entry)).hex() == stored


async def test_twenty_writers_at_once_leave_no_gap(kept: Kept) -> None:
    async def write(number: int) -> list[list[int]]:
        return [
            await kept.append(*(a_decision() for _ in range(1 + (number + turn) % 3)))
            for turn in range(LEAVES_EACH)
        ]

    given = await asyncio.gather(*map(write, range(WRITERS)))

    batches = [batch for writer in given for batch in writer]
    indexes = sorted(index for batch in batches for index in batch)
    assert len(indexes) > WRITERS * LEAVES_EACH
    assert indexes == list(range(len(indexes)))
    assert all(batch == list(range(batch[0], batch[-1] + 1)) for batch in batches)
    verified = await verify(kept.log)
    assert (verified.size, verified.finding) == (len(indexes), None)


async def test_what_is_rolled_back_leaves_no_leaf_and_no_gap(kept: Kept) -> None:
    await kept.append(a_decision())

    with pytest.raises(ZeroDivisionError):
        await _append_and_fail(kept)
    after = await kept.append(a_decision())

    assert after == [1]
    assert kept.ask("select count(*) from audit_leaf") == "2"
    assert kept.ask("select count(*) from audit_detail") == "0"
    assert (await verify(kept.log)).finding is None


async def _append_and_fail(kept: Kept) -> None:
    async with kept.log.db.transaction() as connection:
        given = await audit.append(connection, kept.log, [a_decision(detail={"reason": "Why."})])
        assert given == [1]
        raise ZeroDivisionError


async def test_a_writer_that_is_killed_before_it_commits_leaves_neither_leaf_nor_lock(
    kept: Kept,
) -> None:
    """What it tells of and its leaf are one transaction: both or neither."""
    await kept.append(a_decision())

    with pytest.raises(DBAPIError):
        await _append_and_be_killed(kept)

    assert kept.ask("select count(*) from audit_leaf") == "1"
    assert await kept.append(a_decision()) == [1]
    assert (await verify(kept.log)).finding is None


async def _append_and_be_killed(kept: Kept) -> None:
    async with kept.log.db.transaction() as connection:
        given = await audit.append(connection, kept.log, [a_decision(detail={"reason": "Why."})])
        assert given == [1]
        killed = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = "
        assert int(kept.ask(f"{killed}'{kept.name}' and usename = 'consent'")) > 0
        await store.head(connection)


async def test_verifying_goes_on_while_others_write_erase_and_sign(kept: Kept) -> None:
    person = a_decision().leaf.people[0]
    await kept.filled(50)

    async def write() -> None:
        for turn in range(12):
            await kept.append(a_decision(person, detail={"reason": "Why."}), a_decision())
            await kept.checkpoint(hours=turn)
            await audit.erase(kept.log, person, by=By(client_id="retention"), now=NOW)

    async def look() -> list[Finding | None]:
        return [(await verify(kept.log)).finding for _ in range(15)]

    _, _, found, also = await asyncio.gather(write(), write(), look(), look())

    assert {*found, *also} == {None}
    verified = await verify(kept.log)
    assert (verified.checkpoints, verified.finding) == (24, None)


async def test_two_appends_in_one_transaction_follow_each_other(kept: Kept) -> None:
    async with kept.log.db.transaction() as connection:
        one = await audit.append(connection, kept.log, [a_decision()])
        other = await audit.append(connection, kept.log, [a_decision(), a_decision()])

    assert (one, other) == ([0], [1, 2])
    assert (await verify(kept.log)).finding is None


@pytest.mark.parametrize("statement", NEVER)
async def test_nothing_in_the_log_is_changed_or_removed(kept: Kept, statement: str) -> None:
    """Neither by the service's own role nor by a superuser who does not switch the barrier off."""
    await kept.append(a_decision(detail={"reason": "Because."}))
    await kept.checkpoint()
    before = kept.ask(
        "select (select count(*) from audit_leaf), (select max(size) from"
        " audit_checkpoint), (select count(*) from audit_detail)"
    )
    assert before == "1|1|1"

    with pytest.raises(DBAPIError, match="permission denied"):
        await _run(kept, statement)
    for role in ("origin", "replica"):
        with pytest.raises(PostgresFailed, match="appended to, never changed"):
            kept.ask(f"set session_replication_role = {role}; {statement}")

    assert (await verify(kept.log)).finding is None


async def _run(kept: Kept, statement: str) -> None:
    async with kept.log.db.transaction() as connection:
        await connection.execute(text(statement))


@pytest.mark.parametrize("leaves", [1, 2, 3, 7, 8, 21])
async def test_every_leaf_and_every_earlier_size_is_proved(kept: Kept, leaves: int) -> None:
    await kept.filled(leaves)
    roots = [await _root(kept, size) for size in range(leaves + 1)]
    assert roots[0] == EMPTY_ROOT

    for size in range(1, leaves + 1):
        for index in range(size):
            given = await audit.prove_inclusion(kept.log, index, size)
            leaf = leaf_hash(canonical(given.entry))
            assert proves_inclusion(index, size, leaf, given.hashes, roots[size])
        hashes = await audit.prove_consistency(kept.log, size)
        assert proves_consistency(size, leaves, roots[size], roots[leaves], hashes)


async def _root(kept: Kept, size: int) -> bytes:
    """The root of the first leaves, from their rows."""
    entries = map(json.loads, kept.ask("select entry from audit_leaf order by index").split("\n"))
    tree, _ = Tree().grown([leaf_hash(canonical(entry)) for entry in entries][:size])
    return tree.root()


async def test_what_is_not_in_the_log_is_not_proved(kept: Kept) -> None:
    await kept.filled(5)
    assert (await audit.prove_inclusion(kept.log, 4)).size == 5

    asked: list[Any] = [
        audit.prove_inclusion(kept.log, 5),
        audit.prove_inclusion(kept.log, -1),
        audit.prove_inclusion(kept.log, 3, 3),
        audit.prove_inclusion(kept.log, 0, 6),
        audit.prove_consistency(kept.log, 0),
        audit.prove_consistency(kept.log, 6),
        audit.prove_consistency(kept.log, 4, 3),
    ]

    for one in asked:
        with pytest.raises(NotFound):
            await one


async def test_of_an_empty_log_nothing_is_proved_and_a_checkpoint_says_that_it_is_empty(
    kept: Kept,
) -> None:
    checkpoint = await kept.checkpoint()

    assert (checkpoint.size, checkpoint.root) == (0, EMPTY_ROOT)
    verified = await verify(kept.log)
    assert (verified.size, verified.checkpoints, verified.finding) == (0, 1, None)
    for asked in (audit.prove_inclusion(kept.log, 0), audit.prove_consistency(kept.log, 0)):
        with pytest.raises(NotFound):
            await asked


def test_a_proof_reads_few_hashes_however_long_the_log() -> None:
    size = 10_000_019

    for index in (0, 1, 4_999_999, size - 1):
        assert len(needed(inclusion_ranges(index, size))) <= 2 * size.bit_length()
        assert len(needed(consistency_ranges(index + 1, size))) <= 2 * size.bit_length()
    assert sum(1 for _ in completed(0, 1024)) == 2047


async def test_a_persons_leaves_are_found_in_order(kept: Kept) -> None:
    mine = a_decision()
    (person,) = mine.leaf.people
    await kept.append(mine, a_decision(), a_decision(*a_decision().leaf.people, person))

    async with kept.log.db.reading() as connection:
        found = await store.about(connection, person)
        later = await store.about(connection, person, after=0)

    assert [index for index, _ in found] == [0, 2]
    assert [index for index, _ in later] == [2]
    assert found[0][1] == mine.entry(b"")
