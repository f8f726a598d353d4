"""Referrals over HTTP: refer, look, and the history and possible actions of one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response

from services.referral.actions import looking, submitting
from services.referral.actions.submitting import OpenReferralExists
from services.referral.domain.submission import Submission
from services.referral.routes.answers import Receipt, etag_of
from services.referral.routes.callers import LOOKS, AtDesk, Look, Now, ReferringWorker, Token
from services.referral.routes.details import Actions, Entry, History, ReferralOut
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
from shared.minimise import categories

router = APIRouter(prefix="/api/v1/referrals", tags=["Referrals"])

_ONE = problems(*LOOKS, NotFound)
_OF_ONE, _OF_ENTRIES, _OF_ACTIONS = categories(ReferralOut), categories(Entry), categories(Actions)


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
    token: Token,
    now: Now,
) -> Receipt:
    """Refer a family, to the front door or for a service of the directory that is named. Sending it
    again with the same key is safe.
    """
    worker = str(caller.worker_id).encode()
    once = Once.of(caller.client_id, key, b"referral.submit", worker, await request.body())
    receipt = await submitting.submit(desk, submission, by=caller, once=once, token=token, now=now)
    taken = Receipt.of(receipt, desk.council(caller), now)
    response.headers["Location"] = taken.links.self
    response.headers["ETag"] = etag_of(receipt)
    return taken


@router.get("/{referral_id}", response_model_exclude_none=True, responses=_ONE)
async def look_at_a_referral(
    look: Look, referral_id: UUID, response: Response, desk: AtDesk
) -> ReferralOut:
    """One referral, of it what may leave to the caller for this purpose."""
    seen = await looking.look(desk, referral_id, look, _OF_ONE)
    if seen.is_known:
        response.headers["ETag"] = f'"{seen.referral.version}"'
    return ReferralOut.of_seen(seen, desk.council(look.by), look.now)


@router.get("/{referral_id}/history", response_model_exclude_none=True, responses=_ONE)
async def history_of_a_referral(look: Look, referral_id: UUID, desk: AtDesk) -> History:
    """What happened to a referral, in order."""
    return History.of(await looking.history(desk, referral_id, look, _OF_ENTRIES))


@router.get("/{referral_id}/actions", response_model_exclude_none=True, responses=_ONE)
async def possible_actions(
    look: Look, referral_id: UUID, response: Response, desk: AtDesk
) -> Actions:
    """What the caller may do with a referral now, and what is needed for it."""
    found = await looking.actions(desk, referral_id, look, _OF_ACTIONS)
    if found.is_known:
        response.headers["ETag"] = f'"{found.referral.version}"'
    return Actions.of(found, look.by)
