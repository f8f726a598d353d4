"""Which objects fit what is asked, worked out from the town itself in plain Python."""

import math
import re
from typing import Any

from tests.directory.town import Town

Json = dict[str, Any]
Asked = dict[str, Any]
Point = tuple[float, float]


class Oracle:
    """Knows the town, and nothing of how the directory keeps it."""

    def __init__(self, town: Town, postcodes: dict[str, Point]) -> None:
        self.postcodes = postcodes
        self.terms = {term["id"]: term for term in town.terms}
        self.organizations = {one["id"]: one for one in town.organizations}
        self.locations = {one["id"]: one for one in town.locations}
        self.town = town

    def fitting(self, collection: str, asked: Asked) -> set[str]:
        """The ids of all that fit every condition."""
        match collection:
            case "services":
                return {s["id"] for s in self.town.services if self._fits(s, None, asked)}
            case "service_at_locations":
                return {
                    at["id"]
                    for s in self.town.services
                    for at in s.get("service_at_locations", ())
                    if self._fits(s, at, asked)
                }
            case "organizations":
                return {o["id"] for o in self.town.organizations if self._known(o, asked)}
            case _:
                return {t["id"] for t in self.town.terms if self._placed(t, asked)}

    def _placed(self, term: Json, asked: Asked) -> bool:
        return (
            asked.get("taxonomy_id") in (None, term["taxonomy_id"])
            and asked.get("parent_id") in (None, term.get("parent_id"))
            and not (asked.get("top_only") and "parent_id" in term)
            and self._says([term["name"]], asked)
        )

    def _known(self, organization: Json, asked: Asked) -> bool:
        said = [organization["name"], organization["description"]]
        return self._tagged(organization, [], asked) and self._says(said, asked)

    def _fits(self, service: Json, at: Json | None, asked: Asked) -> bool:
        everywhere = service.get("service_at_locations", [])
        here = [at] if at else everywhere
        return (
            self._worded(service, at, asked)
            and self._tagged(service, [at] if at else [], asked)
            and asked.get("organization_id") in (None, service["organization_id"])
            and _from(service.get("minimum_age"), asked.get("minimum_age"))
            and _up_to(service.get("maximum_age"), asked.get("maximum_age"))
            and self._open([service, *here], asked)
            and self._near(here, asked)
        )

    def _worded(self, service: Json, at: Json | None, asked: Asked) -> bool:
        named = [self.terms[a["taxonomy_term_id"]]["name"] for a in service.get("attributes", ())]
        said = [service["name"], service["description"], *named]
        said.append(self.organizations[service["organization_id"]]["name"])
        if at:
            said.append(self.locations[at["location_id"]]["name"])
        return self._says(said, asked)

    def _says(self, said: list[str], asked: Asked) -> bool:
        words = set(re.findall(r"[a-z]+", re.sub(r"<[^>]*>", " ", " ".join(said)).lower()))
        return set(str(asked.get("search", "")).split()) <= words

    def _tagged(self, one: Json, more: list[Json], asked: Asked) -> bool:
        attributes = [a for said in (one, *more) for a in said.get("attributes", ())]
        terms = {a["taxonomy_term_id"] for a in attributes}
        taxonomies = {self.terms[term]["taxonomy_id"] for term in terms}
        return asked.get("taxonomy_term_id") in {None, *terms} and (
            asked.get("taxonomy_id") in {None, *taxonomies}
        )

    def _open(self, said: list[Json], asked: Asked) -> bool:
        if not {"day", "start_time", "end_time"} & asked.keys():
            return True
        return any(_opens(one, asked) for part in said for one in part.get("schedules", ()))

    def _near(self, here: list[Json], asked: Asked) -> bool:
        if "proximity" not in asked:
            return True
        places = (self.locations[at["location_id"]] for at in here)
        points = [self._point(place) for place in places]
        return any(p and _metres(p, asked["from"]) <= asked["proximity"] for p in points)

    def _point(self, place: Json) -> Point | None:
        if "latitude" in place:
            return place["latitude"], place["longitude"]
        return self.postcodes.get(place["addresses"][0]["postal_code"])


def _from(own: float | None, asked: float | None) -> bool:
    return asked is None or (own is not None and own >= asked)


def _up_to(own: float | None, asked: float | None) -> bool:
    return asked is None or (own is not None and own <= asked)


def _opens(schedule: Json, asked: Asked) -> bool:
    return (
        ("day" not in asked or asked["day"] in schedule["byday"].split(","))
        and schedule["opens_at"] >= asked.get("start_time", "")
        and schedule["closes_at"] <= asked.get("end_time", "99")
    )


def _metres(place: Point, at: Point) -> float:
    """The great circle, by the spherical law of cosines: another formula than the database's."""
    north, east = math.radians(place[0]), math.radians(place[1])
    lat, lon = map(math.radians, at)
    inner = math.sin(north) * math.sin(lat) + math.cos(north) * math.cos(lat) * math.cos(east - lon)
    return 6_371_008.8 * math.acos(min(1.0, inner))
