"""The directory, asked about a service that a referral names. Nothing of the family is told to it.

A referral does not wait for it: away, slow or confused, it is as if nothing were known of the
service, and the front door looks it up.
"""

import asyncio
from uuid import UUID

import httpx2
import structlog
from pydantic import BaseModel, ValidationError

from shared.trace import TRACEPARENT

log = structlog.get_logger()

TIMEOUT = 1.0
"""Seconds; whoever sends a referral waits for its reference."""
_PATH = "/api/v1/directory/requested-services"


class DirectoryAway(Exception):
    """It does not answer, or not in its own words."""


class Service(BaseModel):
    """A published service, as far as a referral needs it."""

    id: UUID
    name: str
    takes_referrals: bool
    agency_id: UUID | None = None
    """The partner that looks after its organization's entries, and so gives it."""


class Directory:
    """The directory over HTTP, or in this process through a transport that leads there."""

    def __init__(self, url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._http = httpx2.AsyncClient(base_url=url, transport=transport, timeout=TIMEOUT)

    async def close(self) -> None:
        """Let go of its connections."""
        await self._http.aclose()

    async def service(self, service_id: UUID, token: str) -> Service | None:
        """A service that everybody may read of, asked with the caller's own internal token; None
        where there is none with this id. Raises DirectoryAway.
        """
        headers = {"Authorization": f"Bearer {token}"}
        if trace := TRACEPARENT.get():
            headers["traceparent"] = trace
        try:
            async with asyncio.timeout(TIMEOUT):
                said = await self._http.get(f"{_PATH}/{service_id}", headers=headers)
            if said.status_code == httpx2.codes.NOT_FOUND:
                return None
            return Service.model_validate_json(said.raise_for_status().content)
        except (httpx2.HTTPError, OSError, ValidationError) as error:
            log.warning("directory not asked", fault=type(error).__name__)
            raise DirectoryAway from error
