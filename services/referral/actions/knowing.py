"""What the referral service remembers of agencies and workers, so that steps can name them."""

from services.referral.store import agencies
from shared.contracts.gateway import AgencyRegistered, WorkerRegistered, WorkerRolesGranted
from shared.db import Database
from shared.inbox import Received


async def know_agency(db: Database, event: AgencyRegistered, *, once: Received) -> None:
    """Remember what an agency is called, and whose hub it takes part in."""
    async with db.transaction(once=once) as connection:
        await agencies.know_agency(
            connection, event.agency_id, event.name, event.kind, event.authority
        )


async def know_worker(db: Database, event: WorkerRegistered, *, once: Received) -> None:
    """Remember whose worker it is."""
    async with db.transaction(once=once) as connection:
        await agencies.know_worker(connection, event.worker_id, event.agency_id)


async def know_roles(db: Database, event: WorkerRolesGranted, *, once: Received) -> None:
    """Remember what a worker may do."""
    async with db.transaction(once=once) as connection:
        await agencies.know_roles(connection, event.worker_id, event.agency_id, event.roles)


async def partners(db: Database, authority: str) -> list[agencies.Partner]:
    """The agencies that can be named in a step, by name."""
    async with db.reading() as connection:
        return await agencies.partners(connection, authority)
