"""The feed for readers of version 1: its parameters, its page, its shape of a service."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BeforeValidator, ConfigDict, Field

from services.directory.actions import reading
from services.directory.actions.reading import Sheet
from services.directory.domain.asking import MOST, PER_PAGE, Form, Page, Wanted
from services.directory.domain.shim import NESTED, as_version_1, envelope
from services.directory.domain.typed import Clock, Day, Question, Words
from services.directory.routes.answers import (
    NEAR,
    NOT_THERE,
    AtFeed,
    ProximityAlone,
    described,
    located,
    told,
)
from services.directory.routes.asked import Age, Metres
from services.directory.routes.feed import with_refusals

BASE = "/directory/v1"
router = APIRouter(prefix=BASE, tags=["Directory: Open Referral feed, version 1"])
_SERVICE: dict[str, Any] = {
    "type": "object",
    "title": "service of version 1",
    "properties": {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}},
    "required": ["id", "name"],
}
_PAGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        **{name: {"type": "integer"} for name in ("totalElements", "totalPages", "number", "size")},
        **{name: {"type": "boolean"} for name in ("first", "last", "empty")},
        "content": {"type": "array", "items": _SERVICE},
    },
    "required": ["totalElements", "totalPages", "number", "size", "first", "last", "content"],
}


def _parts(said: object) -> object:
    """`a,b` is two, like `a` and `b` by themselves."""
    given = said if isinstance(said, list) else [said]
    return [part.strip() for one in given for part in str(one).split(",") if part.strip()]


Several = Annotated[list[Words], BeforeValidator(_parts), Field(max_length=50)]


class Asked(Question):
    """What services may be asked in version 1; of several values one must fit."""

    model_config = ConfigDict(frozen=True)

    text: Words | None = Field(None, description="Words that must all occur")
    taxonomy_type: Words | None = Field(None, description="Tagged by attributes of this kind")
    taxonomy_id: Several = Field([], description="Tagged with one of these terms")
    vocabulary: Several = Field([], description="Tagged from one of these taxonomies")
    need: Several = Field([], description="Tagged with one of these needs: id, code or name")
    circumstance: Several = Field([], description="Tagged with one of these circumstances")
    service_type: Several = Field([], description="Tagged with one of these types of service")
    day: Day | None = Field(None, description="Open on this day of the week")
    start_time: Clock | None = Field(None, description="Opening at this time or later")
    end_time: Clock | None = Field(None, description="Closing at this time or earlier")
    postcode: Words | None = Field(None, description="From where `proximity` is measured")
    proximity: Metres | None = Field(None, description="Within so many metres of `postcode`")
    coverage: Words | None = Field(None, description="A postcode in the area that is covered")
    minimum_age: Age | None = Field(None, description="Whose own minimum age is at least this")
    maximum_age: Age | None = Field(None, description="Whose own maximum age is at most this")
    include: Several = Field([], description=f"Only these of {', '.join(NESTED)}")
    page: int = Field(1, ge=1, le=10_000_000)
    per_page: int = Field(PER_PAGE, ge=1, le=MOST)


@router.get("/services", **with_refusals(described(_PAGE), NEAR))
async def list_services_of_version_1(
    request: Request, feed: AtFeed, asked: Annotated[Asked, Query()]
) -> Response:
    """Services that fit everything that is asked, a page of them, as version 1 has them."""
    if asked.proximity is not None and asked.postcode is None:
        raise ProximityAlone("Send `postcode` too, or leave `proximity` out")
    wanted = Wanted(
        "services",
        search=asked.text,
        day=asked.day,
        start_time=asked.start_time,
        end_time=asked.end_time,
        minimum_age=asked.minimum_age,
        maximum_age=asked.maximum_age,
        around=await located(feed, asked.postcode) if asked.postcode else None,
        near=await located(feed, asked.coverage) if asked.coverage else None,
        within=asked.proximity,
        tagged=tuple(
            tuple(one.lower() for one in said)
            for said in (asked.taxonomy_id, asked.need, asked.circumstance, asked.service_type)
            if said
        ),
        vocabularies=tuple(one.lower() for one in asked.vocabulary),
        attribute_type=asked.taxonomy_type,
    )
    at = Page(asked.page, asked.per_page)
    answer = await reading.documents(feed, wanted, Form.WHOLE, at)
    said = [as_version_1(json.loads(one), asked.include) for one in answer.documents]
    page = envelope(at, answer.total, len(said)) | {"content": said}
    return told(request, Sheet.of(json.dumps(page, ensure_ascii=False)))


@router.get("/services/{id}", **with_refusals(described(_SERVICE), NOT_THERE))
async def one_service_of_version_1(request: Request, feed: AtFeed, id: UUID) -> Response:
    """A service with everything that is nested in it, as version 1 has it."""
    sheet = await reading.one(feed, "services", id)
    if sheet is not None:
        body = json.dumps(as_version_1(json.loads(sheet.body)), ensure_ascii=False)
        sheet = Sheet.of(body, sheet.changed)
    return told(request, sheet)
