"""Referrals over HTTP: refer, look, and the history and possible actions of one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response

from services.referral.actions import looking, submitting
from services.referral.actions.submitting import OpenReferralExists
from services.referral.domain.submission import Submission
from services.referral.routes.answers import Receipt, state_of
from services.referral.routes.callers import AtDesk, Now, ReadingWorker, ReferringWorker
from services.referral.routes.details import Actions, History, ReferralOut
from services.referral.routes.example import REFERRAL
from shared.errors import (
    ActingWorkerMissing,
    IdempotencyKeyInFlight,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    NotFound,
    problems,
)
from shared.http import IdempotencyKey
from shared.idempotency import Once

router = APIRouter(prefix="/api/v1/referrals", tags=["Referrals"])

_ONE = problems(ActingWorkerMissing, NotFound)


@router.post(
    "",
    status_code=201,
    response_model_exclude_none=True,
    responses=problems(
        ActingWorkerMissing,
        IdempotencyKeyMissing,
        OpenReferralExists,
        IdempotencyKeyInFlight,
        IdempotencyKeyReused,
    ),
)
async def refer_a_family(
    caller: ReferringWorker,
    submission: Annotated[Submission, Body(openapi_examples={"a family": {"value": REFERRAL}})],
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> Receipt:
    """Refer a family to the front door. Sending it again with the same key is safe."""
    worker = str(caller.worker_id).encode()
    once = Once.of(caller.client_id, key, b"referral.submit", worker, await request.body())
    receipt = await submitting.submit(desk, submission, by=caller, once=once, now=now)
    taken = Receipt.of(receipt, desk.council(caller), now)
    response.headers["Location"] = taken.links.self
    response.headers["ETag"] = '"1"'
    return taken


@router.get("/{referral_id}", response_model_exclude_none=True, responses=_ONE)
async def look_at_a_referral(
    caller: ReadingWorker, referral_id: UUID, response: Response, desk: AtDesk, now: Now
) -> ReferralOut:
    """One referral, as far as the caller may see it."""
    seen = await looking.look(desk, referral_id, by=caller, now=now)
    response.headers["ETag"] = f'"{seen.referral.version}"'
    return ReferralOut.of_seen(seen, state_of(seen.referral, caller, desk.council(caller), now))


@router.get("/{referral_id}/history", response_model_exclude_none=True, responses=_ONE)
async def history_of_a_referral(
    caller: ReadingWorker, referral_id: UUID, desk: AtDesk, now: Now
) -> History:
    """What happened to a referral, in order."""
    return History.of(await looking.history(desk, referral_id, by=caller, now=now))


@router.get("/{referral_id}/actions", response_model_exclude_none=True, responses=_ONE)
async def possible_actions(
    caller: ReadingWorker, referral_id: UUID, response: Response, desk: AtDesk, now: Now
) -> Actions:
    """What the caller may do with a referral now, and what is needed for it."""
    referral, may = await looking.actions(desk, referral_id, by=caller, now=now)
    response.headers["ETag"] = f'"{referral.version}"'
    return Actions.of(referral, may, caller)
