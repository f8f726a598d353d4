"""What the search answers; what is not known is left out."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.domain.search.codes import (
    Cost,
    Delivery,
    Facet,
    NearKind,
    SuggestionKind,
    WayIn,
)


class NearOut(BaseModel):
    """From where it was searched."""

    label: str = Field(examples=["ZZ1 1AA"])
    kind: NearKind


class CountOut(BaseModel):
    """How many would fit with this value."""

    value: str
    label: str
    count: int


class OrganizationOut(BaseModel):
    """Who gives a service."""

    id: UUID
    name: str


class NearestOut(BaseModel):
    """The nearest of its places, or the only one."""

    name: str | None = None
    postcode_area: str | None = Field(None, description="The first part of its postcode")
    metres: int | None = Field(None, description="How far it is, as the crow flies")


class AgesOut(BaseModel):
    """For which ages; an end that is left out is open."""

    from_: float | None = Field(None, alias="from")
    to: float | None = None


class ServiceOut(BaseModel):
    """A service on a page of the search."""

    id: UUID
    name: str
    organization: OrganizationOut | None = None
    summary: str = Field(description="Plain text of at most 300 letters")
    nearest: NearestOut | None = None
    area_wide: bool = Field(description="It comes to families, or stands nowhere")
    delivery: list[Delivery]
    cost: Cost | None = None
    ages: AgesOut
    access: WayIn | None = None
    takes_referrals: bool = Field(
        description="A referral can name its id as `requested_service_id`"
    )
    assured_date: date | None = None
    why: list[str] = Field(description="Why it stands where it stands, for people to read")
    url: str


class FoundOut(BaseModel):
    """A page of what fits."""

    total: int
    page: int
    per_page: int
    pages: int
    near: NearOut | None = None
    nothing_near: bool | None = Field(None, description="Something fits, but nothing so near")
    showing_for: str | None = Field(
        None, description="The words really searched, where few entries say those that were asked"
    )
    facets: dict[Facet, list[CountOut]]
    services: list[ServiceOut]


class SuggestionOut(BaseModel):
    """A name that begins so."""

    text: str
    kind: SuggestionKind


class SuggestionsOut(BaseModel):
    """Needs first, then services, then places."""

    suggestions: list[SuggestionOut]


class RelatedOut(BaseModel):
    """Services like one."""

    services: list[ServiceOut]
