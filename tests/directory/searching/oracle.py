"""Which services a search must find, worked out from the town itself in plain Python."""

import math
from typing import Any

from tests.directory.oracle import Point
from tests.directory.searching.fair import Fair

Json = dict[str, Any]
BANDS = {"0-2": (0, 3), "3-5": (3, 6), "6-11": (6, 12), "12-15": (12, 16), "16-18": (16, 19)}
BANDS["19-25"] = (19, 26)


class Oracle:
    """Knows the fair, and nothing of how the index keeps it."""

    def __init__(self, fair: Fair) -> None:
        self.fair = fair

    def fitting(self, asked: Json) -> set[str]:
        """The ids of all that fit every condition."""
        return {one["id"] for one in self.fair.stalls if self.fits(one, asked)}

    def fits(self, one: Json, asked: Json) -> bool:
        """Whether a service fits everything that is asked."""
        return all(getattr(self, f"by_{name}")(one, asked) for name in self.told(asked))

    @staticmethod
    def told(asked: Json) -> set[str]:
        """By which conditions; ages and hours are two parameters of one."""
        together = {"minimum_age": "ages", "maximum_age": "ages", "day": "hours"}
        together |= {"from_time": "hours", "until_time": "hours", "within_metres": "near"}
        return {together.get(name, name) for name in asked if name != "here"}

    def by_text(self, one: Json, asked: Json) -> bool:
        return set(asked["text"].split()) <= set(one["words"])

    def by_ages(self, one: Json, asked: Json) -> bool:
        low, high = one["ages"] or (None, None)
        return (low or 0) <= asked.get("maximum_age", 999) and (
            high is None or high >= asked.get("minimum_age", 0)
        )

    def by_age_band(self, one: Json, asked: Json) -> bool:
        low, high = one["ages"] or (0, 999)
        return any(low < BANDS[b][1] and high >= BANDS[b][0] for b in asked["age_band"])

    def by_need(self, one: Json, asked: Json) -> bool:
        own = set(one["needs"])
        own |= {self.fair.above[need] for need in own if need in self.fair.above}
        return bool(own & set(asked["need"]))

    def by_send(self, one: Json, asked: Json) -> bool:
        return bool(set(one["send"]) & set(asked["send"]))

    def by_suitability(self, one: Json, asked: Json) -> bool:
        return bool(set(one["suitability"]) & set(asked["suitability"]))

    def by_accessibility(self, one: Json, asked: Json) -> bool:
        there = {name for site in one["sites"] for name in site["accessibility"]}
        return bool(there & set(asked["accessibility"]))

    def by_language(self, one: Json, asked: Json) -> bool:
        return bool(set(one["languages"]) & set(asked["language"]))

    def by_delivery(self, one: Json, asked: Json) -> bool:
        return bool(self.ways(one) & set(asked["delivery"]))

    @staticmethod
    def ways(one: Json) -> set[str]:
        """How it reaches a family: whoever has a place is there in person."""
        return set(one["delivery"]) | ({"in_person"} if one["sites"] else set())

    def by_cost(self, one: Json, asked: Json) -> bool:
        paid = {None: None, 0: "free"}.get(one["cost"], "paid")
        return bool(paid == asked["cost"])

    def by_access(self, one: Json, asked: Json) -> bool:
        return one["access"] in (asked["access"], "either")

    def by_level(self, one: Json, asked: Json) -> bool:
        return one["level"] in asked["level"]

    def by_view(self, one: Json, asked: Json) -> bool:
        own = {"Offer for Schools": "schools", "Early Help Offer": "early_help"}
        return asked["view"] in ("all", own.get(one["offer"], "early_help"))

    def by_term_time(self, one: Json, asked: Json) -> bool:
        return bool(one["term_time"]) is asked["term_time"]

    def by_hours(self, one: Json, asked: Json) -> bool:
        timed = "from_time" in asked or "until_time" in asked
        first, last = _minutes(asked.get("from_time", "00:00")), _minutes(asked.get("until_time"))
        for day, opens, closes in one["openings"]:
            if day not in asked.get("day", [day]):
                continue
            if not timed or opens is None:
                return True
            if _minutes(opens) < last and _minutes(closes) > first:
                return True
        return False

    def by_near(self, one: Json, asked: Json) -> bool:
        remote = bool(self.ways(one) - {"in_person"}) or not one["sites"]
        comes = remote and one["area"] in (None, "unheard of", "here")
        far = asked.get("within_metres")
        if far is None:
            return comes or bool(one["sites"])
        return comes or self.distance(one, asked["here"]) <= far

    def distance(self, one: Json, here: Point) -> float:
        """To the nearest of its places."""
        return min((_metres(site["at"], here) for site in one["sites"]), default=math.inf)


def _minutes(said: str | None) -> int:
    if said is None:
        return 24 * 60
    hours, minutes = said.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _metres(place: Point, at: Point) -> float:
    """The great circle, by the spherical law of cosines: another formula than the index's."""
    north, east = math.radians(place[0]), math.radians(place[1])
    lat, lon = map(math.radians, at)
    inner = math.sin(north) * math.sin(lat) + math.cos(north) * math.cos(lat) * math.cos(east - lon)
    return 6_371_008.8 * math.acos(min(1.0, inner))
