"""What the referral service announces: a family's way, from the first word to the outcome."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, HttpUrl

from shared.contracts import Event
from shared.contracts.lifecycle import Decision, Status, Urgency
from shared.contracts.topics import REFERRAL
from shared.people import PersonKind


class ReferralEvent(Event):
    """Something happened to a referral; who the family is, is asked at the detail URL."""

    TOPIC: ClassVar[str] = REFERRAL.name

    authority: str
    """Whose settings it follows."""
    referral_id: UUID
    detail_url: HttpUrl
    """Where to ask for the referral, under the reader's own permission."""

    @property
    def topic(self) -> str:
        """Each authority's referrals have a topic of their own: other front doors hear nothing."""
        return REFERRAL.of(self.authority)


class PersonNamed(BaseModel):
    """Somebody in a referral: never who it is."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    person_id: UUID
    kind: PersonKind


class ReferralSubmitted(ReferralEvent):
    """A referrer has sent a referral to the front door."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.submitted.v1"

    referring_agency_id: UUID
    urgency: Urgency
    decision_due: datetime
    """When the authority's clock for the decision ends."""
    people: tuple[PersonNamed, ...] = ()
    """Everybody in it, the children first; feeds leave it out."""
    NOT_IN_FEEDS: ClassVar[frozenset[str]] = frozenset({"people"})


class ReferralAcknowledged(ReferralEvent):
    """The front door has seen the referral."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.acknowledged.v1"


class ReferralTriageStarted(ReferralEvent):
    """A front-door worker has begun to weigh the referral."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.triage_started.v1"


class ReferralInformationRequested(ReferralEvent):
    """The front door has asked the referrer something; its clocks wait."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.information_requested.v1"


class ReferralInformationGiven(ReferralEvent):
    """The front door's question is answered."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.information_given.v1"


class ReferralDecided(ReferralEvent):
    """The front door has decided."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.decided.v1"

    decision: Decision


class ReferralAssessmentRequested(ReferralEvent):
    """The family's assessment is asked for."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.assessment_requested.v1"


class ReferralAssessmentCompleted(ReferralEvent):
    """The family's assessment is complete."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.assessment_completed.v1"

    assessment_id: UUID


class ReferralListedForPanel(ReferralEvent):
    """A panel will look at the referral."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.listed_for_panel.v1"

    panel: str
    """The authority's code of the panel."""


class ReferralAllocated(ReferralEvent):
    """The family is allocated to an agency, whose answer is awaited."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.allocated.v1"

    to_agency_id: UUID
    hub: str | None = None


class ReferralReRouted(ReferralEvent):
    """Another agency is asked instead of the one that has not answered."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.re_routed.v1"

    from_agency_id: UUID
    to_agency_id: UUID


class ReferralAccepted(ReferralEvent):
    """The agency that was asked has accepted, and holds the family now."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.accepted.v1"

    agency_id: UUID


class ReferralDeclined(ReferralEvent):
    """The agency that was asked has declined; the front door holds the family."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.declined.v1"

    agency_id: UUID
    reason: str
    """The code of the reason."""


class ReferralStarted(ReferralEvent):
    """Help has begun."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.started.v1"


class ReferralMeetingHeld(ReferralEvent):
    """The team around the family has met."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.meeting_held.v1"


class ReferralSteppedUp(ReferralEvent):
    """Statutory social care is asked to take the family over."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.stepped_up.v1"

    to_agency_id: UUID


class ReferralSteppedDown(ReferralEvent):
    """Early help is asked to take the family over from statutory social care."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.stepped_down.v1"

    to_agency_id: UUID


class ReferralSteppedAcross(ReferralEvent):
    """Another agency of the same level is asked to take the family over."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.stepped_across.v1"

    to_agency_id: UUID


class ReferralHeld(ReferralEvent):
    """The referral waits, and remembers where it was."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.held.v1"

    reason: str
    """The code of the reason."""


class ReferralReleased(ReferralEvent):
    """The referral goes on where it was."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.released.v1"

    status: Status


class ReferralAssigned(ReferralEvent):
    """A worker deals with it now."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.assigned.v1"

    assigned_worker_id: UUID


class ReferralLeadProfessionalAppointed(ReferralEvent):
    """A worker coordinates the team around the family."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.lead_professional_appointed.v1"

    lead_professional_id: UUID


class ReferralClosed(ReferralEvent):
    """The referral is closed."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.closed.v1"

    outcome: str
    """The code of the outcome."""


class ReferralWithdrawn(ReferralEvent):
    """The referrer has taken the referral back."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.withdrawn.v1"

    reason: str
    """The code of the reason."""


class ReferralEnteredInError(ReferralEvent):
    """The referral should never have been there."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.entered_in_error.v1"


class ReferralReopened(ReferralEvent):
    """A referral that was over is weighed again."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.reopened.v1"


class ReferralAmended(ReferralEvent):
    """Something that was sent has been put right or added to."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.amended.v1"

    part: str
    """Which part of the referral."""
    urgency: Urgency
    """As it is now: somebody in immediate danger makes it urgent."""
    people: tuple[PersonNamed, ...] = ()
    """Who was added, or about whom something was put right; feeds leave it out."""
    NOT_IN_FEEDS: ClassVar[frozenset[str]] = frozenset({"people"})


class ReferralLinked(ReferralEvent):
    """The referral is linked to an earlier one."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.linked.v1"

    earlier_referral_id: UUID


class ReferralDueSoon(ReferralEvent):
    """A clock is about to run out."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.due_soon.v1"

    clock: str
    """The authority's code of the clock."""
    due: datetime


class ReferralOverdue(ReferralEvent):
    """A clock has run out."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.overdue.v1"

    clock: str
    """The authority's code of the clock."""
    due: datetime


class ReferralEscalated(ReferralEvent):
    """An urgent referral that nobody has seen goes the emergency way."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.escalated.v1"

    route: str
    """`in_cover_hours` or `out_of_hours`."""


ALL: tuple[type[Event], ...] = tuple(ReferralEvent.__subclasses__())
