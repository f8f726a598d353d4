"""Records of processing over HTTP (UK GDPR, article 30): made from the clauses, never by hand."""

from fastapi import APIRouter

from services.consent.actions import reporting
from services.consent.routes.callers import Now
from services.consent.routes.desk import AgreementAuditor, Answer, AtDesk
from services.consent.routes.signatures import ProcessingRecord
from services.consent.routes.spreadsheet import Csv, sheet
from shared.errors import ActingWorkerMissing, problems

router = APIRouter(prefix="/api/v1/processing-records", tags=["Processing records"])
_REFUSED = problems(ActingWorkerMissing)


class RecordsOfProcessing(Answer):
    """A row for each clause in use, whichever agreement it is of."""

    controller: str
    """The council."""
    rows: list[ProcessingRecord]


@router.get("", responses=_REFUSED)
async def list_processing_records(caller: AgreementAuditor, desk: AtDesk) -> RecordsOfProcessing:
    """What is processed, on which basis, for whom: as the published agreements say it now."""
    return await _records(caller, desk)


async def _records(caller: AgreementAuditor, desk: AtDesk) -> RecordsOfProcessing:
    controller = desk.authorities.of(caller.authority).name
    found = await reporting.processing(desk, by=caller)
    rows = [ProcessingRecord.model_validate(vars(row)) for row in found]
    return RecordsOfProcessing(controller=controller, rows=rows)


@router.get("/export", response_class=Csv, responses=_REFUSED)
async def export_processing_records(caller: AgreementAuditor, desk: AtDesk, now: Now) -> Csv:
    """The same as CSV."""
    found = await _records(caller, desk)
    head = list(ProcessingRecord.model_fields)
    lines = [[one.model_dump()[name] for name in head] for one in found.rows]
    return sheet(f"processing-records-{now.date()}", head, lines)
