"""The feed: how an agency without Kafka is told what happened to its referrals."""

from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.referral.domain.referral import desk_of
from shared.auth import AgencyKind, Caller, Scope, requires
from shared.cursor import CursorUnknown
from shared.errors import Forbidden, problems
from shared.feed import LARGEST_PAGE, LONGEST_WAIT, MEDIA_TYPE, EventsGone, Feed

router = APIRouter(prefix="/api/v1/events", tags=["Events"])

ReadingClient = Annotated[Caller, requires(Scope.EVENTS_READ, worker=False)]
"""A client that may read the feed; it holds no personal data, so no worker need be named."""


async def _feed(request: Request) -> Feed:
    feed: Feed = request.app.state.feed
    return feed


def _concerns(caller: Caller, agency_id: UUID) -> UUID:
    """A front door hears everything of its authority, and nothing of any other."""
    if caller.agency_kind is AgencyKind.FRONT_DOOR and caller.authority:
        return desk_of(caller.authority)
    return agency_id


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


_CURSOR = "As the Link header gave it; without one, from the oldest event kept"
_WAIT = "Seconds to wait for the first event"
_LINK = {"description": 'The next page, `rel="next"`', "schema": {"type": "string"}}
_ANSWERS: dict[int | str, dict[str, Any]] = {200: {"headers": {"Link": _LINK}}}


@router.get(
    "",
    response_class=Batch,
    response_model=list[CloudEvent],
    responses=_ANSWERS | problems(Forbidden, CursorUnknown, EventsGone),
)
async def read_events(
    caller: ReadingClient,
    feed: Annotated[Feed, Depends(_feed)],
    cursor: Annotated[str | None, Query(max_length=200, description=_CURSOR)] = None,
    wait: Annotated[int, Query(alias="timeout", ge=0, le=LONGEST_WAIT, description=_WAIT)] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Events on a page")] = 100,
) -> Batch:
    """What happened to the referrals that concern this agency, oldest first.

    Follow the Link header: an event can come twice (know it by its `id`), and none is left out.
    `timeout` is how many seconds to wait where there is nothing new.
    """
    if caller.agency_id is None:
        raise Forbidden("Only the clients of an agency have a feed")
    page = await feed.page(
        caller.agency_id,
        concerns=_concerns(caller, caller.agency_id),
        cursor=cursor,
        wait=wait,
        limit=limit,
    )
    query = urlencode({"cursor": page.cursor, "timeout": wait, "limit": limit})
    return Batch(page.batch(), headers={"Link": f'</api/v1/events?{query}>; rel="next"'})
