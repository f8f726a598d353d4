"""The three CSV files of Florida's legal aid: organizations, their services, their offices."""

import re
from collections.abc import Iterator
from uuid import UUID

from services.directory.domain.entries import Kind
from services.directory.domain.imports.records import (
    Files,
    Mapped,
    Record,
    account,
    filled,
    numbered,
    of_each,
    rows,
    several,
    tag,
)
from services.directory.domain.shapes import Json

TAXONOMY = "Legal problem codes"
_ELIGIBILITY = {
    "service_income_limit": "Income limit, in per cent of the poverty level",
    "service_require_veteran": "Veterans alone",
    "service_military_status": "Military status",
    "service_immigration_status": "Immigration status",
    "service_incarceration_status": "Incarceration status",
}
"""What is said of who may come, and how it is called in the description of that."""
CARRIED = {
    "service_uuid": "service.id",
    "service_name": "service.name",
    "service_alternate_name": "service.alternate_name",
    "service_description": "service.description",
    "service_email": "service.email",
    "service_url": "service.url",
    "service_additional_information": "service.alert",
    "service_min_age": "service.minimum_age",
    "service_max_age": "service.maximum_age",
    "service_program": "service.program",
    "service_problem_codes": "service.attributes",
    "service_areas": "service.service_areas",
    **dict.fromkeys(_ELIGIBILITY, "service.eligibility_description"),
    "organization_uuid": "organization.id",
    "organization_name": "organization.name",
    "organization_email": "organization.email",
    "organization_tax_id": "organization.tax_id",
    "organization_legal_status": "organization.legal_status",
    "organization_url": "organization.website",
    "organization_alternate_name": "organization.alternate_name",
    "organization_year_incorporated": "organization.year_incorporated",
    "organization_description": "organization.description",
    "location_uuid": "location.id",
    "location_name": "location.name",
    "location_address": "location.addresses",
    "location_url": "location.url",
    "phones": "location.phones",
}
REFUSED = {"": "has no name, so nobody knows what it means"}
_WHOLE = re.compile(r"(?P<street>.+), (?P<city>[^,]+), (?P<state>[A-Z]{2})(?: (?P<code>[\d-]+))?")
_TOWN = re.compile(r"(?P<city>[^,]+), (?P<state>[A-Z]{2})(?: (?P<code>[\d-]+))?")
_STATE = re.compile(r"State: (?P<state>.+)")
Row = dict[str, str]


def records(files: Files) -> Iterator[Record]:
    """Each row; organizations come first, because services name them."""
    for wanted in ("organizations", "locations", "services"):
        some = {name: text for name, text in files.items() if wanted in name}
        yield from of_each(some, lambda name, text: numbered(rows(text), f"{name} row"))


def mapped(record: Record, within: UUID) -> Mapped:
    """The entries of a row. Raises Broken."""
    row: Row = record.said
    found = Mapped()
    found.notes += account(row, CARRIED, REFUSED)
    if "service_uuid" in row:
        found.add(Kind.SERVICE, _service(row, within), within)
    elif "location_uuid" in row:
        found.add(Kind.LOCATION, _location(row), within)
    else:
        found.add(Kind.ORGANIZATION, _organization(row), within)
    return found


def _organization(row: Row) -> Json:
    return filled(
        {
            "id": row["organization_uuid"],
            "name": row["organization_name"],
            "email": row.get("organization_email"),
            "tax_id": row.get("organization_tax_id"),
            "legal_status": row.get("organization_legal_status"),
            "website": row.get("organization_url"),
            "alternate_name": row.get("organization_alternate_name"),
            "year_incorporated": row.get("organization_year_incorporated"),
            "description": row.get("organization_description"),
        }
    )


def _service(row: Row, within: UUID) -> Json:
    which = row["service_uuid"]
    said = [f"{title}: {row[name]}" for name, title in _ELIGIBILITY.items() if row.get(name)]
    program = row["service_program"]
    return filled(
        {
            "id": which,
            "organization": {"id": row["organization_uuid"], "name": row["organization_name"]},
            "name": row["service_name"],
            "alternate_name": row["service_alternate_name"],
            "description": row["service_description"],
            "email": row["service_email"],
            "url": row["service_url"],
            "status": "active",
            "alert": row["service_additional_information"],
            "minimum_age": row["service_min_age"],
            "maximum_age": row["service_max_age"],
            "eligibility_description": "\n".join(said),
            "program": {"id": program, "name": program} if program else None,
            "attributes": [
                tag(within, which, TAXONOMY, code) for code in several(row["service_problem_codes"])
            ],
            "service_areas": [{"id": n, "name": n} for n in several(row["service_areas"])],
        }
    )


def _location(row: Row) -> Json:
    phones = [one.partition(": ") for one in several(row["phones"])]
    return filled(
        {
            "id": row["location_uuid"],
            "organization_id": row["organization_uuid"],
            "location_type": "physical",
            "name": row["location_name"],
            "url": row["location_url"],
            "addresses": [_address(row["location_address"])] if row["location_address"] else [],
            "phones": [
                {"id": f"{kind} {number}", "description": kind, "number": number}
                if number
                else {"id": kind, "number": kind}
                for kind, _, number in phones
            ],
        }
    )


def _address(said: str) -> Json:
    """The parts of one line; what cannot be told apart stays together."""
    found = _WHOLE.fullmatch(said) or _TOWN.fullmatch(said) or _STATE.fullmatch(said)
    parts = found.groupdict() if found else {"street": said}
    return filled(
        {
            "id": said,
            "address_1": parts.get("street"),
            "city": parts.get("city"),
            "state_province": parts.get("state"),
            "postal_code": parts.get("code"),
            "country": "US",
            "address_type": "physical",
        }
    )
