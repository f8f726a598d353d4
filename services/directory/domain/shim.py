"""A service as Open Referral UK 1 had it, from how version 3 has it: for readers of before."""

from typing import Any

from services.directory.domain.asking import Page
from services.directory.domain.shapes import Json

_DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_PLAIN = ("id", "name", "description", "url", "email", "status", "fees", "accreditations")
_SAME = ("assured_date", "assurer_email", "last_modified")
NESTED = (
    *("organization", "contacts", "cost_options", "eligibilitys", "fundings", "languages"),
    *("regular_schedules", "service_areas", "service_at_locations", "service_taxonomys"),
)
"""What may be asked for with `include`."""


def envelope(page: Page, total: int, on_it: int) -> Json:
    """What version 1 says of a page."""
    said = page.envelope(total, on_it)
    names = {
        "totalElements": "total_items",
        "totalPages": "total_pages",
        "number": "page_number",
        "size": "size",
        "first": "first_page",
        "last": "last_page",
        "empty": "empty",
    }
    return {name: said[ours] for name, ours in names.items()}


def as_version_1(service: Json, include: list[str] | None = None) -> Json:
    """The whole service; of what is nested, only what `include` names, if it names anything."""
    found = {name: service[name] for name in (*_PLAIN, *_SAME) if name in service}
    nested = {
        "organization": _organization(service.get("organization")),
        "contacts": [_contact(one) for one in service.get("contacts", ())],
        "cost_options": service.get("cost_options", []),
        "eligibilitys": _who_for(service),
        "fundings": service.get("funding", []),
        "languages": [
            {"id": one["id"], "language": one.get("name") or one.get("code", "")}
            for one in service.get("languages", ())
        ],
        "regular_schedules": _schedules(service),
        "service_areas": [_area(one) for one in service.get("service_areas", ())],
        "service_at_locations": [_at(one) for one in service.get("service_at_locations", ())],
        "service_taxonomys": [
            tagged for one in service.get("attributes", ()) if (tagged := _tagged(one))
        ],
    }
    wanted = include or NESTED
    return found | {name: value for name, value in nested.items() if value and name in wanted}


def _organization(said: Json | None) -> Json:
    if not said:
        return {}
    names = {"id": "id", "name": "name", "description": "description", "email": "email"}
    names |= {"website": "url", "logo": "logo", "uri": "uri"}
    return {to: said[name] for name, to in names.items() if name in said}


def _contact(said: Json) -> Json:
    found = {name: said[name] for name in ("id", "name", "title") if name in said}
    phones = [{"id": one["id"], "number": one["number"]} for one in said.get("phones", ())]
    return found | ({"phones": phones} if phones else {})


def _who_for(service: Json) -> list[Json]:
    found: Json = {n: service[n] for n in ("minimum_age", "maximum_age") if n in service}
    if words := service.get("eligibility_description"):
        found["eligibility"] = words
    return [{"id": service["id"], **found}] if found else []


def _schedules(said: Json) -> list[Json]:
    """A schedule for each day: version 1 names one."""
    found = []
    for one in said.get("schedules", ()):
        rest = {n: v for n, v in one.items() if n not in ("byday", "notes", "attending_type")}
        days = [part for part in one.get("byday", "").split(",") if part] or [None]
        for day in days:
            found.append(rest | ({"byday": day, "weekday": _DAYS[day[-2:]]} if day else {}))
    return found


def _area(said: Json) -> Json:
    named = said.get("service_area") or said.get("name") or said.get("description", "")
    found = {name: said[name] for name in ("id", "extent", "uri") if name in said}
    return found | {"service_area": named}


def _at(said: Json) -> Json:
    where: Json = said.get("location", {})
    names = ("id", "name", "description", "latitude", "longitude")
    place: dict[str, Any] = {name: where[name] for name in names if name in where}
    if addresses := where.get("addresses"):
        place["physical_addresses"] = addresses
    if features := where.get("accessibility"):
        place["accessibility_for_disabilities"] = [
            {"id": one["id"], "accessibility": one.get("description", "")} for one in features
        ]
    found = {"id": said["id"]} | ({"location": place} if place else {})
    schedules = _schedules(said)
    return found | ({"regular_schedule": schedules} if schedules else {})


def _tagged(said: Json) -> Json | None:
    term = said.get("taxonomy_term")
    if not term:
        return None
    names = {"id": "id", "name": "name", "taxonomy": "vocabulary", "parent_id": "parent_id"}
    return {
        "id": said["id"],
        "taxonomy": {to: term[name] for name, to in names.items() if name in term},
    }
