"""Who may call what: the permission of an operation is the type of its `caller`."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from services.referral.actions.desk import Desk
from shared.auth import Caller, Role, Scope, requires

FRONT_DOOR = frozenset({Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER})

ReferringWorker = Annotated[Caller, requires(Scope.REFERRALS_WRITE, frozenset({Role.REFERRER}))]
"""A worker who may refer a family, for an agency that may write."""

ReadingWorker = Annotated[Caller, requires(Scope.REFERRALS_READ, FRONT_DOOR | {Role.REFERRER})]
"""A worker who may look; at what, the referral's relationship to the agency decides."""

FrontDoorWorker = Annotated[Caller, requires(Scope.REFERRALS_DECIDE, FRONT_DOOR)]
"""A worker of the front door."""


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


async def _now() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(_now)]
