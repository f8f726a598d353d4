"""Agreements: what is drafted, what was published for good, who signed, and what decides now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.consent.tables.base import Table
from shared.db import UtcDateTime, kept


def _when(because: str) -> Any:
    return Field(sa_type=UtcDateTime, sa_column_kwargs=kept("operational", because))


def _perhaps_when(because: str) -> Any:
    return Field(default=None, sa_type=UtcDateTime, sa_column_kwargs=kept("operational", because))


class AgreementRow(Table, table=True):
    """An agreement of an authority: its draft, and which of its versions is in use."""

    __tablename__ = "agreement"
    __table_args__ = (
        Index("one_agreement_of_an_authority_by_name", "authority", "name", unique=True),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the agreement"))
    authority: str = Field(sa_column_kwargs=kept("operational", "whose agreement it is"))
    name: str = Field(sa_column_kwargs=kept("public", "its id in policies and audit records"))
    document: dict[str, Any] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("operational", "what the draft says; of nobody")
    )
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))
    published: int | None = Field(
        default=None, sa_column_kwargs=kept("operational", "the version that is in use")
    )
    suspended_at: datetime | None = _perhaps_when("since when it is suspended")
    updated_by: UUID = Field(sa_column_kwargs=kept("pseudonymous", "the worker who wrote last"))
    updated_at: datetime = _when("when it was changed")


class VersionRow(Table, table=True):
    """A published version: what it says never changes."""

    __tablename__ = "agreement_version"
    __table_args__ = (Index("agreement_version_once", "agreement_id", "number", unique=True),)

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the version"))
    agreement_id: UUID = Field(
        foreign_key="agreement.id", sa_column_kwargs=kept("operational", "of which agreement")
    )
    number: int = Field(sa_column_kwargs=kept("operational", "counts from 1"))
    document: dict[str, Any] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("operational", "what was published; of nobody")
    )
    hash: str = Field(sa_column_kwargs=kept("operational", "SHA-256 of what it says"))
    published_at: datetime = _when("since when it may be signed")
    published_by: UUID = Field(sa_column_kwargs=kept("pseudonymous", "the worker who published"))
    superseded_at: datetime | None = _perhaps_when("when the next version took its place")
    review_told_at: datetime | None = _perhaps_when("when it was told that its review is near")


class SignatureRow(Table, table=True):
    """An agency's signature under one version, until it leaves or is suspended."""

    __tablename__ = "agreement_signature"
    __table_args__ = (
        Index("agreement_signature_once", "agency_id", "agreement_id", "number", unique=True),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the signature"))
    agreement_id: UUID = Field(
        foreign_key="agreement.id", sa_column_kwargs=kept("operational", "under which agreement")
    )
    number: int = Field(sa_column_kwargs=kept("operational", "under which version"))
    agency_id: UUID = Field(sa_column_kwargs=kept("operational", "which agency signed"))
    signed_by: UUID = Field(sa_column_kwargs=kept("pseudonymous", "the worker who signed for it"))
    signed_at: datetime = _when("when it was signed")


class AbsenceRow(Table, table=True):
    """An agency that has left an agreement, or is suspended from it, until it is taken in again."""

    __tablename__ = "agreement_absence"

    agreement_id: UUID = Field(
        primary_key=True,
        foreign_key="agreement.id",
        sa_column_kwargs=kept("operational", "from which agreement"),
    )
    agency_id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "which agency"))
    how: str = Field(sa_column_kwargs=kept("operational", "left or suspended"))
    since: datetime = _when("since when")


class PolicyRow(Table, table=True):
    """Which policies decide for an authority. A publication changes it, every decision holds it."""

    __tablename__ = "policy"

    authority: str = Field(
        primary_key=True, sa_column_kwargs=kept("operational", "for whose agreements")
    )
    hash: str = Field(
        sa_column_kwargs=kept("operational", "SHA-256 of the versions that are in use")
    )


class PolicySetRow(Table, table=True):
    """Every set of policies there was: by its hash a decision can be made again."""

    __tablename__ = "policy_set"

    authority: str = Field(
        primary_key=True, sa_column_kwargs=kept("operational", "for whose agreements")
    )
    hash: str = Field(
        primary_key=True, sa_column_kwargs=kept("operational", "SHA-256 of schema and policies")
    )
    versions: list[str] = Field(
        sa_type=ARRAY(Text), sa_column_kwargs=kept("operational", "what they were compiled from")
    )
    at: datetime = _when("since when it first decided")
