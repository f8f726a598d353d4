"""A referral: ids, codes and clocks, without the family's words, and who is who towards it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from pydantic import HttpUrl

from services.referral.domain.clocks import ClockState, Moment, clocks_of
from services.referral.domain.lifecycle import ENDS, FRONT_DOOR, OFFERED
from shared.auth import AgencyKind, Caller, Role
from shared.authority import Authority
from shared.contracts.lifecycle import Action, Decision, Status, Urgency

_DESKS = UUID("5f0c2d0e-7f0a-5c8e-9a55-3c1d6a0b9e41")
_ENDING = frozenset({Decision.ADVICE, Decision.NO_FURTHER_ACTION})


@dataclass(frozen=True, kw_only=True)
class Referral:
    """One referral as it stands. `version` is its ETag."""

    id: UUID
    reference: str
    url: str
    authority: str
    status: Status
    version: int
    urgency: Urgency
    referring_agency_id: UUID
    referring_worker_id: UUID | None
    """Nobody where the family has asked for itself."""
    holding_agency_id: UUID
    """Who holds the family; never empty: the referrer, until another agency accepts."""
    submitted_at: datetime
    clocks: tuple[ClockState, ...]
    need_groups: tuple[str, ...]
    front_door_agency_id: UUID | None = None
    """The front door that saw it, and to which it returns when a receiver declines."""
    offered_to_agency_id: UUID | None = None
    """The agency whose answer is awaited."""
    assigned_worker_id: UUID | None = None
    lead_professional_id: UUID | None = None
    lead_professional_agency_id: UUID | None = None
    """For which agency the lead professional works; it may be another than the one that holds."""
    area: str | None = None
    hub: str | None = None
    level_referrer: str | None = None
    level_suggested: str | None = None
    level_front_door: str | None = None
    decision: Decision | None = None
    decided_at: datetime | None = None
    assessment_id: UUID | None = None
    assessed_at: datetime | None = None
    panel: str | None = None
    panel_at: datetime | None = None
    accepted_at: datetime | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    withdrawal_reason: str | None = None
    resumes_to: Status | None = None
    """The status that a hold interrupts."""
    urgent_since: datetime | None = None
    """When it became urgent: what is not acknowledged in time from here on is escalated."""
    escalated_at: datetime | None = None
    earlier_referral_id: UUID | None = None
    requested_service_id: UUID | None = None
    """The service of the directory that the referrer asks for."""
    requested_service_name: str | None = None
    """As the directory called it then; unknown where the directory was away."""
    requested_agency_id: UUID | None = None
    """The agency of this authority that gives it, if one is known."""

    def roles_of(self, caller: Caller) -> frozenset[Role]:
        """The caller's roles towards this referral; none: it may not even know that it exists."""
        if caller.authority != self.authority:
            return frozenset()
        seen: set[Role] = set()
        if caller.agency_kind is AgencyKind.FRONT_DOOR:
            seen |= FRONT_DOOR | {Role.PANEL_CHAIR}
        elif self.status is Status.AWAITING_PANEL:
            seen.add(Role.PANEL_CHAIR)
        if caller.agency_id == self.referring_agency_id:
            seen.add(Role.REFERRER)
        if caller.agency_id == self.receiver():
            seen.add(Role.RECEIVING_WORKER)
        if self.accepted_at and caller.worker_id == self.lead_professional_id:
            seen.add(Role.LEAD_PROFESSIONAL)
        return caller.roles & seen

    def receiver(self) -> UUID | None:
        """The agency that takes the family over: asked, or holding it since it accepted."""
        if self.status in OFFERED:
            return self.offered_to_agency_id
        return self.holding_agency_id if self.accepted_at else None

    def is_over(self) -> bool:
        """Whether nothing follows: a new referral for the same child is then no duplicate."""
        return is_over(self.status, self.decision)

    def named(self) -> dict[str, Any]:
        """What every fact about it says."""
        url = HttpUrl(self.url)
        return {"referral_id": self.id, "detail_url": url, "authority": self.authority}

    def concerned(self) -> set[UUID]:
        """The agencies that hear what happens to it."""
        about = {self.referring_agency_id, self.holding_agency_id, self.offered_to_agency_id}
        if self.accepted_at:
            about.add(self.lead_professional_agency_id)
        return {agency_id for agency_id in about if agency_id}

    def reckoned(self, moments: Sequence[Moment], council: Authority) -> "Referral":
        """The same with its clocks as its history tells them."""
        clocks = clocks_of(moments, council.clocks, council.calendar, self.clocks)
        return replace(self, clocks=clocks)


def desk_of(authority: str) -> UUID:
    """As whom the front door of an authority hears everything there, whichever agency it is."""
    return uuid5(_DESKS, authority)


def is_over(status: Status, decision: str | None) -> bool:
    """An end, or a decision after which nothing follows."""
    return status in ENDS or (status is Status.DECIDED and decision in _ENDING)


def moment(at: datetime, action: str, status: Status, code: str | None) -> Moment:
    """An entry of the history as the clocks read it: a decision that ends all is an end."""
    return Moment(at, action, status, ends=action == Action.DECIDE and is_over(status, code))
