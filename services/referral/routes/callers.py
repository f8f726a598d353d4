"""Who may call what: the permission of an operation is the type of its `caller`."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from services.referral.actions.desk import Desk
from services.referral.domain.lifecycle import PANEL, RECEIVERS
from shared.auth import Caller, Role, Scope, requires

_READERS = PANEL | RECEIVERS | {Role.REFERRER}

ReferringWorker = Annotated[Caller, requires(Scope.REFERRALS_WRITE, frozenset({Role.REFERRER}))]
"""A worker who may refer a family, for an agency that may write."""

ReadingWorker = Annotated[Caller, requires(Scope.REFERRALS_READ, _READERS)]
"""A worker who may look; at what, the referral's relationship to the agency decides."""


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


async def _now() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(_now)]
