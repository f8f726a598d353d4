"""The audit log over HTTP: what its witnesses keep, and what proves that nothing was changed."""

import base64
from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.consent.actions import witnessing
from services.consent.actions.audit import Inclusion, prove_consistency
from services.consent.domain.checkpoints import verifier_key
from services.consent.routes.callers import AtLog, GoverningWorker, Now
from shared.errors import (
    ActingWorkerMissing,
    IdempotencyKeyInFlight,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    NotFound,
    problems,
)
from shared.http import IdempotencyKey
from shared.idempotency import Once

router = APIRouter(prefix="/api/v1/audit", tags=["Audit log"])

_ONCE = (IdempotencyKeyMissing, IdempotencyKeyInFlight, IdempotencyKeyReused)
_ONE = problems(ActingWorkerMissing, NotFound)
_LAST = 2**53 - 1
"""The largest number that every reader of JSON can hold."""

Hash = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
"""SHA-256, in base64."""
Size = Annotated[int, Query(ge=1, le=_LAST)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class CheckpointOut(_Answer):
    """What the log has said of itself. Keep `checkpoint` as it is, byte for byte."""

    id: UUID
    size: int
    """How many leaves it speaks of."""
    checkpoint: str
    """A signed note (c2sp.org/tlog-checkpoint): log, size, root hash and time."""


class Checkpoints(_Answer):
    """Some checkpoints, the newest first. `next` leads on; without it, that was all."""

    checkpoints: list[CheckpointOut]
    next: str | None = None


class LeafProof(_Answer):
    """A leaf of the log, and the hashes that lead from it to the root (RFC 6962, 2.1.1)."""

    index: int
    size: int
    """Of the log in which it is proved to be: the checkpoint of this size has the root."""
    leaf: dict[str, Any]
    """Ids and codes. Its hash is SHA-256 of a zero byte and this as canonical JSON (RFC 8785)."""
    hashes: list[Hash]

    @classmethod
    def of(cls, found: Inclusion) -> Self:
        return cls(
            index=found.index, size=found.size, leaf=found.entry, hashes=_written(found.hashes)
        )


class ConsistencyProof(_Answer):
    """That the younger log begins with the older one, whole and unchanged (RFC 6962, 2.1.2)."""

    hashes: list[Hash]


class VerifierKeys(_Answer):
    """What checkpoints are verified with (c2sp.org/signed-note); the first is in use."""

    log: str
    """The name of the log, which stands in the first line of every checkpoint."""
    keys: list[str]


class Page(BaseModel):
    """What the list shows."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[UUID | None, Query(description="As `next` gives it")] = None
    limit: Annotated[int, Query(ge=1, le=100, description="How many on a page")] = 20


def _written(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]


@router.get(
    "/checkpoints", response_model_exclude_none=True, responses=problems(ActingWorkerMissing)
)
async def list_checkpoints(
    caller: GoverningWorker, asked: Annotated[Page, Query()], log: AtLog
) -> Checkpoints:
    """What the log has said of itself, each hour and whenever it was asked."""
    found = await witnessing.checkpoints(log, before=asked.cursor, limit=asked.limit)
    shown = [
        CheckpointOut(id=row.id, size=row.size, checkpoint=row.note) for row in found[: asked.limit]
    ]
    more = f"{router.prefix}/checkpoints?limit={asked.limit}&cursor={shown[-1].id}" if shown else ""
    return Checkpoints(checkpoints=shown, next=more if len(found) > asked.limit else None)


@router.post(
    "/checkpoints",
    status_code=201,
    responses=problems(ActingWorkerMissing, *_ONCE),
)
async def ask_for_a_checkpoint(
    caller: GoverningWorker, key: IdempotencyKey, request: Request, log: AtLog, now: Now
) -> CheckpointOut:
    """Let the log say now what it is; the same key gives the same checkpoint."""
    worker = str(caller.worker_id).encode()
    once = Once.of(caller.client_id, key, b"audit.checkpoint", worker, await request.body())
    row = await witnessing.ask_for_checkpoint(log, by=caller, once=once, now=now)
    return CheckpointOut(id=row["id"], size=row["size"], checkpoint=row["note"])


@router.get("/leaves/{index}/proof", responses=_ONE)
async def prove_a_leaf(
    caller: GoverningWorker,
    index: Annotated[int, Path(ge=0, le=_LAST, description="Its place in the log, from 0")],
    log: AtLog,
    now: Now,
    size: Annotated[
        Size | None, Query(description="Of the log it is proved to be in; default: all of it")
    ] = None,
) -> LeafProof:
    """That something is in the log, for the authority whose agency did it."""
    return LeafProof.of(await witnessing.look_at_leaf(log, index, size, by=caller, now=now))


@router.get("/consistency-proof", responses=_ONE)
async def prove_the_log_consistent(
    caller: GoverningWorker,
    log: AtLog,
    older: Annotated[Size, Query(description="Leaves of a checkpoint that a witness holds")],
    younger: Annotated[
        Size | None, Query(description="Leaves of a later one; default: of the log as it is now")
    ] = None,
) -> ConsistencyProof:
    """That nothing was changed, removed or put in between two checkpoints."""
    return ConsistencyProof(hashes=_written(await prove_consistency(log, older, younger)))


@router.get("/key", responses=problems(ActingWorkerMissing))
async def show_the_logs_public_keys(caller: GoverningWorker, log: AtLog) -> VerifierKeys:
    """What whoever holds a checkpoint verifies it with, in the form that public tools read."""
    keys = [verifier_key(log.name, key) for key in log.public_keys()]
    return VerifierKeys(log=log.name, keys=keys)
