"""Every object of HSDS 3 with every field, named exactly as published.

Open Referral UK is a part of it; tests hold these shapes to its published schemas. A field's name
ending in `_id` that only repeats where an object is nested is read and not kept twice.
"""

from services.directory.domain import readers as r
from services.directory.domain.shapes import Shape

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
LOCATION_TYPES = ("physical", "postal", "virtual")

TAXONOMY = Shape(
    "taxonomy",
    {"id": r.uuid, "name": r.text, "description": r.text, "uri": r.uri, "version": r.text},
    required=("id", "name"),
    may_be_withheld=True,
)
TAXONOMY_TERM = Shape(
    "taxonomy_term",
    {
        "id": r.uuid,
        "code": r.text,
        "name": r.text,
        "description": r.text,
        "parent_id": r.uuid,
        "taxonomy": r.text,
        "taxonomy_id": r.uuid,
        "language": r.text,
        "term_uri": r.uri,
        "term": r.text,
    },
    required=("id", "name"),
    may_be_withheld=True,
)
ATTRIBUTE = Shape(
    "attribute",
    {
        "id": r.uuid,
        "link_id": r.uuid,
        "taxonomy_term_id": r.uuid,
        "link_type": r.text,
        "link_entity": r.text,
        "value": r.text,
        "label": r.text,
    },
    required=("id",),
    one={"taxonomy_term": TAXONOMY_TERM},
)
_ATTRIBUTES = {"attributes": ATTRIBUTE}
LANGUAGE = Shape(
    "language",
    {
        "id": r.uuid,
        "service_id": r.uuid,
        "location_id": r.uuid,
        "phone_id": r.uuid,
        "name": r.text,
        "code": r.text,
        "note": r.text,
    },
    required=("id",),
    many=_ATTRIBUTES,
)
PHONE = Shape(
    "phone",
    {
        "id": r.uuid,
        "location_id": r.uuid,
        "service_id": r.uuid,
        "organization_id": r.uuid,
        "contact_id": r.uuid,
        "service_at_location_id": r.uuid,
        "number": r.text,
        "extension": r.number,
        "type": r.text,
        "description": r.text,
    },
    required=("id", "number"),
    many={"languages": LANGUAGE, **_ATTRIBUTES},
    may_be_withheld=True,
)
CONTACT = Shape(
    "contact",
    {
        "id": r.uuid,
        "organization_id": r.uuid,
        "service_id": r.uuid,
        "service_at_location_id": r.uuid,
        "location_id": r.uuid,
        "name": r.text,
        "title": r.text,
        "department": r.text,
        "email": r.email,
    },
    required=("id",),
    many={"phones": PHONE, **_ATTRIBUTES},
    may_be_withheld=True,
)
SCHEDULE = Shape(
    "schedule",
    {
        "id": r.uuid,
        "service_id": r.uuid,
        "location_id": r.uuid,
        "service_at_location_id": r.uuid,
        "valid_from": r.day,
        "valid_to": r.day,
        "dtstart": r.day,
        "timezone": r.number,
        "until": r.day,
        "count": r.whole,
        "wkst": r.one_of(*r.DAYS),
        "freq": r.one_of("WEEKLY", "MONTHLY"),
        "interval": r.number,
        "byday": r.weekdays,
        "byweekno": r.text,
        "bymonthday": r.text,
        "byyearday": r.text,
        "description": r.text,
        "opens_at": r.clock,
        "closes_at": r.clock,
        "schedule_link": r.uri,
        "attending_type": r.text,
        "notes": r.text,
    },
    required=("id",),
    many=_ATTRIBUTES,
)
ADDRESS = Shape(
    "address",
    {
        "id": r.uuid,
        "location_id": r.uuid,
        "attention": r.text,
        "address_1": r.text,
        "address_2": r.text,
        "city": r.text,
        "region": r.text,
        "state_province": r.text,
        "postal_code": r.text,
        "country": r.text,
        "address_type": r.one_of(*LOCATION_TYPES),
    },
    required=("id",),
    many=_ATTRIBUTES,
    may_be_withheld=True,
)
ACCESSIBILITY = Shape(
    "accessibility",
    {
        "id": r.uuid,
        "location_id": r.uuid,
        "description": r.text,
        "details": r.text,
        "url": r.uri,
        "accessibility": r.text,
    },
    required=("id",),
    many=_ATTRIBUTES,
)
SERVICE_AREA = Shape(
    "service_area",
    {
        "id": r.uuid,
        "service_id": r.uuid,
        "service_at_location_id": r.uuid,
        "name": r.text,
        "description": r.text,
        "extent": r.extent,
        "extent_type": r.text,
        "uri": r.uri,
        "service_area": r.text,
    },
    required=("id",),
    many=_ATTRIBUTES,
)
FUNDING = Shape(
    "funding",
    {"id": r.uuid, "organization_id": r.uuid, "service_id": r.uuid, "source": r.text},
    required=("id",),
    many=_ATTRIBUTES,
)
COST_OPTION = Shape(
    "cost_option",
    {
        "id": r.uuid,
        "service_id": r.uuid,
        "valid_from": r.day,
        "valid_to": r.day,
        "option": r.text,
        "currency": r.text,
        "amount": r.number,
        "amount_description": r.text,
    },
    required=("id",),
    many=_ATTRIBUTES,
)
REQUIRED_DOCUMENT = Shape(
    "required_document",
    {"id": r.uuid, "service_id": r.uuid, "document": r.text, "uri": r.uri},
    required=("id",),
    many=_ATTRIBUTES,
)
URL = Shape(
    "url",
    {
        "id": r.uuid,
        "label": r.text,
        "url": r.uri,
        "organization_id": r.uuid,
        "service_id": r.uuid,
    },
    required=("id", "url"),
    many=_ATTRIBUTES,
)
UNIT = Shape(
    "unit",
    {"id": r.uuid, "name": r.text, "scheme": r.text, "identifier": r.text, "uri": r.uri},
    required=("id", "name"),
)
CAPACITY = Shape(
    "service_capacity",
    {
        "id": r.uuid,
        "service_id": r.uuid,
        "unit_id": r.uuid,
        "available": r.number,
        "maximum": r.number,
        "description": r.text,
        "updated": r.instant,
    },
    required=("id",),
    one={"unit": UNIT},
    many=_ATTRIBUTES,
)
PROGRAM = Shape(
    "program",
    {
        "id": r.uuid,
        "organization_id": r.uuid,
        "name": r.text,
        "alternate_name": r.text,
        "description": r.text,
    },
    required=("id", "name"),
    many=_ATTRIBUTES,
)
IDENTIFIER = Shape(
    "organization_identifier",
    {
        "id": r.uuid,
        "organization_id": r.uuid,
        "identifier_scheme": r.text,
        "identifier_type": r.text,
        "identifier": r.text,
    },
    required=("id", "identifier_type", "identifier"),
    many=_ATTRIBUTES,
)
