"""A feed over HTTP: what a service's own route for it is made of."""

from collections.abc import Collection
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.auth import Caller, Scope, requires
from shared.cursor import CursorUnknown
from shared.errors import Forbidden, problems
from shared.feed import LARGEST_PAGE, LONGEST_WAIT, MEDIA_TYPE, EventsGone, Feed

ReadingClient = Annotated[Caller, requires(Scope.EVENTS_READ, worker=False)]
"""A client that may read the feed; it holds no personal data, so no worker need be named."""


async def _feed(request: Request) -> Feed:
    feed: Feed = request.app.state.feed
    return feed


TheFeed = Annotated[Feed, Depends(_feed)]


class CloudEvent(BaseModel):
    """One event (CloudEvents 1.0). What `data` holds is described at /asyncapi.json by `type`."""

    about_nobody: ClassVar[str] = "events are thin: ids and codes, for whom they concern"
    model_config = ConfigDict(extra="allow")

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"]
    data: dict[str, Any]


class Batch(JSONResponse):
    """JSON that is written already; of this class, so that OpenAPI shows its schema."""

    media_type = MEDIA_TYPE

    def render(self, content: bytes) -> bytes:
        return content


class Part(BaseModel):
    """Which part of the feed is asked for."""

    cursor: Annotated[
        str | None,
        Field(
            max_length=200,
            description="As the Link header gave it; without one, from the oldest event kept",
        ),
    ] = None
    timeout: Annotated[
        int, Field(ge=0, le=LONGEST_WAIT, description="Seconds to wait for the first event")
    ] = 0
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="Events on a page")] = 100


Asked = Annotated[Part, Query()]
_LINK = {"description": 'The next page, `rel="next"`', "schema": {"type": "string"}}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"Link": _LINK}},
    **problems(Forbidden, CursorUnknown, EventsGone),
}


def agency_of(caller: Caller) -> UUID:
    """Whose feed it is. Raises Forbidden."""
    if caller.agency_id is None:
        raise Forbidden("Only the clients of an agency have a feed")
    return caller.agency_id


async def answer(
    feed: Feed, path: str, agency: UUID, asked: Part, *, concerns: Collection[UUID]
) -> Batch:
    """The part of the feed at `path` that was asked for, with the link that leads on.

    Raises CursorUnknown, EventsGone.
    """
    wait, limit = asked.timeout, asked.limit
    page = await feed.page(agency, concerns=concerns, cursor=asked.cursor, wait=wait, limit=limit)
    query = urlencode({"cursor": page.cursor, "timeout": wait, "limit": limit})
    return Batch(page.batch(), headers={"Link": f'<{path}?{query}>; rel="next"'})
