"""What an entry becomes in the lists of the feed: its documents, and what it is found by."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.directory.domain import cleaning, showing
from services.directory.domain.entries import Entry, Kind
from services.directory.domain.outlines import Outline, is_geojson, outlines
from services.directory.domain.over import current, ended
from services.directory.domain.shapes import Json
from services.directory.domain.showing import Around

SERVICES, AT_LOCATIONS = "services", "service_at_locations"
COLLECTIONS = {
    SERVICES: Kind.SERVICE,
    AT_LOCATIONS: Kind.SERVICE,
    "organizations": Kind.ORGANIZATION,
    "taxonomies": Kind.TAXONOMY,
    "taxonomy_terms": Kind.TAXONOMY_TERM,
}
"""The lists of the feed, and the entries that they are made of."""
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_AREA = re.compile(r"[ensw]\d{8}")


class Opening(NamedTuple):
    """On which days it is open, and when."""

    days: list[str]
    opens_at: str | None
    closes_at: str | None


class Spot(NamedTuple):
    """Where it is: a point, or the postcode of an address."""

    latitude: float | None
    longitude: float | None
    postal_code: str | None


class Cover(NamedTuple):
    """An area by its code or name in small letters, or by its outline."""

    code: str | None
    shape: Outline | None


@dataclass(frozen=True)
class Found:
    """By what an object is found."""

    title: str = ""
    text: str = ""
    organization_id: str | None = None
    term_ids: list[str] = field(default_factory=list)
    taxonomy_ids: list[str] = field(default_factory=list)
    parent_id: str | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    openings: list[Opening] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)


@dataclass(frozen=True)
class Listing:
    """One object of a list, not yet stamped with when it changed."""

    collection: str
    id: UUID
    entry_id: UUID
    brief: Json
    whole: Json
    found: Found
    ended: tuple[str, ...] = ()
    """Last days of its schedules and prices that have passed."""

    def fingerprint(self) -> str:
        """The same as long as nothing of it changes, and nothing in it comes to its end."""
        parts = [self.brief, self.whole, self.found.__dict__, *self.ended]
        said = json.dumps(parts, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def listed(entry: Entry, around: Around, today: date) -> list[Listing]:
    """What of this entry everybody may read: nothing, one object, or a service and its places.

    The service that is nested in a service at a location is stamped by whoever writes both.
    """
    if not entry.is_shown(today) or entry.kind is Kind.LOCATION:
        return []
    if entry.kind is Kind.SERVICE:
        return list(_of_service(entry, around, today)) if around.listed(entry.content) else []
    collection = next(name for name, kind in COLLECTIONS.items() if kind is entry.kind)
    brief, whole = showing.entry_brief(entry, around), showing.entry_whole(entry, around)
    return [Listing(collection, entry.id, entry.id, brief, whole, _found_alone(entry, around))]


def _of_service(entry: Entry, around: Around, today: date) -> Iterator[Listing]:
    said = entry.content
    brief = showing.service_brief(said, around)
    alone = showing.service_whole(said, around, at_locations=False)
    whole = showing.service_whole(said, around)
    found = _found(said, around)
    at = list(showing.places(said, around))
    everywhere = [spot for _, where in at for spot in _spots(where)]
    always = list(_openings(said, today))
    openings = [*always, *(o for one, _ in at for o in _openings(one, today))]
    covers = [*_covers(said), *(c for one, _ in at for c in _covers(one))]
    of_service = _with(found, openings=openings, spots=everywhere, covers=covers)
    over = tuple(ended(whole, today))
    yield Listing(SERVICES, entry.id, entry.id, brief, whole, of_service, over)
    for one, where in at:
        terms = _terms(one, around)
        here = _with(
            found,
            text=f"{found.text} {_words(where or {})}",
            term_ids=[*found.term_ids, *terms[0]],
            taxonomy_ids=[*found.taxonomy_ids, *terms[1]],
            openings=[*always, *_openings(one, today)],
            spots=list(_spots(where)),
            covers=[*_covers(said), *_covers(one)],
        )
        yield Listing(
            AT_LOCATIONS,
            UUID(one["id"]),
            entry.id,
            showing.at_location_brief(one, where, brief, around),
            showing.at_location_whole(one, where, alone, around),
            here,
            over,
        )


def _with(found: Found, **changed: Any) -> Found:
    return Found(**{**found.__dict__, **changed})


def _found(said: Json, around: Around) -> Found:
    terms, taxonomies = _terms(said, around)
    organization = showing.organization_of(said, around) or {}
    named = [around.content(Kind.TAXONOMY_TERM, term) or {} for term in terms]
    said_there = [organization.get("name", ""), *(term.get("name", "") for term in named)]
    return Found(
        title=_title(said),
        text=" ".join([_words(said), *said_there]),
        organization_id=said.get("organization_id"),
        term_ids=terms,
        taxonomy_ids=taxonomies,
        minimum_age=said.get("minimum_age"),
        maximum_age=said.get("maximum_age"),
    )


def _found_alone(entry: Entry, around: Around) -> Found:
    said = entry.content
    terms, taxonomies = _terms(said, around)
    if entry.kind is Kind.TAXONOMY_TERM and "taxonomy_id" in said:
        taxonomies = [said["taxonomy_id"]]
    return Found(
        title=_title(said),
        text=_words(said),
        term_ids=terms,
        taxonomy_ids=taxonomies,
        parent_id=said.get("parent_id"),
    )


def _title(said: Json) -> str:
    return " ".join(cleaning.words(said.get(name, "")) for name in ("name", "alternate_name"))


_LONGEST = 100_000
"""Letters that are searched; PostgreSQL takes no more than a megabyte."""
_SEARCHED = ("description", "alert", "eligibility_description", "fees_description", "name")


def _words(said: Json) -> str:
    return " ".join(cleaning.words(said[name]) for name in _SEARCHED if name in said)[:_LONGEST]


def _terms(said: Json, around: Around) -> tuple[list[str], list[str]]:
    """The terms with which an object is tagged, and their taxonomies."""
    named = [one.get("taxonomy_term_id") for one in said.get("attributes", ())]
    terms = {id_: term for id_ in named if (term := around.content(Kind.TAXONOMY_TERM, id_))}
    of = [term["taxonomy_id"] for term in terms.values() if term.get("taxonomy_id")]
    return [id_ for id_ in terms if id_], list(dict.fromkeys(of))


def _openings(said: Json, today: date) -> Iterator[Opening]:
    for one in current(said, today).get("schedules", ()):
        days = [part[-2:] for part in one.get("byday", "").split(",") if part]
        if not days and one.get("freq") == "WEEKLY" and "dtstart" in one:
            days = [_DAYS[date.fromisoformat(one["dtstart"]).weekday()]]
        if days or "opens_at" in one or "closes_at" in one:
            yield Opening(days, one.get("opens_at"), one.get("closes_at"))


def _spots(where: Json | None) -> Iterator[Spot]:
    if where is None or where.get("location_type") == "virtual":
        return
    if "latitude" in where and "longitude" in where:
        yield Spot(where["latitude"], where["longitude"], None)
        return
    for address in where.get("addresses", ()):
        if "postal_code" in address:
            yield Spot(None, None, address["postal_code"])


def _covers(said: Json) -> Iterator[Cover]:
    for area in said.get("service_areas", ()):
        named = (area.get(name) for name in ("name", "service_area", "extent"))
        codes = {code.strip().lower() for code in named if code and not is_geojson(code)}
        codes |= set(_AREA.findall(area.get("uri", "").lower()))
        yield from (Cover(code, None) for code in sorted(codes))
        yield from (Cover(None, shape) for shape in outlines(area.get("extent", "")))
