"""What who answers for sharing reports: after a breach, and of every clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.consent.actions.desk import Desk, look
from services.consent.domain.breaches import Numbers, Reached, Span, counted
from services.consent.domain.ropa import Row, rows
from services.consent.store import breaches, people, policies
from shared.auth import Caller


@dataclass(frozen=True)
class Breach:
    """Whose data went to whom in a span of time."""

    span: Span
    numbers: Numbers
    reached: list[Reached]
    names: Mapping[UUID, str]
    """What the agencies in it are called."""


async def breach(desk: Desk, span: Span, *, by: Caller, now: datetime) -> Breach:
    """From the audit log alone, in one query."""
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        found, disclosures = await breaches.reached(connection, span, authority)
        names = await people.names_of(connection, {one.agency for one in found if one.agency})
        at = sorted({one.person for one in found})
        await look(connection, by, "breach_report.look", at, now)
    return Breach(span, counted(found, disclosures), found, names)


async def processing(desk: Desk, *, by: Caller) -> list[Row]:
    """The rows of every clause in use; of nobody, so no look is recorded."""
    authority = desk.authority(by)
    async with desk.db.transaction() as connection:
        found = await policies.in_use(connection, authority)
    return [row for one in found for row in rows(one.published.agreement)]
