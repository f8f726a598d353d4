"""What the systems of a running hub did, as leaves of its audit log."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from services.consent.domain.leaves import By, Record, Written
from services.consent.store.audit import append
from shared.crypto import FieldCipher
from tests.hub_fixture import Hub, System


async def logged(hub: Hub, system: System, *people: UUID) -> int:
    """Something that the system did, as the next leaf; its index."""
    by = By(client_id=system.client.client_id, agency_id=system.agency_id)
    about = people or (uuid4(),)
    leaf = Written(at=datetime.now(UTC), by=by, people=about, operation="consent.record")
    cipher = FieldCipher(hub.site.keys / "consent.fields.json")
    async with hub.consent.transaction() as connection:
        return (await append(connection, [Record(leaf)], cipher))[0]
