"""What every service's app has: problems, health, metrics, an honest OpenAPI, its loops."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared import errors, faults
from shared.db import cannot_hold, is_unreachable
from shared.errors import (
    ActingWorkerMissing,
    BadRequest,
    IdempotencyKeyMissing,
    PreconditionRequired,
    PurposeMissing,
    Refusal,
    Unavailable,
)
from shared.minimise import Unclassified, models_in
from shared.purposes import Purpose

AWAY = (DBAPIError, PoolTimeout, OSError)
"""What is raised, among others, while a database cannot be reached: `is_away` tells."""
Check = Callable[[], Awaitable[None]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def _header(name: str, meaning: str, *values: str) -> dict[str, Any]:
    described = {"name": name, "in": "header", "required": True, "description": meaning}
    listed = {"enum": list(values)} if values else {}
    return described | {"schema": {"type": "string"} | listed}


_HEADERS: dict[type[Refusal], dict[str, Any]] = {
    ActingWorkerMissing: _header(
        "Acting-Worker", "Your agency's own id of the worker you act for; the door looks it up"
    ),
    IdempotencyKeyMissing: _header("Idempotency-Key", "Your own id of this request, kept 30 days"),
    PreconditionRequired: _header("If-Match", 'The version you saw, e.g. `"3"`'),
    PurposeMissing: _header("Purpose", "What for you look; it stands in the audit log", *Purpose),
}
"""What an operation asks for that may refuse because it is missing."""


async def if_match(request: Request) -> int:
    """The version the caller saw. Raises 428 without it, 400 when it is not an ETag of ours."""
    seen = request.headers.get("if-match")
    if seen is None:
        raise PreconditionRequired("Send the ETag you last saw as If-Match")
    version = seen.strip('"')
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise BadRequest('Send one ETag as the hub gave it, for example If-Match: "3"')
    return int(version)


async def idempotency_key(request: Request) -> str:
    """The caller's own id of this request. Raises 400 without it."""
    key = request.headers.get("idempotency-key")
    if not key:
        raise IdempotencyKeyMissing(
            "Send an Idempotency-Key, for example a UUID, and the same one when you try again"
        )
    if len(key) > 255 or not key.isprintable():
        raise BadRequest("Send an Idempotency-Key of at most 255 printable characters")
    return key


async def purpose(request: Request) -> Purpose:
    """What for personal data is asked. Raises 400 without it, or for a word that is none."""
    said = request.headers.get("purpose")
    purposes = ", ".join(Purpose)
    if said is None:
        raise PurposeMissing(f"Say in the header Purpose what for you look: {purposes}")
    if said not in list(Purpose):
        raise BadRequest(f"Send one of these as Purpose: {purposes}", pointer="header:purpose")
    return Purpose(said)


IfMatch = Annotated[int, Depends(if_match)]
StatedPurpose = Annotated[Purpose, Depends(purpose)]
IdempotencyKey = Annotated[str, Depends(idempotency_key)]


def service_app(
    title: str, *, lifespan: Lifespan, routers: Sequence[APIRouter], checks: dict[str, Check]
) -> FastAPI:
    """A service's FastAPI application; `shared.entry.Entry` goes around it."""
    app = FastAPI(
        max_body_size=errors.BODY_LIMIT,
        title=title,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # its Location believes Host: a body would follow to anywhere
        generate_unique_id_function=lambda route: route.name,  # what generated clients are made of
    )
    faults.install(app)
    for refusing in AWAY:
        app.add_exception_handler(refusing, _unkept)
    for router in routers:
        app.include_router(router)
    app.include_router(_health(checks))
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = honest(described())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def is_away(error: Exception) -> bool:
    """Whether the database cannot be reached; anything else is a fault."""
    return isinstance(error, PoolTimeout) or is_unreachable(error)


async def _unkept(_: Request, error: Exception) -> Response:
    """The database is away: say so, and when to come back; or it cannot hold what was sent.

    Anything else is a fault.
    """
    if cannot_hold(error):
        return errors.problem_response(BadRequest("Leave the character U+0000 out of all text"))
    if not is_away(error):
        raise error
    return errors.problem_response(
        Unavailable(
            "It may have been done: look, or send it again with the same Idempotency-Key",
            headers={"Retry-After": "2"},
        )
    )


def answers_of(routers: Iterable[APIRouter]) -> Iterator[type[BaseModel]]:
    """Every model of which an answer can be. Raises Unclassified for a route that names none.

    One that writes its answer itself says by `lines_of` what its lines are made of.
    """
    for router in routers:
        for route in router.routes:
            if not isinstance(route, APIRoute):
                raise Unclassified(f"{route}: is no operation")
            written = getattr(route.response_class, "lines_of", None)
            if route.response_model is not None:
                yield from models_in(route.response_model, f"{route.path}: its answer")
            elif written is not None:
                yield written
            elif route.status_code != 204:
                raise Unclassified(f"{route.path}: does not say what it answers")


def _health(checks: dict[str, Check]) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> Response:
        """503 while something this service needs is away; each check by name."""
        found = {name: await _passes(check) for name, check in checks.items()}
        return JSONResponse(found, 200 if all(found.values()) else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _passes(check: Check) -> bool:
    try:
        await check()
    except Exception:  # whatever is wrong, the answer is: not ready
        return False
    return True


def honest(document: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's document, put right: problems instead of its 422, and what any call may meet."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = errors.PROBLEM_SCHEMA
    common = errors.problems(
        BadRequest, errors.NotAuthenticated, errors.Forbidden, errors.Unprocessable
    ) | errors.problems(errors.TooManyRequests, Unavailable)
    for path in document["paths"].values():
        for operation in path.values():
            answers = operation["responses"]
            if "HTTPValidationError" in str(answers.get("422", "")):
                del answers["422"]
            for status, described in common.items():
                answers.setdefault(str(status), described)
            for refusal, header in _HEADERS.items():
                if refusal.title in answers.get(str(refusal.status), {}).get("description", ""):
                    operation.setdefault("parameters", []).append(header)
    return document


def lifespan(*entered: Callable[[], AbstractAsyncContextManager[Any]]) -> Lifespan:
    """What a service enters at start and leaves at stop, in that order and in reverse."""

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for enter in entered:
                await stack.enter_async_context(enter())
            yield

    return run
