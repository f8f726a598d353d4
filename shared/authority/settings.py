"""One council's settings: what differs between councils is data, and says where it comes from."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from shared.authority.brand import Brand, Vocabulary, Websites
from shared.authority.clocks import ClockSetting
from shared.authority.consistency import faults_in
from shared.authority.hours import (
    Closures,
    CoverHours,
    Days,
    Emergency,
    Languages,
    Months,
    Overrides,
    RequestedServices,
    RequestsForHelp,
    SharingRecords,
    Telephone,
)
from shared.authority.levels import AgeScope, Level, NeedGroup, Thresholds
from shared.authority.places import Area, Hub, Panel, Stage, outward_of
from shared.authority.sources import Code, Setting, Source, Words
from shared.calendar import ENGLAND, Calendar
from shared.contracts.topics import DEAD


def _no_dead_letters(authority_id: str) -> str:
    """Its topic would have the name of the dead letters' one."""
    if f".{authority_id}" == DEAD:
        raise ValueError("this word names the topic of dead letters")
    return authority_id


class Localities(Setting):
    """The authority's hubs; none where its strategy names none."""

    hubs: dict[Code, Hub] = {}
    source: Source


class Authority(Setting):
    """The settings of one council, read from `deploy/authorities/<id>.yaml`."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$"), AfterValidator(_no_dead_letters)]
    name: Words
    brand: Brand
    websites: Websites | None = None
    """Where the directory may be shown inside another page; None: nowhere."""
    language: Languages
    words: Vocabulary
    age_scope: AgeScope
    levels: Annotated[dict[Code, Level], Field(min_length=1)]
    need_groups: Annotated[dict[Code, NeedGroup], Field(min_length=1)]
    thresholds: Thresholds
    stages: Annotated[tuple[Stage, ...], Field(alias="way")]
    clocks: dict[Code, ClockSetting]
    panels: dict[Code, Panel] = {}
    localities: Localities
    cover: CoverHours
    emergency: Emergency
    enquiries: Telephone | None = None
    """Where somebody asks for advice before referring."""
    requests_for_help: RequestsForHelp
    requested_services: RequestedServices
    drafts: Days
    re_referral: Months
    assurance: Months
    """After so many months somebody must say again that a service's entry is right."""
    retention: Annotated[dict[Code, Months], Field(min_length=1)]
    sharing_records: SharingRecords
    overrides: Overrides
    closed: Annotated[Closures, Field(alias="closures")]

    @model_validator(mode="after")
    def consistent(self) -> Self:
        """What one part says of another must be there."""
        if faults := faults_in(self):
            raise ValidationError.from_exception_data("Authority", faults)
        return self

    @property
    def way(self) -> tuple[str, ...]:
        """The steps after the decision in this authority's order; `allocation` is among them."""
        return tuple(stage.step for stage in self.stages)

    @property
    def hubs(self) -> Mapping[str, Hub]:
        """The hubs by their codes."""
        return self.localities.hubs

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """Every hub's areas by their codes."""
        return {code: area for hub in self.hubs.values() for code, area in hub.areas.items()}

    def is_beyond_early_help(self, level: str | None) -> bool:
        """Whether a level of need lies above the last one at which early help helps."""
        codes = list(self.levels)
        helped = [place for place, code in enumerate(codes) if self.levels[code].early_help]
        return level in codes and (not helped or codes.index(level) > helped[-1])

    @property
    def draft_days(self) -> int:
        """After so many days a draft that nobody sent is gone."""
        return self.drafts.days

    @property
    def re_referral_months(self) -> int:
        """A referral within so many months of an earlier one is a re-referral."""
        return self.re_referral.months

    @property
    def assurance_months(self) -> int:
        """For so many months a service's entry counts as right."""
        return self.assurance.months

    @property
    def closures(self) -> Sequence[date]:
        """Days on which nobody works."""
        return self.closed.days

    @cached_property
    def calendar(self) -> Calendar:
        """The days on which this authority works."""
        return Calendar(frozenset(self.closures))

    def answers_now(self, now: datetime) -> Telephone:
        """The telephone that somebody answers at `now`."""
        today = now.astimezone(ENGLAND).date()
        open_now = self.calendar.is_working_day(today) and self.cover.include(now)
        return self.emergency.front_door if open_now else self.emergency.out_of_hours

    def area_of(self, postcode: str | None) -> str | None:
        """The code of the area in which `postcode` lies; None where the settings do not say."""
        return self._area_by_outward_code.get(outward_of(postcode or "") or "")

    def hub_of_area(self, area: str | None) -> str | None:
        """The code of the hub that answers for `area`."""
        found = (code for code, hub in self.hubs.items() if area in hub.areas)
        return next(found, None)

    @cached_property
    def _area_by_outward_code(self) -> Mapping[str, str]:
        return {half: code for code, area in self.areas.items() for half in area.postcodes}
