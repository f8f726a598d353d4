"""Breach reports over HTTP: whose data went to whom in a span of time."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.consent.actions import reporting
from services.consent.actions.reporting import Breach
from services.consent.domain.breaches import Reached, Span
from services.consent.routes.callers import Now
from services.consent.routes.desk import Answer, AtDesk, ReadingLead
from services.consent.routes.spreadsheet import Csv, sheet
from shared.errors import ActingWorkerMissing, problems
from shared.instants import Instant

router = APIRouter(prefix="/api/v1/breach-reports", tags=["Breach reports"])
_REFUSED = problems(ActingWorkerMissing)


class AskingAfterBreach(BaseModel):
    """Which span of time, and what it is narrowed to."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[Instant, Query(description="From when on")]
    until: Annotated[Instant, Query(description="Until when, not included")]
    agency_id: Annotated[UUID | None, Query(description="Only what this agency received")] = None
    worker_id: Annotated[UUID | None, Query(description="Only what this worker was shown")] = None
    client_id: Annotated[
        str | None, Query(max_length=200, description="Only what went through this system")
    ] = None

    def span(self) -> Span:
        return Span(
            since=self.since,
            until=self.until,
            agency=self.agency_id,
            worker=self.worker_id,
            client=self.client_id,
        )


class ReachedOut(Answer):
    """One person's data as it went to one agency."""

    person_id: UUID
    agency_id: UUID | None = None
    agency: str | None = None
    categories: list[str]
    sensitive: list[str]
    """Those that are special category data, or about offences."""
    purposes: list[str]
    workers: list[UUID]
    clients: list[str]
    disclosures: int
    first: AwareDatetime
    last: AwareDatetime

    @classmethod
    def of(cls, one: Reached, found: Breach) -> Self:
        same = {name: getattr(one, name) for name in cls.model_fields if hasattr(one, name)}
        return cls(
            **same
            | {
                "person_id": one.person,
                "agency_id": one.agency,
                "agency": found.names.get(one.agency) if one.agency else None,
                "sensitive": one.sensitive(),
            }
        )


class BreachReport(Answer):
    """What the report to the regulator says, due within 72 hours of knowing of the breach."""

    since: AwareDatetime
    until: AwareDatetime
    people: int
    agencies: int
    disclosures: int
    categories: list[str]
    sensitive: list[str]
    reached: list[ReachedOut]

    @classmethod
    def of(cls, found: Breach) -> Self:
        numbers = found.numbers
        return cls(
            since=found.span.since,
            until=found.span.until,
            people=numbers.people,
            agencies=numbers.agencies,
            disclosures=numbers.disclosures,
            categories=list(numbers.categories),
            sensitive=list(numbers.sensitive),
            reached=[ReachedOut.of(one, found) for one in found.reached],
        )


@router.get("", response_model_exclude_none=True, responses=_REFUSED)
async def report_a_breach(
    caller: ReadingLead, asked: Annotated[AskingAfterBreach, Query()], desk: AtDesk, now: Now
) -> BreachReport:
    """Whose data went to whom in this time, in which categories, how often: from the audit log."""
    return BreachReport.of(await reporting.breach(desk, asked.span(), by=caller, now=now))


@router.get("/export", response_class=Csv, responses=_REFUSED)
async def export_a_breach_report(
    caller: ReadingLead, asked: Annotated[AskingAfterBreach, Query()], desk: AtDesk, now: Now
) -> Csv:
    """The same as CSV: one line for each person and agency."""
    found = BreachReport.of(await reporting.breach(desk, asked.span(), by=caller, now=now))
    head = list(ReachedOut.model_fields)
    lines = [[one.model_dump(mode="json")[name] for name in head] for one in found.reached]
    return sheet(f"breach-{now.date()}", head, lines)
