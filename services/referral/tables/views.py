"""A worker's own worklists, kept under a name, and those shared with the whole agency."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.referral.tables.base import Table
from shared.db import UtcDateTime, kept


class ViewRow(Table, table=True):
    """Filters and an order. Its name is the worker's: short, and nobody's personal data."""

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("one_view_of_a_worker_by_name", "agency_id", "worker_id", "name", unique=True),
        Index(
            "one_shared_view_of_an_agency_by_name",
            "agency_id",
            "name",
            unique=True,
            postgresql_where=text("shared"),
        ),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the view"))
    agency_id: UUID = Field(sa_column_kwargs=kept("operational", "whose worklist it is"))
    worker_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "who made it"))
    name: str = Field(sa_column_kwargs=kept("operational", "what it is called; no family's name"))
    shared: bool = Field(sa_column_kwargs=kept("operational", "whether the agency sees it"))
    worklist: dict[str, Any] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("pseudonymous", "filters and order: codes and ids")
    )
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))
    created_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it was made")
    )
