"""The feed: how an agency without Kafka is told what happened to its referrals."""

from uuid import UUID

from fastapi import APIRouter

from services.referral.domain.referral import desk_of
from shared.auth import AgencyKind, Caller
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

router = APIRouter(prefix="/api/v1/events", tags=["Events"])


def _concerns(caller: Caller, agency_id: UUID) -> UUID:
    """A front door hears everything of its authority, and nothing of any other."""
    if caller.agency_kind is AgencyKind.FRONT_DOOR and caller.authority:
        return desk_of(caller.authority)
    return agency_id


@router.get("", response_class=Batch, response_model=list[CloudEvent], responses=ANSWERS)
async def read_events(caller: ReadingClient, feed: TheFeed, asked: Asked) -> Batch:
    """What happened to the referrals that concern this agency, oldest first.

    Follow the Link header: an event can come twice (know it by its `id`), and none is left out.
    `timeout` is how many seconds to wait where there is nothing new.
    """
    agency = agency_of(caller)
    return await answer(feed, router.prefix, agency, asked, concerns=[_concerns(caller, agency)])
