"""Where postcodes and places are, as their publishers say it."""

from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.directory.tables.base import Table
from shared.db import kept


def _public(because: str, **more: Any) -> Any:
    return Field(sa_column_kwargs=kept("public", because), **more)


class PostcodeRow(Table, table=True):
    """A postcode and its middle."""

    __tablename__ = "postcode"
    __table_args__ = (Index("postcode_by_outward", "outward"),)

    code: str = _public("the postcode in capitals, with its blank", primary_key=True)
    outward: str = _public("its first part")
    latitude: float = _public("degrees north")
    longitude: float = _public("degrees east")
    areas: list[str] = _public(
        "codes of the council, county and ward it lies in", sa_type=ARRAY(Text)
    )
    ended: bool = _public("whether the post uses it no more")


class PlaceRow(Table, table=True):
    """A town, a village or a part of one, and its middle."""

    __tablename__ = "place"
    __table_args__ = (Index("place_by_name", text("lower(name)")),)

    id: str = _public("its publisher's id", primary_key=True)
    name: str = _public("what it is called")
    within: str | None = Field(
        default=None, sa_column_kwargs=kept("public", "the county or council it lies in")
    )
    kind: str = _public("city, town, village …")
    latitude: float = _public("degrees north")
    longitude: float = _public("degrees east")
    areas: list[str] = _public("codes of the areas it is", sa_type=ARRAY(Text))
