"""What the routes answer about a referral: built up, field by field, of what may leave.

Each field says its category. Answers to writes say what the caller has done, and no more of the
family than it has just sent.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.referral.actions.worklists import Listed
from services.referral.domain.clocks import shown
from services.referral.domain.referral import Referral
from shared.authority import Authority, GoTo
from shared.calendar import Unit
from shared.contracts.lifecycle import Decision, Status, Urgency
from shared.minimise import Of, Open, built

EXAMPLE_REFERENCE = "7KQ4-9XWTM-N"


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


DONE = "says what the caller has just done"
ID = Open("names the referral")
VERSION = Open("the next step names it; for whoever has a role")
REFERRAL, INVOLVEMENT = Of("referral"), Of("involvement")
LEVEL, CONCERNS = Of("needs.level"), Of("narrative.concerns")


class Links(Answer):
    """Where to go on; paths on this hub."""

    about_nobody: ClassVar[str] = "paths made of the id"
    self: str
    history: str
    actions: str
    events: str = "/api/v1/events"

    @classmethod
    def of(cls, referral_id: UUID) -> Self:
        path = f"/api/v1/referrals/{referral_id}"
        return cls(self=path, history=f"{path}/history", actions=f"{path}/actions")


class Telephone(Answer):
    about_nobody: ClassVar[str] = "the authority's own"
    name: str
    number: str


class Emergency(Answer):
    """What to do now when a child is in danger, and who answers the telephone at this hour."""

    about_nobody: ClassVar[str] = "the authority's own"
    advice: str
    telephone: Telephone

    @classmethod
    def of(cls, authority: Authority, now: datetime) -> Self:
        answering = authority.answers_now(now)
        telephone = Telephone(name=answering.name, number=answering.number)
        return cls(advice=authority.emergency.advice, telephone=telephone)


class RequestedService(Answer):
    """What becomes of the wish for a service of the directory."""

    about_nobody: ClassVar[str] = DONE
    id: UUID
    name: str | None = None
    """Unknown where the directory did not answer."""
    goes_to: GoTo
    """`agency`: the agency that gives the service is asked at once; else the front door decides."""
    because: str | None = None
    """Why the front door looks first."""


class Receipt(Answer):
    """The referral was taken: quote the reference, and expect a decision by `decision_due`."""

    about_nobody: ClassVar[str] = DONE
    id: UUID
    reference: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    status: Status
    urgency: Urgency
    submitted_at: AwareDatetime
    decision_due: AwareDatetime | None = None
    """Left out where no decision is awaited: it went straight to a service's agency."""
    requested_service: RequestedService | None = None
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


def etag_of(receipt: dict[str, Any]) -> str:
    """The version of what was just taken: of what went straight to an agency, the second one."""
    version = receipt.get("version", 1)
    return f'"{version}"'


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
    """A referral without the family: ids, codes and clocks, as far as they may leave."""

    id: Annotated[UUID, ID]
    reference: Annotated[str | None, REFERRAL, Field(examples=[EXAMPLE_REFERENCE])] = None
    status: Annotated[Status | None, REFERRAL] = None
    version: Annotated[int | None, VERSION] = None
    urgency: Annotated[Urgency | None, REFERRAL] = None
    referring_agency_id: Annotated[UUID | None, INVOLVEMENT] = None
    referring_worker_id: Annotated[UUID | None, INVOLVEMENT] = None
    holding_agency_id: Annotated[UUID | None, INVOLVEMENT] = None
    """Who holds the family now."""
    offered_to_agency_id: Annotated[UUID | None, INVOLVEMENT] = None
    """The agency that is asked to take the family over, until it has answered."""
    assigned_worker_id: Annotated[UUID | None, INVOLVEMENT] = None
    lead_professional_id: Annotated[UUID | None, INVOLVEMENT] = None
    submitted_at: Annotated[AwareDatetime | None, REFERRAL] = None
    area: Annotated[str | None, REFERRAL] = None
    hub: Annotated[str | None, REFERRAL] = None
    need_groups: Annotated[list[str] | None, Of("needs.groups")] = None
    level_referrer: Annotated[str | None, LEVEL] = None
    level_suggested: Annotated[str | None, LEVEL] = None
    """The level of need that the answers suggest by the authority's rules; a person decides."""
    level_front_door: Annotated[str | None, LEVEL] = None
    decision: Annotated[Decision | None, REFERRAL] = None
    decided_at: Annotated[AwareDatetime | None, REFERRAL] = None
    assessment_id: Annotated[UUID | None, REFERRAL] = None
    assessed_at: Annotated[AwareDatetime | None, REFERRAL] = None
    panel: Annotated[str | None, REFERRAL] = None
    panel_at: Annotated[AwareDatetime | None, REFERRAL] = None
    accepted_at: Annotated[AwareDatetime | None, REFERRAL] = None
    started_at: Annotated[AwareDatetime | None, REFERRAL] = None
    closed_at: Annotated[AwareDatetime | None, REFERRAL] = None
    outcome: Annotated[str | None, Of("plan.outcomes")] = None
    withdrawal_reason: Annotated[str | None, REFERRAL] = None
    resumes_to: Annotated[Status | None, REFERRAL] = None
    """While it is on hold: where it goes on."""
    escalated_at: Annotated[AwareDatetime | None, REFERRAL] = None
    """For the front door: when nobody had seen it in time."""
    earlier_referral_id: Annotated[UUID | None, REFERRAL] = None
    """For the front door: the earlier referral it is linked to."""
    requested_service_id: Annotated[UUID | None, INVOLVEMENT] = None
    """The service of the directory that the referrer asks for."""
    requested_service_name: Annotated[str | None, INVOLVEMENT] = None
    """Left out where the directory did not answer when it was sent."""
    requested_agency_id: Annotated[UUID | None, INVOLVEMENT] = None
    """The agency here that gives that service, if one is known: it can be allocated to."""
    clocks: Annotated[list[ClockOut] | None, REFERRAL] = None
    links: Annotated[Links, ID]


class Moved(Answer):
    """What was done to a referral, and where it stands now; the next step names its `version`."""

    about_nobody: ClassVar[str] = DONE
    id: UUID
    reference: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    status: Status
    version: int
    urgency: Urgency
    submitted_at: AwareDatetime
    decided_at: AwareDatetime | None = None
    assessed_at: AwareDatetime | None = None
    panel_at: AwareDatetime | None = None
    accepted_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    clocks: list[ClockOut]
    links: Links

    @classmethod
    def of(cls, referral: Referral, council: Authority, now: datetime, **more: Any) -> Self:
        state = state_of(referral, council, now) | more
        return cls(**{name: state[name] for name in cls.model_fields if name in state})


_FRONT_DOOR_ONLY = ("escalated_at", "earlier_referral_id")


def summary_of(one: Listed, council: Authority, now: datetime) -> dict[str, Any]:
    """What of a Summary may leave of a referral in a list."""
    state = state_of(one.referral, council, now, at_the_front_door=one.at_the_front_door)
    return built(Summary, state, one.grant)


def state_of(
    referral: Referral, council: Authority, now: datetime, *, at_the_front_door: bool = False
) -> dict[str, Any]:
    """A referral as it stands, by the names of a Summary; some of it is for the front door."""
    hidden = () if at_the_front_door else _FRONT_DOOR_ONLY
    state = {name: value for name, value in vars(referral).items() if name not in hidden}
    clocks = [
        shown(clock, council.clocks[clock.clock], council.calendar, now)
        for clock in referral.clocks
        if clock.clock in council.clocks
    ]
    for clock in clocks:
        del clock["source"]
    return state | {"clocks": clocks, "links": Links.of(referral.id)}
