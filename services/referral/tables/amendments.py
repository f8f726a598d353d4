"""What was put right after sending: the old words, the new ones and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from services.referral.tables.base import Table
from shared.db import UtcDateTime, kept


class AmendmentRow(Table, table=True):
    """One change of what was sent; with all of them undone, the referral is as it was sent."""

    __tablename__ = "amendment"
    __table_args__ = (Index("amendment_in_order", "referral_id", "version"),)

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the change"))
    referral_id: UUID = Field(
        foreign_key="referral.id", sa_column_kwargs=kept("pseudonymous", "of which referral")
    )
    version: int = Field(sa_column_kwargs=kept("operational", "the referral's version after it"))
    at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "when"))
    agency_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "for which agency"))
    worker_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "who did it"))
    part: str = Field(sa_column_kwargs=kept("pseudonymous", "which part of the referral"))
    person_id: UUID | None = Field(
        default=None,
        foreign_key="person.id",
        sa_column_kwargs=kept("pseudonymous", "whose data, where it is a person's"),
    )
    reason: bytes = Field(sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "why"))
    before: bytes | None = Field(
        default=None, sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "what was said first")
    )
    after: bytes = Field(sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "what is said now"))
