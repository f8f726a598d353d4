"""The consent service, asked what may be shared before anything of a family leaves.

It is asked with the caller's own internal token, so it decides for the caller and nobody else. And
it is asked once: a second try would stand in the audit log as a second look.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import httpx2
import structlog
from pydantic import BaseModel, ValidationError

from services.referral.domain.seeing import Relationship
from shared.people import PersonKind
from shared.purposes import Purpose
from shared.trace import TRACEPARENT

log = structlog.get_logger()

TIMEOUT = 2.0
"""Seconds; whoever looks at a screen does not wait longer."""
PATIENCE = 20.0
"""Seconds; an export that has begun would break off, and nobody waits for its next lines."""
MOST = 1_000
"""People of one disclosure."""
_REFUSED = "refused_to_share"
"""Why the consent service denies what an agency has recorded that it must not be shared."""


M = TypeVar("M", bound=BaseModel)


class NotDecided(Exception):
    """The consent service is away, slow or refuses: nothing may leave."""


@dataclass(frozen=True)
class Asker:
    """For whom is asked, by its own internal token, and what for."""

    token: str
    purpose: Purpose


@dataclass(frozen=True)
class Question:
    """About whom, of which records, which categories, and for which operation."""

    people: Mapping[UUID, PersonKind]
    records: Sequence[UUID]
    categories: frozenset[str]
    operation: str
    seconds: float = TIMEOUT
    """How long it may take to be decided."""


class _Visible(BaseModel):
    person_id: UUID
    categories: frozenset[str]


class _Decided(BaseModel):
    people: frozenset[UUID]
    categories: frozenset[str]
    why: str


class _Disclosed(BaseModel):
    permitted: list[_Visible]
    answers: list[_Decided]


@dataclass(frozen=True)
class Permitted:
    """What may leave of each person, and what somebody has refused to share about anybody."""

    of: Mapping[UUID, frozenset[str]]
    held_back: frozenset[str]


class Uniform(BaseModel):
    """What the caller's agency may see of every child alike, but of `except_people`."""

    permitted: frozenset[str]
    except_people: frozenset[UUID]


class Consent:
    """The consent service over HTTP, or in this process through a transport that leads there."""

    def __init__(self, url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._http = httpx2.AsyncClient(base_url=url, transport=transport, timeout=PATIENCE)

    async def close(self) -> None:
        """Let go of its connections."""
        await self._http.aclose()

    async def disclosed(
        self, by: Asker, question: Question, relationship: Relationship
    ) -> Permitted:
        """What may leave of each person, committed to the audit log. Raises NotDecided."""
        found: dict[UUID, frozenset[str]] = {}
        held_back: frozenset[str] = frozenset()
        people = iter(question.people.items())
        while some := dict(islice(people, MOST)):
            body = _asked(by, question, relationship, some)
            path, seconds = "/api/v1/disclosures", question.seconds
            answer = await self._ask(path, by, body, _Disclosed, seconds)
            found |= {one.person_id: one.categories for one in answer.permitted}
            held_back |= _held_back(answer)
        permitted = {
            person: found.get(person, frozenset()) & question.categories
            for person in question.people
        }
        return Permitted(permitted, held_back)

    async def uniform(self, by: Asker, categories: frozenset[str]) -> Uniform:
        """What may leave of every child, whatever each family has said. Raises NotDecided."""
        body = {"purpose": by.purpose, "categories": sorted(categories)}
        return await self._ask("/api/v1/decisions/uniform", by, body, Uniform)

    async def _ask(
        self,
        path: str,
        by: Asker,
        body: Mapping[str, Any],
        model: type[M],
        seconds: float = TIMEOUT,
    ) -> M:
        headers = {"Authorization": f"Bearer {by.token}"}
        if trace := TRACEPARENT.get():
            headers["traceparent"] = trace
        try:
            async with asyncio.timeout(seconds):
                said = await self._http.post(path, json=body, headers=headers)
            return model.model_validate_json(said.raise_for_status().content)
        except (httpx2.HTTPError, OSError, ValidationError) as error:
            answer = getattr(error, "response", None)
            status = answer.status_code if answer is not None else None
            log.warning("sharing not decided", fault=type(error).__name__, status=status)
            raise NotDecided from error


def _held_back(answer: _Disclosed) -> frozenset[str]:
    """Of which categories somebody has refused to share what is about any of the people."""
    refused = (one.categories for one in answer.answers if one.why == _REFUSED)
    return frozenset(category for categories in refused for category in categories)


def _asked(
    by: Asker, question: Question, stands: Relationship, people: Mapping[UUID, PersonKind]
) -> dict[str, Any]:
    """The body of a disclosure.

    Whoever works with a family was brought to it by somebody else, who held that to be of help. A
    contract is for taking a family over: who refers one, or once did, has no more by it.
    """
    return {
        "purpose": by.purpose,
        "operation": question.operation,
        "people": [{"id": str(person), "kind": kind} for person, kind in people.items()],
        "categories": sorted(question.categories),
        "records": [str(record) for record in question.records],
        "relationship": {
            "works_with": stands.works_with,
            "has_sent": stands.has_sent,
            "welfare": stands.works_with,
            "within_contract": stands.within_contract(),
        },
    }
