"""A fair of services drawn at random: every mark that a search can ask for, alone and mixed.

Each stall is told twice: in short for the oracle, and as entries for the directory.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from services.directory.domain.entries import Entry, Kind
from tests.directory.town import DAYS, WORDS

Json = dict[str, Any]
HERE, ELSEWHERE = "E99000001", "E99000002"
POSTCODES = {"ZZ1 1AA": (53.8, -1.55), "ZZ2 2BB": (53.9, -1.7), "ZZ3 3DD": (53.75, -1.4)}
SEND = ["Autism", "Hearing", "Cognition and learning"]
SUITED = ["Dementia", "Older people"]
HAVES = ["Hoist", "Hearing loop", "Car parking"]
LANGUAGES = {"pl": "Polish", "so": "Somali", "cy": "Welsh"}


@dataclass
class Fair:
    """The stalls in short, and the entries that they are saved as."""

    random: Random
    stalls: list[Json] = field(default_factory=list)
    above: dict[str, str] = field(default_factory=dict)
    needs: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)

    def id(self) -> str:
        """A new id."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def keep(self, kind: Kind, content: Json) -> str:
        """An entry, and its id."""
        whole = {"id": self.id(), **content}
        self.entries[whole["id"]] = Entry(kind, whole)
        return str(whole["id"])

    def term(self, taxonomy: str, name: str, parent: str | None = None) -> str:
        """A term of a list of terms, once."""
        if taxonomy not in self.lists:
            self.lists[taxonomy] = self.keep(Kind.TAXONOMY, {"name": taxonomy, "description": ""})
        key = f"{taxonomy}: {name}"
        if key not in self.lists:
            said = {"name": name, "taxonomy_id": self.lists[taxonomy], "code": name}
            said |= {"parent_id": parent} if parent else {}
            self.lists[key] = self.keep(Kind.TAXONOMY_TERM, said)
        return self.lists[key]

    def some(self, chance: float, values: list[str], most: int = 2) -> list[str]:
        """Some of these, or none."""
        if self.random.random() > chance:
            return []
        return self.random.sample(values, k=self.random.randint(1, min(most, len(values))))

    def maybe(self, chance: float, values: list[Any]) -> Any:
        """One of these, or None."""
        return self.random.choice(values) if self.random.random() < chance else None


def a_fair(stalls: int, seed: int = 11) -> Fair:
    """So many services; the same seed makes the same fair."""
    fair = Fair(Random(seed))  # noqa: S311 -- made-up data, the same every time
    for number in range(5):
        top = fair.term("Invented needs", f"Invented {number}")
        below = [fair.term("Invented needs", f"Invented {number} {n}", top) for n in range(3)]
        fair.above |= dict.fromkeys(below, top)
        fair.needs += [top, *below]
    giver = {"name": "Madeup Trust", "description": ""}
    organization = fair.keep(Kind.ORGANIZATION, giver)
    for number in range(stalls):
        one = _drawn(fair, number)
        one["id"] = fair.keep(Kind.SERVICE, as_service(fair, one, organization))
        fair.stalls.append(one)
    return fair


def _drawn(fair: Fair, number: int) -> Json:
    random, low = fair.random, fair.random.randint(0, 18)
    title, text = random.sample(WORDS, k=2), random.choices(WORDS, k=random.randint(2, 12))
    sites = [_site(fair) for _ in range(random.choice([0, 1, 1, 1, 2, 3]))]
    return {
        "title": [*title, f"stall{number}"],
        "text": text,
        "words": [*title, *text],
        "ages": fair.maybe(0.7, [(low, low + random.randint(0, 8))]),
        "needs": fair.some(0.7, fair.needs),
        "send": fair.some(0.3, SEND),
        "suitability": fair.some(0.3, SUITED),
        "languages": fair.some(0.3, list(LANGUAGES), 1),
        "delivery": fair.some(0.25, ["online", "telephone", "home"]),
        "cost": fair.maybe(0.7, [0, 0, 2.5, 10]),
        "access": fair.maybe(0.7, ["self", "referral", "either"]),
        "level": fair.maybe(0.6, ["universal", "targeted"]),
        "offer": fair.maybe(0.5, ["Offer for Schools", "Early Help Offer"]),
        "term_time": random.random() < 0.2,
        "openings": [_opening(fair) for _ in range(random.choice([0, 1, 1, 2]))],
        "area": fair.maybe(0.4, ["here", "elsewhere", "unheard of"]),
        "sites": sites,
    }


def _site(fair: Fair) -> Json:
    random, at = fair.random, fair.random.choice(list(POSTCODES.values()))
    spread = random.choice([0.01, 0.05, 0.2])
    point = (at[0] + random.uniform(-spread, spread), at[1] + random.uniform(-spread, spread) * 1.6)
    return {"at": (round(point[0], 5), round(point[1], 5)), "accessibility": fair.some(0.4, HAVES)}


def _opening(fair: Fair) -> tuple[str, str | None, str | None]:
    day = fair.random.choice(DAYS)
    if fair.random.random() < 0.15:
        return day, None, None
    opens = fair.random.randint(8, 18)
    return day, f"{opens:02}:{fair.random.choice(['00', '15', '30'])}", f"{opens + 2:02}:30"


def as_service(fair: Fair, one: Json, organization: str) -> Json:
    """A stall as the directory keeps it."""
    return {
        "organization_id": organization,
        "name": " ".join(one["title"]).title(),
        "description": f"<p>{' '.join(one['text'])}</p>",
        "status": "active",
        **({"minimum_age": one["ages"][0], "maximum_age": one["ages"][1]} if one["ages"] else {}),
        "attributes": [
            {"id": fair.id(), "link_entity": "service", "taxonomy_term_id": term}
            for term in _terms(fair, one)
        ],
        "languages": [
            {"id": fair.id(), "code": code, "name": LANGUAGES[code]} for code in one["languages"]
        ],
        "cost_options": [
            {"id": fair.id(), "option": "A session", "amount": one["cost"], "currency": "GBP"}
        ][: one["cost"] is not None],
        "schedules": [_schedule(fair, one, *opening) for opening in one["openings"]]
        + [{"id": fair.id(), "description": "Term time only"}][: one["term_time"]],
        "service_areas": _area(fair, one["area"]),
        "service_at_locations": [_at(fair, site) for site in one["sites"]],
    }


def _terms(fair: Fair, one: Json) -> list[str]:
    named = [("SEND needs", name) for name in one["send"]]
    named += [("Suitabilities", name) for name in one["suitability"]]
    named += [("Delivery", name) for name in one["delivery"]]
    single = {"Access": one["access"], "Level of offer": one["level"], "Offer": one["offer"]}
    named += [(taxonomy, name) for taxonomy, name in single.items() if name]
    return [*one["needs"], *(fair.term(taxonomy, name) for taxonomy, name in named)]


def _schedule(fair: Fair, one: Json, day: str, opens: str | None, closes: str | None) -> Json:
    hours = {"opens_at": f"{opens}:00", "closes_at": f"{closes}:00"} if opens else {}
    return {"id": fair.id(), "freq": "WEEKLY", "byday": day, **hours}


def _area(fair: Fair, area: str | None) -> list[Json]:
    codes = {"here": HERE, "elsewhere": ELSEWHERE, "unheard of": "Nowhereshire"}
    return [{"id": fair.id(), "name": codes[area]}] if area else []


def _at(fair: Fair, site: Json) -> Json:
    haves = [{"id": fair.id(), "description": name} for name in site["accessibility"]]
    address = {"id": fair.id(), "address_1": "1 Nowhere Street", "city": "Sampleton"}
    address |= {"postal_code": "ZZ1 1AA", "country": "GB", "address_type": "physical"}
    where = {"location_type": "physical", "name": "Invented Hall", "addresses": [address]}
    where |= {"latitude": site["at"][0], "longitude": site["at"][1]}
    where |= {"accessibility": haves} if haves else {}
    return {"id": fair.id(), "location_id": fair.keep(Kind.LOCATION, where)}
