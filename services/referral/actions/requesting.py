"""A service that a referral names: the directory is asked about it before anything is written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from services.referral.actions.desk import Desk, Done, records
from services.referral.clients.directory import DirectoryAway, Service
from services.referral.domain.referral import Referral
from services.referral.domain.requesting import Requested, straight, why_front_door
from services.referral.domain.submission import Submission
from services.referral.store import agencies
from shared.auth import Caller, Role
from shared.authority import Authority, GoTo
from shared.contracts.lifecycle import Action
from shared.errors import Unprocessable
from shared.rows import Row

SETTING = Caller("requested_services", roles=frozenset({Role.SYSTEM}))
"""Who sends a referral straight to an agency: the authority's setting of this name, and nobody."""
_POINTER = "/requested_service_id"


async def told_of(desk: Desk, service_id: UUID | None, token: str) -> Service | None:
    """What the directory tells of the service; None where none is named, or it does not answer.

    Raises Unprocessable for a service to which nobody can be referred.
    """
    if service_id is None:
        return None
    try:
        found = await desk.directory.service(service_id, token)
    except DirectoryAway:
        return None
    if found is None:
        raise Unprocessable(
            "The directory shows no service with this id: look for another, or leave it out and "
            "the front door finds who can help",
            pointer=_POINTER,
        )
    if not found.takes_referrals:
        raise Unprocessable(
            "This service takes no referrals: tell the family how to ask for it, or leave it out "
            "and the front door finds who can help",
            pointer=_POINTER,
        )
    return found


async def known(
    connection: AsyncConnection, service_id: UUID, told: Service | None, authority: str
) -> Requested:
    """The service with the agency of this authority that gives it, and who would take it back."""
    more: dict[str, Any] = {}
    agency_id = told.agency_id if told else None
    if agency_id and (asked := await agencies.asked(connection, agency_id, authority)):
        more = {
            "agency_id": agency_id,
            "agency_kind": asked.kind,
            "has_receivers": await agencies.has_receivers(connection, agency_id),
            "front_door": await agencies.front_door_of(connection, authority),
        }
    return Requested(service_id=service_id, name=told.name if told else None, **more)


@dataclass(frozen=True)
class Routed:
    """Where a new referral goes, and what is written and answered of that."""

    referral: Referral
    rows: list[Row | SQLModel] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)


def routed(
    desk: Desk,
    new: Referral,
    submission: Submission,
    requested: Requested | None,
    council: Authority,
    now: datetime,
) -> Routed:
    """To the front door, or straight to the agency that gives the service it names."""
    if requested is None:
        return Routed(new)
    told: dict[str, Any] = {"id": str(requested.service_id), "name": requested.name}
    if why := why_front_door(new, submission, requested, council):
        told |= {"goes_to": GoTo.FRONT_DOOR, "because": why}
        return Routed(new, told={"requested_service": told})
    moved, event = straight(new, requested, council, now)
    words = {
        "agency_id": str(requested.agency_id),
        "note": "The referrer asked for this service, and the authority's setting "
        "requested_services sends such referrals straight to its agency",
    }
    done = Done(Action.ALLOCATE, SETTING, now, words=words)
    told |= {"goes_to": GoTo.AGENCY, "because": None}
    return Routed(
        moved,
        records(desk, moved, [event], done, new),
        {"requested_service": told, "version": moved.version, "decision_due": None},
    )
