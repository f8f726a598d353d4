"""Everything of the widget: its built files, what it reads, and how a web editor puts it in."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from services.directory.actions.showing import today
from services.directory.domain.leaflet import leaflet
from services.directory.routes.answers import AtFeed
from services.directory.routes.pages.catalogues import catalogues
from services.directory.routes.pages.council import ForCouncil
from services.directory.routes.pages.find_help import document
from services.directory.routes.pages.rendering import PageRoute, page
from shared.errors import NotFound

BASE = "/widget"
FLOATING = "v1"
"""Always the newest of its kind; what the widget reads stands there too."""
BUILT = Path(__file__).resolve().parents[2] / "widget" / "built"
_FOR_AN_HOUR = "public, max-age=3600"
_FOR_EVER = "public, max-age=31536000, immutable"
router = APIRouter(include_in_schema=False)
files = APIRouter(prefix=BASE)
pages = APIRouter(prefix=BASE, route_class=PageRoute)


@cache
def published() -> dict[str, dict[str, str]]:
    """The digests (Subresource Integrity) of every file of every version, the newest last."""
    return dict(json.loads((BUILT / "integrity.json").read_text()))


@pages.get("")
async def for_web_editors(request: Request, of: ForCouncil) -> HTMLResponse:
    """The lines to paste, with this council's own values."""
    version = list(published())[-1]
    return page(
        "widget.html",
        of,
        cached=True,
        hub=request.app.state.base,
        version=version,
        digests=published()[version],
    )


@files.get(f"/{FLOATING}/settings")
async def settings(of: ForCouncil) -> JSONResponse:
    """What the widget needs to know of a council."""
    brand, telephone = of.authority.brand, of.telephone
    told = {
        "authority": of.authority.id,
        "name": brand.name,
        "brand": {"colour": brand.colour, "text": brand.text},
        "telephone": {"name": telephone.name, "number": telephone.number},
        "ask_for_help": of.ask_for_help,
        "languages": catalogues().offered,
    }
    return JSONResponse(told, headers={"Cache-Control": "public, max-age=300"})


@files.get(f"/{FLOATING}/integrity.json")
async def digests() -> JSONResponse:
    """The digest of each file, for the `integrity` of a script."""
    return JSONResponse(published(), headers={"Cache-Control": _FOR_AN_HOUR})


@files.get(f"/{FLOATING}/words/{{code}}.json")
async def words(code: str) -> JSONResponse:
    """A catalogue that a named speaker has approved."""
    if code not in catalogues().offered:
        raise NotFound("Its words are not approved yet")
    said = dict(catalogues().words[code].said)
    return JSONResponse(said, headers={"Cache-Control": _FOR_AN_HOUR})


@files.get(f"/{FLOATING}/services/{{id}}")
async def one_service(feed: AtFeed, of: ForCouncil, id: str) -> JSONResponse:
    """A service as families read it, in words."""
    service = await document(feed, id)
    told = leaflet(service, of.words, today(datetime.now(UTC)))
    return JSONResponse(asdict(told), headers={"Cache-Control": "public, max-age=60"})


@files.get("/{version}/{name}")
async def file(version: str, name: str) -> Response:
    """A built file: of one version for ever, or the newest for an hour."""
    newest = list(published())[-1]
    taken = newest if version == FLOATING else version
    if name not in published().get(taken, {}):
        raise NotFound("Look at /widget/v1/integrity.json for what there is")
    kept = {"Cache-Control": _FOR_AN_HOUR if version == FLOATING else _FOR_EVER}
    script = (BUILT / taken / name).read_bytes()
    return Response(script, media_type="text/javascript", headers=kept)


router.include_router(pages)
router.include_router(files)
