"""Lists of terms as their publishers write them: trees, tables, and linked data."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from xml.sax.saxutils import unescape

from services.directory.domain.entries import Kind
from services.directory.domain.imports.records import (
    Files,
    Mapped,
    Record,
    account,
    filled,
    of_each,
    parsed,
    rows,
)
from services.directory.domain.nesting import made_id
from services.directory.domain.shapes import Broken, Json

CARRIED = {
    **dict.fromkeys(("label", "Name", "Description", "prefLabel"), "taxonomy_term.name"),
    **dict.fromkeys(("slug", "LGSL", "notation", "@id"), "taxonomy_term.code"),
    **dict.fromkeys(("children", "ParentId", "broader", "parent"), "taxonomy_term.parent_id"),
    **dict.fromkeys(("id", "Id", "identifier"), "taxonomy_term.id"),
    "@title": "taxonomy_term.name",
    "definition": "taxonomy_term.description",
    "second_level": "taxonomy_term.parent_id",
    "third_level": "taxonomy_term.parent_id",
    "fourth_level": "taxonomy_term.parent_id",
    "title": "taxonomy_term.name",
}
REFUSED = {
    "level": "follows from what stands above it",
    "type": "is the same for all",
    "Providing Tier": "says which council provides it, for which there is no field",
    "altLabel": "is another word for the same; it belongs to the search",
    "topConceptOf": "follows from what stands above it",
    "hiddenLabel": "is another word for the same; it belongs to the search",
    "related": "names terms beside it, for which there is no field",
}
_CATEGORY = re.compile(
    r'<category\s+id="([^"]+)"\s+title="([^"]*)"[^>]*?(?:/>|>([^<]*)<)', re.DOTALL
)


def records(files: Files) -> Iterator[Record]:
    """Each term of each list, those above before those below."""
    return of_each(files, _of_file)


def _of_file(name: str, text: str) -> Iterator[Record]:
    taxonomy = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    for number, term in enumerate(_terms(name, text), start=1):
        said = None if term is None else {"taxonomy": taxonomy, **term}
        yield Record(f"{name} term {number}", said)


def _terms(name: str, text: str) -> Iterator[Json | None]:
    """None for what is no term."""
    if name.endswith(".csv"):
        for row in rows(text):
            yield {"key": row.get("LGSL"), "name": row.get("Description"), "raw": row}
    elif name.endswith(".xml"):
        for code, title, words in _CATEGORY.findall(text):
            yield {
                "key": code,
                "code": code,
                "name": unescape(title),
                "description": unescape(" ".join(words.split())),
                "raw": {"id": code, "title": title},
            }
    else:
        found = parsed(text)
        if isinstance(found, Mapping) and isinstance(found.get("concept"), list):
            yield from _linked(found["concept"])
        elif isinstance(found, Mapping) and isinstance(found.get("taxonomy"), Mapping):
            yield from _tree(found["taxonomy"].get("top_level"), None)
        elif isinstance(found, list):
            yield from _tree(found, None)
        else:
            raise Broken(name, "is no list of terms that is known")


def _linked(said: list[Any]) -> Iterator[Json | None]:
    for one in said:
        if not isinstance(one, Mapping):
            yield None
            continue
        above = one.get("broader")
        above = above[0] if isinstance(above, list) and above else above
        yield {
            "key": one.get("id"),
            "name": one.get("prefLabel"),
            "description": one.get("definition"),
            "code": one.get("notation"),
            "term_uri": one.get("id"),
            "above": above,
            "raw": one,
        }


def _tree(said: Any, above: Any) -> Iterator[Json | None]:
    """Terms below terms, as Outpost, Open Eligibility and the DfE write them."""
    for one in said if isinstance(said, list) else [said]:
        if not isinstance(one, Mapping):
            yield None
            continue
        key = one.get("@id") or one.get("Id") or one.get("id")
        yield {
            "key": key,
            "name": one.get("label") or one.get("Name") or one.get("@title"),
            "code": one.get("slug") or one.get("@id"),
            "above": above or one.get("ParentId"),
            "raw": one,
        }
        for deeper in ("children", "second_level", "third_level", "fourth_level"):
            yield from _tree(one.get(deeper) or [], key)


def mapped(record: Record, within: UUID) -> Mapped:
    """The entry of a term, and of its list. Raises Broken."""
    if record.said is None:
        raise Broken("record", "is no object")
    said, found = record.said, Mapped()
    found.notes += account(said["raw"], CARRIED, REFUSED)
    of, above = said["taxonomy"], said.get("above")
    term = {
        name: said.get(name) for name in ("name", "description", "code", "term_uri", "taxonomy")
    }
    term |= {"id": made_id(within, "term", of, str(said["key"]))}
    term |= {"parent_id": made_id(within, "term", of, str(above)) if above else None}
    found.add(Kind.TAXONOMY_TERM, filled(term), within)
    return found
