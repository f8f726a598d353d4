"""What the referral service hears."""

from services.referral.actions import knowing
from shared.consumer import consumes
from shared.contracts.gateway import AgencyRegistered, WorkerRegistered, WorkerRolesGranted
from shared.db import Database
from shared.inbox import Received


@consumes(AgencyRegistered)
async def an_agency_takes_part(event: AgencyRegistered, received: Received, db: Database) -> None:
    """So that the front door reads the agency's name, and can ask it to take a family over."""
    await knowing.know_agency(db, event, once=received)


@consumes(WorkerRegistered)
async def an_agency_names_a_worker(
    event: WorkerRegistered, received: Received, db: Database
) -> None:
    """So that a worker can be assigned."""
    await knowing.know_worker(db, event, once=received)


@consumes(WorkerRolesGranted)
async def a_worker_is_given_roles(
    event: WorkerRolesGranted, received: Received, db: Database
) -> None:
    """So that only those are appointed who hold the role."""
    await knowing.know_roles(db, event, once=received)
