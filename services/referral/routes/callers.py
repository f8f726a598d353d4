"""Who may call what: the permission of an operation is the type of its `caller`."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from services.referral.actions.desk import Desk
from services.referral.actions.sharing import Looking
from services.referral.clients.consent import Asker
from services.referral.domain.lifecycle import PANEL, RECEIVERS
from services.referral.domain.seeing import SharingNotDecided
from shared.auth import Caller, Role, Scope, requires
from shared.entry import bearer
from shared.errors import ActingWorkerMissing, PurposeMissing
from shared.http import StatedPurpose

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


LOOKS = (ActingWorkerMissing, PurposeMissing, SharingNotDecided)
"""What every look at a referral may be refused with."""


async def _looking(
    caller: ReadingWorker, purpose: StatedPurpose, request: Request, now: Now
) -> Looking:
    return Looking(caller, Asker(bearer(dict(request.scope["headers"])), purpose), now)


async def _token(request: Request) -> str:
    return bearer(dict(request.scope["headers"]))


Token = Annotated[str, Depends(_token)]
"""The caller's internal token, with which others are asked for it."""

Look = Annotated[Looking, Depends(_looking)]
"""A worker who looks, what for, and the internal token by which others are asked for it."""
