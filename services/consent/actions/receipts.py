"""A receipt of a consent, for the person who gave it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.consent.actions import consenting
from services.consent.actions.desk import Desk
from services.consent.domain.receipts import Around, receipt
from services.consent.store import people
from shared.auth import Caller

Receipt = dict[str, Any]


async def of_consent(desk: Desk, consent_id: UUID, *, by: Caller, now: datetime) -> Receipt:
    """The receipt as it stands now. Raises NotFound."""
    kept = await consenting.get(desk, consent_id, by=by, now=now)
    async with desk.db.reading() as connection:
        names = await people.names_of(connection, kept.said.agencies)
    around = Around(
        controller=desk.authorities.of(by.authority).name,
        agencies=names,
        withdrawal=f"{desk.base}{consenting.URL}/{consent_id}/withdrawal",
    )
    return receipt(kept, around, now)
