"""What the referral service announces: a family's way to its decision."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import HttpUrl

from shared.contracts import Event
from shared.contracts.topics import REFERRAL


class Urgency(StrEnum):
    """How soon the front door must look."""

    ROUTINE = "routine"
    URGENT = "urgent"


class Decision(StrEnum):
    """What the front door decides."""

    EARLY_HELP = "early_help"
    ADVICE = "advice"
    STEP_UP = "step_up"
    NO_FURTHER_ACTION = "no_further_action"


class Clock(StrEnum):
    """Which time limit ran out."""

    DECIDE = "decide"


class ReferralEvent(Event):
    """Something happened to a referral; who the family is, is asked at the detail URL."""

    TOPIC: ClassVar[str] = REFERRAL.name

    referral_id: UUID
    detail_url: HttpUrl
    """Where to ask for the referral, under the reader's own permission."""


class ReferralSubmitted(ReferralEvent):
    """A referrer has sent a referral to the front door."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.submitted.v1"

    referring_agency_id: UUID
    urgency: Urgency
    decision_due: datetime
    """When the authority's clock for the decision ends."""


class ReferralAcknowledged(ReferralEvent):
    """The front door has seen the referral."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.acknowledged.v1"


class ReferralTriageStarted(ReferralEvent):
    """A front-door worker has begun to weigh the referral."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.triage_started.v1"


class ReferralDecided(ReferralEvent):
    """The front door has decided."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.decided.v1"

    decision: Decision


class ReferralWithdrawn(ReferralEvent):
    """The referrer has taken the referral back."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.withdrawn.v1"

    reason: str
    """The code of the reason."""


class ReferralOverdue(ReferralEvent):
    """A clock ran out before the referral was decided."""

    TYPE: ClassVar[str] = "uk.earlyhelp.referral.overdue.v1"

    clock: Clock
    due: datetime
