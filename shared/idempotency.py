"""Every create can be sent again: its answer is stored in the same transaction as its effect."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from shared.db import UtcDateTime, kept
from shared.errors import IdempotencyKeyInFlight, IdempotencyKeyReused
from shared.rows import table_of

KEPT = timedelta(days=30)


class IdempotencyColumns(SQLModel):
    """One create of one client. The answer holds ids, codes and times, no personal data."""

    client_id: str = Field(
        primary_key=True, sa_column_kwargs=kept("operational", "whose key it is")
    )
    key: str = Field(
        primary_key=True, sa_column_kwargs=kept("operational", "hash of the client's id")
    )
    fingerprint: bytes = Field(sa_column_kwargs=kept("operational", "SHA-256 of what was asked"))
    answer: dict[str, Any] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("pseudonymous", "what is answered again")
    )
    created_at: datetime = Field(
        sa_type=UtcDateTime,
        sa_column_kwargs=kept("operational", "30 days later it goes"),
    )


@dataclass(frozen=True)
class Once:
    """A create as the client numbered it. `fingerprint` covers operation, worker and body.

    `key` is a hash: nobody knows what a client makes its own ids of.
    """

    client_id: str
    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, client_id: str, key: str, *asked: bytes) -> "Once":
        digest = hashlib.sha256(b"\x1f".join(asked)).digest()
        return cls(client_id, hashlib.sha256(key.encode()).hexdigest(), digest)

    @property
    def lock(self) -> int:
        """The advisory lock this create holds while it is at work (a signed 64-bit number)."""
        digest = hashlib.sha256(f"{self.client_id}\x1f{self.key}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)

    async def answered(
        self, connection: AsyncConnection, table: type[IdempotencyColumns]
    ) -> dict[str, Any] | None:
        """The stored answer of this very create, None when there was none.

        Raises IdempotencyKeyReused when the key belongs to something else.
        """
        t = table_of(table)
        asked = select(t.c.fingerprint, t.c.answer).where(
            t.c.client_id == self.client_id, t.c.key == self.key
        )
        row = (await connection.execute(asked)).one_or_none()
        if row is None:
            return None
        if row.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused("Send a new Idempotency-Key with a new or changed request")
        answer: dict[str, Any] = row.answer
        return answer

    async def hold(self, connection: AsyncConnection) -> None:
        """Hold this create's lock to the end of the transaction. Raises IdempotencyKeyInFlight."""
        lock = func.pg_try_advisory_xact_lock(bindparam("lock", self.lock, BigInteger))
        if not (await connection.execute(select(lock))).scalar_one():
            raise self.in_flight()

    def in_flight(self) -> IdempotencyKeyInFlight:
        return IdempotencyKeyInFlight(
            "Wait a moment and send the same request again", headers={"Retry-After": "1"}
        )


async def forget(connection: AsyncConnection, table: type[SQLModel], now: datetime) -> None:
    """Drop the keys that are older than 30 days."""
    t = table_of(table)
    await connection.execute(delete(t).where(t.c.created_at < now - KEPT))
