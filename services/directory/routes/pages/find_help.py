"""The public pages at /find-help: a search, and a page for each service, without a script."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from services.directory.actions import reading
from services.directory.actions.showing import today
from services.directory.domain.leaflet import leaflet
from services.directory.domain.queues import ReportedProblem
from services.directory.domain.referring import takes_referrals
from services.directory.domain.schema_org import described
from services.directory.domain.shapes import Json
from services.directory.routes.answers import AtFeed
from services.directory.routes.callers import MOST_WORDS
from services.directory.routes.pages.council import Council, ForCouncil
from services.directory.routes.pages.finding import Finding, Misasked, Unplaced
from services.directory.routes.pages.question import AGES, FILTERS, MILES, Question
from services.directory.routes.pages.rendering import FOLDER, PageRoute, page
from services.directory.routes.pages.reported import Reported
from shared.errors import BadRequest, NotFound

BASE = "/find-help"
router = APIRouter(prefix=BASE, include_in_schema=False, route_class=PageRoute)
_A_MILE = 1609.344


@router.get("")
@router.get("/")
async def find_help(request: Request, of: ForCouncil) -> HTMLResponse:
    """The form, and what was found for what its address asks."""
    return await _found(request, of, Question.of(request.query_params.multi_items()))


@router.post("")
@router.post("/")
async def find_help_privately(request: Request, of: ForCouncil) -> HTMLResponse:
    """The same with what is asked in the body, where no history of a browser keeps it."""
    body = (await request.body()).decode("utf-8", "replace")
    return await _found(request, of, Question.of(parse_qsl(body)))


async def _found(request: Request, of: Council, question: Question) -> HTMLResponse:
    finding: Finding = request.app.state.finding
    shown: dict[str, Any] = {"found": None, "unplaced": None}
    try:
        if question:
            shown["found"] = await finding.search(question.asked())
    except Unplaced as why:
        shown["unplaced"] = why.slug.replace("-", "_")
    except Misasked as error:
        raise BadRequest("Look at the form again") from error
    return page(
        "find_help.html",
        of,
        status=400 if shown["unplaced"] else 200,
        cached=not question,
        question=question,
        private=request.method == "POST",
        ages=AGES,
        miles=MILES,
        filters=FILTERS,
        distance=lambda metres: distance(of, metres),
        turned=lambda number: of.link(BASE) + _joined(of, question.on_page(number)),
        **shown,
    )


def _joined(of: Council, asked: list[tuple[str, str]]) -> str:
    return ("&" if of.kept else "?") + urlencode(asked)


def distance(of: Council, metres: float) -> str:
    """How far it is, in miles."""
    miles = metres / _A_MILE
    if miles < 1:
        return of.words("distance_near")
    return of.words("distance", miles=f"{miles:.1f}".removesuffix(".0"))


@router.get("/services/{id}")
@router.get("/services/{id}/")
async def one_service(request: Request, feed: AtFeed, of: ForCouncil, id: str) -> Response:
    """All that is told of a service, for people and for search engines."""
    return await service_page(request, await document(feed, id), of)


async def service_page(
    request: Request,
    service: Json,
    of: Council,
    *,
    status: int = 200,
    typed: Reported | None = None,
) -> Response:
    """The page of a service, with the form for what is wrong with it as it was `typed`."""
    finding: Finding = request.app.state.finding
    address = f"{request.app.state.base}{BASE}/services/{service['id']}"
    day = today(datetime.now(UTC))
    said = json.dumps(described(service, address, day), ensure_ascii=False).replace("<", "\\u003c")
    return page(
        "service.html",
        of,
        status=status,
        cached=typed is None,
        typed=typed,
        faults=typed.faults if typed else {},
        kinds=list(ReportedProblem),
        most=MOST_WORDS,
        told=leaflet(service, of.words, day),
        takes_referrals=takes_referrals(service),
        related=await finding.related(service["id"]),
        distance=lambda metres: distance(of, metres),
        address=address,
        said=Markup(said),  # noqa: S704 -- JSON in a data block; no tag can begin or end in it
    )


async def document(feed: AtFeed, id_: str) -> dict[str, Any]:
    """A service's document in the feed. Raises NotFound where it is not listed, or no longer."""
    try:
        sheet = await reading.one(feed, "services", UUID(id_))
    except ValueError:
        sheet = None
    found = json.loads(sheet.body) if sheet else {"status": "defunct"}
    if found["status"] == "defunct":
        raise NotFound("Search for another")
    return dict(found)


@router.get("/pages.css")
async def style() -> Response:
    """The look of every council's pages."""
    kept = {"Cache-Control": "public, max-age=3600"}
    return Response((FOLDER / "pages.css").read_text(), media_type="text/css", headers=kept)


@router.get("/brand.css")
async def brand(of: ForCouncil) -> Response:
    """A council's colours; its settings are refused where their contrast is too low."""
    colours = of.authority.brand
    text = f":root {{ --brand: {colours.colour}; --brand-text: {colours.text}; }}\n"
    kept = {"Cache-Control": "public, max-age=3600"}
    return Response(text, media_type="text/css", headers=kept)
