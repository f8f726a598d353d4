"""When somebody answers, what to do in an emergency, and for how long things are kept."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from shared.authority.sources import Setting, Source, Words
from shared.calendar import ENGLAND


def _told(moment: time) -> str:
    return f"{moment:%H:%M}"


def _local(moment: time) -> time:
    """England's own, summer and winter: an offset would be wrong for half of the year."""
    if moment.tzinfo:
        raise ValueError("give the time as the clock on the wall shows it, without an offset")
    return moment


TimeOfDay = Annotated[time, AfterValidator(_local), PlainSerializer(_told, return_type=str)]
"""Told as 09:00: JSON Schema's own `time` would need an offset."""


class CoverHours(Setting):
    """When the front door answers its telephone: working days, England's time."""

    opens: TimeOfDay
    closes: TimeOfDay
    source: Source

    @model_validator(mode="after")
    def opens_first(self) -> Self:
        """The other way round nobody would ever answer."""
        if self.opens >= self.closes:
            raise ValueError("opens must come before closes")
        return self

    def include(self, now: datetime) -> bool:
        """Whether `now` lies in these hours of its day."""
        return self.opens <= now.astimezone(ENGLAND).time() < self.closes


class Telephone(Setting):
    """A number that people call."""

    name: Words
    number: Annotated[str, Field(pattern=r"^[0-9][0-9 ]{2,14}$")]
    source: Source


class RequestsForHelp(Setting):
    """Whether families may ask for help themselves, on the hub's public page."""

    open: bool
    source: Source


class GoTo(StrEnum):
    """Where a referral goes that names a service of the directory."""

    FRONT_DOOR = "front_door"
    AGENCY = "agency"


class RequestedServices(Setting):
    """Where a referral goes that names a service.

    `agency`: straight to the agency that gives it, without a decision of the front door; but what
    may be a matter of safeguarding is the front door's all the same.
    """

    go_to: GoTo
    source: Source


class Minutes(Setting):
    """How long an urgent referral may wait to be acknowledged."""

    minutes: Annotated[int, Field(ge=1, le=1_440)]
    source: Source


class Emergency(Setting):
    """What to do at once when a child is in danger, and who answers at which hour."""

    advice: Words
    front_door: Telephone
    out_of_hours: Telephone
    unacknowledged: Minutes
    source: Source

    @property
    def unacknowledged_minutes(self) -> int:
        """After so many minutes an urgent referral that nobody acknowledged escalates."""
        return self.unacknowledged.minutes


class Days(Setting):
    """A number of days."""

    days: Annotated[int, Field(ge=1, le=366)]
    source: Source


class Months(Setting):
    """A number of months."""

    months: Annotated[int, Field(ge=1, le=1_200)]
    source: Source


class SharingRecords(Setting):
    """How long what was said and decided about sharing somebody's data is kept."""

    until_birthday: Annotated[int, Field(ge=18, le=100)] | None = None
    """A child's is kept until this birthday, or longer while an agency works with it."""
    months: Annotated[int, Field(ge=1, le=1_200)]
    """Everybody else's, after the last agency has ended its work with them."""
    source: Source


class Overrides(Setting):
    """How long a safeguarding lead's override lasts at most; never more than a day."""

    hours: Annotated[int, Field(ge=1, le=24)]
    source: Source


class Closures(Setting):
    """Days on which nobody works, beside weekends and bank holidays."""

    days: tuple[date, ...] = ()
    source: Source


class Languages(Setting):
    """Language codes (ISO 639): of the pages, and those that families speak most."""

    pages: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    families: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...] = ()
    source: Source
