"""A referral and its verbs: pure decisions that give the new state and the facts to announce."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from services.referral.domain.codes import WithdrawalReason
from services.referral.domain.lifecycle import OPEN, Action, Status, advance
from services.referral.domain.submission import Submission, Text
from shared.auth import AgencyKind, Caller, Role
from shared.contracts.referral import (
    Clock,
    Decision,
    ReferralAcknowledged,
    ReferralDecided,
    ReferralEvent,
    ReferralOverdue,
    ReferralSubmitted,
    ReferralTriageStarted,
    ReferralWithdrawn,
    Urgency,
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class FrontDoorDecision(_Part):
    """What the front door decides, why, and where the family can go when nothing follows."""

    outcome: Decision
    rationale: Text
    where_to_go_instead: Text | None = None

    @model_validator(mode="after")
    def nobody_is_sent_away_with_nothing(self) -> "FrontDoorDecision":
        """No further action needs a place to go instead."""
        if self.outcome is Decision.NO_FURTHER_ACTION and not self.where_to_go_instead:
            raise ValueError("Say in where_to_go_instead where the family can go")
        return self


class Withdrawal(_Part):
    """Why the referrer takes the referral back."""

    reason: WithdrawalReason
    note: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None

    @model_validator(mode="after")
    def other_is_explained(self) -> "Withdrawal":
        """The code `other` says nothing alone."""
        if self.reason is WithdrawalReason.OTHER and not self.note:
            raise ValueError("Say in note what the other reason is")
        return self


@dataclass(frozen=True)
class Referral:
    """A referral without the family's words: ids, codes and clocks. `version` is its ETag."""

    id: UUID
    reference: str
    url: str
    status: Status
    version: int
    urgency: Urgency
    referring_agency_id: UUID
    referring_worker_id: UUID
    holding_agency_id: UUID
    """Who holds the family; never empty: the referrer, until another agency accepts."""
    submitted_at: datetime
    decision_due: datetime
    overdue_at: datetime | None = None
    decision: Decision | None = None
    decided_at: datetime | None = None
    withdrawal_reason: WithdrawalReason | None = None

    def roles_of(self, caller: Caller) -> frozenset[Role]:
        """The caller's roles towards this referral; none: it may not even know that it exists."""
        if caller.agency_kind is AgencyKind.FRONT_DOOR:
            seen = {Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER}
        else:
            seen = set()
        if caller.agency_id == self.referring_agency_id:
            seen.add(Role.REFERRER)
        return caller.roles & seen

    def is_open(self) -> bool:
        """Whether its decision is still awaited."""
        return self.status in OPEN

    def is_over(self) -> bool:
        """Whether nothing follows: a new referral for the same child is then no duplicate."""
        ends = (Decision.ADVICE, Decision.NO_FURTHER_ACTION)
        return self.status is Status.WITHDRAWN or self.decision in ends


Outcome = tuple[Referral, list[ReferralEvent]]


def submit(
    submission: Submission,
    *,
    referral_id: UUID,
    reference: str,
    url: str,
    by: Caller,
    now: datetime,
    due: Callable[[datetime], datetime],
) -> Outcome:
    """A new referral. Immediate danger makes it urgent."""
    agency_id, worker_id = by.acting()
    referral = Referral(
        id=referral_id,
        reference=reference,
        url=url,
        status=Status.SUBMITTED,
        version=1,
        urgency=Urgency.URGENT if submission.safeguarding.immediate_danger else Urgency.ROUTINE,
        referring_agency_id=agency_id,
        referring_worker_id=worker_id,
        holding_agency_id=agency_id,
        submitted_at=now,
        decision_due=due(now),
    )
    return referral, [
        ReferralSubmitted(
            referral_id=referral.id,
            detail_url=HttpUrl(url),
            referring_agency_id=agency_id,
            urgency=referral.urgency,
            decision_due=referral.decision_due,
        )
    ]


def _moved(referral: Referral, action: Action, by: Caller) -> Referral:
    status = advance(referral.status, action, referral.roles_of(by))
    return replace(referral, status=status, version=referral.version + 1)


def acknowledge(referral: Referral, *, by: Caller) -> Outcome:
    """The front door has seen it."""
    moved = _moved(referral, Action.ACKNOWLEDGE, by)
    return moved, [ReferralAcknowledged(referral_id=moved.id, detail_url=HttpUrl(moved.url))]


def triage(referral: Referral, *, by: Caller) -> Outcome:
    """A front-door worker begins to weigh it."""
    moved = _moved(referral, Action.TRIAGE, by)
    return moved, [ReferralTriageStarted(referral_id=moved.id, detail_url=HttpUrl(moved.url))]


def decide(
    referral: Referral, decision: FrontDoorDecision, *, by: Caller, now: datetime
) -> Outcome:
    """The front door decides; its clock stops."""
    moved = _moved(referral, Action.DECIDE, by)
    decided = replace(moved, decision=decision.outcome, decided_at=now)
    event = ReferralDecided(
        referral_id=moved.id, detail_url=HttpUrl(moved.url), decision=decision.outcome
    )
    return decided, [event]


def withdraw(referral: Referral, withdrawal: Withdrawal, *, by: Caller) -> Outcome:
    """The referrer takes it back before it is decided."""
    moved = _moved(referral, Action.WITHDRAW, by)
    withdrawn = replace(moved, withdrawal_reason=withdrawal.reason)
    event = ReferralWithdrawn(
        referral_id=moved.id, detail_url=HttpUrl(moved.url), reason=withdrawal.reason
    )
    return withdrawn, [event]


def find_overdue(referral: Referral, *, now: datetime) -> Outcome:
    """Its decision is late: said once. Nothing happens to one that is not open, late and untold."""
    if not referral.is_open() or referral.overdue_at or now <= referral.decision_due:
        return referral, []
    overdue = replace(referral, overdue_at=now, version=referral.version + 1)
    event = ReferralOverdue(
        referral_id=referral.id,
        detail_url=HttpUrl(referral.url),
        clock=Clock.DECIDE,
        due=referral.decision_due,
    )
    return overdue, [event]
