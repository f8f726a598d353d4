"""What the referral service hears."""

from services.referral.actions.deciding import know_agency
from shared.consumer import consumes
from shared.contracts.gateway import AgencyRegistered
from shared.db import Database
from shared.inbox import Received


@consumes(AgencyRegistered)
async def an_agency_takes_part(event: AgencyRegistered, received: Received, db: Database) -> None:
    """So that the front door reads the agency's name."""
    await know_agency(db, event.agency_id, event.name, event.kind, once=received)
