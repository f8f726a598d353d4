"""Pages for families: readable without a script, printable, and with nothing from elsewhere."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from services.directory.domain.telling import age_range
from services.directory.routes.pages.council import Council, council
from shared import faults
from shared.errors import NotFound, Refusal

FOLDER = Path(__file__).resolve().parents[2] / "pages"
_PAGES = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.globals["age_range"] = age_range
_SCRIPT = "script-src 'self'; "
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
)


def page(
    name: str, of: Council, *, status: int = 200, cached: bool = False, **shown: Any
) -> HTMLResponse:
    """One of the templates, filled in for a council."""
    text = _PAGES.get_template(name).render(of=of, words=of.words, **shown)
    return HTMLResponse(text, status, headers=_headers(of, cached=cached))


def _headers(of: Council, *, cached: bool) -> dict[str, str]:
    """Only the council's own websites frame it; what was searched for is kept by nobody."""
    ancestors = " ".join(of.frames) if of.framed and of.frames else "'none'"
    script = _SCRIPT if of.framed else ""
    kept = "public, max-age=60" if cached else "private, no-cache"
    return {
        "Content-Security-Policy": f"{script}{_POLICY}frame-ancestors {ancestors}",
        "Cache-Control": kept,
    }


class PageRoute(APIRoute):
    """A route for people: refusals and faults are pages too, and say whom to telephone."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its refusals told in words."""
        handler = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handler(request)
            except NotFound:
                return page("not_there.html", await council(request), status=404)
            except (Refusal, RequestValidationError):
                return page("cannot.html", await council(request), status=400)
            except HTTPException as error:  # a body that is too large, though it did not say so
                return page("cannot.html", await council(request), status=error.status_code)
            except Exception as error:  # a family must read whom to call, whatever is wrong
                faults.report(error)
                return away(await council(request))

        return answered


def away(of: Council) -> HTMLResponse:
    """The search does not answer; a telephone does."""
    answer = page("away.html", of, status=503)
    answer.headers["Retry-After"] = "60"
    return answer
