"""The DfE's family hub directory: tables in one JSON file, joined by numbers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from services.directory.domain.entries import Kind
from services.directory.domain.imports.records import (
    Files,
    Mapped,
    Record,
    account,
    filled,
    of_each,
    parsed,
)
from services.directory.domain.nesting import made_id
from services.directory.domain.shapes import Broken, Json

TAXONOMY = "DfE family hubs service categories"
_WRITTEN = "is when and by whom it was written there"
_SEARCHES = "is what people have searched, which is kept nowhere"
CARRIED = {
    **{name: f"service.{name.lower()}" for name in ("Id", "Name", "Fees", "Accreditations")},
    "Description": "service.description",
    "Summary": "service.description",
    "Status": "service.status",
    "AssuredDate": "service.assured_date",
    "OrganisationId": "service.organization_id",
    "InterpretationServices": "service.interpretation_services",
}
REFUSED = {
    "ServiceType": "says for which of the source's pages it is",
    "DeliverableType": "is not set in the source",
    "CanFamilyChooseDeliveryLocation": "has no place in Open Referral UK 3",
    **dict.fromkeys(("Created", "CreatedBy", "LastModified", "LastModifiedBy"), _WRITTEN),
}
CARRIED_BESIDE: dict[str, dict[str, str]] = {
    "Organisations": {
        "Id": "organization.id",
        "Name": "organization.name",
        "Description": "organization.description",
        "Logo": "organization.logo",
        "Uri": "organization.uri",
        "Url": "organization.website",
        "AssociatedOrganisationId": "organization.parent_organization_id",
        "AdminAreaCode": "organization.organization_identifiers",
        "OrganisationType": "organization.legal_status",
    },
    "Taxonomies": {
        "Id": "taxonomy_term.id",
        "Name": "taxonomy_term.name",
        "ParentId": "taxonomy_term.parent_id",
    },
}
REFUSED_BESIDE = {
    "TaxonomyType": "is the same for all",
    **dict.fromkeys(("Created", "CreatedBy", "LastModified", "LastModifiedBy"), _WRITTEN),
}
TABLES_REFUSED = {
    "Events": _SEARCHES,
    "ServiceTypes": "names the source's own pages",
    "ServiceSearches": _SEARCHES,
    "ServiceSearchResults": _SEARCHES,
}
"""Tables of which nothing is carried."""
_PLACE = {
    "Name": "name",
    "Description": "description",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "AlternateName": "alternate_name",
    "ExternalIdentifier": "external_identifier",
    "ExternalIdentifierType": "external_identifier_type",
    "LocationType": "location_type",
    "Transportation": "transportation",
    "Url": "url",
}
_ADDRESS = {
    "Address1": "address_1",
    "Address2": "address_2",
    "City": "city",
    "PostCode": "postal_code",
    "StateProvince": "state_province",
    "Country": "country",
    "AddressType": "address_type",
    "Attention": "attention",
    "Region": "region",
}
_SCHEDULE = {
    name: name.lower()
    for name in "Id DtStart Freq Interval ByDay ByMonthDay Description Timezone ByWeekNo".split()
} | {
    "ByYearDay": "byyearday",
    "Count": "count",
    "Notes": "notes",
    "Until": "until",
    "OpensAt": "opens_at",
    "ClosesAt": "closes_at",
    "ValidFrom": "valid_from",
    "WkSt": "wkst",
    "ValidTo": "valid_to",
    "ScheduleLink": "schedule_link",
    "AttendingType": "attending_type",
}
Tables = Mapping[str, list[Json]]


def records(files: Files) -> Iterator[Record]:
    """Each category, organization and service, the last with what is joined to it."""
    return of_each(files, _of_file)


def _of_file(name: str, text: str) -> Iterator[Record]:
    said = parsed(text)
    if not isinstance(said, Mapping):
        raise Broken(name, "holds no tables")
    tables: dict[str, list[Json]] = {}
    for table, told in said.items():
        some = told if isinstance(told, list) else [] if told is None else [told]
        tables[table] = [row for row in some if isinstance(row, dict)]
        if len(tables[table]) < len(some):
            yield Record(f"{name} {table}", None, fault="holds what is no row")
    for table in ("Taxonomies", "Organisations"):
        for row in tables.get(table, ()):
            yield Record(f"{name} {table} {row.get('Id')}", (table, row))
    places = {str(row.get("Id")): row for row in tables.get("Locations", ())}
    joined = _by_service(tables)
    for row in tables.get("Services", ()):
        beside = joined[str(row.get("Id"))]
        yield Record(f"{name} Services {row.get('Id')}", ("Services", (row, beside, places)))


def _by_service(tables: Tables) -> dict[str, dict[str, list[Json]]]:
    found: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for table, rows in tables.items():
        for row in rows:
            if row.get("ServiceId"):
                found[str(row["ServiceId"])][table].append(row)
    return found


def mapped(record: Record, within: UUID) -> Mapped:
    """The entries of a category, an organization or a service. Raises Broken."""
    table, said = record.said
    found = Mapped()
    if table == "Services":
        row, beside, places = said
        found.notes += account(row, CARRIED, REFUSED)
        found.add(Kind.SERVICE, _service(row, beside, places, within), within)
        return found
    found.notes += account(said, CARRIED_BESIDE[table], REFUSED_BESIDE)
    if table == "Taxonomies":
        found.add(Kind.TAXONOMY_TERM, _term(said, within), within)
    else:
        found.add(Kind.ORGANIZATION, _organization(said, within), within)
    return found


def _renamed(row: Json, names: Mapping[str, str]) -> Json:
    return filled({to: row.get(name) for name, to in names.items()})


def _term(row: Json, within: UUID) -> Json:
    above = row.get("ParentId")
    return filled(
        {
            "id": made_id(within, "category", row["Id"]),
            "name": row.get("Name"),
            "taxonomy": TAXONOMY,
            "parent_id": made_id(within, "category", above) if above else None,
        }
    )


def _organization(row: Json, within: UUID) -> Json:
    above, area = row.get("AssociatedOrganisationId"), row.get("AdminAreaCode")
    identifier = {"identifier_type": "Administrative area", "identifier": area}
    return filled(
        {
            "id": made_id(within, "organization", row["Id"]),
            "name": row.get("Name"),
            "description": row.get("Description"),
            "logo": row.get("Logo"),
            "uri": row.get("Uri"),
            "website": row.get("Url"),
            "legal_status": row.get("OrganisationType"),
            "parent_organization_id": made_id(within, "organization", above) if above else None,
            "organization_identifiers": [identifier] if area else [],
        }
    )


def _service(row: Json, beside: dict[str, list[Json]], places: Json, within: UUID) -> Json:
    said = [row.get("Summary"), row.get("Description")]
    ages = beside["Eligibilities"]
    at = [_at(one, places.get(str(one["LocationId"]))) for one in beside["ServiceAtLocations"]]
    return filled(
        {
            "id": made_id(within, "service", row["Id"]),
            "organization_id": made_id(within, "organization", row["OrganisationId"]),
            "name": row.get("Name"),
            "description": "\n\n".join(filter(None, said)),
            "status": row.get("Status"),
            "fees": row.get("Fees"),
            "accreditations": row.get("Accreditations"),
            "assured_date": row.get("AssuredDate"),
            "interpretation_services": row.get("InterpretationServices"),
            "minimum_age": ages[0].get("MinimumAge") if len(ages) == 1 else None,
            "maximum_age": ages[0].get("MaximumAge") if len(ages) == 1 else None,
            "contacts": [_contact(one) for one in beside["Contacts"]],
            "languages": [
                _renamed(one, {"Id": "id", "Name": "name", "Code": "code", "Note": "note"})
                for one in beside["Languages"]
            ],
            "schedules": [_renamed(one, _SCHEDULE) for one in beside["Schedules"]],
            "service_at_locations": [one for one in at if one],
            "attributes": [
                {
                    "id": f"category {one['TaxonomyId']}",
                    "link_entity": "service",
                    "taxonomy_term_id": made_id(within, "category", one["TaxonomyId"]),
                }
                for one in beside["ServiceTaxonomies"]
            ],
        }
    )


def _contact(row: Json) -> Json:
    numbers = {"voice": row.get("Telephone"), "text": row.get("TextPhone")}
    found = {"Id": "id", "Title": "title", "Name": "name", "Email": "email"}
    return _renamed(row, found) | {
        "phones": [{"id": kind, "number": n, "type": kind} for kind, n in numbers.items() if n]
    }


def _at(row: Json, place: Json | None) -> Json | None:
    if place is None:
        return None
    where = _renamed(place, _PLACE) | {"id": place["Id"]}
    if where.get("location_type", "").lower() not in ("physical", "virtual"):
        where["location_type"] = "physical"  # the source's editor writes `Postal` for all
    address = _renamed(place, _ADDRESS)
    if address:
        where["addresses"] = [address | {"id": place["Id"]}]
    return {"id": row["Id"], "location": where} | filled({"description": row.get("Description")})
