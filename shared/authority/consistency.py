"""What one part of the settings says of another: each fault with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic_core import InitErrorDetails, PydanticCustomError

from shared.authority.hours import GoTo

if TYPE_CHECKING:
    from shared.authority.settings import Authority

Place = tuple[str | int, ...]
Said = tuple[Place, str]


def faults_in(authority: Authority) -> list[InitErrorDetails]:
    """Every fault, as pydantic tells faults."""
    parts = (_levels, _thresholds, _way, _clocks, _requested, _areas)
    return [
        InitErrorDetails(
            type=PydanticCustomError("inconsistent", "{said}", {"said": said}),
            loc=place,
            input=None,
        )
        for part in parts
        for place, said in part(authority)
    ]


def _levels(authority: Authority) -> Iterator[Said]:
    seen: set[str] = set()
    for code, level in authority.levels.items():
        if level.part_of and level.part_of not in seen:
            yield ("levels", code, "part_of"), f"no level above it is called {level.part_of}"
        seen.add(code)


def _thresholds(authority: Authority) -> Iterator[Said]:
    levels, groups = authority.levels, authority.need_groups
    indicators = authority.thresholds.indicators
    for code, indicator in indicators.items():
        at: Place = ("thresholds", "indicators", code)
        if indicator.level and indicator.level not in levels:
            yield (*at, "level"), f"there is no level {indicator.level}"
        if indicator.need_group not in groups:
            yield (*at, "need_group"), f"there is no need group {indicator.need_group}"
    for number, rule in enumerate(authority.thresholds.rules):
        at = ("thresholds", "rules", number)
        if rule.level and rule.level not in levels:
            yield (*at, "level"), f"there is no level {rule.level}"
        for place, code in enumerate(rule.of):
            if code not in indicators:
                yield (*at, "of", place), f"there is no indicator {code}"


def _way(authority: Authority) -> Iterator[Said]:
    way = authority.way
    if "allocation" not in way:
        yield ("way",), "allocation is missing: somebody must take the family over"
    for place, step in enumerate(way):
        if step in way[:place]:
            yield ("way", place, "step"), f"{step} comes twice"
    if "panel" in way and not authority.panels:
        yield ("way", way.index("panel"), "step"), "there is no panel in panels"


def _clocks(authority: Authority) -> Iterator[Said]:
    if "decide" not in authority.clocks:
        yield ("clocks",), "the clock decide is missing: every referral is decided in time"


def _requested(authority: Authority) -> Iterator[Said]:
    """What goes straight to an agency is decided by nobody, and no clock may wait for that."""
    if authority.requested_services.go_to is not GoTo.AGENCY:
        return
    for code, clock in authority.clocks.items():
        waits = "submit" in clock.starts and "decide" in clock.stops
        if waits and "allocate" not in clock.stops:
            yield ("clocks", code, "stops"), "allocate is missing: some go straight to an agency"


def _areas(authority: Authority) -> Iterator[Said]:
    by_code: dict[str, str] = {}
    by_outward: dict[str, str] = {}
    for hub_code, hub in authority.hubs.items():
        for code, area in hub.areas.items():
            at: Place = ("localities", "hubs", hub_code, "areas", code)
            if code in by_code:
                yield at, f"the area {code} is claimed by the hub {by_code[code]} already"
            by_code[code] = hub_code
            for place, outward in enumerate(area.postcodes):
                if outward in by_outward:
                    said = f"{outward} is claimed by the area {by_outward[outward]} already"
                    yield (*at, "postcodes", place), said
                by_outward[outward] = code
