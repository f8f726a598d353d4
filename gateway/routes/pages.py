"""Pages for people: readable without a script, and nothing on them comes from another host."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from gateway import reference
from shared.auth import SCOPES
from shared.errors import NotFound

_FOLDER = Path(__file__).parent.parent / "pages"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "public, max-age=60",
}


def _prose(text: str) -> Markup:
    """Docstrings as paragraphs, with what stands in backticks as code."""
    paragraphs = []
    for paragraph in text.strip().split("\n\n"):
        parts = escape(paragraph).split("`")
        marked = (f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
        paragraphs.append(f"<p>{''.join(marked)}</p>")
    return Markup("".join(paragraphs))  # noqa: S704 -- every part was escaped above


def _type_name(schema: dict[str, Any]) -> str:
    """The last part of a reference: the name of what it means."""
    return str(schema["$ref"]).rpartition("/")[2]


_PAGES = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_PAGES.filters |= {"prose": _prose, "type_name": _type_name}


def page(name: str, **shown: Any) -> HTMLResponse:
    """One of the templates, filled in."""
    return HTMLResponse(_PAGES.get_template(name).render(**shown), headers=_HEADERS)


def page_routes(document: Callable[[], dict[str, Any]]) -> APIRouter:
    """Welcome, reference and problem pages over the merged `document`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def welcome() -> HTMLResponse:
        whole = document()
        return page("welcome.html", address=whole["servers"][0]["url"])

    @router.get("/docs")
    async def docs() -> HTMLResponse:
        whole = document()
        return page(
            "docs.html",
            address=whole["servers"][0]["url"],
            about=whole["info"]["description"],
            sections=reference.operations(whole),
            schemas=whole["components"].get("schemas", {}),
            scopes=SCOPES,
        )

    @router.get("/problems")
    async def problems() -> HTMLResponse:
        return page("problems.html", problems=reference.problems(document()).values())

    @router.get("/problems/{slug}")
    async def problem(slug: str) -> HTMLResponse:
        known = reference.problems(document())
        if slug not in known:
            raise NotFound("Look at /problems for every kind of problem")
        return page("problem.html", problem=known[slug])

    @router.get("/pages.css")
    async def style() -> Response:
        text = (_FOLDER / "pages.css").read_text()
        return Response(text, media_type="text/css", headers=_HEADERS)

    return router
