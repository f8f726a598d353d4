"""What families said about sharing, and what workers decided about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.consent.tables.base import Table
from shared.db import UtcDateTime, kept


def _ids(because: str) -> Any:
    return Field(sa_type=ARRAY(Uuid), sa_column_kwargs=kept("pseudonymous", because))


def _codes(because: str) -> Any:
    return Field(sa_type=ARRAY(Text), sa_column_kwargs=kept("pseudonymous", because))


def _code(because: str) -> Any:
    return Field(sa_column_kwargs=kept("pseudonymous", because))


def _perhaps(because: str) -> Any:
    return Field(default=None, sa_column_kwargs=kept("pseudonymous", because))


def _when(because: str) -> Any:
    return Field(sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", because))


def _perhaps_when(because: str) -> Any:
    return Field(default=None, sa_type=UtcDateTime, sa_column_kwargs=kept("pseudonymous", because))


def _words(because: str) -> Any:
    return Field(sa_type=LargeBinary, sa_column_kwargs=kept("sealed", because))


def _of_people(table: str) -> tuple[Index, ...]:
    return (Index(f"{table}_by_person", "people", postgresql_using="gin"),)


class ConsentRow(Table, table=True):
    """Somebody agreed, or was asked and did not."""

    __tablename__ = "consent"
    __table_args__ = _of_people("consent")

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the record"))
    authority: str = Field(sa_column_kwargs=kept("operational", "in whose hub"))
    people: list[UUID] = _ids("whose data it is about")
    given_by: UUID = _code("who said it")
    capacity: str = _code("as what")
    categories: list[str] = _codes("about which data")
    agencies: list[UUID] = _ids("for which agencies")
    purposes: list[str] = _codes("for what")
    refuses: bool = _code("whether it is a no")
    explicit: bool = _code("in express words")
    notice_version: str | None = _perhaps("which privacy notice was told")
    notice_language: str | None = _perhaps("in which language")
    channel: str | None = _perhaps("how it was said")
    words: bytes = _words("where the evidence is, who interpreted, why it was withdrawn")
    said_at: datetime = _when("when it was said")
    until: datetime | None = _perhaps_when("until when it holds")
    withdrawn_at: datetime | None = _perhaps_when("when it was withdrawn")
    superseded_at: datetime | None = _perhaps_when("when another record took its place")
    recorded_by: UUID = _code("the worker who asked")
    recorded_by_agency: UUID = _code("for which agency")
    recorded_at: datetime = _when("when it was recorded")
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))


class OverrideRow(Table, table=True):
    """A safeguarding lead releases what nothing else permits."""

    __tablename__ = "override"
    __table_args__ = _of_people("override")

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the record"))
    authority: str = Field(sa_column_kwargs=kept("operational", "in whose hub"))
    agency: UUID = _code("to which agency")
    people: list[UUID] = _ids("whose data")
    categories: list[str] = _codes("which data")
    danger: str = _code("why")
    reason: str = _code("why consent is not relied on")
    protects: str = _code("whom")
    words: bytes = _words("why, and why the family is not told")
    declared_by: UUID = _code("the safeguarding lead")
    declared_at: datetime = _when("when")
    until: datetime = _when("until when")
    second_approver: UUID | None = _perhaps("who answers for it too")
    family_told: bool = _code("whether the family is told")
    reviewed_at: datetime | None = _perhaps_when("when it was reviewed")
    reviewed_by: UUID | None = _perhaps("by which worker")
    justified: bool | None = _perhaps("whether it was right")
    review_words: bytes | None = Field(
        default=None, sa_type=LargeBinary, sa_column_kwargs=kept("sealed", "what the review found")
    )
    overdue_announced_at: datetime | None = _perhaps_when("when it was told that nobody reviewed")
    ended_at: datetime | None = _perhaps_when("when it was ended before its time")
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))


class RefusalToShareRow(Table, table=True):
    """A worker judged that to share would do more harm than not to."""

    __tablename__ = "refusal_to_share"
    __table_args__ = _of_people("refusal_to_share")

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the record"))
    authority: str = Field(sa_column_kwargs=kept("operational", "in whose hub"))
    people: list[UUID] = _ids("whose data")
    agencies: list[UUID] = _ids("from which agencies; none: from every one")
    purposes: list[str] = _codes("for what; none: for everything")
    categories: list[str] = _codes("which data")
    because: bytes = _words("the reasons")
    refused_by: UUID = _code("the worker who judged")
    refused_by_agency: UUID = _code("of which agency")
    refused_at: datetime = _when("when")
    until: datetime | None = _perhaps_when("until when")
    lifted_at: datetime | None = _perhaps_when("when it was lifted")
    version: int = Field(sa_column_kwargs=kept("operational", "the ETag"))
