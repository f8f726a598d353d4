"""What a party does with an agreement: it signs the version in use, and it leaves."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.desk import Desk, Done, Receipt, create
from services.consent.domain import agreeing as domain
from services.consent.domain.agreeing import Absence
from services.consent.store import agreements, policies
from shared.auth import Caller
from shared.errors import NotFound
from shared.idempotency import Once


async def sign(
    desk: Desk, name: str, number: int, *, by: Caller, once: Once, now: datetime
) -> Receipt:
    """The caller's agency signs the version in use; who had left takes part again.

    Raises NotFound, NotThisVersion, AgreementSuspended, IdempotencyKeyReused,
    IdempotencyKeyInFlight.
    """
    authority, (agency_id, worker_id) = desk.authority(by), by.acting()

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done | None]:
        await policies.taken(connection, authority)
        found = await agreements.get(connection, name, by=by, base=desk.base, locked=True)
        absent = await agreements.absent(connection, found, agency_id)
        version = domain.signable(found, by, number, absent)
        receipt = {"signed": version.key, "hash": version.hash}
        if absent is None and await agreements.is_signed(connection, found, number, agency_id):
            return receipt, None
        await agreements.take_part(connection, found, agency_id)
        await agreements.sign(connection, found, number, agency=agency_id, by=worker_id, now=now)
        return receipt, Done(operation="agreement.sign", by=by, now=now, records=[found.id])

    return await create(desk, once, make, now)


async def leave(desk: Desk, name: str, *, by: Caller, once: Once, now: datetime) -> Receipt:
    """The caller's agency sees nothing more under the agreement, from the commit on.

    Raises NotFound, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    authority, (agency_id, _) = desk.authority(by), by.acting()

    async def make(connection: AsyncConnection) -> tuple[Receipt, Done]:
        await policies.taken(connection, authority)
        found = await agreements.get(connection, name, by=by, base=desk.base, locked=True)
        if found.party(agency_id, by) is None:
            raise NotFound("Your agency is a party to no agreement of this name")
        await agreements.be_absent(connection, found, agency_id, Absence.LEFT, now)
        done = Done(operation="agreement.leave", by=by, now=now, records=[found.id])
        return {"left": found.draft.id}, done

    return await create(desk, once, make, now)
