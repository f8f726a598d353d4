"""Outpost's own interface, as Buckinghamshire's directory reads it: pages of services in JSON."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from services.directory.domain.entries import Kind
from services.directory.domain.imports.outpost import (
    FREE,
    NEEDS_REFERRAL,
    SEND_NEEDS,
    SUITABILITIES,
    masked,
)
from services.directory.domain.imports.records import (
    Files,
    Mapped,
    Record,
    account,
    byday,
    filled,
    in_list,
    numbered,
    of_each,
    parsed,
    tag,
)
from services.directory.domain.nesting import made_id
from services.directory.domain.shapes import Broken, Json

TAXONOMY = "Outpost"
_ASKED = "depends on who asks, so it is no part of the entry"
CARRIED = {
    "id": "service.id",
    "name": "service.name",
    "description": "service.description",
    "url": "service.url",
    "min_age": "service.minimum_age",
    "max_age": "service.maximum_age",
    "needs_referral": "service.application_process",
    "free": "service.fees_description",
    "locations": "service.service_at_locations",
    "contacts": "service.contacts",
    "organisation": "service.organization",
    "taxonomies": "service.attributes",
    "regular_schedules": "service.schedules",
    "cost_options": "service.cost_options",
    "links": "service.additional_urls",
    "send_needs": "service.attributes",
    "suitabilities": "service.attributes",
    "visible_from": "the first day on which the entry is shown",
    "visible_to": "the last day on which the entry is shown",
}
REFUSED = {
    "_id": "is the number of the source's own index",
    "updated_at": "is when it changed there; the feed says when it changed here",
    "created_at": "is when it was written there",
    "local_offer": "is a question of Outpost's own; Open Referral has no field for its answer",
    "score": _ASKED,
    "distance_away": _ASKED,
    "target_directories": "says in which of the source's directories it stands",
    "age_bands": "says the same as the ages",
    **{
        f"age_band_{band}": "says the same as the ages"
        for band in ("under_2", "2", "3_4", "5_7", "8_plus", "all")
    },
}


def records(files: Files) -> Iterator[Record]:
    """Each service of each page."""
    return of_each(files, lambda name, text: numbered(in_list(parsed(text), "content"), name))


def mapped(record: Record, within: UUID) -> Mapped:
    """The entries of a service. Raises Broken."""
    if not isinstance(record.said, Mapping) or "id" not in record.said:
        raise Broken("id", "is missing")
    said, found = record.said, Mapped()
    found.notes += account(said, CARRIED, REFUSED)
    which = made_id(within, "service", str(said["id"]))
    service: Json = {
        "id": which,
        "name": said.get("name"),
        "description": said.get("description"),
        "url": said.get("url"),
        "status": "active",
        "minimum_age": said.get("min_age"),
        "maximum_age": said.get("max_age"),
        "application_process": NEEDS_REFERRAL.get(said.get("needs_referral"), ""),
        "fees_description": FREE.get(said.get("free"), ""),
        "organization": _organization(said.get("organisation"), within),
        "contacts": [_contact(one) for one in said.get("contacts") or ()],
        "service_at_locations": [_at(one) for one in said.get("locations") or ()],
        "attributes": _tags(said, within, which),
        "schedules": [_schedule(one) for one in said.get("regular_schedules") or ()],
        "cost_options": [_cost(one) for one in said.get("cost_options") or ()],
        "additional_urls": list(said.get("links") or ()),
    }
    found.add(Kind.SERVICE, filled(service), within)
    return found


def _organization(said: Any, within: UUID) -> Json | None:
    """One without a name is not told apart from none."""
    if not said or not said.get("name"):
        return None
    own = filled({**said, "website": said.get("url"), "url": None})
    return own | {"id": made_id(within, "organization", str(said["id"]))}


def _contact(said: Json) -> Json:
    phones = [{"id": said.get("id"), "number": said["phone"]}] if said.get("phone") else []
    return filled({**said, "phone": None, "phones": phones})


def _at(said: Json) -> Json:
    geometry = (said.get("geometry") or {}).get("coordinates") or [None, None]
    names = ("address_1", "city", "state_province", "postal_code", "country")
    address = {"id": said.get("id"), "address_type": "physical"}
    address |= {name: said.get(name) for name in names}
    features = [one["name"] for one in said.get("accessibilities") or () if one.get("name")]
    place = {
        "id": said.get("id"),
        "location_type": "physical",
        "name": said.get("name"),
        "longitude": geometry[0],
        "latitude": geometry[1],
        "addresses": [filled(address)],
        "accessibility": [{"id": name, "description": name} for name in features],
    }
    exact = said.get("mask_exact_address") in (None, False)  # whatever is unclear is masked
    return {"id": said.get("id"), "location": masked(filled(place), exact=exact, shown=True)}


def _tags(said: Mapping[str, Any], within: UUID, which: str) -> list[Json]:
    """Needs and suitabilities by their names; categories also below which other they stand."""
    found = [
        tag(within, which, taxonomy, one["name"], one.get("slug", ""))
        for taxonomy, name in ((SEND_NEEDS, "send_needs"), (SUITABILITIES, "suitabilities"))
        for one in said.get(name) or ()
    ]
    known = {one["id"]: one["name"] for one in said.get("taxonomies") or ()}
    for one in said.get("taxonomies") or ():
        category = tag(within, which, TAXONOMY, one["name"], one.get("slug", ""))
        if one.get("parent_id") in known:
            above = known[one["parent_id"]].lower()
            category["taxonomy_term"]["parent_id"] = made_id(within, "term", TAXONOMY, above)
        found.append(category)
    return list({one["id"]: one for one in found}.values())


def _schedule(said: Json) -> Json:
    day = byday(said.get("weekday"))
    return filled(
        {"id": said.get("id"), "freq": "WEEKLY" if day else None, "byday": day}
        | {name: said.get(name) for name in ("opens_at", "closes_at")}
    )


def _cost(said: Json) -> Json:
    names = {"option": "option", "amount": "amount", "cost_type": "amount_description"}
    return filled({"id": said.get("id")} | {to: said.get(name) for name, to in names.items()})
