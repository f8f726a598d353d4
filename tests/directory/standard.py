"""Open Referral UK 3.0 as it is published, and whether an answer is what it asks for."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

SCHEMAS = Path(__file__).parents[1] / "contracts" / "oruk" / "schema"
PUBLISHED = "https://openreferraluk.org/specifications/3.0/schema/"
LISTS = {
    "services": ("service_list", "service"),
    "service_at_locations": ("service_at_location_list", "service_at_location"),
    "organizations": ("organization_list", "organization"),
    "taxonomies": ("taxonomy_list", "taxonomy"),
    "taxonomy_terms": ("taxonomy_term_list", "taxonomy_term"),
}
"""Of each list the schema of its pages, and of one object."""


@cache
def schema(name: str) -> dict[str, Any]:
    """A published schema."""
    return dict(json.loads((SCHEMAS / f"{name}.json").read_text()))


@cache
def _registry() -> Registry[Any]:
    files = [file.stem for file in SCHEMAS.glob("*.json")]
    return Registry().with_resources(
        (f"{PUBLISHED}{name}.json", DRAFT202012.create_resource(schema(name))) for name in files
    )


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name), registry=_registry(), format_checker=FormatChecker())


def faults(name: str, answer: Any) -> list[str]:
    """What of an answer is not as the schema has it; formats are checked."""
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in _validator(name).iter_errors(answer)
    ]
