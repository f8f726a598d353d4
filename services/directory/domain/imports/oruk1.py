"""Open Referral UK 1, the version before: its pages in JSON."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from services.directory.domain.entries import Kind
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
)
from services.directory.domain.shapes import Broken, Json

CARRIED = {
    **{name: f"service.{name}" for name in ("id", "name", "description", "url", "email", "status")},
    **{name: f"service.{name}" for name in ("fees", "accreditations", "assured_date")},
    "organization": "service.organization",
    "eligibilitys": "service.minimum_age, maximum_age, eligibility_description",
    "contacts": "service.contacts",
    "service_at_locations": "service.service_at_locations",
    "service_taxonomys": "service.attributes",
    "service_areas": "service.service_areas",
    "cost_options": "service.cost_options",
    "languages": "service.languages",
    "fundings": "service.funding",
    "regular_schedules": "service.schedules",
    "attending_type": "schedule.attending_type",
}
REFUSED = {
    "holiday_schedules": "has no place in Open Referral UK 3",
    "reviews": "has no place in Open Referral UK 3",
    "attending_access": "has no place in Open Referral UK 3",
    "deliverable_type": "has no place in Open Referral UK 3",
    "last_modified": "is when it changed there; the feed says when it changed here",
}


def records(files: Files) -> Iterator[Record]:
    """Each service of each page."""
    return of_each(files, lambda name, text: numbered(in_list(parsed(text), "content"), name))


def mapped(record: Record, within: UUID) -> Mapped:
    """The entries of a service. Raises Broken."""
    if not isinstance(record.said, Mapping):
        raise Broken("record", "is no object")
    said, found = record.said, Mapped()
    found.notes += account(said, CARRIED, REFUSED)
    plain = ("id", "name", "description", "url", "email", "fees", "accreditations", "assured_date")
    service = {name: said.get(name) for name in plain} | {"status": said.get("status") or "active"}
    service |= _who_for(said.get("eligibilitys") or ())
    service |= {
        "organization": _organization(said.get("organization")),
        "contacts": [_contact(one) for one in said.get("contacts") or ()],
        "service_at_locations": [_at(one) for one in said.get("service_at_locations") or ()],
        "attributes": [_tagged(one) for one in said.get("service_taxonomys") or ()],
        "service_areas": list(said.get("service_areas") or ()),
        "cost_options": list(said.get("cost_options") or ()),
        "languages": [_language(one) for one in said.get("languages") or ()],
        "funding": list(said.get("fundings") or ()),
        "schedules": [_schedule(one, said) for one in said.get("regular_schedules") or ()],
    }
    found.add(Kind.SERVICE, filled(service), within)
    return found


def _who_for(said: Any) -> Json:
    """One range of ages, wide enough for each that is named."""
    lowest = [one["minimum_age"] for one in said if one.get("minimum_age") is not None]
    highest = [one["maximum_age"] for one in said if one.get("maximum_age") is not None]
    words = "; ".join(str(one["eligibility"]) for one in said if one.get("eligibility"))
    found: Json = {"eligibility_description": words}
    if lowest and len(lowest) == len(said):
        found["minimum_age"] = min(lowest, key=float)
    if highest and len(highest) == len(said):
        found["maximum_age"] = max(highest, key=float)
    return found


def _organization(said: Any) -> Json | None:
    if not said:
        return None
    return filled({**said, "website": said.get("url"), "url": None})


def _contact(said: Json) -> Json:
    phones = [filled({**one, "language": None}) for one in said.get("phones") or ()]
    return filled({**said, "phones": phones})


def _at(said: Json) -> Json:
    place = dict(said.get("location") or {})
    place["addresses"] = [
        {"address_type": "physical", **one} for one in place.pop("physical_addresses", None) or ()
    ]
    place["accessibility"] = [
        filled({"id": one.get("id"), "description": one.get("accessibility")})
        for one in place.pop("accessibility_for_disabilities", None) or ()
    ]
    schedules = said.get("regular_schedule") or said.get("regular_schedules") or ()
    return filled(
        {
            "id": said.get("id"),
            "location": {"location_type": "physical", **filled(place)},
            "schedules": [_schedule(one, {}) for one in schedules],
        }
    )


def _tagged(said: Json) -> Json:
    term = dict(said.get("taxonomy") or {})
    term["taxonomy"] = term.pop("vocabulary", None)
    return filled({"id": said.get("id"), "link_entity": "service", "taxonomy_term": filled(term)})


def _language(said: Json) -> Json:
    return filled({"id": said.get("id"), "name": said.get("language")})


def _schedule(said: Json, service: Mapping[str, Any]) -> Json:
    names = "id opens_at closes_at valid_from valid_to dtstart freq interval bymonthday".split()
    day = byday(said.get("byday") or said.get("weekday"))
    found = {name: said.get(name) for name in [*names, "description"]} | {"byday": day}
    if day and not found["freq"]:
        found["freq"] = "WEEKLY"
    return filled(found | {"attending_type": service.get("attending_type")})
