"""What the parties of an agreement do over HTTP: read a version, sign it, leave, take it along."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import Field

from services.consent.actions import agreeing, signing
from services.consent.domain import ropa, sharing_form
from services.consent.domain.agreeing import AgreementSuspended, NotThisVersion
from services.consent.routes.agreements import Name, VersionOut
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    AgreementReader,
    Answer,
    AtDesk,
    Said,
    Signatory,
    once_of,
)
from shared.errors import ActingWorkerMissing, NotFound, problems
from shared.http import IdempotencyKey

router = APIRouter(prefix="/api/v1/agreements/{name}", tags=["Agreements"])
_ONE = problems(ActingWorkerMissing, NotFound)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Signing(Said):
    """Which version is signed: the one that was read."""

    number: Annotated[int, Field(ge=1, le=2**31 - 1)]


class Signed(Answer):
    """The signature is kept."""

    signed: str
    """The key of the version."""
    hash: str
    """SHA-256 of what was signed."""


class Left(Answer):
    """The agency takes no part any more."""

    left: str


class SharingForm(Answer):
    """The clauses in the machine-readable form of the social care data standards."""

    documents: list[dict[str, Any]]
    not_carried: list[str]
    """What of the agreement has no place there (JSON pointers)."""


class ProcessingRecord(Answer):
    """One row of the record of processing activities (UK GDPR, article 30)."""

    clause: str
    purpose: str
    people: list[str]
    categories: list[str]
    special: list[str]
    providers: list[str]
    recipients: list[str]
    basis: str
    conditions: list[str]
    retention: str
    security: str
    dpia: str


class ProcessingRecords(Answer):
    """A row for each clause of the version in use."""

    rows: list[ProcessingRecord]


@router.get("/versions/{number}", responses=_ONE)
async def read_a_version(
    caller: AgreementReader, name: Name, number: Number, desk: AtDesk
) -> VersionOut:
    """A published version, also one that is not in use any more."""
    return VersionOut.of(await agreeing.version(desk, name, number, by=caller))


@router.post(
    "/signatures",
    status_code=201,
    responses=problems(ActingWorkerMissing, NotFound, NotThisVersion, AgreementSuspended, *ONCE),
)
async def sign_an_agreement(
    caller: Signatory,
    name: Name,
    said: Signing,
    key: IdempotencyKey,
    request: Request,
    desk: AtDesk,
    now: Now,
) -> Signed:
    """Sign the version in use for your agency: from now on its clauses work for it."""
    once = once_of(caller, key, "agreement.sign", name.encode(), await request.body())
    receipt = await signing.sign(desk, name, said.number, by=caller, once=once, now=now)
    return Signed.model_validate(receipt)


@router.post("/leaving", responses=problems(ActingWorkerMissing, NotFound, *ONCE))
async def leave_an_agreement(
    caller: Signatory, name: Name, key: IdempotencyKey, desk: AtDesk, now: Now
) -> Left:
    """Your agency sees nothing more under the agreement, at once. Signing again undoes it."""
    once = once_of(caller, key, "agreement.leave", name.encode())
    receipt = await signing.leave(desk, name, by=caller, once=once, now=now)
    return Left.model_validate(receipt)


@router.get("/export", responses=_ONE)
async def export_an_agreement(
    caller: AgreementReader, name: Name, desk: AtDesk, now: Now
) -> SharingForm:
    """The version in use, as other systems read it."""
    version = await agreeing.in_use(desk, name, by=caller)
    uri = f"{desk.base}/api/v1/agreements/{name}"
    found = sharing_form.export(version.agreement, uri)
    return SharingForm(documents=found.documents, not_carried=found.not_carried)


@router.get("/processing-records", responses=_ONE)
async def processing_records_of_an_agreement(
    caller: AgreementReader, name: Name, desk: AtDesk
) -> ProcessingRecords:
    """The rows of the record of processing activities that the version in use makes."""
    version = await agreeing.in_use(desk, name, by=caller)
    rows = [ProcessingRecord.model_validate(vars(row)) for row in ropa.rows(version.agreement)]
    return ProcessingRecords(rows=rows)
