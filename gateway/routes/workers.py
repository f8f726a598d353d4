"""Workers over HTTP: an agency registers who acts, and its administrator says in what role."""

from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from gateway import actions
from gateway.domain.agencies import EXTERNAL_ID, Worker
from shared.auth import Caller, Role, Scope, requires
from shared.crypto import FieldCipher
from shared.db import Database
from shared.errors import (
    ActingWorkerMissing,
    Forbidden,
    NotFound,
    PreconditionRequired,
    Stale,
    Unprocessable,
    problems,
)
from shared.http import if_match

router = APIRouter(prefix="/api/v1/workers", tags=["Workers"])

ExternalId = Annotated[
    str,
    Path(
        description="The worker's number in your own system",
        pattern=f"^{EXTERNAL_ID.pattern}$",
        max_length=64,
    ),
]
Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$"
    ),
]
MayRegister = Annotated[Caller, requires(Scope.WORKERS_WRITE, worker=False)]
MayLookUp = Annotated[Caller, requires(Scope.WORKERS_READ)]
MayGrant = Annotated[Caller, requires(Scope.AGENCY_ADMIN)]
Version = Annotated[int, Depends(if_match)]


class WorkerIn(BaseModel):
    """Who the worker is, as the agency asserts."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: Line
    """As colleagues write it."""
    job_title: Line
    """In what function they act."""


class RolesIn(BaseModel):
    """All the roles the worker is to hold from now on."""

    model_config = ConfigDict(extra="forbid")

    roles: set[Role]


class WorkerOut(BaseModel):
    """A worker, named by the agency's own number and by the hub's id."""

    id: UUID
    agency_id: UUID
    external_id: str
    name: str
    job_title: str
    roles: list[Role]

    @classmethod
    def of(cls, worker: Worker) -> Self:
        return cls(
            id=worker.id,
            agency_id=worker.agency_id,
            external_id=worker.external_id,
            name=worker.name,
            job_title=worker.job_title,
            roles=sorted(worker.roles),
        )


def _database(request: Request) -> Database:
    db: Database = request.app.state.db
    return db


def _cipher(request: Request) -> FieldCipher:
    cipher: FieldCipher = request.app.state.cipher
    return cipher


Db = Annotated[Database, Depends(_database)]
Cipher = Annotated[FieldCipher, Depends(_cipher)]


def _answer(worker: Worker, response: Response) -> WorkerOut:
    response.headers["ETag"] = f'"{worker.version}"'
    return WorkerOut.of(worker)


@router.put(
    "/{external_id}",
    responses={201: {"model": WorkerOut, "description": "Registered"}, **problems(Unprocessable)},
)
async def register_a_worker(
    caller: MayRegister,
    external_id: ExternalId,
    worker: WorkerIn,
    response: Response,
    db: Db,
    cipher: Cipher,
) -> WorkerOut:
    """Register one of your workers, or put their entry right.

    A new worker is a referrer. Name them afterwards in the header `Acting-Worker`.
    """
    assert caller.agency_id  # noqa: S101 -- a caller with a scope has an agency
    registered, new = await actions.register_worker(
        db,
        cipher,
        agency_id=caller.agency_id,
        external_id=external_id,
        name=worker.name,
        job_title=worker.job_title,
        now=datetime.now(UTC),
        caller=caller,
    )
    response.status_code = 201 if new else 200
    return _answer(registered, response)


@router.get("/{external_id}", responses=problems(ActingWorkerMissing, NotFound))
async def look_up_a_worker(
    caller: MayLookUp, external_id: ExternalId, response: Response, db: Db, cipher: Cipher
) -> WorkerOut:
    """One of your own workers, by their number in your system."""
    worker = await actions.look_up_worker(
        db, cipher, caller=caller, now=datetime.now(UTC), external_id=external_id
    )
    return _answer(worker, response)


@router.get("/by-id/{worker_id}", responses=problems(ActingWorkerMissing, NotFound))
async def look_up_whoever_acted(
    caller: MayLookUp, worker_id: UUID, response: Response, db: Db, cipher: Cipher
) -> WorkerOut:
    """Who somebody is that acted: your own workers, and for the front door everybody's."""
    worker = await actions.look_up_worker(
        db, cipher, caller=caller, now=datetime.now(UTC), worker_id=worker_id
    )
    return _answer(worker, response)


@router.put(
    "/{external_id}/roles",
    responses=problems(
        ActingWorkerMissing, Forbidden, NotFound, Stale, Unprocessable, PreconditionRequired
    ),
)
async def grant_roles_to_a_worker(
    caller: MayGrant,
    external_id: ExternalId,
    wanted: RolesIn,
    version: Version,
    response: Response,
    db: Db,
    cipher: Cipher,
) -> WorkerOut:
    """Say what one of your workers is there for. For agency administrators."""
    assert caller.agency_id  # noqa: S101 -- a caller with a scope has an agency
    worker = await actions.grant_roles(
        db,
        cipher,
        agency_id=caller.agency_id,
        external_id=external_id,
        roles=frozenset(wanted.roles),
        now=datetime.now(UTC),
        version=version,
        caller=caller,
    )
    return _answer(worker, response)
