"""Every way in which a request fails is answered as a problem; a fault tells nothing of itself.

A fault reaches the one handler below and leaves as a 500 with an `error_id` and no detail, so that
no family's data can leave inside an error text.
"""

import json
from traceback import extract_tb
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from shared.errors import (
    BODY_LIMIT,
    MEDIA_TYPE,
    BadRequest,
    Forbidden,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    Refusal,
    TooLarge,
    Unprocessable,
    anywhere,
    problem_response,
)

log = structlog.get_logger()
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 -- registered for this type alone
    return problem_response(refusal)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for this type
    in_body = any(e["loc"][0] == "body" for e in error.errors())
    kind = Unprocessable if in_body else BadRequest
    fields = [anywhere(e, error.body) for e in error.errors()]
    return problem_response(
        kind("Put right the fields named in `errors` and send it again", errors=fields)
    )


_PLAIN: dict[int, type[Refusal]] = {
    kind.status: kind for kind in (BadRequest, NotAuthenticated, Forbidden, NotFound)
}


def _allow(request: Request) -> dict[str, str]:
    """Every method of this path: each may be a route of its own. HEAD is answered as GET is."""

    def offered(method: str) -> bool:
        asked = {**request.scope, "method": "GET" if method == "HEAD" else method}
        return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)

    return {"Allow": ", ".join(filter(offered, _METHODS))}


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this type alone
    if error.status_code == 405:
        return problem_response(
            MethodNotAllowed("Use one of the methods in Allow", headers=_allow(request))
        )
    if error.status_code == 413:
        return problem_response(TooLarge(f"Send at most {BODY_LIMIT} bytes"))
    kind = _PLAIN.get(error.status_code, BadRequest)
    return problem_response(kind("Look at /docs for what is offered"))


def report(error: Exception) -> str:
    """The log gets the kind of the fault and where it was, never its text: that may quote a row."""
    error_id = str(uuid4())
    frames = [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename
    ]
    log.error("fault", error_id=error_id, fault=type(error).__name__, frames=frames)
    return error_id


async def _fault(_: Request, error: Exception) -> Response:
    body = {
        "type": "/problems/fault",
        "title": "The hub made a mistake",
        "status": 500,
        "detail": "Try again; if it stays, tell the hub's operators the error_id",
        "error_id": report(error),
    }
    return Response(json.dumps(body), 500, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every refusal, malformed request and fault of `app` as a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)
