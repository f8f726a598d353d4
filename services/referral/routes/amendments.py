"""What was sent is put right: parts, people, and the change log of it all."""

from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.referral.actions import amending, linking
from services.referral.actions.amending import Amending
from services.referral.actions.submitting import OpenReferralExists
from services.referral.domain.amendments import AMENDING, Addition, Amendment, Correction
from services.referral.domain.earlier import EarlierReferral
from services.referral.domain.lifecycle import NotAllowedNow
from services.referral.domain.referral import Referral
from services.referral.routes.answers import DONE, Emergency, Moved
from services.referral.routes.callers import LOOKS, AtDesk, Look, Now
from services.referral.routes.changes import OF_LINES, ChangeLog
from shared.auth import Caller, Scope, requires
from shared.contracts.lifecycle import Urgency
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IfMatch

_CHANGE = problems(ActingWorkerMissing, NotFound, NotAllowedNow, Stale, PreconditionRequired)
_PERSON = problems(
    ActingWorkerMissing, NotFound, NotAllowedNow, OpenReferralExists, Stale, PreconditionRequired
)

router = APIRouter(prefix="/api/v1/referrals/{referral_id}", tags=["Amendments after sending"])

AmendingWorker = Annotated[Caller, requires(Scope.REFERRALS_WRITE, AMENDING)]
"""The front door, or a referrer; of which agency, the referral's relationship to it decides."""


async def _amending(
    caller: AmendingWorker, referral_id: UUID, version: IfMatch, desk: AtDesk, now: Now
) -> Amending:
    return Amending(desk, referral_id, caller, version, now)


Here = Annotated[Amending, Depends(_amending)]


class Amended(Moved):
    """What the amendment was; where a child is in danger, what to do now."""

    about_nobody: ClassVar[str] = DONE
    person_id: UUID | None = None
    """Of somebody who was added."""
    emergency: Emergency | None = None

    @classmethod
    def after(cls, moved: Referral, here: Amending, response: Response, **more: Any) -> Self:
        response.headers["ETag"] = f'"{moved.version}"'
        council = here.desk.council(here.by)
        urgent = moved.urgency is Urgency.URGENT
        emergency = Emergency.of(council, here.now) if urgent else None
        return cls.of(moved, council, here.now, emergency=emergency, **more)


@router.post("/amendments", response_model_exclude_none=True, responses=_CHANGE)
async def amend_a_referral(here: Here, amendment: Amendment, response: Response) -> Amended:
    """Say one part anew, with the reason. Immediate danger makes the referral urgent."""
    return Amended.after(await amending.amend(here, amendment), here, response)


@router.get("/amendments", response_model_exclude_none=True, responses=problems(*LOOKS, NotFound))
async def amendments_of_a_referral(look: Look, referral_id: UUID, desk: AtDesk) -> ChangeLog:
    """The change log, of it what may leave to the caller for this purpose."""
    found = await amending.changes(desk, referral_id, look, OF_LINES)
    return ChangeLog.of(found)


@router.post("/people", status_code=201, response_model_exclude_none=True, responses=_PERSON)
async def add_a_person(here: Here, addition: Addition, response: Response) -> Amended:
    """Add somebody who was forgotten, with the reason."""
    moved, person_id = await amending.add_person(here, addition)
    return Amended.after(moved, here, response, person_id=person_id)


@router.post("/people/{person_id}/corrections", response_model_exclude_none=True, responses=_PERSON)
async def correct_a_person(
    here: Here, person_id: UUID, correction: Correction, response: Response
) -> Amended:
    """Put a person's data right, with the reason; only what `changes` names is changed."""
    return Amended.after(await amending.correct(here, person_id, correction), here, response)


@router.post("/earlier", response_model_exclude_none=True, responses=_CHANGE)
async def link_an_earlier_referral(
    here: Here, earlier: EarlierReferral, response: Response
) -> Amended:
    """Say that the family was referred before: by the reference of a referral you may see."""
    return Amended.after(await linking.link(here, earlier), here, response)
