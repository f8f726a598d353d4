"""The people of a referral, and the keyed hashes by which the same child is found again."""

from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from services.referral.tables.base import Table
from shared.db import kept


class PersonRow(Table, table=True):
    """A person of the submission. Addresses are sealed apart: not everybody may open them."""

    __tablename__ = "person"

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("pseudonymous", "names the person"))
    referral_id: UUID = Field(
        foreign_key="referral.id", index=True, sa_column_kwargs=kept("pseudonymous", "of which")
    )
    place: int = Field(sa_column_kwargs=kept("operational", "the order in which they were named"))
    is_child: bool = Field(sa_column_kwargs=kept("pseudonymous", "child or household member"))
    details: bytes = Field(sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "who it is"))
    addresses: bytes = Field(
        sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "where the person lives")
    )


class ChildIndexRow(Table, table=True):
    """Finds the same child again without knowing who it is (HMAC of a number, or names and date).

    The partial index is the rule itself: of one agency's open referrals one at most is for a child,
    unless a worker said why there must be another, or a family asked for itself.
    """

    __tablename__ = "child_index"
    __table_args__ = (
        Index(
            "one_open_referral_of_an_agency_for_a_child",
            "agency_id",
            "blind_index",
            unique=True,
            postgresql_where=text("is_open and not overridden"),
        ),
        Index("child_index_by_child", "blind_index"),
    )

    referral_id: UUID = Field(
        primary_key=True,
        foreign_key="referral.id",
        sa_column_kwargs=kept("pseudonymous", "in which referral"),
    )
    blind_index: bytes = Field(
        primary_key=True,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("pseudonymous", "keyed hash of an identity"),
    )
    agency_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "of which agency"))
    is_open: bool = Field(sa_column_kwargs=kept("pseudonymous", "closed ones do not count"))
    overridden: bool = Field(sa_column_kwargs=kept("pseudonymous", "sent all the same"))
