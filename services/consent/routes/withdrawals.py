"""What a withdrawal would change, over HTTP: told to the person before it withdraws."""

from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime

from services.consent.actions import withdrawing
from services.consent.actions.withdrawing import Consequences, Part
from services.consent.routes.callers import Now
from services.consent.routes.decisions import Ground
from services.consent.routes.desk import Answer, AskingWorker, AtDesk
from shared.errors import ActingWorkerMissing, NotFound, problems

router = APIRouter(prefix="/api/v1/consents", tags=["Consents"])


class PartOut(Answer):
    """What one agency may see for one purpose, and what that rests on."""

    agency_id: UUID
    agency: str | None = None
    purpose: str
    answers: list[Ground]

    @classmethod
    def of(cls, part: Part, found: Consequences) -> Self:
        return cls(
            agency_id=part.agency,
            agency=found.names.get(part.agency),
            purpose=part.purpose,
            answers=[Ground.of(one) for one in part.answers],
        )


class PastRecipient(Answer):
    """An agency that was shown something on this consent, and is told of the withdrawal."""

    agency_id: UUID
    agency: str | None = None
    last: AwareDatetime
    audit_index: int


class WithdrawalPreview(Answer):
    """Tell the person this before it withdraws: what would still be shared, and why."""

    consent_id: UUID
    ends: list[PartOut]
    stays: list[PartOut]
    """On another basis than this consent."""
    past_recipients: list[PastRecipient]


@router.get(
    "/{consent_id}/withdrawal",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def preview_a_withdrawal(
    caller: AskingWorker, consent_id: UUID, desk: AtDesk, now: Now
) -> WithdrawalPreview:
    """What would end, what would stay on another basis, and who has received something on it."""
    found = await withdrawing.consequences(desk, consent_id, by=caller, now=now)
    return WithdrawalPreview(
        consent_id=consent_id,
        ends=[PartOut.of(one, found) for one in found.ends],
        stays=[PartOut.of(one, found) for one in found.stays],
        past_recipients=[
            PastRecipient(
                agency_id=one.agency,
                agency=found.names.get(one.agency),
                last=one.last,
                audit_index=one.index,
            )
            for one in found.recipients
        ],
    )
