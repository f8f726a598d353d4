"""The audit log in PostgreSQL: appended to, paged, proved from O(log n) hashes."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.canonical import canonical
from services.consent.domain.examining import StoredRow
from services.consent.domain.leaves import SALT_BYTES, Record, committed
from services.consent.domain.merkle import Node, Tree, leaf_hash
from services.consent.tables.audit import CheckpointRow, DetailRow, LeafRow
from shared.crypto import FieldCipher
from shared.rows import table_of

DETAIL = "audit_detail.detail"
_LOCK = 6_962
"""The advisory lock under which a database's log grows."""

_leaf, _detail = table_of(LeafRow), table_of(DetailRow)
_checkpoint = table_of(CheckpointRow)

_ALONE = text("select pg_advisory_xact_lock(:lock)")
_PEAKS = text("select size, peaks from audit_peaks(:alone)")
"""The size of the log, and the hashes of the whole subtrees it consists of: one for each 1 in the
binary number of its leaves. `alone` as below, and then what was committed while it waited."""
_APPEND = text(
    """
    with leaves as (
        insert into audit_leaf (index, entry)
        select index, entry::jsonb
        from unnest(cast(:indexes as bigint[]), cast(:entries as text[])) as leaf (index, entry)
    ),
    details as (
        insert into audit_detail (leaf_index, detail)
        select * from unnest(cast(:detailed as bigint[]), cast(:details as bytea[]))
    )
    insert into audit_node (level, number, hash)
    select * from unnest(
        cast(:levels as smallint[]), cast(:numbers as bigint[]), cast(:hashes as bytea[])
    )
    """
)
_NODES = text(
    """
    select node.level, node.number, node.hash
    from unnest(cast(:levels as smallint[]), cast(:numbers as bigint[])) as wanted (level, number)
    join audit_node as node using (level, number)
    """
)
_ERASE = text(
    """
    delete from audit_detail as detail using audit_leaf as leaf
    where leaf.index = detail.leaf_index
        and leaf.entry -> 'people' @> jsonb_build_array(cast(:person as text))
    returning detail.leaf_index
    """
)
_LOST = text(
    """
    select min(index) from audit_leaf as leaf
    where index < :size and entry ? 'detail'
        and not exists (select from audit_detail where leaf_index = leaf.index)
        and index not in (
            select cast(erased as bigint)
            from audit_leaf, jsonb_array_elements_text(entry -> 'leaves') as erased
            where entry ->> 'kind' = 'erasure'
        )
    """
)
_CLAIMED = text(
    """
    select greatest(
        coalesce((select max(index) + 1 from audit_leaf), 0),
        coalesce((select max(number) + 1 from audit_node where level = 0), 0),
        coalesce((select max(size) from audit_checkpoint), 0)
    )
    """
)


async def alone(connection: AsyncConnection) -> None:
    """Wait for whoever else appends; nobody else does until this transaction ends."""
    await connection.execute(_ALONE, {"lock": _LOCK})


async def head(connection: AsyncConnection, *, alone: bool = False) -> Tree:
    """The log as it is now: one statement, a hash for each 1 in the binary number of its leaves."""
    row = (await connection.execute(_PEAKS, {"alone": alone})).one()
    return Tree(row.size, tuple(row.peaks or ()))


async def append(
    connection: AsyncConnection, records: Sequence[Record], cipher: FieldCipher | None
) -> list[int]:
    """Append `records` in the transaction of what they tell of, and answer their indexes.

    Without words to seal no `cipher` is needed.

    Other writers wait from here until that transaction ends: append last. Two statements, however
    many records there are.
    """
    tree = await head(connection, alone=True)
    indexes = list(range(tree.size, tree.size + len(records)))
    salts = [secrets.token_bytes(SALT_BYTES) for _ in records]
    entries = [canonical(record.entry(salt)) for record, salt in zip(records, salts, strict=True)]
    sealed = {
        index: _sealed(record, salt, index, cipher)
        for index, record, salt in zip(indexes, records, salts, strict=True)
        if record.detail is not None
    }
    _, made = tree.grown(map(leaf_hash, entries))
    await connection.execute(
        _APPEND,
        {
            "indexes": indexes,
            "entries": [entry.decode() for entry in entries],
            "detailed": list(sealed),
            "details": list(sealed.values()),
            "levels": [node.level for node in made],
            "numbers": [node.number for node in made],
            "hashes": list(made.values()),
        },
    )
    return indexes


def _sealed(record: Record, salt: bytes, index: int, cipher: FieldCipher | None) -> bytes:
    """The salt is sealed with what was said: with it one could guess at the words in the leaf."""
    assert cipher is not None  # noqa: S101 -- whoever says something in words has one
    return cipher.seal({"salt": salt.hex(), "said": record.detail}, DETAIL, UUID(int=index))


async def nodes(connection: AsyncConnection, wanted: Sequence[Node]) -> dict[Node, bytes]:
    """The stored hashes of these subtrees, those that there are."""
    levels, numbers = [node.level for node in wanted], [node.number for node in wanted]
    rows = await connection.execute(_NODES, {"levels": levels, "numbers": numbers})
    return {Node(row.level, row.number): row.hash for row in rows}


async def entry(connection: AsyncConnection, index: int) -> dict[str, Any] | None:
    """What one leaf says."""
    wanted = select(_leaf.c.entry).where(_leaf.c.index == index)
    found: dict[str, Any] | None = (await connection.execute(wanted)).scalar_one_or_none()
    return found


async def detail(
    connection: AsyncConnection, index: int, cipher: FieldCipher
) -> dict[str, Any] | None:
    """What was said beside one leaf; None where nothing was, or where it is erased."""
    wanted = select(_detail.c.detail).where(_detail.c.leaf_index == index)
    sealed = (await connection.execute(wanted)).scalar_one_or_none()
    if sealed is None:
        return None
    said: dict[str, Any] = cipher.open(sealed, DETAIL, UUID(int=index))["said"]
    return said


async def about(
    connection: AsyncConnection, person_id: UUID, *, after: int = -1, limit: int = 100
) -> list[tuple[int, dict[str, Any]]]:
    """The leaves about one person with an index above `after`, in order: index and what it says."""
    person = func.jsonb_build_array(str(person_id))
    wanted = (
        select(_leaf)
        .where(_leaf.c.entry["people"].op("@>")(person), _leaf.c.index > after)
        .order_by(_leaf.c.index)
        .limit(limit)
    )
    return [(index, said) for index, said in await connection.execute(wanted)]


async def page(
    connection: AsyncConnection, cipher: FieldCipher, *, after: int | None, limit: int
) -> list[StoredRow]:
    """The rows above the index `after`, in order; None begins with whatever row is the first."""
    wanted = (
        select(_leaf, _detail.c.detail)
        .outerjoin(_detail, _detail.c.leaf_index == _leaf.c.index)
        .order_by(_leaf.c.index)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(_leaf.c.index > after)
    rows = (await connection.execute(wanted)).all()
    return [
        StoredRow(index, said, _hash_now(sealed, index, cipher)) for index, said, sealed in rows
    ]


def _hash_now(sealed: bytes | None, index: int, cipher: FieldCipher) -> bytes | None:
    """The salted hash of what is stored as a detail; empty where it does not open."""
    if sealed is None:
        return None
    try:
        opened = cipher.open(sealed, DETAIL, UUID(int=index))
        return committed(opened["said"], bytes.fromhex(opened["salt"]))
    except (InvalidTag, KeyError, ValueError):
        return b""


async def claimed(connection: AsyncConnection) -> int:
    """How many leaves there should be, by the rows, the hashes or the checkpoints."""
    return int((await connection.execute(_CLAIMED)).scalar_one())


async def lost_detail(connection: AsyncConnection, size: int) -> int | None:
    """The first of `size` leaves whose detail is gone without a leaf that says it was erased."""
    found: int | None = (await connection.execute(_LOST, {"size": size})).scalar_one()
    return found


async def erase(connection: AsyncConnection, person_id: UUID) -> list[int]:
    """Remove the details of every leaf about a person; the indexes of those leaves, in order."""
    gone = (await connection.execute(_ERASE, {"person": str(person_id)})).scalars()
    return sorted(gone)


async def keep_checkpoint(connection: AsyncConnection, row: CheckpointRow) -> None:
    """Keep what was signed."""
    await connection.execute(_checkpoint.insert().values(row.model_dump()))


async def checkpoints(
    connection: AsyncConnection, *, after: tuple[int, UUID] | None, size: int, limit: int
) -> list[CheckpointRow]:
    """Those of at most `size` leaves, by size, from the one `after` (its size and id) on."""
    c = _checkpoint.c
    wanted = select(_checkpoint).where(c.size <= size).order_by(c.size, c.id).limit(limit)
    if after is not None:
        wanted = wanted.where(func.row(c.size, c.id) > func.row(*after))
    rows = (await connection.execute(wanted)).mappings()
    return [CheckpointRow(**row) for row in rows]


async def newest(
    connection: AsyncConnection, *, before: UUID | None = None, limit: int
) -> list[CheckpointRow]:
    """Checkpoints, the newest first, from the one `before` (its id) on."""
    wanted = select(_checkpoint).order_by(_checkpoint.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(_checkpoint.c.id < before)
    rows = (await connection.execute(wanted)).mappings()
    return [CheckpointRow(**row) for row in rows]
