"""What search engines are told: the address of every service's page, and where not to look."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from markupsafe import escape

from services.directory.actions import reading
from services.directory.routes.answers import AtFeed
from services.directory.routes.pages.find_help import BASE

router = APIRouter(include_in_schema=False)
_SITEMAP = f"{BASE}/sitemap.xml"
_IN_A_SITEMAP = 50_000
"""Addresses at most: sitemaps.org, protocol."""
_KEPT = {"Cache-Control": "public, max-age=3600"}


@router.get(_SITEMAP)
async def sitemap(request: Request, feed: AtFeed) -> Response:
    """The address of every service's page; what everybody may read alone."""
    base = f"{request.app.state.base}{BASE}"
    pages = "".join(
        f"<url><loc>{escape(base)}/services/{id_}</loc>"
        f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod></url>\n"
        for id_, changed in await reading.for_search_engines(feed, _IN_A_SITEMAP)
    )
    said = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"<url><loc>{escape(base)}</loc></url>\n{pages}</urlset>\n"
    )
    return Response(said, media_type="application/xml", headers=_KEPT)


@router.get("/robots.txt")
async def robots(request: Request) -> PlainTextResponse:
    """Robots may read every page; one that shows what somebody looked for says itself `noindex`.

    Source: RFC 9309.
    """
    said = [
        "User-agent: *",
        "Disallow: /api/",
        "Disallow: /oauth/",
        f"Sitemap: {request.app.state.base}{_SITEMAP}",
    ]
    return PlainTextResponse("\n".join([*said, ""]), headers=_KEPT)
