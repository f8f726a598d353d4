"""Telling the referral service of a service that a referral names."""

import json
from dataclasses import dataclass
from uuid import UUID

from services.directory.actions.desk import Desk
from services.directory.domain.listing import SERVICES
from services.directory.domain.referring import Offered, offered
from services.directory.store import feed, keeping


@dataclass(frozen=True)
class Known:
    """A published service, and the agency that looks after it, if one is known."""

    service: Offered
    agency_id: UUID | None


async def published(desk: Desk, service_id: UUID) -> Known | None:
    """What everybody may read of a service, with its provider; None where none is published."""
    async with desk.db.reading() as connection:
        found = await feed.one(connection, SERVICES, service_id)
        service = offered(json.loads(found[0])) if found else None
        if service is None:
            return None
        organization = service.organization_id
        provider = await keeping.provider_of(connection, organization) if organization else None
    return Known(service, provider.agency_id if provider else None)
