"""The answer to an access request, over HTTP: as JSON, and as a PDF that a person can read."""

import asyncio
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime

from services.consent.actions import exporting
from services.consent.domain.access_requests import (
    ChildDoesNotWish,
    ChildNotAsked,
    Exemption,
    ExemptionGround,
)
from services.consent.domain.exports import ELSEWHERE, Export, Recipient
from services.consent.routes.access_answers import AccessRequestOut
from services.consent.routes.callers import Now
from services.consent.routes.consents import ConsentOut
from services.consent.routes.desk import Answer, AtDesk, ReadingLead
from services.consent.routes.involvements import InvolvementOut
from services.consent.routes.looks import LookOut
from services.consent.routes.overrides import OverrideOut
from services.consent.routes.pdf import written
from services.consent.routes.refusals import RefusalOut
from shared.auth import Caller
from shared.errors import ActingWorkerMissing, NotFound, problems

router = APIRouter(prefix="/api/v1/access-requests", tags=["Access requests"])
_REFUSED = problems(ActingWorkerMissing, NotFound, ChildNotAsked, ChildDoesNotWish)


class AgencyNamed(Answer):
    """An agency, and what it is called."""

    agency_id: UUID
    agency: str | None = None


class RecipientOut(AgencyNamed):
    """Who was shown what, for which purposes, from when until when."""

    purposes: list[str]
    categories: list[str]
    first: AwareDatetime
    last: AwareDatetime

    @classmethod
    def of(cls, one: Recipient, name: str | None) -> Self:
        return cls(
            agency_id=one.agency,
            agency=name,
            purposes=list(one.purposes),
            categories=list(one.categories),
            first=one.first,
            last=one.last,
        )


class Withheld(Answer):
    """Something is kept out, on this ground, on this worker's decision."""

    ground: ExemptionGround
    decided_by: UUID
    decided_at: AwareDatetime

    @classmethod
    def of(cls, one: Exemption) -> Self:
        return cls(ground=one.ground, decided_by=one.decided_by, decided_at=one.decided_at)


class Elsewhere(Answer):
    """What this hub holds in another place."""

    where: str
    what: str


class ExportOut(Answer):
    """What the consent service holds of one person, to be handed over."""

    made_at: AwareDatetime
    controller: str
    """The council that answers for it."""
    request: AccessRequestOut
    recipients: list[RecipientOut]
    sources: list[AgencyNamed]
    """Who has recorded something about the person."""
    looks: list[LookOut]
    consents: list[ConsentOut]
    overrides: list[OverrideOut]
    refusals: list[RefusalOut]
    involvements: list[InvolvementOut]
    withheld: list[Withheld]
    elsewhere: list[Elsewhere]

    @classmethod
    def of(cls, found: Export, caller: Caller, controller: str) -> Self:
        held, names, at = found.held, found.names, found.at
        return cls(
            made_at=at,
            controller=controller,
            request=AccessRequestOut.of(found.request, at),
            recipients=[RecipientOut.of(one, names.get(one.agency)) for one in found.recipients],
            sources=[AgencyNamed(agency_id=one, agency=names.get(one)) for one in found.sources],
            looks=[
                LookOut.of(one, agency=names.get(one.agency) if one.agency else None)
                for one in held.looks
            ],
            consents=[ConsentOut.of(one, caller, at, whole=True) for one in held.consents],
            overrides=[OverrideOut.of(one, at) for one in held.overrides],
            refusals=[RefusalOut.of(one, at) for one in held.refusals],
            involvements=[InvolvementOut.of(one) for one in held.involvements],
            withheld=[Withheld.of(one) for one in found.withheld],
            elsewhere=[Elsewhere(where=where, what=what) for where, what in ELSEWHERE.items()],
        )


async def _made(caller: ReadingLead, request_id: UUID, desk: AtDesk, now: Now) -> ExportOut:
    found = await exporting.made(desk, request_id, by=caller, now=now)
    return ExportOut.of(found, caller, desk.authorities.of(caller.authority).name)


Made = Annotated[ExportOut, Depends(_made)]


@router.get("/{request_id}/export", response_model_exclude_none=True, responses=_REFUSED)
async def export_what_is_held(made: Made) -> ExportOut:
    """Recipients, purposes, sources, who looked, consents, overrides and refusals, as JSON.

    What other services hold is not in it: `elsewhere` says where that is found.
    """
    return made


class Pdf(Response):
    """A document to print."""

    media_type = "application/pdf"


@router.get("/{request_id}/export/document", response_class=Pdf, responses=_REFUSED)
async def print_what_is_held(made: Made) -> Pdf:
    """The same as a PDF, in words that people read."""
    document: Any = await asyncio.to_thread(written, made.model_dump(mode="json"))
    name = f"what-is-held-{made.made_at.date()}.pdf"
    return Pdf(document, headers={"Content-Disposition": f'attachment; filename="{name}"'})
