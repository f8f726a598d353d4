"""Five thousand services as a council's directory has them, all invented; the same every time.

The second part of a postcode has no C, I, K, M, O or V.
"""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import yaml

from services.directory.domain.entries import Entry, Kind

Json = dict[str, Any]
Point = tuple[float, float]
HERE = Path(__file__).parent
QUESTIONS: list[Json] = yaml.safe_load((HERE / "questions.yaml").read_text())
_KINDS: Json = yaml.safe_load((HERE / "kinds.yaml").read_text())
MIDDLE: Point = (52.4, -1.9)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
_WHO = """
Acorn Alder Beacon Bramble Brookside Chestnut Clover Compass Crossways Daybreak Elmtree Fernhill
Foxglove Gateway Greenlane Harvest Hawthorn Heather Hilltop Honeycomb Ivy Juniper Kestrel Kingfisher
Lantern Larkspur Lighthouse Linden Maple Meadow Millstone Nightingale Oakleaf Orchard Pathway Pebble
Poppy Primrose Quayside Rainbow Riverside Robin Rowan Skylark Snowdrop Starling Stepping Stones
Sunrise Swallow Thistle Tidewater Treetops Upland Violet Waterside Willow Windmill Woodpecker Wren
""".split()
_WHERE = """
Larkrise Hartsend Quaymarket Twelvetrees Millbeck Northgate Southwick Eastfield Westmoor
Copperbridge Abbotsbury Highcross Lowerton Fallowfield Stonegate Cutlers Tanners Priory
Castlehill Marshside Ferryside Gasworks
Ropewalk Cornmarket Saltings Beechwood Sandpits Kilnwood Wharfside Barrowdown
""".split()
_PLACES = """
Church Hall|Community Centre|Library|Primary School|Leisure Centre|Children's Centre|Family Hub|
Methodist Church|Village Hall|Health Centre
""".replace("\n", "").split("|")
_LANGUAGES = {"pl": "Polish", "bn": "Bengali", "so": "Somali", "ur": "Urdu", "cy": "Welsh"}
SEND_NEEDS, SUITABILITIES = "SEND needs", "Suitabilities"
NEEDS, OFFER = "Family hubs service categories", "Offer"


def postcodes() -> dict[str, Point]:
    """Twelve invented districts around the middle, each with its streets; the same every time."""
    random, found = Random("postcodes"), {}  # noqa: S311 -- made-up data
    for number in range(1, 13):
        at = _around(random, MIDDLE, 0.16)
        for letter in "ABPDEFGHJL":
            for other in "ABPDEFGHJRLSN":
                for sector in range(1, 10):
                    code = f"ZZ{number} {sector}{letter}{other}"
                    if sector == number or random.random() < 0.08 or (number > 9 and sector == 1):
                        found[code] = _around(random, at, 0.012)
    return found


def places(codes: dict[str, Point]) -> dict[str, Point]:
    """An invented village, in the middle of its postcode district."""
    there = [at for code, at in codes.items() if code.startswith("ZZ11 ")]
    latitudes, longitudes = zip(*there, strict=True)
    return {"Nether Madeup": (sum(latitudes) / len(there), sum(longitudes) / len(there))}


def _around(random: Random, at: Point, wide: float) -> Point:
    return (
        round(at[0] + random.uniform(-wide, wide), 5),
        round(at[1] + random.uniform(-wide, wide) * 1.6, 5),
    )


@dataclass
class Neighbours:
    """Everything that is saved, and the ids of what is asked for."""

    random: Random
    codes: dict[str, Point] = field(default_factory=postcodes)
    entries: dict[str, Entry] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    """By the name of each wanted service its id."""
    held_out: list[tuple[Json, str, list[str]]] = field(default_factory=list)
    """Of the questions that were held out what is asked, the id of what is wanted, and its tags."""

    def id(self) -> str:
        """A new id."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def keep(self, kind: Kind, name: str, content: Json) -> str:
        """An entry that is named once; its id."""
        key = f"{kind} {name}"
        if key not in self.entries:
            self.entries[key] = Entry(kind, {"id": self.id(), **content})
        return str(self.entries[key].content["id"])

    def term(self, taxonomy: str, name: str) -> str:
        """A term of a list of terms."""
        of = self.keep(Kind.TAXONOMY, taxonomy, {"name": taxonomy, "description": ""})
        said = {"name": name, "taxonomy_id": of, "code": name}
        return self.keep(Kind.TAXONOMY_TERM, f"{taxonomy} {name}", said)


def neighbours(services: int = 5_000, seed: int = 40) -> Neighbours:
    """The wanted services, and so many others around them."""
    made = Neighbours(Random(seed))  # noqa: S311 -- made-up data, the same every time
    for question in QUESTIONS:
        wanted = question["wanted"]
        made.wanted[wanted["name"]] = add(made, wanted)
    for number in range(services):
        kind = _KINDS["kinds"][number % len(_KINDS["kinds"])]
        add(made, _drawn(made, kind))
    return made


def _drawn(made: Neighbours, kind: Json) -> Json:
    """A service of a kind, in short."""
    random, said = made.random, {k: v for k, v in kind.items() if k not in ("names", "says")}
    who, where = random.choice(_WHO), random.choice(_WHERE)
    sentences = [*random.sample(kind["says"], k=random.randint(1, len(kind["says"])))]
    sentences += random.sample(_KINDS["asides"], k=random.choice([0, 1, 1, 2, 3]))
    text = " ".join(sentences)
    said["name"] = random.choice(kind["names"]).format(who=who, where=where)
    said["description"] = f"<p>{text}</p>" if random.random() < 0.5 else text
    said["organization"] = f"{random.choice(_WHO)} {random.choice(['Trust', 'CIC', 'Council'])}"
    if random.random() < 0.12:
        said |= {"delivery": [random.choice(["online", "telephone"])], "area": "Sampleshire"}
    else:
        said["at"] = random.sample(list(made.codes), k=random.choice([1, 1, 1, 1, 2, 3]))
    said["days"] = random.sample(DAYS, k=random.choice([0, 1, 1, 2, 5]))
    said["accessibility"] = random.sample(
        ["Hoist", "Hearing loop", "Car parking", "Wheelchair accessible entrance"],
        k=random.choice([0, 0, 1, 2]),
    )
    if random.random() < 0.06:
        said["languages"] = random.sample(list(_LANGUAGES), k=1)
    if random.random() < 0.2:
        said["offer"] = "Offer for Schools"
    return said


def add(made: Neighbours, short: Json) -> str:
    """Keep a service that is told in short, and what it stands on; its id."""
    name = short.get("organization", f"Made-up home of {short['name']}")
    organization = made.keep(
        Kind.ORGANIZATION, name, {"name": name, "description": "An invented organization."}
    )
    which = made.id()
    said: Json = {
        "id": which,
        "organization_id": organization,
        "name": short["name"],
        "description": short["description"],
        "status": "active",
        "attributes": [
            {"id": made.id(), "link_entity": "service", "taxonomy_term_id": term}
            for term in _tags(made, short)
        ],
        "service_at_locations": [_at(made, which, code, short) for code in short.get("at", ())],
        "schedules": _schedules(made, short),
        "languages": [
            {"id": made.id(), "code": code, "name": _LANGUAGES[code]}
            for code in short.get("languages", ())
        ],
        "cost_options": _cost(made, short),
        "service_areas": [{"id": made.id(), "name": short["area"]}] if "area" in short else [],
        "phones": [{"id": made.id(), "number": short.get("phone", "01632 960000")}],
    }
    if "ages" in short:
        said["minimum_age"], said["maximum_age"] = short["ages"]
    kept = {key: value for key, value in said.items() if value != []}
    made.entries[f"service {which}"] = Entry(Kind.SERVICE, kept)
    return which


def _tags(made: Neighbours, short: Json) -> list[str]:
    tags = [made.term(NEEDS, name) for name in short["needs"]]
    tags += [made.term(SEND_NEEDS, name) for name in short.get("send", ())]
    tags += [made.term(SUITABILITIES, name) for name in short.get("suitability", ())]
    tags += [made.term("Delivery", name) for name in short.get("delivery", ())]
    tags += [made.term("Access", short["access"])] if "access" in short else []
    tags += [made.term("Level of offer", short["level"])] if "level" in short else []
    return tags + ([made.term(OFFER, short["offer"])] if "offer" in short else [])


def _at(made: Neighbours, service: str, code: str, short: Json) -> Json:
    latitude, longitude = made.codes[code]
    address = {"id": made.id(), "address_1": "1 Nowhere Street", "city": "Sampleton"}
    address |= {"postal_code": code, "country": "GB", "address_type": "physical"}
    place = {
        "id": made.id(),
        "location_type": "physical",
        "name": f"{made.random.choice(_WHERE)} {made.random.choice(_PLACES)}",
        "latitude": latitude,
        "longitude": longitude,
        "addresses": [address],
        "accessibility": [
            {"id": made.id(), "description": name} for name in short.get("accessibility", ())
        ],
    }
    if not place["accessibility"]:
        del place["accessibility"]
    made.entries[f"location {place['id']}"] = Entry(Kind.LOCATION, place)
    return {"id": made.id(), "service_id": service, "location_id": place["id"]}


def _schedules(made: Neighbours, short: Json) -> list[Json]:
    days = short.get("days")
    if not days:
        return []
    opens = made.random.randint(9, 16)
    hours = {"opens_at": f"{opens:02}:00:00", "closes_at": f"{opens + 2:02}:00:00"}
    return [{"id": made.id(), "freq": "WEEKLY", "byday": ",".join(days), **hours}]


def _cost(made: Neighbours, short: Json) -> list[Json]:
    if "cost" not in short:
        return []
    amount = 0 if short["cost"] == "free" else short["cost"]
    return [{"id": made.id(), "option": "A session", "amount": amount, "currency": "GBP"}]
