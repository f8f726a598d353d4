"""A made-up town's directory: services, organizations and places that nobody ever heard of.

The same seed makes the same town. What real feeds look like is in it: descriptions with markup,
schedules that are missing, services without a place, several places for one.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from services.directory.domain.entries import Entry, Kind

Json = dict[str, Any]
WORDS = """
blimp crumpet dandelion ember fathom gadget hamlet ibis jumble kernel lantern magnet nectar
orchid pebble quiver rocket saffron turnip umbrella velvet walnut yonder zephyr acorn
bramble cobalt dolphin
""".split()
"""No stop words, one form of each, and no two with the same stem."""
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
MIDDLE = (53.8, -1.55)
STATUSES = ["active"] * 8 + ["inactive", "temporarily closed"]


@dataclass
class Town:
    """Everything in it, by kind."""

    random: Random
    taxonomies: list[Json] = field(default_factory=list)
    terms: list[Json] = field(default_factory=list)
    organizations: list[Json] = field(default_factory=list)
    locations: list[Json] = field(default_factory=list)
    services: list[Json] = field(default_factory=list)

    def id(self) -> str:
        """A new id."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def words(self, least: int, most: int) -> str:
        """Some words."""
        return " ".join(self.random.choices(WORDS, k=self.random.randint(least, most)))

    def some(self, chance: float, make: Any) -> list[Any]:
        """One to three of them, or none."""
        if self.random.random() > chance:
            return []
        return [make() for _ in range(self.random.randint(1, 3))]

    def entries(self) -> list[Entry]:
        """What is saved, those first on which others stand."""
        by_kind = {
            Kind.TAXONOMY: self.taxonomies,
            Kind.TAXONOMY_TERM: self.terms,
            Kind.ORGANIZATION: self.organizations,
            Kind.LOCATION: self.locations,
            Kind.SERVICE: self.services,
        }
        return [Entry(kind, content) for kind, all_ in by_kind.items() for content in all_]


def a_town(services: int, seed: int = 1) -> Town:
    """A town with so many services."""
    town = Town(Random(seed))  # noqa: S311 -- made-up data, the same every time
    for number in range(3):
        of = town.id()
        town.taxonomies.append({"id": of, "name": f"Invented list {number}", "description": ""})
        tops = [_term(town, of) for _ in range(4)]
        below = [_term(town, of, top["id"]) for top in tops for _ in range(3)]
        town.terms += tops + below
    town.organizations = [_organization(town) for _ in range(max(2, services // 8))]
    town.locations = [_location(town) for _ in range(max(3, services // 2))]
    town.services = [_service(town, number) for number in range(services)]
    return town


def _term(town: Town, taxonomy: str, parent: str | None = None) -> Json:
    above = {"parent_id": parent} if parent else {}
    name = f"Invented {town.words(1, 2)}"
    return {"id": town.id(), "name": name, "taxonomy_id": taxonomy, "code": "T-1", **above}


def _attribute(town: Town, of: str) -> Json:
    term = town.random.choice(town.terms)
    return {"id": town.id(), "link_entity": of, "taxonomy_term_id": term["id"]}


def _organization(town: Town) -> Json:
    number = {"identifier_type": "Company number", "identifier": "00000000"}
    return {
        "id": town.id(),
        "name": f"Madeup {town.words(1, 2).title()} Trust",
        "description": f"<p>{town.words(3, 9)}</p>",
        "website": "https://madeup.example/",
        "organization_identifiers": town.some(0.5, lambda: {"id": town.id(), **number}),
        "attributes": town.some(0.5, lambda: _attribute(town, "organization")),
        "phones": town.some(0.3, lambda: _phone(town)),
    }


def _phone(town: Town) -> Json:
    return {"id": town.id(), "number": "01632 960000", "description": town.words(1, 3)}


def _location(town: Town) -> Json:
    place: Json = {
        "id": town.id(),
        "location_type": "physical",
        "name": f"Invented {town.words(1, 2).title()} Hall",
        "addresses": [
            {"id": town.id(), "address_1": "1 Nowhere Street", "city": "Sampleton"}
            | {"postal_code": "ZZ1 1AA", "country": "GB", "address_type": "physical"}
        ],
        "accessibility": town.some(0.4, lambda: {"id": town.id(), "description": "Hearing loop"}),
    }
    if town.random.random() < 0.9:
        place["latitude"] = round(MIDDLE[0] + town.random.uniform(-0.2, 0.2), 5)
        place["longitude"] = round(MIDDLE[1] + town.random.uniform(-0.3, 0.3), 5)
    return place


def _schedule(town: Town) -> Json:
    opens = town.random.randint(8, 16)
    days = town.random.sample(DAYS, k=town.random.randint(1, 3))
    hours = {"opens_at": f"{opens:02}:00:00", "closes_at": f"{opens + 2:02}:30:00"}
    return {"id": town.id(), "freq": "WEEKLY", "byday": ",".join(days), **hours}


def _at(town: Town, service: str) -> Json:
    place = town.random.choice(town.locations)
    return {
        "id": town.id(),
        "service_id": service,
        "location_id": place["id"],
        "schedules": town.some(0.3, lambda: _schedule(town)),
        "phones": town.some(0.2, lambda: _phone(town)),
    }


def _service(town: Town, number: int) -> Json:
    which, random = town.id(), town.random
    said: Json = {
        "id": which,
        "organization_id": random.choice(town.organizations)["id"],
        "name": f"Invented {town.words(1, 3).title()} {number}",
        "description": f"<p>{town.words(5, 30)} &amp; <b>{town.words(1, 2)}</b></p>",
        "url": "https://madeup.example/service",
        "email": "hello@madeup.example",
        "status": random.choice(STATUSES),
        "assured_date": f"2026-0{random.randint(1, 9)}-11",
        "schedules": town.some(0.5, lambda: _schedule(town)),
        "attributes": town.some(0.7, lambda: _attribute(town, "service")),
        "contacts": town.some(0.4, lambda: {"id": town.id(), "title": "Invented reception"}),
        "languages": town.some(0.2, lambda: {"id": town.id(), "name": "Welsh", "code": "cy"}),
        "cost_options": town.some(
            0.3, lambda: {"id": town.id(), "option": "A session", "amount": 3.5, "currency": "gbp"}
        ),
        "funding": town.some(0.1, lambda: {"id": town.id(), "source": "Invented grant"}),
        "service_areas": town.some(0.2, lambda: {"id": town.id(), "name": town.words(1, 1)}),
        "service_at_locations": town.some(0.8, lambda: _at(town, which)),
    }
    if random.random() < 0.6:
        said["minimum_age"] = random.randint(0, 16)
        said["maximum_age"] = said["minimum_age"] + random.randint(0, 9)
    return {name: value for name, value in said.items() if value != []}
