"""The JSON schemas of the feed's answers, from the shapes that they are built by."""

from typing import Any

from services.directory.domain.hsds_entries import ENTRIES, SERVICE_AT_LOCATION
from services.directory.domain.readers import DESCRIBED
from services.directory.domain.shapes import Shape

Json = dict[str, Any]
_ENVELOPE: Json = {
    **{name: {"type": "integer"} for name in "total_items total_pages page_number size".split()},
    **{name: {"type": "boolean"} for name in "first_page last_page empty".split()},
}
_STAMP: Json = {"last_modified": {"type": "string", "format": "date-time"}}


def of(shape: Shape, *, required: bool = True) -> Json:
    """An object with everything that may be nested in it."""
    parts: Json = {name: DESCRIBED[reader] for name, reader in shape.fields.items()}
    parts |= {name: of(inner) for name, inner in shape.one.items()}
    parts |= {name: _list(of(inner)) for name, inner in shape.many.items()}
    if shape.name == "service":
        parts |= _STAMP
    must = list(shape.required) if required else ["id"]
    return {"type": "object", "title": shape.name, "properties": parts, "required": must}


def _list(inner: Json) -> Json:
    return {"type": "array", "items": inner}


def page_of(inner: Json) -> Json:
    """A page in its envelope."""
    parts = _ENVELOPE | {"contents": _list(inner)}
    return {"type": "object", "properties": parts, "required": list(parts)}


SERVICE = of(ENTRIES["service"])
AT_LOCATION = of(SERVICE_AT_LOCATION)
AT_LOCATION["properties"]["service"] = SERVICE
ORGANIZATION = of(ENTRIES["organization"])
ORGANIZATION["properties"]["services"] = _list(SERVICE)
TAXONOMY = of(ENTRIES["taxonomy"])
TERM = of(ENTRIES["taxonomy_term"])
ABOUT: Json = {
    "type": "object",
    "properties": {
        "version": {"type": "string"},
        "profile": {"type": "string", "format": "uri"},
        "openapi_url": {"type": "string", "format": "uri"},
    },
    "required": ["version", "profile", "openapi_url"],
}
