"""The audit log: leaves, the hashes above them, the details beside them, signed checkpoints.

No foreign key leads to a leaf: PostgreSQL checks one by locking the row it leads to, which needs
the right to update it, and nobody has that right.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.consent.tables.base import Table
from shared.db import kept


class LeafRow(Table, table=True):
    """A leaf of the log: who asked for what, what was decided, released, written or erased."""

    __tablename__ = "audit_leaf"
    __table_args__ = (
        CheckConstraint("index >= 0", name="index"),
        Index("audit_leaf_by_person", text("(entry -> 'people')"), postgresql_using="gin"),
        Index("audit_leaf_by_time", text("(entry ->> 'at')"), postgresql_using="brin"),
    )

    index: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs=kept("operational", "its place in the log, from 0 without a gap")
        | {"autoincrement": False},
    )
    entry: dict[str, Any] = Field(
        sa_type=JSONB,
        sa_column_kwargs=kept("pseudonymous", "ids, codes and names of fields; no content"),
    )


class NodeRow(Table, table=True):
    """The hash of a whole subtree, from which proofs are made without reading the leaves."""

    __tablename__ = "audit_node"

    level: int = Field(
        primary_key=True,
        sa_type=SmallInteger,
        sa_column_kwargs=kept("operational", "2^level leaves are below it")
        | {"autoincrement": False},
    )
    number: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs=kept("operational", "its place among those of its level")
        | {"autoincrement": False},
    )
    hash: bytes = Field(
        sa_type=LargeBinary, sa_column_kwargs=kept("operational", "SHA-256, as RFC 6962 says")
    )


class DetailRow(Table, table=True):
    """What was said in words, until it is erased; the leaf has the salted hash of it."""

    __tablename__ = "audit_detail"

    leaf_index: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs=kept("operational", "to which leaf it belongs") | {"autoincrement": False},
    )
    detail: bytes = Field(
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "what was said, and the salt that goes with it"),
    )


class CheckpointRow(Table, table=True):
    """What the log has said of itself, as it was signed and given to the witnesses."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = (Index("audit_checkpoint_by_size", "size", "id"),)

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "row id"))
    size: int = Field(
        sa_type=BigInteger, sa_column_kwargs=kept("operational", "how many leaves it speaks of")
    )
    note: str = Field(
        sa_type=Text, sa_column_kwargs=kept("operational", "log, size, root and time, signed")
    )
