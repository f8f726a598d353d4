"""What may be asked of the lists: Open Referral's own parameters, each checked."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from services.directory.domain.asking import MOST, PER_PAGE, Form, Page
from services.directory.domain.readers import OLDEST
from services.directory.domain.typed import Clock, Day, Question, Words
from shared.instants import EARLIEST, LATEST, TOLD

_MOST_PAGES = 10_000_000
_A_PLUS_LOST = re.compile(r"(T.*) (\d{2}:?\d{2})$")


def _with_plus(said: object) -> object:
    """A `+` that nobody encoded arrives as a blank: `…T10:00:00 01:00` means +01:00."""
    return _A_PLUS_LOST.sub(r"\1+\2", said) if isinstance(said, str) else said


def _moment(at: datetime) -> datetime:
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not EARLIEST <= at < LATEST:
        raise ValueError("Name a moment between the years 1900 and 2200")
    return at.astimezone(UTC)


Moment = Annotated[
    datetime,
    BeforeValidator(_with_plus),
    AfterValidator(_moment),
    Field(json_schema_extra=TOLD),
]
Age = Annotated[float, Field(ge=0, le=OLDEST, allow_inf_nan=False)]
Metres = Annotated[float, Field(gt=0, le=2_000_000, allow_inf_nan=False)]


class Asked(Question):
    """What every list may be asked."""

    model_config = ConfigDict(frozen=True)

    search: Words | None = Field(None, description="Words that must all occur")
    page: int | None = Field(None, ge=1, le=_MOST_PAGES, description="Which page, from 1")
    per_page: int | None = Field(None, ge=1, le=MOST, description=f"By default {PER_PAGE}")
    format: Literal["json", "ndjson"] = Field(
        "json", description="`ndjson`: every object on a line of its own, without pages"
    )

    def form(self) -> Form:
        """How much of each object is sent."""
        return Form.BRIEF

    def at(self) -> Page:
        """Which page is asked for."""
        return Page(self.page or 1, self.per_page or PER_PAGE)


class ServicesAsked(Asked):
    """What services, and services at locations, may be asked."""

    taxonomy_term_id: UUID | None = Field(None, description="Tagged with this term")
    taxonomy_id: UUID | None = Field(None, description="Tagged with any term of this taxonomy")
    organization_id: UUID | None = Field(None, description="Given by this organization")
    modified_after: Moment | None = Field(
        None, description="Modified at this moment or later; also what is no longer listed since"
    )
    full: bool = Field(False, description="With everything that is nested")
    postcode: Words | None = Field(
        None, description="Covering this postcode, or its first part, as far as areas are known"
    )
    proximity: Metres | None = Field(None, description="Within so many metres of `postcode`")
    minimum_age: Age | None = Field(None, description="Whose own minimum age is at least this")
    maximum_age: Age | None = Field(None, description="Whose own maximum age is at most this")
    day: Day | None = Field(None, description="Open on this day of the week, as MO")
    start_time: Clock | None = Field(None, description="Opening at this time or later")
    end_time: Clock | None = Field(None, description="Closing at this time or earlier")

    def form(self) -> Form:
        return Form.WHOLE if self.full else Form.BRIEF


class MinimalServicesAsked(ServicesAsked):
    """What services may be asked."""

    minimal: bool = Field(False, description="Id and last change alone, all on one page")

    def form(self) -> Form:
        return Form.MINIMAL if self.minimal else super().form()

    def at(self) -> Page:
        everything = self.minimal and self.page is None and self.per_page is None
        return Page(1, None) if everything else super().at()


class OrganizationsAsked(Asked):
    """What organizations may be asked."""

    taxonomy_term_id: UUID | None = Field(None, description="Tagged with this term")
    taxonomy_id: UUID | None = Field(None, description="Tagged with any term of this taxonomy")
    full: bool = Field(False, description="With everything that is nested")
    full_service: bool = Field(False, description="With its services in full")

    def form(self) -> Form:
        return Form.WHOLE if self.full or self.full_service else Form.BRIEF


class TermsAsked(Asked):
    """What taxonomy terms may be asked."""

    taxonomy_id: UUID | None = Field(None, description="Terms of this taxonomy")
    top_only: bool = Field(False, description="Only terms without another above them")
    parent_id: UUID | None = Field(None, description="Terms directly below this one")
