"""Searching: where somebody is, what fits, in which order, and why. Nothing of it is kept."""

from typing import Any
from uuid import UUID

from services.directory.actions.following import Follower, NotFilled
from services.directory.actions.locating import Locator, locate
from services.directory.domain import postcodes
from services.directory.domain.postcodes import Located, Unlocated
from services.directory.domain.search import scoring
from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.codes import NearKind, SuggestionKind
from services.directory.store import places
from services.directory.store.index.index import Found, Hit, ServiceIndex
from services.directory.store.index.schema import STEMMED
from shared.db import Database

Json = dict[str, Any]
_SUGGESTED = 4
"""Of each kind at most."""
_SHORTEST = 2
_RELATED = 6


class NowhereKnown(Exception):
    """Nobody knows where that is, and why."""

    def __init__(self, why: Unlocated) -> None:
        super().__init__(why)
        self.why = why


class Finder:
    """What the search is answered from."""

    def __init__(self, db: Database, follower: Follower, locator: Locator) -> None:
        self.db, self.follower, self.locator = db, follower, locator

    @property
    def index(self) -> ServiceIndex:
        """This replica's own. Raises NotFilled while there is none."""
        if self.follower.index is None:
            raise NotFilled
        return self.follower.index


async def search(finder: Finder, asked: SearchAsked) -> Json:
    """A page of what fits. Raises NowhereKnown, NotFilled, Away."""
    index = finder.index
    here = await where(finder.locator, asked.near) if asked.near else None
    found = index.search(asked, here)
    answer: Json = {
        "total": found.total,
        "page": asked.page,
        "per_page": asked.per_page,
        "pages": -(-found.total // asked.per_page),
    }
    if here is not None and asked.near is not None:
        answer["near"] = {"label": here.called, "kind": _kind(asked.near)}
        if not found.total and found.anything:
            answer["nothing_near"] = True
    if found.worded.guessed:
        answer["showing_for"] = found.worded.text
    answer["facets"] = found.facets
    answer["services"] = [_service(hit, found, here) for hit in found.hits]
    return answer


async def where(locator: Locator, said: str) -> Located:
    """Where that is: a place also without what stands behind its comma. Raises NowhereKnown."""
    found = await locate(locator, said, places_too=True)
    if found is Unlocated.UNKNOWN_PLACE and "," in said:
        found = await locate(locator, said.partition(",")[0], places_too=True)
    if isinstance(found, Located):
        return found
    raise NowhereKnown(found)


def _kind(said: str) -> NearKind:
    if postcodes.written(said):
        return NearKind.POSTCODE
    return NearKind.OUTWARD_CODE if postcodes.outward(said) else NearKind.PLACE


def _service(hit: Hit, found: Found | None, here: Located | None) -> Json:
    label = here.called if here else None
    why = scoring.told(hit.place, label, remote=hit.remote)
    if found is not None:
        said = scoring.said_where(found.worded.parts, hit.shown["name"], hit.needs, STEMMED.analyze)
        why = [*said, *why]
    near = _nearest(hit)
    return {**hit.shown, **({"nearest": near} if near else {}), "why": why}


def _nearest(hit: Hit) -> Json | None:
    """The nearest of its places; where nobody said where they are, the only one there is."""
    site = hit.place.site or (hit.sites[0] if len(hit.sites) == 1 else None)
    if site is None:
        return None
    away = None if hit.place.metres is None else round(hit.place.metres)
    said = {"name": site.name, "postcode_area": site.postcode_area, "metres": away}
    return {name: value for name, value in said.items() if value is not None}


async def suggestions(finder: Finder, text: str) -> list[Json]:
    """Services, needs and places whose names begin so."""
    begun = " ".join(text.split())
    if len(begun) < _SHORTEST:
        return []
    index = finder.index
    async with finder.db.reading() as connection:
        towns = await places.beginning(connection, begun, _SUGGESTED)
    by_kind = {
        SuggestionKind.NEED: index.needs_beginning(begun, _SUGGESTED),
        SuggestionKind.SERVICE: index.beginning(begun, _SUGGESTED),
        SuggestionKind.PLACE: towns,
    }
    return [{"text": name, "kind": kind} for kind, names in by_kind.items() for name in names]


async def related(finder: Finder, id_: UUID) -> list[Json] | None:
    """What is like a service, the nearest to it first; None where there is none such."""
    hits = finder.index.related(str(id_), _RELATED)
    return None if hits is None else [_service(hit, None, None) for hit in hits]
