"""Who may keep the directory: the permission of an operation is the type of its `caller`."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.directory.actions.desk import Desk
from shared.auth import Caller, Role, Scope, requires
from shared.errors import (
    ActingWorkerMissing,
    IdempotencyKeyInFlight,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    NotFound,
    PreconditionRequired,
    Stale,
)
from shared.idempotency import Once

Keeper = Annotated[Caller, requires(Scope.DIRECTORY_WRITE)]
"""Any worker; of which entries, the provider of their organization decides."""
Editor = Annotated[Caller, requires(Scope.DIRECTORY_WRITE, frozenset({Role.AGENCY_ADMINISTRATOR}))]
"""An administrator; that it is the council's, the domain decides."""

ONCE = (IdempotencyKeyMissing, IdempotencyKeyInFlight, IdempotencyKeyReused)
"""What a create may refuse with."""
LOOKS = (ActingWorkerMissing, NotFound)
"""What a look may refuse with."""
CHANGES = (*LOOKS, Stale, PreconditionRequired)
"""What a change may refuse with."""


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


async def _now() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(_now)]


def once_of(caller: Caller, key: str, operation: str, *asked: bytes) -> Once:
    """The create as the client numbered it, for this worker."""
    worker = str(caller.worker_id).encode()
    return Once.of(caller.client_id, key, operation.encode(), worker, *asked)


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Said(BaseModel):
    """What is sent: nothing that is not known is let pass."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True
    )


MOST_WORDS = 2_000
Words = Annotated[str, Field(min_length=1, max_length=MOST_WORDS)]


class Page(BaseModel):
    """What the list shows."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[UUID | None, Query(description="As `next` gives it")] = None
    limit: Annotated[int, Query(ge=1, le=100, description="How many on a page")] = 20


def etag(version: int) -> str:
    """What is sent back as If-Match."""
    return f'"{version}"'
