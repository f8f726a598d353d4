"""How the feed answers: who has an answer already is told so, and lines are never heaped up."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Message, Send

from services.directory.actions import reading
from services.directory.actions.locating import locate
from services.directory.actions.reading import Reading, Sheet
from services.directory.domain.asking import Wanted
from services.directory.domain.postcodes import Away, Located, Unlocated
from services.directory.routes.asked import Asked
from shared.errors import BadRequest, NotFound, Refusal, Unavailable, problems

log = structlog.get_logger()
LINES = "application/x-ndjson"
_SLOWEST = 30.0
"""Seconds in which a reader must take some lines; otherwise it is cut off."""
_FRESH = {"Cache-Control": "public, no-cache"}
"""Anyone may keep it, and asks each time whether it is still so."""

_COMPRESSED_OR_NOT = {"Vary": "Accept-Encoding"}
"""Of an answer without a body, to which the door adds nothing."""


class NotAPostcode(BadRequest):
    slug, title = "not-a-postcode", "This is no postcode"


class PostcodeUnknown(BadRequest):
    slug, title = "postcode-unknown", "Nobody here knows this postcode"


class ProximityAlone(BadRequest):
    slug, title = "proximity-alone", "A distance needs a postcode from which it is measured"


_WHY: dict[Unlocated, Refusal] = {
    Unlocated.NOT_A_POSTCODE: NotAPostcode("Write it as SW1A 1AA, or its first part as SW1A"),
    Unlocated.UNKNOWN: PostcodeUnknown("Look whether it is typed right, or use its first part"),
}


async def _reading(request: Request) -> Reading:
    found: Reading = request.app.state.reading
    return found


AtFeed = Annotated[Reading, Depends(_reading)]


async def wanted(feed: Reading, collection: str, asked: Asked) -> Wanted:
    """What is asked, with the postcode looked up. Raises a refusal where that cannot be."""
    names = asked.model_dump(exclude={"page", "per_page", "format", "full", "full_service"})
    names.pop("minimal", None)
    postcode, within = names.pop("postcode", None), names.pop("proximity", None)
    near = await located(feed, postcode) if postcode else None
    if within is not None and near is None:
        raise ProximityAlone("Send `postcode` too, or leave `proximity` out")
    return Wanted(collection, near=near, around=near, within=within, **names)


async def located(feed: Reading, postcode: str) -> Located:
    """Where a postcode is. Raises a refusal that says why nobody knows."""
    try:
        found = await locate(feed.locator, postcode)
    except Away:
        raise nobody_tells_where() from None
    if isinstance(found, Located):
        return found
    raise _WHY[found]


def nobody_tells_where() -> Unavailable:
    """The council's own postcodes.io is away."""
    return Unavailable(
        "Nobody can say where that is now; try again, or ask without a place",
        headers={"Retry-After": "30"},
    )


async def listed(request: Request, feed: Reading, collection: str, asked: Asked) -> Response:
    """A list: one page of it, or every line."""
    what, form = await wanted(feed, collection, asked), asked.form()
    if asked.format == "ndjson":
        sheet = await reading.standing(feed, what, form)
        if response := unchanged(request, sheet):
            return response
        lines = reading.lines(feed, what, form)
        first = await anext(lines, "")  # a connection is there before anything is promised
        return Lines(first, lines, headers=_known_by(request, sheet))
    if getattr(asked, "full_service", False):
        return told(request, await reading.page_with_services(feed, what, form, asked.at()))
    return told(request, await reading.page(feed, what, form, asked.at()))


def told(request: Request, sheet: Sheet | None) -> Response:
    """An answer, or 304 for who has it. Raises NotFound where there is none."""
    if sheet is None:
        raise NotFound("Look for it in the list")
    if response := unchanged(request, sheet):
        return response
    return Response(sheet.body, media_type="application/json", headers=_known_by(request, sheet))


def _known_by(request: Request, sheet: Sheet) -> dict[str, str]:
    """What is asked in a body is private, and so is its answer."""
    if request.method != "GET":
        return {}
    known = {"ETag": sheet.tag, **_FRESH}
    if sheet.changed is not None:
        known["Last-Modified"] = format_datetime(sheet.changed.astimezone(UTC), usegmt=True)
    return known


def unchanged(request: Request, sheet: Sheet) -> Response | None:
    """304, if the reader says that it has this very answer."""
    if request.method != "GET":
        return None
    if tags := request.headers.get("if-none-match"):
        same = tags.strip() == "*" or _bare(sheet.tag) in {_bare(tag) for tag in tags.split(",")}
    else:
        same = _not_since(request.headers.get("if-modified-since"), sheet.changed)
    if not same:
        return None
    return Response(status_code=304, headers=_known_by(request, sheet) | _COMPRESSED_OR_NOT)


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def _not_since(said: str | None, changed: datetime | None) -> bool:
    """Whether nothing changed since; a date that nobody can read is not heeded (RFC 9110)."""
    if said is None or changed is None:
        return False
    try:
        since = parsedate_to_datetime(said)
    except ValueError:
        return False
    since = since if since.tzinfo else since.replace(tzinfo=UTC)
    return changed.replace(microsecond=0) <= since


class _TakesNothing(Exception):
    """The reader has taken no lines for too long."""


class Lines(StreamingResponse):
    """A line for each object, sent as fast as they are read and no faster."""

    media_type = LINES

    def __init__(
        self, first: str, rest: AsyncGenerator[str, None], headers: dict[str, str]
    ) -> None:
        self._rest = rest
        super().__init__(_both(first, rest), headers=headers)

    async def stream_response(self, send: Send) -> None:
        """Who reads nothing for a while gives its connection to the database back."""

        async def in_time(message: Message) -> None:
            try:
                async with asyncio.timeout(_SLOWEST):
                    await send(message)
            except TimeoutError as late:
                raise _TakesNothing from late

        try:
            await super().stream_response(in_time)
        except _TakesNothing:
            # No fault of ours. The last line is never promised, so nobody takes it for the whole.
            log.info("cut off", reason="takes no lines")
        finally:
            await self._rest.aclose()


async def _both(first: str, rest: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    yield first
    async for some in rest:
        yield some


def described(shape: dict[str, Any], *, lines: bool = False) -> dict[str, Any]:
    """A route's answers, for the document."""
    content: dict[str, Any] = {"application/json": {"schema": shape}}
    if lines:
        content[LINES] = {"schema": {"type": "string"}}
    return {
        "response_class": Response,
        "responses": {
            200: {"description": "As Open Referral has it", "content": content},
            304: {"description": "As the reader has it already"},
        },
    }


NEAR = problems(NotAPostcode, PostcodeUnknown, ProximityAlone, Unavailable)
NOT_THERE = problems(NotFound)
