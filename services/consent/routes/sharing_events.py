"""The feed of what was said and decided about sharing, and of the audit log's checkpoints."""

from fastapi import APIRouter

from services.consent.domain.checkpoints import WITNESSES
from shared.auth import Scope
from shared.feed_http import (
    ANSWERS,
    Asked,
    Batch,
    CloudEvent,
    ReadingClient,
    TheFeed,
    agency_of,
    answer,
)

router = APIRouter(prefix="/api/v1/sharing-events", tags=["Events"])


@router.get("", response_class=Batch, response_model=list[CloudEvent], responses=ANSWERS)
async def read_sharing_events(caller: ReadingClient, feed: TheFeed, asked: Asked) -> Batch:
    """What was said and decided about sharing that concerns this agency, oldest first.

    Whom a consent names hears that it was withdrawn, who has received what was wrong that it was
    put right, and the council of overrides, claims, requests and complaints. A client with the
    scope `audit:verify` is a witness, and hears each checkpoint of the audit log.

    Read it like `GET /api/v1/events`: follow the Link header, know an event by its `id`.
    """
    agency = agency_of(caller)
    witness = {WITNESSES} if Scope.AUDIT_VERIFY in caller.scopes else set()
    return await answer(feed, router.prefix, agency, asked, concerns={agency, *witness})
