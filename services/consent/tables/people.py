"""Whom data is about, and which agency works with whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, Uuid, text
from sqlmodel import Field

from services.consent.tables.base import Table
from shared.db import UtcDateTime, kept


class PersonRow(Table, table=True):
    """What of a person decides: child or adult, and who may speak for it; never who it is.

    Whoever changes what is decided of somebody locks this row, and every decision shares it.
    """

    __tablename__ = "person"

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("pseudonymous", "names the person"))
    authority: str = Field(sa_column_kwargs=kept("operational", "in whose hub"))
    kind: str = Field(sa_column_kwargs=kept("pseudonymous", "who the person is in the family"))
    competent: bool = Field(
        sa_column_kwargs=kept("pseudonymous", "a child that understands what it is asked")
    )
    adult_at_risk: bool = Field(sa_column_kwargs=kept("pseudonymous", "an adult at risk"))
    parents: list[UUID] = Field(
        sa_type=ARRAY(Uuid), sa_column_kwargs=kept("pseudonymous", "who has responsibility for it")
    )
    attorneys: list[UUID] = Field(
        sa_type=ARRAY(Uuid), sa_column_kwargs=kept("pseudonymous", "who decides for it")
    )
    recorded_by: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "the worker who said so, if one did")
    )
    recorded_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "when it was said")
    )


class InvolvementRow(Table, table=True):
    """That an agency works with a person: without it no clause lets it see anything."""

    __tablename__ = "involvement"
    __table_args__ = (
        Index("involvement_by_person", "person_id", "agency_id"),
        Index(
            "involvement_by_referral",
            "referral_id",
            "person_id",
            "part",
            "agency_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("referral_id is not null"),
        ),
        Index(
            "involvement_claimed",
            "authority",
            "id",
            postgresql_where=text("claimed and ended_at is null"),
        ),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the record"))
    authority: str = Field(sa_column_kwargs=kept("operational", "in whose hub"))
    person_id: UUID = Field(
        foreign_key="person.id", sa_column_kwargs=kept("pseudonymous", "with whom")
    )
    agency_id: UUID | None = Field(
        default=None,
        sa_column_kwargs=kept("pseudonymous", "which agency; none: the authority's front door"),
    )
    referral_id: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "from which referral it follows")
    )
    part: str | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "as what, in the referral")
    )
    recorded_by_agency: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "which agency said so, if one did")
    )
    recorded_by: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "the worker who said so, if one did")
    )
    claimed: bool = Field(sa_column_kwargs=kept("pseudonymous", "the agency says it of itself"))
    welfare: bool = Field(
        sa_column_kwargs=kept("pseudonymous", "relevant to the child's welfare, and of help there")
    )
    reason: str | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "why consent is not relied on")
    )
    within_contract: bool = Field(
        sa_column_kwargs=kept("pseudonymous", "it is within the contracted service")
    )
    since: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "since when")
    )
    until: datetime | None = Field(
        default=None,
        sa_type=UtcDateTime,
        sa_column_kwargs=kept(
            "pseudonymous", "until when, at most; none: while the referral goes on"
        ),
    )
    ended_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "when it ended")
    )
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))
    ended_by_others: bool = Field(
        sa_column_kwargs=kept("pseudonymous", "it was not the agency itself that ended it")
    )
