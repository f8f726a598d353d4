"""A stand-in for the directory: which services there are is told to it, and it notes who asks.

The real one stands behind the tests of the whole hub.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

Json = dict[str, Any]


@dataclass
class Offering:
    """What is published, by id, and what was asked for."""

    services: dict[UUID, Json] = field(default_factory=dict)
    asked: list[UUID] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)
    """The tokens that came with them."""
    status: int = 200
    seconds: float = 0.0
    """How long it takes to answer."""

    def offers(self, agency_id: UUID | None = None, **said: Any) -> str:
        """The id of a new service, given by this agency; it takes referrals unless it says no."""
        service_id = uuid4()
        told = {"id": str(service_id), "name": "Invented Youth Mentoring", "takes_referrals": True}
        given = {"agency_id": str(agency_id)} if agency_id else {}
        self.services[service_id] = told | given | said
        return str(service_id)

    def app(self) -> FastAPI:
        """It as a service."""
        app = FastAPI()
        app.get("/api/v1/directory/requested-services/{service_id}")(self._tell)
        return app

    async def _tell(self, service_id: UUID, request: Request) -> JSONResponse:
        self.asked.append(service_id)
        self.callers.append(request.headers["authorization"])
        await asyncio.sleep(self.seconds)
        if service_id not in self.services:
            return JSONResponse({"type": "/problems/not-found"}, 404)
        return JSONResponse(self.services[service_id], self.status)
