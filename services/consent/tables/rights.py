"""What people asked for under their rights, and what was decided about it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.consent.tables.base import Table
from shared.db import UtcDateTime, kept


def _code(because: str) -> Any:
    return Field(sa_column_kwargs=kept("pseudonymous", because))


def _perhaps(because: str) -> Any:
    return Field(default=None, sa_column_kwargs=kept("pseudonymous", because))


def _when(because: str) -> Any:
    return Field(sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", because))


def _perhaps_when(because: str) -> Any:
    return Field(default=None, sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", because))


def _ids(because: str) -> Any:
    return Field(sa_type=ARRAY(Uuid), sa_column_kwargs=kept("pseudonymous", because))


def _codes(because: str) -> Any:
    return Field(sa_type=ARRAY(Text), sa_column_kwargs=kept("pseudonymous", because))


def _words(because: str) -> Any:
    return Field(sa_type=LargeBinary, sa_column_kwargs=kept("sealed", because))


def _id() -> Any:
    return Field(primary_key=True, sa_column_kwargs=kept("operational", "names the record"))


def _authority() -> Any:
    return Field(sa_column_kwargs=kept("operational", "in whose hub"))


def _version() -> Any:
    return Field(sa_column_kwargs=kept("operational", "the ETag"))


class AccessRequestRow(Table, table=True):
    """Somebody asked for what is held about a person."""

    __tablename__ = "access_request"
    __table_args__ = (Index("access_request_by_person", "person_id"),)

    id: UUID = _id()
    authority: str = _authority()
    person_id: UUID = _code("about whom")
    asked_by: UUID = _code("who asked: the person, a parent, an attorney")
    capacity: str = _code("as what")
    received_on: date = _code("on which day it was asked")
    due: date = _code("the last day for the answer")
    wish: str | None = _perhaps("what a child that is able to understand said to a parent's asking")
    wish_at: datetime | None = _perhaps_when("when it said so")
    wish_heard_by: UUID | None = _perhaps("the worker who asked the child")
    recorded_by: UUID = _code("the worker who recorded it")
    recorded_by_agency: UUID = _code("of which agency")
    recorded_at: datetime = _when("when")
    answered_at: datetime | None = _perhaps_when("when it was answered")
    answered_by: UUID | None = _perhaps("by which worker")
    overdue_announced_at: datetime | None = _perhaps_when("when it was told that nobody answered")
    version: int = _version()


class ExemptionRow(Table, table=True):
    """Something is kept out of the answer to an access request, by a named worker's decision."""

    __tablename__ = "exemption"
    __table_args__ = (Index("exemption_of_request", "request_id"),)

    id: UUID = _id()
    request_id: UUID = Field(
        foreign_key="access_request.id",
        sa_column_kwargs=kept("operational", "of which access request"),
    )
    ground: str = _code("on which ground of the law")
    categories: list[str] = _codes("which data")
    agencies: list[UUID] = _ids("of which agencies' looks; none: of every one's")
    told: bool = _code("whether the answer says that something is missing")
    because: bytes = _words("the reasons")
    decided_by: UUID = _code("the worker who decided")
    decided_at: datetime = _when("when")


class RectificationRow(Table, table=True):
    """Data of a person was wrong and was put right, and who had received it."""

    __tablename__ = "rectification"
    __table_args__ = (Index("rectification_by_person", "person_id"),)

    id: UUID = _id()
    authority: str = _authority()
    person_id: UUID = _code("whose data")
    categories: list[str] = _codes("which data was wrong")
    since: datetime = _when("since when it was wrong")
    recipients: list[UUID] = _ids("which agencies had received it")
    because: bytes = _words("what was wrong")
    recorded_by: UUID = _code("the worker who put it right")
    recorded_by_agency: UUID = _code("of which agency")
    recorded_at: datetime = _when("when")


class ComplaintRow(Table, table=True):
    """Somebody complains about how data was used."""

    __tablename__ = "complaint"
    __table_args__ = (Index("complaint_by_person", "person_id"),)

    id: UUID = _id()
    authority: str = _authority()
    person_id: UUID = _code("whose data")
    lodged_by: UUID = _code("who complains")
    received_on: date = _code("on which day")
    due: date = _code("the last day for the acknowledgement")
    words: bytes = _words("what is complained of")
    recorded_by: UUID = _code("the worker who recorded it")
    recorded_by_agency: UUID = _code("of which agency")
    recorded_at: datetime = _when("when")
    acknowledged_at: datetime | None = _perhaps_when("when it was acknowledged")
    acknowledged_by: UUID | None = _perhaps("by which worker")
    answer: bytes | None = Field(
        default=None, sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "what was answered")
    )
    answered_at: datetime | None = _perhaps_when("when it was answered")
    answered_by: UUID | None = _perhaps("by which worker")
    overdue_announced_at: datetime | None = _perhaps_when("when it was told that nobody looked")
    version: int = _version()


class RetentionRow(Table, table=True):
    """In which month somebody was born: until when what is held of it is kept follows from that."""

    __tablename__ = "retention"

    person_id: UUID = Field(
        primary_key=True, sa_column_kwargs=kept("pseudonymous", "whose records")
    )
    authority: str = _authority()
    born_in: date = _code("the month of birth, as its first day")
    said_by: UUID = _code("the worker who said so")
    said_at: datetime = _when("when")
