"""What may be asked of the search: each parameter checked, and all of them hold at once."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from services.directory.domain import typed
from services.directory.domain.readers import DAYS, OLDEST
from services.directory.domain.search.codes import (
    AgeBand,
    Cost,
    Delivery,
    Facet,
    OfferLevel,
    OfferView,
)
from services.directory.domain.search.marks import quarters, slug
from services.directory.domain.typed import Clock, Day, Question

PER_PAGE, MOST = 10, 50
_DEEPEST = 1_000


def _several(said: object) -> object:
    """One value where there may be several is a list of one."""
    return said if isinstance(said, list | tuple) or said is None else [said]


Words = Annotated[typed.Words, Field(max_length=200)]
Age = Annotated[float, Field(ge=0, le=OLDEST, allow_inf_nan=False)]
Names = Annotated[list[Words], Field(max_length=30), BeforeValidator(_several)]


class SearchAsked(Question):
    """Of each parameter that may be sent several times one value is enough."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Words | None = Field(None, description="What is looked for, in any words")
    near: Words | None = Field(
        None, description="Where somebody is: a postcode, its first part, or a place's name"
    )
    within_metres: Annotated[float, Field(gt=0, le=2_000_000, allow_inf_nan=False)] | None = Field(
        None, description="At most so far from `near`; what comes to families is never too far"
    )
    minimum_age: Age | None = Field(None, description="With `maximum_age` years of age that fit")
    maximum_age: Age | None = Field(None, description="A service fits that is for any of them")
    age_band: Annotated[list[AgeBand], BeforeValidator(_several)] = Field(
        [], description="Age bands, of which one must fit"
    )
    need: Annotated[list[UUID], Field(max_length=30), BeforeValidator(_several)] = Field(
        [], description="Ids of terms: tagged with one of these, or with a term below it"
    )
    send: Names = Field([], description="Special educational needs, of which one must fit")
    accessibility: Names = Field([], description="What one of its places must have")
    suitability: Names = Field([], description="For whom it must be suited")
    day: Annotated[list[Day], BeforeValidator(_several)] = Field(
        [], description="Open on one of these days, as MO"
    )
    from_time: Clock | None = Field(None, description="Open after this time")
    until_time: Clock | None = Field(None, description="Open before this time, on the same day")
    term_time: bool | None = Field(
        None, description="Whether it says that it is open in term time only"
    )
    cost: Cost | None = Field(None, description="Whether there is a charge")
    language: Names = Field([], description="Language codes or names, as pl")
    delivery: Annotated[list[Delivery], BeforeValidator(_several)] = Field(
        [], description="How it reaches a family"
    )
    access: Literal["self", "referral"] | None = Field(
        None, description="Whether a family can ask itself, or a professional can refer it"
    )
    level: Annotated[list[OfferLevel], BeforeValidator(_several)] = Field(
        [], description="For everybody, or for families who need more"
    )
    view: OfferView = Field(OfferView.ALL, description="Of which offer it must be")
    page: int = Field(1, ge=1, le=_DEEPEST)
    per_page: int = Field(PER_PAGE, ge=1, le=MOST)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        first, last = self.from_time, self.until_time
        if first is not None and last is not None and first >= last:
            raise ValueError("Send an until_time that is after from_time")
        youngest, oldest = self.minimum_age, self.maximum_age
        if youngest is not None and oldest is not None and youngest > oldest:
            raise ValueError("Send a maximum_age that is not below minimum_age")
        return self

    def marks(self) -> dict[Facet, list[str]]:
        """By facet the values of which one must be among a service's own."""
        found: dict[Facet, list[str]] = {
            Facet.NEED: [str(one) for one in self.need],
            Facet.SEND: [slug(one) for one in self.send],
            Facet.ACCESSIBILITY: [slug(one) for one in self.accessibility],
            Facet.SUITABILITY: [slug(one) for one in self.suitability],
            Facet.AGE_BAND: list(self.age_band),
            Facet.COST: [self.cost] if self.cost else [],
            Facet.LANGUAGE: [slug(one) for one in self.language],
            Facet.DELIVERY: list(self.delivery),
            Facet.ACCESS: [self.access] if self.access else [],
            Facet.LEVEL: list(self.level),
            Facet.VIEW: [self.view] if self.view is not OfferView.ALL else [],
            Facet.TERM_TIME: [] if self.term_time is None else [str(self.term_time).lower()],
        }
        if self.from_time is None and self.until_time is None:
            found[Facet.DAY] = list(self.day)
        return {facet: values for facet, values in found.items() if values}

    def hours(self) -> list[str]:
        """The quarters of an hour of which it must be open in one; nothing where none is asked."""
        if self.from_time is None and self.until_time is None:
            return []
        return [
            f"{day}{quarter}"
            for day in (self.day or DAYS)
            for quarter in [*quarters(self.from_time, self.until_time), "?"]
        ]
