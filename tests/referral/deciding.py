"""A stand-in for the consent service: what it permits is told to it, and it notes what it is asked.

The referral service's own tests are about what it does with an answer; the real service stands
behind the tests of the whole hub.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

Json = dict[str, Any]
Permits = Callable[[Json, str, str], bool]
"""Whether, of what is asked, a category of a person may leave."""
SEALED = "contact.confidential_address"


def everything(asked: Json, person: str, category: str) -> bool:
    """All there is, to whoever works with the family."""
    return bool(asked["relationship"]["works_with"] and person and category)


@dataclass
class Deciding:
    """What is decided, and what was asked: bodies of disclosures, in order."""

    permits: Permits = everything
    uniform: Callable[[str], bool] = bool
    except_people: list[str] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)
    """The tokens that came with them."""
    status: int = 201
    seconds: float = 0.0
    """How long it takes to answer."""
    before: Callable[[], Any] | None = None
    """What happens while it is asked, before it answers."""

    def app(self) -> FastAPI:
        """It as a service."""
        app = FastAPI()
        app.post("/api/v1/disclosures")(self._disclose)
        app.post("/api/v1/decisions/uniform")(self._decide_uniformly)
        return app

    async def _disclose(self, request: Request) -> JSONResponse:
        body = await request.json()
        self.asked.append(body)
        self.callers.append(request.headers["authorization"])
        await asyncio.sleep(self.seconds)
        if self.before is not None:
            await self.before()
        permitted = [
            {"person_id": one["id"], "categories": self._permitted(body, one["id"])}
            for one in body["people"]
        ]
        answer = {"permitted": permitted, "answers": [], "audit_index": len(self.asked)}
        return JSONResponse(answer, self.status)

    def _permitted(self, body: Json, person: str) -> list[str]:
        own = body["relationship"]["has_sent"]
        return [
            category
            for category in body["categories"]
            if category != SEALED and (own or self.permits(body, person, category))
        ]

    async def _decide_uniformly(self, request: Request) -> JSONResponse:
        body = await request.json()
        self.asked.append(body)
        await asyncio.sleep(self.seconds)
        permitted = [category for category in body["categories"] if self.uniform(category)]
        answer = {"permitted": permitted, "except_people": self.except_people}
        return JSONResponse(answer, self.status)
