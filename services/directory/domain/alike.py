"""Which services look the same: by name, by who gives them, and by where."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.directory.domain import postcodes
from services.directory.domain.shapes import Json

Pair = tuple[str, str]


def look_alikes(entries: Iterable[tuple[str, str, str]]) -> Iterator[Pair]:
    """Ids of those that have the same name and the same giver; each of (id, name, giver)."""
    seen: dict[Any, str] = {}
    for id_, name, giver in entries:
        key = ("".join(filter(str.isalnum, name.lower())), giver)
        if key in seen and seen[key] != id_:
            yield seen[key], id_
        seen.setdefault(key, id_)


def not_apart(pairs: Iterable[Pair], documents: Mapping[str, Json]) -> Iterator[Pair]:
    """Those that are not told apart by where they are: by no postcode, or by one of both."""
    for first, second in pairs:
        here, there = (_postcodes(documents.get(id_, {})) for id_ in (first, second))
        if not here or not there or here & there:
            yield first, second


def _postcodes(service: Json) -> set[str]:
    places = (one.get("location", {}) for one in service.get("service_at_locations", ()))
    said = (a.get("postal_code", "") for place in places for a in place.get("addresses", ()))
    return {code for one in said if (code := postcodes.written(one))}


def together(some: Iterable[Pair], others: Iterable[Pair]) -> list[Pair]:
    """Each pair once, whichever of the two comes first."""
    found: dict[frozenset[str], Pair] = {}
    for pair in (*some, *others):
        found.setdefault(frozenset(pair), pair)
    return list(found.values())
