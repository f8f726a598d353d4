"""Outpost's import template: one service in several rows, the first with its name."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from services.directory.domain.entries import Audience, Kind, Stage
from services.directory.domain.imports.outpost import (
    FREE,
    NEEDS_REFERRAL,
    SEND_NEEDS,
    SUITABILITIES,
    masked,
    tags,
)
from services.directory.domain.imports.records import (
    Files,
    Mapped,
    Record,
    account,
    byday,
    filled,
    of_each,
    rows,
    several,
)
from services.directory.domain.nesting import made_id
from services.directory.domain.readers import Unreadable, day, truth
from services.directory.domain.shapes import Broken, Json, Note, Verdict

_NOT_OURS = "is a question of Outpost's own; Open Referral has no field for its answer"
CARRIED = {
    "import_id": "service.id",
    "import_id_reference": "the service that the row belongs to",
    "name": "service.name",
    "description": "service.description",
    "organisation": "organization.name",
    "url": "service.url",
    "approved": "the stage of the entry",
    "visible": "the audience of the entry",
    "visible_from": "the first day on which the entry is shown",
    "visible_to": "the last day on which the entry is shown",
    "needs_referral": "service.application_process",
    "min_age": "service.minimum_age",
    "max_age": "service.maximum_age",
    "service_taxonomies": "service.attributes",
    "contact_name": "contact.name",
    "contact_title": "contact.title",
    "contact_visible": "whether the contact is withheld",
    "contact_email": "contact.email",
    "contact_phone": "phone.number",
    "location_name": "location.name",
    "location_latitude": "location.latitude",
    "location_longitude": "location.longitude",
    "location_address_1": "address.address_1",
    "location_city": "address.city",
    "location_postcode": "address.postal_code",
    "location_visible": "whether the location is withheld",
    "mask_exact_address": "whether the street is withheld",
    "preferred_for_post": "address.address_type",
    "location_accessibilities": "location.accessibility",
    "free": "service.fees_description",
    "cost_option": "cost_option.option",
    "cost_amount": "cost_option.amount",
    "cost_type": "cost_option.amount_description",
    "temporarily_closed": "service.status",
    "schedules_opens_at": "schedule.opens_at",
    "schedules_closes_at": "schedule.closes_at",
    "scheduled_weekday": "schedule.byday",
    "links_label": "service.additional_urls",
    "links_url": "service.additional_urls",
    "suitabilities": "service.attributes",
    "send_needs_support": "service.attributes",
}
REFUSED = {
    "notes": "is a council's own note, which is not for a feed",
    "labels": "is a council's own label, which is not for a feed",
    "is_local_offer": _NOT_OURS,
    "support_description": _NOT_OURS,
    "recent_send_report": _NOT_OURS,
    "outcomes": _NOT_OURS,
    "recent_send_training": _NOT_OURS,
    "parental_involvement": _NOT_OURS,
    "information_sharing": _NOT_OURS,
    "environment_accessibility": _NOT_OURS,
    "how_to_start": _NOT_OURS,
    "future_plans": _NOT_OURS,
    "custom_text_text_field": _NOT_OURS,
    "custom_checkbox_checkbox_field": _NOT_OURS,
    "custom_number_number_field": _NOT_OURS,
    "custom_select_select_field": _NOT_OURS,
    "custom_date_date_fields": _NOT_OURS,
}
Row = dict[str, str]


def records(files: Files) -> Iterator[Record]:
    """The rows of each service together."""
    return of_each(files, _of_file)


def _of_file(name: str, text: str) -> Iterator[Record]:
    found: dict[str, list[Row]] = defaultdict(list)
    first: dict[str, int] = {}
    for number, row in enumerate(rows(text), start=2):
        of = row.get("import_id_reference") or row.get("import_id") or f"line {number}"
        found[of].append(row)
        first.setdefault(of, number)
    yield from (Record(f"{name} line {first[of]}", some) for of, some in found.items())


def mapped(record: Record, within: UUID) -> Mapped:
    """The entries of a service. Raises Broken."""
    some: list[Row] = record.said
    main, found = some[0], Mapped()
    if main.get("import_id_reference"):
        raise Broken("import_id_reference", "names a service that is not in the file")
    for row in some:
        found.notes += account(row, CARRIED, REFUSED)
    which = made_id(within, "service", main["import_id"])
    service = {"id": which, **_service(main, within, which)} | _rest(some, which)
    found.add(Kind.SERVICE, filled(service), within, **_standing(main, found.notes))
    return found


def _yes(row: Row, name: str, otherwise: bool) -> bool:
    try:
        return truth(row[name]) if row.get(name) else otherwise
    except Unreadable:
        return False  # whatever is unclear is not shown


def _standing(row: Row, notes: list[Note]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "stage": Stage.PUBLISHED if _yes(row, "approved", False) else Stage.DRAFT,
        "audience": Audience.PUBLIC if _yes(row, "visible", True) else Audience.INTERNAL,
    }
    for name, column in (("shown_from", "visible_from"), ("shown_until", "visible_to")):
        if row.get(column):
            try:
                found[name] = date.fromisoformat(day(row[column]))
            except Unreadable as why:
                found["stage"] = Stage.DRAFT
                notes.append(Note(Verdict.REFUSED, column, f"{why}; the entry stays a draft"))
    return found


def _service(row: Row, within: UUID, which: str) -> Json:
    closed = _yes(row, "temporarily_closed", False)
    needs = NEEDS_REFERRAL[_yes(row, "needs_referral", False)] if row.get("needs_referral") else ""
    free = FREE[_yes(row, "free", False)]
    organization = row.get("organisation")
    named = {
        "Outpost": several(row.get("service_taxonomies", "")),
        SUITABILITIES: several(row.get("suitabilities", "")),
        SEND_NEEDS: several(row.get("send_needs_support", "")),
    }
    return {
        "name": row.get("name"),
        "description": row.get("description"),
        "url": row.get("url"),
        "status": "temporarily closed" if closed else "active",
        "application_process": needs,
        "fees_description": free if row.get("free") else "",
        "minimum_age": row.get("min_age"),
        "maximum_age": row.get("max_age"),
        "attributes": tags(within, which, named),
        "organization": {
            "id": made_id(within, "organization", organization.lower()),
            "name": organization,
        }
        if organization
        else None,
    }


def _rest(some: list[Row], which: str) -> Json:
    """What may stand in any of the rows."""
    return {
        "contacts": [_contact(row) for row in some if _has(row, "contact_name", "contact_email")],
        "service_at_locations": [
            {"id": f"{which} at {row['import_id']}", "location": _place(row)}
            for row in some
            if _has(row, "location_name", "location_postcode", "location_latitude")
        ],
        "cost_options": [
            filled({"id": row["import_id"], "option": row["cost_option"]})
            | filled({"amount": row["cost_amount"], "amount_description": row["cost_type"]})
            for row in some
            if _has(row, "cost_option", "cost_amount", "cost_type")
        ],
        "schedules": [_schedule(row) for row in some if _has(row, "scheduled_weekday")],
        "additional_urls": [
            filled({"id": row["import_id"], "label": row["links_label"], "url": row["links_url"]})
            for row in some
            if _has(row, "links_url")
        ],
    }


def _has(row: Row, *names: str) -> bool:
    return any(row.get(name) for name in names)


def _contact(row: Row) -> Json:
    phone = {"id": row["import_id"], "number": row.get("contact_phone")}
    return filled(
        {
            "id": row["import_id"],
            "name": row.get("contact_name"),
            "title": row.get("contact_title"),
            "email": row.get("contact_email"),
            "phones": [phone] if phone["number"] else [],
            "confidential": None if _yes(row, "contact_visible", True) else True,
        }
    )


def _place(row: Row) -> Json:
    post = _yes(row, "preferred_for_post", False)
    address = {
        "id": row["import_id"],
        "address_1": row.get("location_address_1"),
        "city": row.get("location_city"),
        "postal_code": row.get("location_postcode"),
        "country": "GB",
        "address_type": "postal" if post else "physical",
    }
    features = several(row.get("location_accessibilities", ""))
    place = {
        "id": row["import_id"],
        "location_type": "physical",
        "name": row.get("location_name"),
        "latitude": row.get("location_latitude"),
        "longitude": row.get("location_longitude"),
        "addresses": [filled(address)],
        "accessibility": [{"id": name, "description": name} for name in features],
    }
    exact = not _yes(row, "mask_exact_address", False)
    return masked(filled(place), exact=exact, shown=_yes(row, "location_visible", True))


def _schedule(row: Row) -> Json:
    return filled(
        {
            "id": row["import_id"],
            "freq": "WEEKLY",
            "byday": byday(row["scheduled_weekday"]),
            "opens_at": row.get("schedules_opens_at"),
            "closes_at": row.get("schedules_closes_at"),
        }
    )
