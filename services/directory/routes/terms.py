"""The taxonomies of the feed and their terms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import Response

from services.directory.actions import reading
from services.directory.routes import documents
from services.directory.routes.answers import NOT_THERE, AtFeed, described, listed, told
from services.directory.routes.asked import Asked, TermsAsked
from services.directory.routes.feed import BASE, with_refusals

router = APIRouter(prefix=BASE, tags=["Directory: Open Referral feed"])

_TAXONOMIES = described(documents.page_of(documents.TAXONOMY), lines=True)
_TERMS = described(documents.page_of(documents.TERM), lines=True)


@router.get("/taxonomies", **_TAXONOMIES)
async def list_taxonomies(
    request: Request, feed: AtFeed, asked: Annotated[Asked, Query()]
) -> Response:
    """Taxonomies that fit what is asked."""
    return await listed(request, feed, "taxonomies", asked)


@router.post("/taxonomies", **_TAXONOMIES)
async def find_taxonomies(
    request: Request, feed: AtFeed, asked: Annotated[Asked | None, Body()] = None
) -> Response:
    """The same with what is asked in the body, where no log and no history keeps it."""
    return await listed(request, feed, "taxonomies", asked or Asked())


@router.get("/taxonomies/{id}", **with_refusals(described(documents.TAXONOMY), NOT_THERE))
async def one_taxonomy(request: Request, feed: AtFeed, id: UUID) -> Response:
    """A taxonomy; its terms are at /taxonomy_terms?taxonomy_id=."""
    return told(request, await reading.one(feed, "taxonomies", id))


@router.get("/taxonomy_terms", **_TERMS)
async def list_taxonomy_terms(
    request: Request, feed: AtFeed, asked: Annotated[TermsAsked, Query()]
) -> Response:
    """Terms that fit everything that is asked."""
    return await listed(request, feed, "taxonomy_terms", asked)


@router.post("/taxonomy_terms", **_TERMS)
async def find_taxonomy_terms(
    request: Request, feed: AtFeed, asked: Annotated[TermsAsked | None, Body()] = None
) -> Response:
    """The same with what is asked in the body, where no log and no history keeps it."""
    return await listed(request, feed, "taxonomy_terms", asked or TermsAsked())


@router.get("/taxonomy_terms/{id}", **with_refusals(described(documents.TERM), NOT_THERE))
async def one_taxonomy_term(request: Request, feed: AtFeed, id: UUID) -> Response:
    """A term and the taxonomy that it belongs to."""
    return told(request, await reading.one(feed, "taxonomy_terms", id))
