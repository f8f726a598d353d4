"""From the standard's nested objects to entries: each thing is kept once, and named by its id."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from services.directory.domain.entries import Kind
from services.directory.domain.shapes import Json

Plain = tuple[Kind, Json]


def made_id(within: UUID, *what: str) -> str:
    """The same id every time for what the source gave no id."""
    return str(uuid5(within, "/".join(what)))


def taken_apart(kind: Kind, said: Json, within: UUID) -> list[Plain]:
    """The entries in an object as it was read: those that it stands on come first.

    `within` is the origin, for ids of what is only named there.
    """
    found: list[Plain] = []
    own = dict(said)
    if kind is Kind.SERVICE and "organization" in own:
        organization = own.pop("organization")
        found += taken_apart(Kind.ORGANIZATION, organization, within)
        own.setdefault("organization_id", organization["id"])
    if kind is Kind.ORGANIZATION:
        own["locations"] = [_of_location(one, own["id"]) for one in own.get("locations", ())]
        found += [e for one in said.get("locations", ()) for e in _located(one, within)]
    if kind is Kind.SERVICE:
        places = own.get("service_at_locations", ())
        found += [
            e for one in places if "location" in one for e in _located(one["location"], within)
        ]
        own["service_at_locations"] = [_at_location(one, own["id"]) for one in places]
    own, terms = _without_terms(own, within)
    if kind is Kind.TAXONOMY_TERM:
        own, above = _in_taxonomy(own, within)
        terms += above
    return [*terms, *found, (kind, {name: value for name, value in own.items() if value != []})]


def _located(said: Json, within: UUID) -> Iterator[Plain]:
    yield from taken_apart(Kind.LOCATION, said, within)


def _of_location(said: Json, organization_id: str) -> Json:
    return {"id": said["id"], "location_id": said["id"], "organization_id": organization_id}


def _at_location(said: Json, service_id: str) -> Json:
    own = {name: value for name, value in said.items() if name != "location"}
    own["service_id"] = service_id
    if "location" in said:
        own["location_id"] = said["location"]["id"]
    return own


def _without_terms(node: Json, within: UUID) -> tuple[Json, list[Plain]]:
    """Each attribute names its term; the terms are entries of their own."""
    found: Json = {}
    terms: list[Plain] = []
    for name, value in node.items():
        if name == "taxonomy_term":
            terms += taken_apart(Kind.TAXONOMY_TERM, value, within)
            found["taxonomy_term_id"] = value["id"]
        elif isinstance(value, dict):
            found[name], more = _without_terms(value, within)
            terms += more
        elif isinstance(value, list):
            parts = [_without_terms(one, within) for one in value]
            found[name] = [one for one, _ in parts]
            terms += [term for _, more in parts for term in more]
        else:
            found[name] = value
    return found, terms


def _in_taxonomy(term: Json, within: UUID) -> tuple[Json, list[Plain]]:
    """A taxonomy that is only named becomes an entry too, so that it can be asked for."""
    own = dict(term)
    called = own.get("taxonomy")
    if called and "taxonomy_id" not in own:
        own["taxonomy_id"] = made_id(within, "taxonomy", called)
    if "taxonomy_id" not in own or not called:
        return own, []
    return own, [(Kind.TAXONOMY, {"id": own["taxonomy_id"], "name": called})]
