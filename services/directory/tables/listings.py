"""What everybody may read: written with each change of an entry, and read by nothing but the feed.

Built up from an entry's content, never from what is withheld; it can be thrown away and built anew.
"""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field

from services.directory.tables.base import Table
from shared.db import UtcDateTime, kept


class Polygon(UserDefinedType[Any]):
    """PostgreSQL's own polygon, as points."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "polygon"


ischema_names["polygon"] = Polygon  # what is read back from a database is known by this name


class ListingRow(Table, table=True):
    """One object of a collection of the feed, as it is answered, and what it is found by."""

    __tablename__ = "listing"
    __table_args__ = (
        Index(
            "listing_in_order",
            "collection",
            "place",
            unique=True,
            postgresql_include=["withdrawn_at"],  # pages are counted without reading a document
        ),
        Index("listing_by_change", "collection", "modified_at"),
        Index("listing_by_entry", "entry_id"),
        Index("listing_by_organization", "collection", "organization_id"),
        Index("listing_by_term", "term_ids", postgresql_using="gin"),
        Index("listing_by_taxonomy", "taxonomy_ids", postgresql_using="gin"),
        Index("listing_by_word", "words", postgresql_using="gin"),
        Index("listing_gone", "withdrawn_at", postgresql_where=text("withdrawn_at is not null")),
    )

    collection: str = Field(primary_key=True, sa_column_kwargs=kept("public", "of which list"))
    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("public", "names the object"))
    entry_id: UUID = Field(sa_column_kwargs=kept("public", "the entry that it comes from"))
    place: int | None = Field(
        default=None,
        nullable=False,
        sa_type=BigInteger,
        sa_column_args=(Identity(always=True),),
        sa_column_kwargs=kept("public", "its place in the list, for ever"),
    )
    modified_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("public", "when what is shown last changed")
    )
    withdrawn_at: datetime | None = Field(
        default=None,
        sa_type=UtcDateTime,
        sa_column_kwargs=kept("public", "since when only its id is shown"),
    )
    minimal: str = Field(sa_type=Text, sa_column_kwargs=kept("public", "its shortest form"))
    brief: str = Field(sa_type=Text, sa_column_kwargs=kept("public", "its form in lists"))
    whole: str = Field(sa_type=Text, sa_column_kwargs=kept("public", "with all that is nested"))
    fingerprint: str = Field(sa_column_kwargs=kept("operational", "tells whether it changed"))
    words: str = Field(sa_type=TSVECTOR, sa_column_kwargs=kept("public", "what it is found by"))
    organization_id: UUID | None = Field(
        default=None, sa_column_kwargs=kept("public", "whose service it is")
    )
    term_ids: list[UUID] = Field(
        sa_type=ARRAY(Uuid), sa_column_kwargs=kept("public", "with which terms it is tagged")
    )
    taxonomy_ids: list[UUID] = Field(
        sa_type=ARRAY(Uuid), sa_column_kwargs=kept("public", "of which taxonomies they are")
    )
    parent_id: UUID | None = Field(
        default=None, sa_column_kwargs=kept("public", "the term above this term")
    )
    minimum_age: float | None = Field(
        default=None, sa_column_kwargs=kept("public", "from which age")
    )
    maximum_age: float | None = Field(
        default=None, sa_column_kwargs=kept("public", "up to which age")
    )


class OpeningRow(Table, table=True):
    """When a listed service is open: one row for each of its schedules that says so."""

    __tablename__ = "opening"
    __table_args__ = (Index("opening_of", "collection", "listing_id"),)

    number: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=(Identity(always=True),),
        sa_column_kwargs=kept("operational", "names the row"),
    )
    collection: str = Field(sa_column_kwargs=kept("public", "of which list"))
    listing_id: UUID = Field(sa_column_kwargs=kept("public", "of which object"))
    days: list[str] = Field(
        sa_type=ARRAY(Text), sa_column_kwargs=kept("public", "days of the week, as MO")
    )
    opens_at: time | None = Field(default=None, sa_column_kwargs=kept("public", "from when"))
    closes_at: time | None = Field(default=None, sa_column_kwargs=kept("public", "until when"))


class SpotRow(Table, table=True):
    """Where a listed service can be found."""

    __tablename__ = "spot"
    __table_args__ = (
        Index("spot_of", "collection", "listing_id"),
        Index("spot_around", "latitude", "longitude"),
    )

    number: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=(Identity(always=True),),
        sa_column_kwargs=kept("operational", "names the row"),
    )
    collection: str = Field(sa_column_kwargs=kept("public", "of which list"))
    listing_id: UUID = Field(sa_column_kwargs=kept("public", "of which object"))
    latitude: float = Field(sa_column_kwargs=kept("public", "degrees north"))
    longitude: float = Field(sa_column_kwargs=kept("public", "degrees east"))


class CoverRow(Table, table=True):
    """What area a listed service covers: a code or name of it, or its outline."""

    __tablename__ = "cover"
    __table_args__ = (Index("cover_of", "collection", "listing_id"),)

    number: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=(Identity(always=True),),
        sa_column_kwargs=kept("operational", "names the row"),
    )
    collection: str = Field(sa_column_kwargs=kept("public", "of which list"))
    listing_id: UUID = Field(sa_column_kwargs=kept("public", "of which object"))
    code: str | None = Field(
        default=None, sa_column_kwargs=kept("public", "an area's code or name, in small letters")
    )
    shape: tuple[tuple[float, float], ...] | None = Field(
        default=None, sa_type=Polygon, sa_column_kwargs=kept("public", "its outline")
    )
