"""Records of processing over HTTP (UK GDPR, article 30): made from the clauses, never by hand."""

from typing import Self

from fastapi import APIRouter

from services.consent.actions import reporting
from services.consent.domain.ropa import Row
from services.consent.routes.callers import Now
from services.consent.routes.desk import AgreementAuditor, Answer, AtDesk
from services.consent.routes.spreadsheet import Csv, sheet
from shared.errors import ActingWorkerMissing, problems

router = APIRouter(prefix="/api/v1/processing-records", tags=["Processing records"])
_REFUSED = problems(ActingWorkerMissing)


class ProcessingRecord(Answer):
    """What article 30(1) asks for, of one clause in use."""

    clause: str
    controller: str
    """The council."""
    purpose: str
    people: list[str]
    categories: list[str]
    special: list[str]
    """Those that are special category data, or about offences."""
    providers: list[str]
    recipients: list[str]
    basis: str
    """UK GDPR, article 6(1)."""
    conditions: list[str]
    retention: str
    security: str
    dpia: str
    """Where the data protection impact assessment is found."""

    @classmethod
    def of(cls, row: Row, controller: str) -> Self:
        return cls.model_validate(vars(row) | {"controller": controller})


class ProcessingRecords(Answer):
    """A row for each clause in use."""

    records: list[ProcessingRecord]


@router.get("", responses=_REFUSED)
async def list_processing_records(caller: AgreementAuditor, desk: AtDesk) -> ProcessingRecords:
    """What is processed, on which basis, for whom: as the published agreements say it now."""
    return await _records(caller, desk)


async def _records(caller: AgreementAuditor, desk: AtDesk) -> ProcessingRecords:
    controller = desk.authorities.of(caller.authority).name
    found = await reporting.processing(desk, by=caller)
    return ProcessingRecords(records=[ProcessingRecord.of(row, controller) for row in found])


@router.get("/export", response_class=Csv, responses=_REFUSED)
async def export_processing_records(caller: AgreementAuditor, desk: AtDesk, now: Now) -> Csv:
    """The same as CSV."""
    found = await _records(caller, desk)
    head = list(ProcessingRecord.model_fields)
    lines = [[one.model_dump()[name] for name in head] for one in found.records]
    return sheet(f"processing-records-{now.date()}", head, lines)
