"""The search: for anybody, from any web page. What is asked is answered, and kept nowhere."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.responses import Response

from services.directory.actions import searching
from services.directory.actions.following import NotFilled
from services.directory.actions.searching import Finder, NowhereKnown
from services.directory.domain.postcodes import Away, Unlocated
from services.directory.domain.search.asked import SearchAsked, Words
from services.directory.routes.answers import NotAPostcode, PostcodeUnknown, nobody_tells_where
from services.directory.routes.found import FoundOut, RelatedOut, SuggestionsOut
from shared.errors import BadRequest, NotFound, Refusal, Unavailable, problems

BASE = "/api/v1/directory"
router = APIRouter(prefix=BASE, tags=["Directory: search"])
Json = dict[str, Any]


class DistanceAlone(BadRequest):
    slug, title = "distance-alone", "A distance needs a place from which it is measured"


_WHY: dict[Unlocated, Refusal] = {
    Unlocated.NOT_A_POSTCODE: NotAPostcode(
        "Write a postcode as SW1A 1AA, its first part as SW1A, or the name of a town"
    ),
    Unlocated.UNKNOWN: PostcodeUnknown("Look whether it is typed right, or use its first part"),
    Unlocated.UNKNOWN_PLACE: NotAPostcode(
        "It is no postcode, and no place of this name is known here; try a postcode"
    ),
}
_REFUSED = problems(NotAPostcode, PostcodeUnknown, DistanceAlone, Unavailable)


async def _finder(request: Request) -> Finder:
    found: Finder = request.app.state.finder
    return found


AtFinder = Annotated[Finder, Depends(_finder)]


def _described(model: type, refusals: dict[int | str, Any]) -> Json:
    return {
        "response_class": Response,
        "response_model": None,
        "responses": {200: {"model": model, "description": "What was found"}, **refusals},
    }


_FOUND = _described(FoundOut, _REFUSED)


@router.get("/search", **_FOUND)
async def search_services(finder: AtFinder, asked: Annotated[SearchAsked, Query()]) -> Response:
    """Services that fit everything that is asked, in the order of how well they fit."""
    return await _searched(finder, asked)


@router.post("/search", **_FOUND)
async def search_services_privately(
    finder: AtFinder, asked: Annotated[SearchAsked | None, Body()] = None
) -> Response:
    """The same with what is asked in the body, where no log and no history keeps it."""
    return await _searched(finder, asked or SearchAsked())


async def _searched(finder: Finder, asked: SearchAsked) -> Response:
    if asked.within_metres is not None and not asked.near:
        raise DistanceAlone("Send `near` too, or leave `within_metres` out")
    try:
        return _json(await searching.search(finder, asked))
    except NowhereKnown as unknown:
        raise _WHY[unknown.why] from None
    except NotFilled:
        raise _not_yet() from None
    except Away:
        raise nobody_tells_where() from None


@router.get("/suggestions", **_described(SuggestionsOut, problems(Unavailable)))
async def suggest(finder: AtFinder, text: Annotated[Words, Query()] = "") -> Response:
    """Names that begin with what somebody has typed so far."""
    try:
        return _json({"suggestions": await searching.suggestions(finder, text)})
    except NotFilled:
        raise _not_yet() from None


@router.get("/services/{id}/related", **_described(RelatedOut, problems(NotFound, Unavailable)))
async def related_services(finder: AtFinder, id: UUID) -> Response:
    """What helps with the same, the nearest to it first."""
    try:
        found = await searching.related(finder, id)
    except NotFilled:
        raise _not_yet() from None
    if found is None:
        raise NotFound("Look for it in the search")
    return _json({"services": found})


def _not_yet() -> Unavailable:
    return Unavailable("The search is being filled; try again", headers={"Retry-After": "2"})


def _json(answer: Json) -> Response:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(body, media_type="application/json")
