"""The Open Referral UK feed, version 3: services, and where they are. Anybody may read it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse, Response

from services.directory.actions import reading
from services.directory.domain.asking import Form
from services.directory.domain.typed import Flag
from services.directory.routes import documents
from services.directory.routes.answers import NEAR, NOT_THERE, AtFeed, described, listed, told
from services.directory.routes.asked import (
    MinimalServicesAsked,
    OrganizationsAsked,
    ServicesAsked,
)

BASE = "/directory/v3"
VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
router = APIRouter(prefix=BASE, tags=["Directory: Open Referral feed"])

_SERVICES = described(documents.page_of(documents.SERVICE), lines=True)
_AT_LOCATIONS = described(documents.page_of(documents.AT_LOCATION), lines=True)
_ORGANIZATIONS = described(documents.page_of(documents.ORGANIZATION), lines=True)


def with_refusals(described_: dict[str, Any], refusals: dict[int | str, Any]) -> dict[str, Any]:
    """A route's answers, and how it may refuse."""
    return {**described_, "responses": {**described_["responses"], **refusals}}


@router.get("/", include_in_schema=False)
@router.get("", **described(documents.ABOUT))
async def about_the_feed(request: Request) -> Response:
    """Which version of Open Referral this is, and where it is described."""
    base: str = request.app.state.base
    return JSONResponse(
        {"version": VERSION, "profile": PROFILE, "openapi_url": f"{base}{BASE}/openapi.json"}
    )


@router.get("/openapi.json", include_in_schema=False)
async def document_of_the_feed(request: Request) -> Response:
    """The OpenAPI document of the feed alone, its paths below the feed's own address."""
    whole: dict[str, Any] = request.app.openapi()
    paths = {
        path.removeprefix(BASE) or "/": operations
        for path, operations in whole["paths"].items()
        if path.startswith(BASE)
    }
    base: str = request.app.state.base
    servers = [{"url": f"{base}{BASE}"}]
    info = whole["info"] | {"title": "Early help directory", "version": VERSION}
    return JSONResponse({**whole, "info": info, "servers": servers, "paths": paths})


@router.get("/services", **with_refusals(_SERVICES, NEAR))
async def list_services(
    request: Request, feed: AtFeed, asked: Annotated[MinimalServicesAsked, Query()]
) -> Response:
    """Services that fit everything that is asked, a page of them or all as lines."""
    return await listed(request, feed, "services", asked)


@router.post("/services", **with_refusals(_SERVICES, NEAR))
async def find_services(
    request: Request, feed: AtFeed, asked: Annotated[MinimalServicesAsked | None, Body()] = None
) -> Response:
    """The same with what is asked in the body, where no log and no history keeps it."""
    return await listed(request, feed, "services", asked or MinimalServicesAsked())


@router.get("/services/{id}", **with_refusals(described(documents.SERVICE), NOT_THERE))
async def one_service(request: Request, feed: AtFeed, id: UUID) -> Response:
    """A service with everything that is nested in it."""
    return told(request, await reading.one(feed, "services", id))


@router.get("/service_at_locations", **with_refusals(_AT_LOCATIONS, NEAR))
async def list_services_at_locations(
    request: Request, feed: AtFeed, asked: Annotated[ServicesAsked, Query()]
) -> Response:
    """Services at each of their locations, as far as they fit everything that is asked."""
    return await listed(request, feed, "service_at_locations", asked)


@router.post("/service_at_locations", **with_refusals(_AT_LOCATIONS, NEAR))
async def find_services_at_locations(
    request: Request, feed: AtFeed, asked: Annotated[ServicesAsked | None, Body()] = None
) -> Response:
    """The same with what is asked in the body, where no log and no history keeps it."""
    return await listed(request, feed, "service_at_locations", asked or ServicesAsked())


@router.get(
    "/service_at_locations/{id}", **with_refusals(described(documents.AT_LOCATION), NOT_THERE)
)
async def one_service_at_location(request: Request, feed: AtFeed, id: UUID) -> Response:
    """A service at one location with everything that is nested in both."""
    return told(request, await reading.one(feed, "service_at_locations", id))


@router.get("/organizations", **_ORGANIZATIONS)
async def list_organizations(
    request: Request, feed: AtFeed, asked: Annotated[OrganizationsAsked, Query()]
) -> Response:
    """Organizations that fit everything that is asked."""
    return await listed(request, feed, "organizations", asked)


@router.post("/organizations", **_ORGANIZATIONS)
async def find_organizations(
    request: Request, feed: AtFeed, asked: Annotated[OrganizationsAsked | None, Body()] = None
) -> Response:
    """The same with what is asked in the body, where no log and no history keeps it."""
    return await listed(request, feed, "organizations", asked or OrganizationsAsked())


@router.get("/organizations/{id}", **with_refusals(described(documents.ORGANIZATION), NOT_THERE))
async def one_organization(
    request: Request,
    feed: AtFeed,
    id: UUID,
    full_service: Annotated[Flag, Query(description="With its services in full")] = False,
) -> Response:
    """An organization with everything that is nested in it, and its services."""
    form = Form.WHOLE if full_service else Form.MINIMAL
    return told(request, await reading.one_organization(feed, id, form))
