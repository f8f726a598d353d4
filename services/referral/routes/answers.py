"""What the routes answer: built up field by field from what the caller may see."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.referral.domain.clocks import shown
from services.referral.domain.referral import Referral
from services.referral.domain.seeing import Sight, sight_of
from shared.auth import Caller
from shared.authority import Authority
from shared.calendar import Unit
from shared.contracts.lifecycle import Decision, Status, Urgency

EXAMPLE_REFERENCE = "7KQ4-9XWTM-N"


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Links(Answer):
    """Where to go on; paths on this hub."""

    self: str
    history: str
    actions: str
    events: str = "/api/v1/events"

    @classmethod
    def of(cls, referral_id: UUID) -> Self:
        path = f"/api/v1/referrals/{referral_id}"
        return cls(self=path, history=f"{path}/history", actions=f"{path}/actions")


class Telephone(Answer):
    name: str
    number: str


class Emergency(Answer):
    """What to do now when a child is in danger, and who answers the telephone at this hour."""

    advice: str
    telephone: Telephone

    @classmethod
    def of(cls, authority: Authority, now: datetime) -> Self:
        answering = authority.answers_now(now)
        telephone = Telephone(name=answering.name, number=answering.number)
        return cls(advice=authority.emergency.advice, telephone=telephone)


class Receipt(Answer):
    """The referral was taken: quote the reference, and expect a decision by `decision_due`."""

    id: UUID
    reference: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    status: Status
    urgency: Urgency
    submitted_at: AwareDatetime
    decision_due: AwareDatetime
    emergency: Emergency | None = None
    links: Links

    @classmethod
    def of(cls, receipt: dict[str, Any], authority: Authority, now: datetime) -> Self:
        urgent = receipt["urgency"] == Urgency.URGENT
        return cls(
            **receipt,
            emergency=Emergency.of(authority, now) if urgent else None,
            links=Links.of(UUID(receipt["id"])),
        )


class ClockOut(Answer):
    """A time limit of the authority on this referral, and where its length comes from."""

    clock: str
    """The authority's code of it."""
    state: Literal["due", "near", "overdue", "paused", "met", "ended", "missed"]
    started_at: AwareDatetime
    due: AwareDatetime | None = None
    """Unknown while it is paused."""
    paused: bool
    stopped_at: AwareDatetime | None = None
    left: float | None = None
    """What is left in its unit; negative when it has run out."""
    length: float
    unit: Unit


class Summary(Answer):
    """A referral without the family: ids, codes and clocks."""

    id: UUID
    reference: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    status: Status
    version: int
    urgency: Urgency
    referring_agency_id: UUID
    referring_worker_id: UUID
    holding_agency_id: UUID
    """Who holds the family now."""
    offered_to_agency_id: UUID | None = None
    """The agency that is asked to take the family over, until it has answered."""
    assigned_worker_id: UUID | None = None
    lead_professional_id: UUID | None = None
    submitted_at: AwareDatetime
    area: str | None = None
    hub: str | None = None
    need_groups: list[str]
    level_referrer: str | None = None
    level_suggested: str | None = None
    """The level of need that the answers suggest by the authority's rules; a person decides."""
    level_front_door: str | None = None
    decision: Decision | None = None
    decided_at: AwareDatetime | None = None
    assessment_id: UUID | None = None
    assessed_at: AwareDatetime | None = None
    panel: str | None = None
    panel_at: AwareDatetime | None = None
    accepted_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    outcome: str | None = None
    withdrawal_reason: str | None = None
    resumes_to: Status | None = None
    """While it is on hold: where it goes on."""
    escalated_at: AwareDatetime | None = None
    """For the front door: when nobody had seen it in time."""
    earlier_referral_id: UUID | None = None
    """For the front door: the earlier referral it is linked to."""
    clocks: list[ClockOut]
    links: Links

    @classmethod
    def of(cls, referral: Referral, caller: Caller, council: Authority, now: datetime) -> Self:
        return cls(**state_of(referral, caller, council, now))


_NOT_SHOWN = {"url", "authority", "urgent_since"}
_FRONT_DOOR_ONLY = {"escalated_at", "earlier_referral_id"}


def state_of(
    referral: Referral, caller: Caller, council: Authority, now: datetime
) -> dict[str, Any]:
    """The fields of a Summary, as far as the caller may see them."""
    hidden = _NOT_SHOWN | (set() if sight_of(referral, caller) is Sight.WHOLE else _FRONT_DOOR_ONLY)
    state = {name: value for name, value in vars(referral).items() if name not in hidden}
    clocks = [
        shown(clock, council.clocks[clock.clock], council.calendar, now)
        for clock in referral.clocks
        if clock.clock in council.clocks
    ]
    for clock in clocks:
        del clock["source"]
    return state | {"clocks": clocks, "links": Links.of(referral.id)}
