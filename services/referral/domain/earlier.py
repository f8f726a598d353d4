"""Earlier referrals: which one a referral goes on from, and what makes it a re-referral."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.referral.domain.amendments import refuse_where_it_is_over
from services.referral.domain.referral import Referral
from services.referral.domain.steps import Step
from shared.auth import Caller
from shared.calendar import ENGLAND
from shared.contracts.referral import ReferralEvent, ReferralLinked
from shared.errors import Unprocessable

LINK = "link"
"""What the history calls it."""


class EarlierReferral(Step):
    """The referral that was sent earlier."""

    reference: Annotated[str, Field(max_length=20)]


@dataclass(frozen=True)
class Linked:
    """The referral as it is now, which one it goes on from, and the fact to announce."""

    moved: Referral
    earlier: Referral
    events: list[ReferralEvent]


def link(referral: Referral, earlier: Referral | None, *, by: Caller) -> Linked:
    """The referral goes on from an earlier one. Only earlier ones can be: so there is no circle.

    Raises Forbidden, NotAllowedNow, and Unprocessable: for a referral that the caller may not know
    of (`earlier` is None) as for one that is not there.
    """
    refuse_where_it_is_over(referral, by)
    if earlier is None:
        raise Unprocessable(
            "You see no referral with this reference: look whether it is typed right",
            pointer="/reference",
        )
    if (earlier.submitted_at, earlier.id) >= (referral.submitted_at, referral.id):
        raise Unprocessable("That referral was not sent before this one", pointer="/reference")
    if referral.earlier_referral_id == earlier.id:
        raise Unprocessable("It is linked to that referral already", pointer="/reference")
    moved = replace(referral, earlier_referral_id=earlier.id, version=referral.version + 1)
    event = ReferralLinked(**moved.named(), earlier_referral_id=earlier.id)
    return Linked(moved, earlier, [event])


def is_within(months: int, earlier: datetime, later: datetime) -> bool:
    """Whether `later` comes at most so many calendar months after `earlier`, by England's days."""
    began, day = earlier.astimezone(ENGLAND).date(), later.astimezone(ENGLAND).date()
    years, month = divmod(began.month - 1 + months, 12)
    year, month = began.year + years, month + 1
    last = began.replace(year=year, month=month, day=min(began.day, monthrange(year, month)[1]))
    return day <= last
