"""What is said without anybody asking: a clock is near or late, an urgent referral waits unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.referral.domain.clocks import Announcement, announce
from services.referral.domain.referral import Referral
from shared.authority import Authority
from shared.contracts.referral import (
    ReferralDueSoon,
    ReferralEscalated,
    ReferralEvent,
    ReferralOverdue,
)

ESCALATE = "escalate"
_FACTS = {Announcement.DUE_SOON: ReferralDueSoon, Announcement.OVERDUE: ReferralOverdue}


@dataclass(frozen=True)
class Alarm:
    """An entry of the history, and the fact to announce."""

    action: str
    code: str
    """The clock, or the route of an escalation."""
    event: ReferralEvent


def told_of(referral: Referral, now: datetime) -> tuple[Referral, Sequence[Alarm]]:
    """What must be said of a referral's clocks by `now`. Its version stays: nobody changed it."""
    clocks, said = announce(referral.clocks, now)
    alarms = [
        Alarm(
            what,
            state.clock,
            _FACTS[what](**referral.named(), clock=state.clock, due=state.due),
        )
        for what, state in said
    ]
    return replace(referral, clocks=clocks), alarms


def unseen_since(council: Authority, now: datetime) -> datetime:
    """Whatever is urgent since before then must have been acknowledged by `now`, day and night."""
    return now - timedelta(minutes=council.emergency.unacknowledged_minutes)


def escalate(referral: Referral, council: Authority, now: datetime) -> tuple[Referral, Alarm]:
    """Nobody saw an urgent referral: it goes the way that is open at this hour."""
    answered = council.answers_now(now) is council.emergency.front_door
    route = "in_cover_hours" if answered else "out_of_hours"
    event = ReferralEscalated(**referral.named(), route=route)
    return replace(referral, escalated_at=now), Alarm(ESCALATE, route, event)
