"""Every form in which a source may be written, and how one is recognised."""

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple
from uuid import UUID

from services.directory.domain.imports import (
    dfe,
    florida,
    hsds_csv,
    oruk1,
    oruk3,
    outpost_api,
    outpost_csv,
    term_lists,
)
from services.directory.domain.imports.records import Files, Mapped, Record


class Form(NamedTuple):
    """How the records of a source are found, and what becomes of each."""

    records: Callable[[Files], Iterator[Record]]
    mapped: Callable[[Record, UUID], Mapped]
    meaning: str


FORMS = {
    "oruk3": Form(oruk3.records, oruk3.mapped, "an Open Referral UK 3 feed, or its JSON"),
    "oruk1": Form(oruk1.records, oruk1.mapped, "an Open Referral UK 1 feed, or its JSON"),
    "hsds-csv": Form(hsds_csv.records, hsds_csv.mapped, "a folder of HSDS's CSV files"),
    "outpost-csv": Form(outpost_csv.records, outpost_csv.mapped, "Outpost's import template"),
    "outpost-api": Form(outpost_api.records, outpost_api.mapped, "JSON of Outpost's interface"),
    "florida": Form(florida.records, florida.mapped, "a folder of the three Florida files"),
    "dfe": Form(dfe.records, dfe.mapped, "the DfE's family hub directory"),
    "terms": Form(term_lists.records, term_lists.mapped, "a list of terms"),
}
"""By the name that the command takes."""


def recognised(files: Files) -> str | None:
    """The form of these files, by what stands in them; None where that is not clear."""
    names = {name.rsplit("/", 1)[-1] for name in files}
    first = next(iter(files.values()), "").lstrip("\ufeff \n\r\t")
    head = first.partition("\n")[0]
    if "import_id_reference" in head:
        return "outpost-csv"
    if any("service_uuid" in text.partition("\n")[0] for text in files.values()):
        return "florida"
    if "services.csv" in names or "organizations.csv" in names:
        return "hsds-csv"
    if names and all(name.endswith((".csv", ".xml", ".jsonld")) for name in names):
        return "terms" if "LGSL" in head or "<?xml" in head or "jsonld" in str(names) else None
    return _json(first)


def _json(text: str) -> str | None:
    line = text.partition("\n")[0]
    for candidate in (text, line):
        try:
            said = json.loads(candidate)
        except ValueError:
            continue
        return _by_names(said)
    return None


_BY_NAMES = (
    ("dfe", {"ServiceAtLocations"}),
    ("oruk3", {"contents"}),
    ("terms", {"concept"}),
    ("terms", {"taxonomy"}),
    ("outpost-api", {"target_directories"}),
    ("outpost-api", {"mask_exact_address"}),
    ("oruk1", {"service_taxonomys"}),
    ("oruk1", {"eligibilitys"}),
    ("oruk3", {"id", "name", "status"}),
    ("terms", {"label"}),
    ("terms", {"Id", "Name"}),
)


def _by_names(said: object) -> str | None:
    if isinstance(said, dict) and isinstance(said.get("content"), list):
        said = said["content"]
    one = said[0] if isinstance(said, list) and said else said
    if not isinstance(one, dict):
        return None
    return next((form for form, names in _BY_NAMES if names <= one.keys()), None)
