"""Every form in which a source may be written, and how one is recognised."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
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
from services.directory.domain.imports.records import Files, Mapped, Record, of_each
from services.directory.domain.shapes import Broken


class Form(NamedTuple):
    """How the records of a source are found, and what becomes of each."""

    records: Callable[[Files], Iterator[Record]]
    mapped: Callable[[Record, UUID], Mapped]
    meaning: str


MIXED = "mixed"


def _mixed_records(files: Files) -> Iterator[Record]:
    """Those of each file in its own form, which stands beside what is said."""
    return of_each(files, _of_file)


def _of_file(name: str, text: str) -> Iterator[Record]:
    form = _alone(name, text)
    if form is None:
        raise Broken("the file", "is in no form that is known")
    for record in FORMS[form].records({name: text}):
        yield replace(record, said=(form, record.said))


def _mixed(record: Record, within: UUID) -> Mapped:
    form, said = record.said
    return FORMS[form].mapped(replace(record, said=said), within)


FORMS = {
    "oruk3": Form(oruk3.records, oruk3.mapped, "an Open Referral UK 3 feed, or its JSON"),
    "oruk1": Form(oruk1.records, oruk1.mapped, "an Open Referral UK 1 feed, or its JSON"),
    "hsds-csv": Form(hsds_csv.records, hsds_csv.mapped, "a folder of HSDS's CSV files"),
    "outpost-csv": Form(outpost_csv.records, outpost_csv.mapped, "Outpost's import template"),
    "outpost-api": Form(outpost_api.records, outpost_api.mapped, "JSON of Outpost's interface"),
    "florida": Form(florida.records, florida.mapped, "a folder of the three Florida files"),
    "dfe": Form(dfe.records, dfe.mapped, "the DfE's family hub directory"),
    "terms": Form(term_lists.records, term_lists.mapped, "a list of terms"),
    MIXED: Form(_mixed_records, _mixed, "a folder whose files have a form each of their own"),
}
"""By the name that the command takes."""


def recognised(files: Files) -> str | None:
    """The form of these files, by what stands in them; None where that is not clear."""
    names = {name.rsplit("/", 1)[-1] for name in files}
    if any("service_uuid" in text.partition("\n")[0] for text in files.values()):
        return "florida"
    if "services.csv" in names or "organizations.csv" in names:
        return "hsds-csv"
    found = {form for name, text in files.items() if (form := _alone(name, text))}
    return MIXED if len(found) > 1 else next(iter(found), None)


def _alone(name: str, text: str) -> str | None:
    """The form of one file."""
    first = text.lstrip("\ufeff \n\r\t")
    head = first.partition("\n")[0]
    if "import_id_reference" in head:
        return "outpost-csv"
    if name.endswith((".csv", ".xml", ".jsonld")):
        is_terms = "LGSL" in head or "<?xml" in head or name.endswith(".jsonld")
        return "terms" if is_terms else None
    return _json(first)


def _json(text: str) -> str | None:
    line = text.partition("\n")[0]
    for candidate in (text, line):
        try:
            said = json.loads(candidate)
        except (ValueError, RecursionError):
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
