"""Open Referral UK 3 and HSDS 3 in JSON: a page, a list, lines, or one object."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from services.directory.domain.entries import Kind
from services.directory.domain.imports.records import (
    Files,
    Mapped,
    Record,
    in_list,
    numbered,
    of_each,
    parsed,
)
from services.directory.domain.shapes import Broken, Json


def records(files: Files) -> Iterator[Record]:
    """Each object of each file."""
    return of_each(files, lambda name, text: numbered(in_list(parsed(text), "contents"), name))


def mapped(record: Record, within: UUID) -> Mapped:
    """The entries of a service, or of an organization, a taxonomy or a term. Raises Broken."""
    if not isinstance(record.said, Mapping):
        raise Broken("record", "is no object")
    found = Mapped()
    found.add(record.kind or _kind(record.said), _right(dict(record.said)), within)
    return found


def _kind(said: Mapping[str, Any]) -> Kind:
    """By what the object has that no other has."""
    if "status" in said or "service_at_locations" in said or "organization_id" in said:
        return Kind.SERVICE
    if "location_type" in said:
        return Kind.LOCATION
    if "taxonomy_id" in said or "parent_id" in said or "term_uri" in said or "taxonomy" in said:
        return Kind.TAXONOMY_TERM
    if "version" in said or "taxonomy_terms" in said:
        return Kind.TAXONOMY
    names = {"website", "organization_identifiers", "logo", "legal_status", "services"}
    return Kind.ORGANIZATION if names & said.keys() else Kind.SERVICE


def _right(said: Json) -> Json:
    """What feeds leave out and mean all the same."""
    at = said.get("service_at_locations")
    for one in at if isinstance(at, list) else ():
        place = one.get("location") if isinstance(one, dict) else None
        if isinstance(place, dict):
            one["location"] = {"location_type": "physical", **place}
    return said
