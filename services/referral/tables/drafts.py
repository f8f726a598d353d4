"""A referral that is still being written: its own thing, incomplete, and gone after a while."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from services.referral.tables.base import Table
from shared.db import UtcDateTime, kept


class DraftRow(Table, table=True):
    """What an agency has written so far. Once it was sent, the words are in the referral alone."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("draft_by_agency", "agency_id", text("id desc")),
        Index("draft_by_expiry", "expires_at"),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("pseudonymous", "names the draft"))
    code: str = Field(
        unique=True, sa_column_kwargs=kept("pseudonymous", "with what a colleague goes on")
    )
    agency_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "whose it is"))
    worker_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "who wrote last"))
    authority: str = Field(sa_column_kwargs=kept("operational", "whose settings it follows"))
    content: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "the family's words so far; nothing once it was sent"),
    )
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))
    created_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "when it was begun")
    )
    updated_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "when it was written to last")
    )
    expires_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("operational", "when it goes")
    )
    referral_id: UUID | None = Field(
        default=None,
        foreign_key="referral.id",
        sa_column_kwargs=kept("pseudonymous", "what it has become"),
    )
