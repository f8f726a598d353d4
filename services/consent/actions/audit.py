"""The audit log's verbs: append, sign a checkpoint, prove, erase a person's details.

`verify` is in `actions/verifying.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.checkpoints import WITNESSES, Checkpoint, read, sign
from services.consent.domain.leaves import By, Erased, Record
from services.consent.domain.merkle import consistency_ranges, inclusion_ranges, needed, proof
from services.consent.store import audit
from services.consent.tables.audit import CheckpointRow
from services.consent.tables.events import Outbox
from shared.contracts.audit import AuditCheckpointed
from shared.crypto import FieldCipher
from shared.db import Database
from shared.errors import NotFound
from shared.ids import new_id
from shared.keys import NoteKeys
from shared.outbox import outbox_row
from shared.rows import add


@dataclass(frozen=True)
class Log:
    """What the audit log's verbs work with."""

    db: Database
    cipher: FieldCipher
    name: str
    """Which log this is, e.g. `hub.example/audit`: the same for ever, wherever it is reached."""
    signing: Ed25519PrivateKey
    earlier: tuple[Ed25519PublicKey, ...] = ()
    """Keys that signed before `signing` did."""

    @classmethod
    def of(cls, db: Database, cipher: FieldCipher, found: NoteKeys) -> "Log":
        """The log with the keys that its file holds now."""
        signing, *earlier = found.keys
        return cls(db, cipher, found.log, signing, tuple(key.public_key() for key in earlier))

    def public_keys(self) -> tuple[Ed25519PublicKey, ...]:
        """What its checkpoints are verified with; the first is in use."""
        return self.signing.public_key(), *self.earlier

    def read(self, note: str) -> Checkpoint:
        """A checkpoint of this log. Raises NotSigned."""
        return read(note, self.name, self.public_keys())


@dataclass(frozen=True)
class Inclusion:
    """A leaf, and the hashes that prove it to be in the log of `size` leaves."""

    index: int
    size: int
    entry: dict[str, Any]
    hashes: list[bytes]


async def append(connection: AsyncConnection, log: Log, records: Sequence[Record]) -> list[int]:
    """Append in the transaction that `connection` is in, and answer the index of each leaf.

    The leaves are there if and only if the transaction commits. Other writers wait until it ends:
    make it the last thing that the transaction does.
    """
    return await audit.append(connection, records, log.cipher)


async def sign_checkpoint(log: Log, now: datetime) -> str:
    """Sign what the log is now and keep it; the signed note, to be given to the witnesses."""
    async with log.db.transaction() as connection:
        return (await signed(connection, log, now)).note


async def signed(connection: AsyncConnection, log: Log, now: datetime) -> CheckpointRow:
    """Sign what the log is now, keep it and announce it, in the transaction of `connection`.

    Every checkpoint is kept, also of a log that has not grown: it says that it has not.
    """
    tree = await audit.head(connection)
    note = sign(Checkpoint(log.name, tree.size, tree.root(), now), log.signing)
    row = CheckpointRow(id=new_id(), size=tree.size, note=note)
    await audit.keep_checkpoint(connection, row)
    said = AuditCheckpointed(log=log.name, size=tree.size, checkpoint=note)
    await add(connection, outbox_row(Outbox, said, concerns=[WITNESSES], now=now))
    return row


async def prove_inclusion(log: Log, index: int, size: int | None = None) -> Inclusion:
    """That leaf `index` is in the log when it had `size` leaves; without `size`, in all of it.

    Raises NotFound where there are not so many leaves.
    """
    async with log.db.transaction() as connection:
        size = await _size(connection, size)
        entry = await audit.entry(connection, index) if index < size else None
        if entry is None:
            raise NotFound(f"The log of {size} leaves has none with this index")
        ranges = inclusion_ranges(index, size)
        known = await audit.nodes(connection, needed(ranges))
    return Inclusion(index, size, entry, proof(ranges, known))


async def prove_consistency(log: Log, old: int, new: int | None = None) -> list[bytes]:
    """That the log of `old` leaves is the beginning of that of `new`, or of all of it.

    Raises NotFound where there are not so many leaves; nothing is provable of an empty log.
    """
    async with log.db.transaction() as connection:
        new = await _size(connection, new)
        if not 0 < old <= new:
            raise NotFound(f"The log of {new} leaves never had this size before")
        ranges = consistency_ranges(old, new)
        known = await audit.nodes(connection, needed(ranges))
    return proof(ranges, known)


async def _size(connection: AsyncConnection, asked: int | None) -> int:
    now = (await audit.head(connection)).size
    if asked is not None and asked > now:
        raise NotFound(f"The log has {now} leaves")
    return now if asked is None else asked


async def erase(log: Log, person_id: UUID, *, by: By, now: datetime) -> list[int]:
    """Erase what was said of a person; the indexes of the leaves whose detail is gone.

    Those leaves stay, with ids and codes alone, and every proof holds. The erasure is a leaf of its
    own, where there was something to erase.
    """
    async with log.db.transaction() as connection:
        await audit.alone(connection)  # no detail of this person is appended meanwhile
        gone = await audit.erase(connection, person_id)
        if gone:
            leaf = Erased(at=now, by=by, people=(person_id,), leaves=tuple(gone))
            await audit.append(connection, [Record(leaf)], log.cipher)
    return gone
