"""A referral, its history, and the agencies and workers that the gateway announced."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.referral.tables.base import Table
from shared.db import UtcDateTime, kept
from shared.partners import AgencyColumns, WorkerColumns

UNSEEN = (
    "urgency = 'urgent' and escalated_at is null"
    " and (status = 'submitted' or (status = 'allocated' and decision is null))"
)
"""Urgent, not escalated, and not acknowledged; or sent straight to an agency, and urgent since."""
GOES_ON = "status not in ('closed', 'withdrawn', 'entered_in_error')"
"""Its clocks may still run."""
FIRST_DUE = "coalesce(next_due, 'infinity')"
"""When its first clock runs out; where none runs, never: after all others in a worklist."""
ROUTINE = "(urgency <> 'urgent')"
"""After the urgent ones in a worklist."""


def _code(because: str) -> Any:
    """A code or an id that may be missing."""
    return Field(default=None, sa_column_kwargs=kept("pseudonymous", because))


def _instant(because: str) -> Any:
    """An instant that may not have come yet."""
    return Field(default=None, sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", because))


def _sealed(because: str) -> Any:
    return Field(sa_type=LargeBinary, sa_column_kwargs=kept("sealed", because))


class ReferralRow(Table, table=True):
    """One referral. The four sealed parts are the submission as it stands."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("referral_by_referrer", "referring_agency_id", text("id desc")),
        Index("referral_by_holder", "holding_agency_id", text("id desc")),
        Index("referral_by_offer", "offered_to_agency_id", text("id desc")),
        Index("referral_by_status", "authority", "status", text("id desc")),
        Index("referral_by_age", "authority", "id"),
        Index("referral_by_due", "authority", text(FIRST_DUE), "id"),
        Index("referral_by_urgency", "authority", text(ROUTINE), text(FIRST_DUE), "id"),
        Index("referral_by_decision", "authority", "decision", text("id desc")),
        Index("referral_by_need", "need_groups", postgresql_using="gin"),
        Index(
            "referral_escalated",
            "authority",
            "id",
            postgresql_where=text("escalated_at is not null"),
        ),
        Index("referral_by_worker", "assigned_worker_id", text("id desc")),
        Index("referral_by_lead_professional", "lead_professional_id", text("id desc")),
        Index("referral_by_alarm", "next_alarm", postgresql_where=text("next_alarm is not null")),
        Index(
            "referral_unescalated",
            "urgent_since",
            postgresql_where=text(UNSEEN),
        ),
        Index("referral_by_calendar", "authority", "calendar", postgresql_where=text(GOES_ON)),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("pseudonymous", "names the referral"))
    reference: str = Field(
        unique=True, sa_column_kwargs=kept("pseudonymous", "what people quote on the telephone")
    )
    authority: str = Field(sa_column_kwargs=kept("operational", "whose settings it follows"))
    status: str = Field(sa_column_kwargs=kept("pseudonymous", "where it is on its way"))
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))
    urgency: str = Field(sa_column_kwargs=kept("pseudonymous", "how soon to look"))
    referring_agency_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "who referred"))
    referring_worker_id: UUID | None = _code("who referred; nobody where a family asked itself")
    holding_agency_id: UUID = Field(
        sa_column_kwargs=kept("pseudonymous", "who holds the family; never empty")
    )
    front_door_agency_id: UUID | None = _code("which front door saw it, and gets it back")
    offered_to_agency_id: UUID | None = _code("whose answer is awaited")
    assigned_worker_id: UUID | None = _code("who deals with it now")
    lead_professional_id: UUID | None = _code("who coordinates the team around the family")
    lead_professional_agency_id: UUID | None = _code("for which agency the lead works")
    submitted_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "when it was sent")
    )
    area: str | None = _code("the part of the authority, never of a confidential address")
    hub: str | None = _code("the hub that serves it")
    level_referrer: str | None = _code("level of need in the referrer's view")
    level_suggested: str | None = _code("level of need that the answers suggest")
    level_front_door: str | None = _code("level of need that the front door decided")
    decision: str | None = _code("what the front door decided")
    decided_at: datetime | None = _instant("when it decided")
    assessment_id: UUID | None = _code("the family's assessment")
    assessed_at: datetime | None = _instant("when that was complete")
    panel: str | None = _code("which panel looks at it")
    panel_at: datetime | None = _instant("when the panel had looked at it")
    accepted_at: datetime | None = _instant("when the holding agency accepted the family")
    started_at: datetime | None = _instant("when help began")
    closed_at: datetime | None = _instant("when it was closed or taken back")
    outcome: str | None = _code("with what outcome it was closed")
    withdrawal_reason: str | None = _code("why it was taken back")
    resumes_to: str | None = _code("the status that a hold interrupts")
    urgent_since: datetime | None = _instant("when it became urgent: escalation counts from here")
    escalated_at: datetime | None = _instant("when nobody had seen it in time")
    earlier_referral_id: UUID | None = _code("the earlier referral it belongs to")
    requested_service_id: UUID | None = _code("the service of the directory that is asked for")
    requested_service_name: str | None = _code("what that service is called in the directory")
    requested_agency_id: UUID | None = _code("the agency that gives that service")
    clocks: list[dict[str, Any]] = Field(
        sa_type=JSONB, sa_column_kwargs=kept("pseudonymous", "what is due when, from the history")
    )
    calendar: str = Field(
        sa_column_kwargs=kept("operational", "the working days that the clocks were reckoned with")
    )
    next_due: datetime | None = _instant("what is due first")
    next_near: datetime | None = _instant("what is near first")
    next_alarm: datetime | None = _instant("when a clock must be announced")
    need_groups: list[str] = Field(
        sa_type=ARRAY(Text), sa_column_kwargs=kept("pseudonymous", "codes of the need")
    )
    referrer: bytes = _sealed("how the worker is reached")
    need: bytes = _sealed("the family's story")
    safeguarding: bytes = _sealed("safeguarding answers")
    basis: bytes = _sealed("who agreed, or why without")
    despite_open_referral: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "why there had to be another for the same child"),
    )


class HistoryRow(Table, table=True):
    """What happened, in order: codes and ids, who did it for which agency, and the step's words."""

    __tablename__ = "history"
    __table_args__ = (Index("history_in_order", "referral_id", "version", "id"),)

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "in this order"))
    referral_id: UUID = Field(
        foreign_key="referral.id", sa_column_kwargs=kept("pseudonymous", "to which referral")
    )
    version: int = Field(sa_column_kwargs=kept("operational", "the version after it"))
    at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "when"))
    action: str = Field(sa_column_kwargs=kept("pseudonymous", "what was done"))
    status: str = Field(sa_column_kwargs=kept("pseudonymous", "the status after it"))
    code: str | None = _code("decision or reason")
    words: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "what was said with it"),
    )
    client_id: str = Field(sa_column_kwargs=kept("operational", "through which system"))
    agency_id: UUID | None = _code("for which agency")
    worker_id: UUID | None = _code("who did it")


class AgencyRow(AgencyColumns, Table, table=True):
    """A partner agency as the gateway announced it."""


class WorkerRow(WorkerColumns, Table, table=True):
    """A worker as the gateway announced it: whose, and with which roles; never who it is."""
