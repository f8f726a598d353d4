"""What the consent service hears."""

from datetime import UTC, datetime

from services.consent.actions import following
from services.consent.domain.following import EFFECTS
from shared import partners
from shared.consumer import consumes
from shared.contracts.referral import ReferralEvent
from shared.db import Database
from shared.inbox import Received


async def a_referral_goes_on(event: ReferralEvent, received: Received, db: Database) -> None:
    """So that it knows whom the referral is about, and which agencies work with them."""
    await following.follow(db, event, received, datetime.now(UTC))


HEARD = [*partners.HEARD, *(consumes(event)(a_referral_goes_on) for event in EFFECTS)]
"""Which agency takes part in whose hub, which workers hold which role, and how referrals go on."""
