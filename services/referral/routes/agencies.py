"""Whom a family can be given to: the authority's agencies, over HTTP."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from fastapi import APIRouter

from services.referral.actions import knowing
from services.referral.routes.answers import Answer
from services.referral.routes.callers import AtDesk
from services.referral.store.agencies import Partner
from shared.auth import TAKE_OVER, AgencyKind, Caller, Scope, requires

router = APIRouter(prefix="/api/v1/agencies", tags=["Agencies"])

_Anybody = Annotated[Caller, requires(Scope.REFERRALS_READ, worker=False)]
"""Agencies are public, and their workers are told by ids alone: no worker is asked for."""


class AgencyOut(Answer):
    """A partner of the caller's authority."""

    about_nobody: ClassVar[str] = "agencies are public, their workers are ids"
    id: UUID
    name: str
    kind: AgencyKind
    takes_families_over: bool
    """Whether a family can be allocated, stepped up, down or across to it."""
    lead_professionals: list[UUID]
    """Its workers who may be a lead professional; `GET /api/v1/workers/by-id/…` names them."""

    @classmethod
    def of(cls, partner: Partner) -> Self:
        takes = partner.kind in TAKE_OVER
        return cls(**vars(partner), takes_families_over=takes)


class AgenciesOut(Answer):
    items: list[AgencyOut]


@router.get("")
async def agencies_of_the_authority(caller: _Anybody, desk: AtDesk) -> AgenciesOut:
    """The agencies that take part in your authority's hub, by name."""
    council = desk.council(caller)
    partners = await knowing.partners(desk.db, council.id)
    return AgenciesOut(items=[AgencyOut.of(partner) for partner in partners])
