"""By what a service is found beside its words: read from its published document alone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any, NamedTuple

from services.directory.domain import cleaning
from services.directory.domain.readers import DAYS, OLDEST
from services.directory.domain.search.codes import (
    AgeBand,
    Cost,
    Delivery,
    Facet,
    OfferLevel,
    OfferView,
    WayIn,
)

Json = dict[str, Any]
_SEND, _SUITED = {"send needs"}, {"suitabilities", "suitability"}
_DELIVERY, _ACCESS = {"delivery"}, {"access"}
_LEVEL, _OFFER = {"level of offer", "levels of offer"}, {"offer", "offers"}
APART = _SEND | _SUITED | _DELIVERY | _ACCESS | _LEVEL | _OFFER
"""Lists of terms that name no need, by their names in small letters."""
_SAID: dict[str, Delivery] = {
    "in person": Delivery.IN_PERSON,
    "online": Delivery.ONLINE,
    "telephone": Delivery.TELEPHONE,
    "phone": Delivery.TELEPHONE,
    "home": Delivery.HOME,
    "home visit": Delivery.HOME,
    "home visits": Delivery.HOME,
}
REMOTE = frozenset({Delivery.ONLINE, Delivery.TELEPHONE, Delivery.HOME})
"""What comes to a family, wherever it lives."""
_OFFERS = {"early help offer": OfferView.EARLY_HELP, "early help": OfferView.EARLY_HELP}
_OFFERS |= {"offer for schools": OfferView.SCHOOLS, "schools": OfferView.SCHOOLS}
_NO_REFERRAL = re.compile(
    r"no referral|without a referral|self[- ]?refer|ask for themselves|drop[- ]?in|just turn up",
    re.IGNORECASE,
)
_REFERRAL = re.compile(
    r"(?<!no )referrals? (?:is|are )?(?:needed|required|only)|(?:by|through) (?:a )?referral"
    r"|must be referred|referred by|professionals? (?:can|may|must) refer",
    re.IGNORECASE,
)
_FREE = re.compile(r"\bfree\b|no charge|no cost|without charge", re.IGNORECASE)
_PAID = re.compile(r"there is a charge|[£€]|\d", re.IGNORECASE)
_TERM_TIME = re.compile(r"term[- ]time", re.IGNORECASE)
_OUTSIDE_TERM = re.compile(r"all year|school holidays|outside term|not term[- ]time", re.IGNORECASE)
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")


class Tagged(NamedTuple):
    """A mark as it is asked for, and as people read it."""

    facet: Facet
    value: str
    label: str


def slug(said: str) -> str:
    """A name as it is asked for: `Car parking` and `car-parking` are the same."""
    return _NOT_IN_A_SLUG.sub("-", said.casefold()).strip("-")


class Term(NamedTuple):
    """A term with which something is tagged."""

    id: str
    name: str
    taxonomy: str


def terms(said: Json) -> list[Term]:
    """The terms of a document's attributes; a service's also of its places."""
    found: dict[str, Term] = {}
    for part in (said, *said.get("service_at_locations", ())):
        for one in part.get("attributes", ()):
            if term := one.get("taxonomy_term"):
                taxonomy = term.get("taxonomy", "").casefold()
                found[term["id"]] = Term(term["id"], term.get("name", ""), taxonomy)
    return list(found.values())


def needs(said: Iterable[Term]) -> list[Term]:
    """The terms that name a need."""
    return [term for term in said if term.taxonomy not in APART]


def marks(said: Json, tagged: list[Term]) -> Iterator[Tagged]:
    """Every mark of a service but its needs, which stand in a tree."""
    for facet, lists in ((Facet.SEND, _SEND), (Facet.SUITABILITY, _SUITED)):
        named = (term.name for term in tagged if term.taxonomy in lists)
        yield from (Tagged(facet, slug(name), name) for name in named)
    for place in locations(said):
        said_there = (
            one.get("description") or one.get("accessibility")
            for one in place.get("accessibility", ())
        )
        yield from (Tagged(Facet.ACCESSIBILITY, slug(one), one) for one in said_there if one)
    yield from _languages(said)
    for facet, values in _coded(said, tagged).items():
        yield from (Tagged(facet, value, value) for value in values)


def _languages(said: Json) -> Iterator[Tagged]:
    """By their codes, or by their names where there is none."""
    for one in said.get("languages", ()):
        if value := slug(one.get("code") or one.get("name") or ""):
            yield Tagged(Facet.LANGUAGE, value, one.get("name") or value)


def _coded(said: Json, tagged: list[Term]) -> Mapping[Facet, Iterable[str]]:
    free = cost(said)
    return {
        Facet.AGE_BAND: bands(said.get("minimum_age"), said.get("maximum_age")),
        Facet.DAY: sorted({day for day, _, _ in openings(said)}),
        Facet.TERM_TIME: [str(in_term_only(said)).lower()],
        Facet.COST: [free] if free else [],
        Facet.DELIVERY: delivery(said, tagged),
        Facet.ACCESS: _ways_in(access(said, tagged)),
        Facet.LEVEL: [one for one in OfferLevel if any(_is(t, _LEVEL, one) for t in tagged)],
        Facet.VIEW: views(tagged),
    }


def _is(term: Term, lists: set[str], name: str) -> bool:
    return term.taxonomy in lists and term.name.casefold().startswith(name)


def bands(least: float | None, most: float | None) -> list[str]:
    """The bands in which somebody may be for whom it is; who says no age excludes none."""
    low, high = least or 0.0, OLDEST if most is None else most
    return [band for band in AgeBand if low < band.years[1] and high >= band.years[0]]


def views(tagged: Iterable[Term]) -> list[str]:
    """Of which offers it is; what names none is of the offer for families."""
    found = {
        _OFFERS[term.name.casefold()]
        for term in tagged
        if term.taxonomy in _OFFER and term.name.casefold() in _OFFERS
    }
    return sorted(found or {OfferView.EARLY_HELP})


def delivery(said: Json, tagged: Iterable[Term]) -> list[str]:
    """How it reaches a family, as far as that is known."""
    named = [
        term.name.casefold().replace("_", " ") for term in tagged if term.taxonomy in _DELIVERY
    ]
    found = {_SAID[name] for name in named if name in _SAID}
    for place in locations(said):
        virtual = place.get("location_type") == "virtual"
        found.add(Delivery.ONLINE if virtual else Delivery.IN_PERSON)
    return sorted(found)


def access(said: Json, tagged: Iterable[Term]) -> WayIn | None:
    """Who may ask for it; None where nothing says so."""
    named = {term.name.casefold() for term in tagged if term.taxonomy in _ACCESS}
    if found := [one for one in WayIn if one in named]:
        return found[0] if len(found) == 1 else WayIn.EITHER
    text = said.get("application_process", "")
    asks, referred = bool(_NO_REFERRAL.search(text)), bool(_REFERRAL.search(text))
    if asks and referred:
        return WayIn.EITHER
    return WayIn.SELF if asks else WayIn.REFERRAL if referred else None


def _ways_in(found: WayIn | None) -> list[str]:
    if found is WayIn.EITHER:
        return [WayIn.SELF, WayIn.REFERRAL]
    return [found] if found else []


def cost(said: Json) -> Cost | None:
    """Free or not; None where nothing says so."""
    options = said.get("cost_options", ())
    if amounts := [one["amount"] for one in options if "amount" in one]:
        return Cost.PAID if any(amounts) else Cost.FREE
    texts = [said.get("fees_description", ""), said.get("fees", "")]
    text = " ".join([*texts, *(one.get("option", "") for one in options)])
    return Cost.FREE if _FREE.search(text) else Cost.PAID if _PAID.search(text) else None


def in_term_only(said: Json) -> bool:
    """Whether it says that it is open in term time only."""
    schedules = [one for part in _with_places(said) for one in part.get("schedules", ())]
    texts = [one.get(name, "") for one in schedules for name in ("description", "notes")]
    text = " ".join([cleaning.words(said.get("description", "")), *texts])
    return bool(_TERM_TIME.search(text)) and not _OUTSIDE_TERM.search(text)


def locations(said: Json) -> list[Json]:
    """The places of a service."""
    at = said.get("service_at_locations", ())
    return [one["location"] for one in at if "location" in one]


def _with_places(said: Json) -> list[Json]:
    return [said, *said.get("service_at_locations", ())]


Opening = tuple[str, time | None, time | None]


def openings(said: Json) -> Iterator[Opening]:
    """The days of its schedules and the hours of each, where they say so."""
    for part in _with_places(said):
        for one in part.get("schedules", ()):
            days = [day[-2:] for day in one.get("byday", "").split(",") if day]
            if not days and one.get("freq") == "WEEKLY" and "dtstart" in one:
                days = [DAYS[date.fromisoformat(one["dtstart"]).weekday()]]
            opens, closes = (_clock(one.get(name)) for name in ("opens_at", "closes_at"))
            yield from ((day, opens, closes) for day in days)


def _clock(said: str | None) -> time | None:
    return time.fromisoformat(said) if said else None


def hours(said: Json) -> set[str]:
    """In which quarters of an hour of the week it is open; `MO?` where a day says no hours."""
    return {
        f"{day}{quarter}"
        for day, opens, closes in openings(said)
        for quarter in (["?"] if opens is None and closes is None else quarters(opens, closes))
    }


def quarters(opens: time | None, closes: time | None) -> list[str]:
    """The quarters of an hour between; over midnight, those of both ends."""
    first = 0 if opens is None else opens.hour * 4 + opens.minute // 15
    last = 96 if closes is None else -(-(closes.hour * 60 + closes.minute) // 15)
    if closes is not None and opens is not None and closes <= opens:
        return [str(one) for one in [*range(first, 96), *range(last)]]
    return [str(one) for one in range(first, last)]
