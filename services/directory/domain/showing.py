"""The documents of the feed, built up from entries: a field leaves because its shape names it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.directory.domain.cleaning import every_text
from services.directory.domain.entries import Entry, Kind
from services.directory.domain.hsds import ADDRESS, ATTRIBUTE
from services.directory.domain.hsds_entries import (
    ENTRIES,
    LOCATION,
    ORGANIZATION,
    SERVICE,
    SERVICE_AT_LOCATION,
)
from services.directory.domain.shapes import Json, Shape

NOT_SAID = {
    "address": ("address_1", "city", "state_province", "postal_code", "country"),
    "organization": ("description",),
    "taxonomy": ("description",),
    "taxonomy_term": ("description",),
}
"""Texts that Open Referral UK requires and a source may not say: they are shown empty."""
NO_LONGER = "No longer listed"
"""The name under which an entry that was withdrawn stays in the lists for a while."""


@dataclass(frozen=True)
class Around:
    """The entries around those that are shown, by id; what may not be shown is not among them."""

    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, entries: Iterable[Entry], today: date) -> "Around":
        """What may be read on this day."""
        return cls({str(entry.id): entry for entry in entries if entry.is_shown(today)})

    def content(self, kind: Kind, id_: str | None) -> Json | None:
        """What an entry says, if it is of this kind and may be shown."""
        entry = self.entries.get(id_ or "")
        return entry.content if entry and entry.kind is kind else None

    def listed(self, service: Json) -> bool:
        """Whether nobody stands behind a service who may not be named."""
        named = service.get("organization_id")
        return named is None or self.content(Kind.ORGANIZATION, named) is not None


def plain(shape: Shape, said: Json) -> Json:
    """The fields of an object that are not nested, with the required ones always there."""
    found = {name: said[name] for name in shape.fields if name in said}
    for name in NOT_SAID.get(shape.name, ()):
        found.setdefault(name, "")
    if shape is ADDRESS:
        found.setdefault("address_type", "physical")
    return found


def nested(shape: Shape, said: Json, around: Around) -> Json:
    """An object with everything in it."""
    found = plain(shape, said)
    if shape is ATTRIBUTE:
        return _tagged(found, around)
    for name, inner in shape.one.items():
        if name in said:
            found[name] = nested(inner, said[name], around)
    for name, inner in shape.many.items():
        parts = [nested(inner, one, around) for one in _several(name, said, around)]
        if parts := [part for part in parts if part]:
            found[name] = parts
    return found


def _several(name: str, said: Json, around: Around) -> Iterator[Json]:
    for one in said.get(name, ()):
        if name == "locations":
            if place := around.content(Kind.LOCATION, one["location_id"]):
                yield place
        elif name != "service_at_locations":
            yield one


def _tagged(attribute: Json, around: Around) -> Json:
    """An attribute with its term; without one that may be shown it says nothing."""
    named = attribute.get("taxonomy_term_id")
    if named is None:
        return attribute
    term = around.content(Kind.TAXONOMY_TERM, named)
    return attribute | {"taxonomy_term": term_shown(term, around)} if term else {}


def term_shown(term: Json, around: Around) -> Json:
    """A term with the name of its taxonomy."""
    found = plain(ENTRIES["taxonomy_term"], term)
    taxonomy = around.content(Kind.TAXONOMY, term.get("taxonomy_id"))
    return found | ({"taxonomy": taxonomy["name"]} if taxonomy else {})


def places(service: Json, around: Around) -> Iterator[tuple[Json, Json | None]]:
    """Where the service is given: each place that may be shown, or one of which none is known."""
    for one in service.get("service_at_locations", ()):
        named = one.get("location_id")
        location = around.content(Kind.LOCATION, named)
        if named is None or location:
            yield one, location


def organization_of(service: Json, around: Around) -> Json | None:
    """Who gives the service."""
    return around.content(Kind.ORGANIZATION, service.get("organization_id"))


def service_brief(service: Json, around: Around) -> Json:
    """A service as lists show it: plain fields, and those of its organization."""
    found = plain(SERVICE, service)
    if organization := organization_of(service, around):
        found["organization"] = plain(ORGANIZATION, organization)
    return every_text(found)


def service_whole(service: Json, around: Around, *, at_locations: bool = True) -> Json:
    """A service with everything in it."""
    found = nested(SERVICE, service, around)
    if organization := organization_of(service, around):
        found["organization"] = nested(ORGANIZATION, organization, around)
    at = [_at_location(one, where, around) for one, where in places(service, around)]
    if at and at_locations:
        found["service_at_locations"] = at
    return every_text(found)


def _at_location(one: Json, where: Json | None, around: Around) -> Json:
    found = nested(SERVICE_AT_LOCATION, one, around)
    return found | ({"location": nested(LOCATION, where, around)} if where else {})


def at_location_brief(one: Json, where: Json | None, service: Json, around: Around) -> Json:
    """A service at a location as lists show it; `service` as it is shown itself."""
    found = plain(SERVICE_AT_LOCATION, one)
    if where:
        found["location"] = plain(LOCATION, where)
    return every_text(found) | {"service": service}


def at_location_whole(one: Json, where: Json | None, service: Json, around: Around) -> Json:
    """A service at a location with everything in it; `service` as it is shown itself."""
    return every_text(_at_location(one, where, around)) | {"service": service}


def entry_brief(entry: Entry, around: Around) -> Json:
    """An organization, a taxonomy or a term as lists show it."""
    if entry.kind is Kind.TAXONOMY_TERM:
        return every_text(term_shown(entry.content, around))
    return every_text(plain(ENTRIES[entry.kind], entry.content))


def entry_whole(entry: Entry, around: Around) -> Json:
    """An organization, a taxonomy or a term with everything in it."""
    if entry.kind is Kind.TAXONOMY_TERM:
        return every_text(term_shown(entry.content, around))
    return every_text(nested(ENTRIES[entry.kind], entry.content, around))


def gone(collection: str, id_: str) -> Json:
    """What stays of an object that was listed: its id, so that copies elsewhere can let it go."""
    bare: dict[str, dict[str, Any]] = {
        "services": {"name": NO_LONGER, "status": "defunct"},
        "organizations": {"name": NO_LONGER, "description": ""},
        "taxonomies": {"name": NO_LONGER, "description": ""},
        "taxonomy_terms": {"name": NO_LONGER, "description": ""},
    }
    return {"id": id_, **bare.get(collection, {})}
