"""A referral's way over HTTP: each step is a POST with the version that the caller saw."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.referral.actions import deciding
from services.referral.domain.lifecycle import NotAllowedNow
from services.referral.domain.referral import FrontDoorDecision, Referral, Withdrawal
from services.referral.routes.answers import Summary
from services.referral.routes.callers import AtDesk, FrontDoorWorker, Now, ReferringWorker
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IfMatch

_STEP = problems(ActingWorkerMissing, NotFound, NotAllowedNow, Stale, PreconditionRequired)

router = APIRouter(prefix="/api/v1/referrals/{referral_id}", tags=["The way of a referral"])


def _answer(moved: Referral, response: Response) -> Summary:
    response.headers["ETag"] = f'"{moved.version}"'
    return Summary.of(moved)


@router.post("/acknowledgement", response_model_exclude_none=True, responses=_STEP)
async def acknowledge_a_referral(
    caller: FrontDoorWorker,
    referral_id: UUID,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> Summary:
    """The front door has seen the referral."""
    moved = await deciding.acknowledge(desk, referral_id, by=caller, version=version, now=now)
    return _answer(moved, response)


@router.post("/triage", response_model_exclude_none=True, responses=_STEP)
async def triage_a_referral(
    caller: FrontDoorWorker,
    referral_id: UUID,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> Summary:
    """A front-door worker begins to weigh the referral."""
    moved = await deciding.triage(desk, referral_id, by=caller, version=version, now=now)
    return _answer(moved, response)


@router.post("/decision", response_model_exclude_none=True, responses=_STEP)
async def decide_a_referral(
    caller: FrontDoorWorker,
    referral_id: UUID,
    decision: FrontDoorDecision,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> Summary:
    """Early help, advice, step up, or no further action with where the family can go instead."""
    moved = await deciding.decide(desk, referral_id, decision, by=caller, version=version, now=now)
    return _answer(moved, response)


@router.post("/withdrawal", response_model_exclude_none=True, responses=_STEP)
async def withdraw_a_referral(
    caller: ReferringWorker,
    referral_id: UUID,
    withdrawal: Withdrawal,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> Summary:
    """The referrer takes the referral back before it is decided."""
    moved = await deciding.withdraw(
        desk, referral_id, withdrawal, by=caller, version=version, now=now
    )
    return _answer(moved, response)
