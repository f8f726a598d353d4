"""What is said with each step: one document for each action, validated before anything happens."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.referral.domain.codes import (
    OTHER,
    ClosingOutcome,
    DeclineReason,
    HoldReason,
    WithdrawalReason,
)
from services.referral.domain.submission import Text
from shared.contracts.lifecycle import Decision

Note = Annotated[str, Field(min_length=1, max_length=2_000)]
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]


class Step(BaseModel):
    """What is said with an action; nothing, where the action says all."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class _Reasoned(Step):
    """A code with words beside it, which `other` needs."""

    reason: str
    note: Note | None = None

    @model_validator(mode="after")
    def other_is_explained(self) -> Self:
        """The code `other` says nothing alone."""
        if self.reason == OTHER and not self.note:
            raise ValueError("Say in note what the other reason is")
        return self


class Question(Step):
    """What the front door must know before it can decide."""

    question: Text


class AnswerGiven(Step):
    """The referrer's answer, or what the front door was told on the telephone."""

    answer: Text


class FrontDoorDecision(Step):
    """What is decided, why, and where the family can go when nothing follows."""

    outcome: Decision
    rationale: Text
    where_to_go_instead: Text | None = None
    level: Code | None = None
    """Level of need as the authority numbers it."""
    why_this_level: Text | None = None
    """Needed where the referrer sees another level, or the answers suggest one."""

    @model_validator(mode="after")
    def nobody_is_sent_away_with_nothing(self) -> Self:
        """No further action needs a place to go instead."""
        if self.outcome is Decision.NO_FURTHER_ACTION and not self.where_to_go_instead:
            raise ValueError("Say in where_to_go_instead where the family can go")
        return self


class AssessmentRequest(Step):
    """The family's assessment is asked for, of the referrer unless the note says of whom."""

    note: Note | None = None


class AssessmentDone(Step):
    """The family's assessment is complete."""

    assessment_id: UUID
    completed_on: date | None = None


class PanelListing(Step):
    """Which of the authority's panels shall look at the referral."""

    panel: Code
    note: Note | None = None


class Allocation(Step):
    """Which agency is asked, in which hub, and who shall be the lead professional."""

    agency_id: UUID
    hub: Code | None = None
    lead_professional_id: UUID | None = None
    note: Note | None = None


class Acceptance(Step):
    """The agency that was asked takes the family over."""

    lead_professional_id: UUID | None = None
    note: Note | None = None


class Declining(_Reasoned):
    """Why the agency that was asked cannot; the front door hears it, never the family."""

    reason: DeclineReason


class Meeting(Step):
    """A meeting of the team around the family."""

    held_on: date
    note: Note | None = None


class Appointment(Step):
    """Who coordinates the team around the family: a worker of any agency."""

    lead_professional_id: UUID


class Assignment(Step):
    """Which worker of the own agency deals with it now."""

    worker_id: UUID


class Stepping(Step):
    """Which agency is asked to take the family over, and why."""

    agency_id: UUID
    because: Annotated[str, Field(min_length=20, max_length=10_000)]
    level: Code | None = None


class Holding(_Reasoned):
    """Why the referral waits, and until when."""

    reason: HoldReason
    until: date | None = None


class Closing(Step):
    """With what outcome, and what became of the family's wishes."""

    outcome: ClosingOutcome
    summary: Text


class Withdrawal(_Reasoned):
    """Why the referrer takes the referral back."""

    reason: WithdrawalReason


class InError(Step):
    """Why the referral should never have been there."""

    because: Annotated[str, Field(min_length=20, max_length=2_000)]


class Reopening(Step):
    """Why it is weighed again."""

    because: Annotated[str, Field(min_length=20, max_length=2_000)]
