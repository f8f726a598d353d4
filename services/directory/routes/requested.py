"""What the referral service asks of a service that a referral names; no door leads here."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter

from services.directory.actions import referring
from services.directory.routes.callers import Answer, AtDesk
from shared.auth import Caller, Role, Scope, requires
from shared.errors import NotFound, problems

router = APIRouter(prefix="/api/v1/directory/requested-services", tags=["Directory: referrals"])

Referrer = Annotated[Caller, requires(Scope.REFERRALS_WRITE, frozenset({Role.REFERRER}))]
"""Whoever is referring a family; the referral service asks with its token."""


class RequestedServiceOut(Answer):
    """A service that is published, and who gives it."""

    id: UUID
    name: str
    takes_referrals: bool
    agency_id: UUID | None = None
    """The partner that looks after its organization's entries."""

    @classmethod
    def of(cls, found: referring.Known) -> Self:
        one = found.service
        return cls(
            id=one.id,
            name=one.name,
            takes_referrals=one.takes_referrals,
            agency_id=found.agency_id,
        )


@router.get("/{service_id}", response_model_exclude_none=True, responses=problems(NotFound))
async def a_service_that_a_referral_names(
    _: Referrer, service_id: UUID, desk: AtDesk
) -> RequestedServiceOut:
    """Whether a family can be referred to it, and which agency gives it, if one is known."""
    found = await referring.published(desk, service_id)
    if found is None:
        raise NotFound("No service with this id is published")
    return RequestedServiceOut.of(found)
