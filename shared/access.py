"""Who looked: one row for each read or write of personal data, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid
from sqlmodel import Field, SQLModel

from shared.auth import Caller
from shared.db import UtcDateTime, kept
from shared.ids import new_id
from shared.rows import Row


class AccessColumns(SQLModel):
    """A look or a write: who, when, what, at which records."""

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "row id"))
    at: datetime = Field(
        sa_type=UtcDateTime,
        sa_column_kwargs=kept("operational", "when it was"),
    )
    client_id: str = Field(sa_column_kwargs=kept("operational", "through which system"))
    agency_id: UUID | None = Field(sa_column_kwargs=kept("operational", "of which agency"))
    worker_id: UUID | None = Field(sa_column_kwargs=kept("pseudonymous", "who acted"))
    operation: str = Field(sa_column_kwargs=kept("operational", "what was done"))
    subjects: list[UUID] = Field(
        sa_type=ARRAY(Uuid),
        sa_column_kwargs=kept("pseudonymous", "the records it was done to"),
    )


def access_row(
    model: type[AccessColumns],
    caller: Caller,
    operation: str,
    subjects: Sequence[UUID],
    now: datetime,
) -> Row:
    """The row that says that `caller` did `operation` to `subjects`."""
    return Row.of(
        model,
        id=new_id(),
        at=now,
        client_id=caller.client_id,
        agency_id=caller.agency_id,
        worker_id=caller.worker_id,
        operation=operation,
        subjects=list(subjects),
    )
