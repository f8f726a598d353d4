"""Agencies, as the gateway announced them: `shared.partners` keeps them so."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.tables.events import AgencyRow
from shared.rows import table_of

_agency = table_of(AgencyRow)


async def authority_of(connection: AsyncConnection, agency_id: UUID) -> str | None:
    """Whose hub an agency takes part in; None until its announcement has arrived."""
    wanted = select(_agency.c.authority).where(_agency.c.id == agency_id)
    found: str | None = (await connection.execute(wanted)).scalar_one_or_none()
    return found
