"""The referral service's tables: what a family said is sealed, readable are ids and codes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, MetaData, Text, text
from sqlmodel import Field, SQLModel

from shared.access import AccessColumns
from shared.db import NAMING, UtcDateTime, kept
from shared.event_tables import InboxColumns, OutboxColumns, ParkedColumns, RelayCursorColumns
from shared.idempotency import IdempotencyColumns


class Table(SQLModel):
    metadata = MetaData(naming_convention=NAMING)


class ReferralRow(Table, table=True):
    """One referral. The four sealed parts are the submission as it was sent."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("referral_by_agency", "referring_agency_id", text("id desc")),
        Index("referral_by_status", "status", text("id desc")),
        Index(
            "referral_late",
            "decision_due",
            postgresql_where=text(
                "overdue_at is null and status in ('submitted', 'acknowledged', 'triaging')"
            ),
        ),
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("pseudonymous", "names the referral"))
    reference: str = Field(
        unique=True, sa_column_kwargs=kept("pseudonymous", "what people quote on the telephone")
    )
    status: str = Field(sa_column_kwargs=kept("pseudonymous", "where it is on its way"))
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))
    urgency: str = Field(sa_column_kwargs=kept("pseudonymous", "how soon to look"))
    referring_agency_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "who referred"))
    referring_worker_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "who referred"))
    holding_agency_id: UUID = Field(
        sa_column_kwargs=kept("pseudonymous", "who holds the family; never empty")
    )
    submitted_at: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "starts the clock")
    )
    decision_due: datetime = Field(
        sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "ends the clock")
    )
    overdue_at: datetime | None = Field(
        default=None,
        sa_type=UtcDateTime,
        sa_column_kwargs=kept("pseudonymous", "said once that it is late"),
    )
    decision: str | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "what the front door decided")
    )
    decided_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "stops the clock")
    )
    withdrawal_reason: str | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "why it was taken back")
    )
    need_groups: list[str] = Field(
        sa_type=ARRAY(Text), sa_column_kwargs=kept("pseudonymous", "codes of the need")
    )
    referrer: bytes = Field(
        sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "how the worker is reached")
    )
    need: bytes = Field(sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "the family's story"))
    safeguarding: bytes = Field(
        sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "safeguarding answers")
    )
    basis: bytes = Field(
        sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "who agreed, or why without")
    )
    despite_open_referral: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "why there had to be another for the same child"),
    )
    closing: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("sealed", "the decision's or the withdrawal's words"),
    )


class PersonRow(Table, table=True):
    """A person of the submission. Addresses are sealed apart: not everybody may open them."""

    __tablename__ = "person"

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("pseudonymous", "names the person"))
    referral_id: UUID = Field(
        foreign_key="referral.id", index=True, sa_column_kwargs=kept("pseudonymous", "of which")
    )
    place: int = Field(sa_column_kwargs=kept("operational", "the order in which they were named"))
    is_child: bool = Field(sa_column_kwargs=kept("pseudonymous", "child or household member"))
    details: bytes = Field(sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "who it is"))
    addresses: bytes = Field(
        sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "where the person lives")
    )


class ChildIndexRow(Table, table=True):
    """Finds the same child again without knowing who it is (HMAC of a number, or names and date).

    The partial index is the rule itself: of one agency's open referrals one at most is for a child,
    unless a worker said why there must be another.
    """

    __tablename__ = "child_index"
    __table_args__ = (
        Index(
            "one_open_referral_of_an_agency_for_a_child",
            "agency_id",
            "blind_index",
            unique=True,
            postgresql_where=text("is_open and not overridden"),
        ),
        Index("child_index_by_child", "blind_index", postgresql_where=text("is_open")),
    )

    referral_id: UUID = Field(
        primary_key=True,
        foreign_key="referral.id",
        sa_column_kwargs=kept("pseudonymous", "in which referral"),
    )
    blind_index: bytes = Field(
        primary_key=True,
        sa_type=LargeBinary,
        sa_column_kwargs=kept("pseudonymous", "keyed hash of an identity"),
    )
    agency_id: UUID = Field(sa_column_kwargs=kept("pseudonymous", "of which agency"))
    is_open: bool = Field(sa_column_kwargs=kept("pseudonymous", "closed ones do not count"))
    overridden: bool = Field(sa_column_kwargs=kept("pseudonymous", "sent all the same"))


class HistoryRow(Table, table=True):
    """What happened, in order: codes and ids, who did it for which agency."""

    __tablename__ = "history"

    referral_id: UUID = Field(
        primary_key=True,
        foreign_key="referral.id",
        sa_column_kwargs=kept("pseudonymous", "to which referral"),
    )
    version: int = Field(primary_key=True, sa_column_kwargs=kept("operational", "in this order"))
    at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", "when"))
    action: str = Field(sa_column_kwargs=kept("pseudonymous", "what was done"))
    status: str = Field(sa_column_kwargs=kept("pseudonymous", "the status after it"))
    code: str | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "decision or reason")
    )
    client_id: str = Field(sa_column_kwargs=kept("operational", "through which system"))
    agency_id: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "for which agency")
    )
    worker_id: UUID | None = Field(
        default=None, sa_column_kwargs=kept("pseudonymous", "who did it")
    )


class AgencyRow(Table, table=True):
    """A partner agency as the gateway announced it."""

    __tablename__ = "agency"

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the agency"))
    name: str = Field(sa_column_kwargs=kept("public", "its name"))
    kind: str = Field(sa_column_kwargs=kept("public", "what kind of partner"))


class Access(AccessColumns, Table, table=True):
    pass


class Idempotency(IdempotencyColumns, Table, table=True):
    pass


class Outbox(OutboxColumns, Table, table=True):
    pass


class Inbox(InboxColumns, Table, table=True):
    pass


class Parked(ParkedColumns, Table, table=True):
    pass


class RelayCursor(RelayCursorColumns, Table, table=True):
    pass
