"""Consents over HTTP: what a family says about sharing, and a receipt of it."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field

from services.consent.actions import consenting, receipts
from services.consent.actions.consenting import About
from services.consent.domain.consenting import ConsentIncomplete, NothingToWithdraw, Recorded
from services.consent.domain.consents import Capacity, Channel, Consent, ConsentStatus, Notice
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    Agencies,
    Answer,
    AskingWorker,
    AtDesk,
    Categories,
    PageAbout,
    People,
    Practitioner,
    Said,
    Words,
    once_of,
)
from shared.auth import Caller
from shared.errors import ActingWorkerMissing, NotFound, problems
from shared.http import IdempotencyKey
from shared.ids import new_id
from shared.instants import Instant
from shared.purposes import Purpose

router = APIRouter(prefix="/api/v1/consents", tags=["Consents"])
_ONE = problems(ActingWorkerMissing, NotFound)


class Told(Said):
    """What the giver was told: which version of the privacy notice, and in which language."""

    version: Annotated[str, Field(min_length=1, max_length=80)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$", examples=["en"])]


class SaidAbout(Said):
    """Who said what about whose data: for which agencies, for which purposes."""

    people: People
    given_by: UUID
    """The id of the person who says it."""
    capacity: Capacity
    categories: Categories
    agencies: Agencies
    """Who may receive it: agencies, never kinds of agency."""
    purposes: Annotated[list[Purpose], Field(max_length=len(Purpose))]
    said_at: Instant | None = None
    """Now where it is left out."""

    def consent(self, caller: Caller, now: datetime, **more: Any) -> Consent:
        _, worker_id = caller.acting()
        return Consent(
            id=new_id(),
            people=frozenset(self.people),
            given_by=self.given_by,
            capacity=self.capacity,
            categories=frozenset(self.categories),
            agencies=frozenset(self.agencies),
            purposes=frozenset(self.purposes),
            said_at=self.said_at or now,
            recorded_by=worker_id,
            **more,
        )


class Giving(SaidAbout):
    """A yes. Everything that makes it count is asked for."""

    explicit: bool = False
    """In express words: special category data may rest on it."""
    notice: Told | None = None
    channel: Channel | None = None
    evidence: Words | None = None
    """Where the signature is kept, or who was witness to what was spoken."""
    interpreter: Words | None = None
    """Who interpreted, or that an easy-read version was used."""
    until: Instant | None = None

    def given(self, caller: Caller, now: datetime) -> Consent:
        return self.consent(
            caller,
            now,
            explicit=self.explicit,
            notice=Notice(self.notice.version, self.notice.language) if self.notice else None,
            channel=self.channel,
            evidence=self.evidence,
            interpreter=self.interpreter,
            until=self.until,
        )


class Withdrawing(Said):
    """Nothing need be said with it."""

    because: Words | None = None


class ConsentReceipt(Answer):
    """It is kept, and counts from now on."""

    id: UUID
    version: int


class ConsentOut(Answer):
    """What somebody said. The words are shown to the agency that recorded them, and to no other."""

    id: UUID
    status: ConsentStatus
    version: int
    people: list[UUID]
    """Those of them with whom your agency works; all of them where it recorded it."""
    given_by: UUID
    capacity: Capacity
    categories: list[str]
    agencies: list[UUID]
    purposes: list[Purpose]
    explicit: bool
    said_at: AwareDatetime
    until: AwareDatetime | None = None
    withdrawn_at: AwareDatetime | None = None
    recorded_by_agency: UUID
    recorded_at: AwareDatetime
    channel: Channel | None = None
    evidence: str | None = None
    interpreter: str | None = None
    withdrawn_because: str | None = None
    receipt: str
    """Where the person's receipt is; a path on this hub."""

    @classmethod
    def of(cls, kept: Recorded, caller: Caller, now: datetime, *, whole: bool = False) -> Self:
        said = kept.said
        own = whole or kept.by_agency == caller.agency_id
        spoken = ("evidence", "interpreter", "withdrawn_because")
        words = {name: getattr(said, name) for name in spoken} if own else {}
        return cls(
            id=said.id,
            status=said.status(now),
            version=kept.version,
            people=sorted(said.people),
            given_by=said.given_by,
            capacity=said.capacity,
            categories=sorted(said.categories),
            agencies=sorted(said.agencies),
            purposes=sorted(said.purposes),
            explicit=said.explicit,
            said_at=said.said_at,
            until=said.until,
            withdrawn_at=said.withdrawn_at,
            recorded_by_agency=kept.by_agency,
            recorded_at=kept.recorded_at,
            channel=said.channel,
            receipt=f"{router.prefix}/{said.id}/receipt",
            **words,
        )


class Consents(Answer):
    """What was said about a person, the newest first. `next` leads on; without it, that was all."""

    consents: list[ConsentOut]
    next: str | None = None


@router.post(
    "",
    status_code=201,
    responses=problems(ActingWorkerMissing, NotFound, ConsentIncomplete, *ONCE),
)
async def give_consent(
    caller: Practitioner,
    said: Giving,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> ConsentReceipt:
    """Record that somebody agrees. What is missing is told, and nothing is kept until it is there.

    A refusal is no obstacle to help: the hub asks for no consent before an offer is made.
    """
    once = once_of(caller, key, "consent.give", await request.body())
    given = said.given(caller, now)
    receipt = await consenting.record(desk, given, by=caller, once=once, now=now)
    return _kept(receipt, response)


@router.post(
    "/refusals",
    status_code=201,
    responses=problems(ActingWorkerMissing, NotFound, ConsentIncomplete, *ONCE),
)
async def refuse_consent(
    caller: Practitioner,
    said: SaidAbout,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> ConsentReceipt:
    """Record that somebody was asked and does not agree: from now on the no counts."""
    once = once_of(caller, key, "consent.refuse", await request.body())
    refused = said.consent(caller, now, refuses=True)
    receipt = await consenting.record(desk, refused, by=caller, once=once, now=now)
    return _kept(receipt, response)


def _kept(receipt: dict[str, Any], response: Response) -> ConsentReceipt:
    response.headers["Location"] = f"{router.prefix}/{receipt['id']}"
    response.headers["ETag"] = f'"{receipt["version"]}"'
    return ConsentReceipt.model_validate(receipt)


@router.post(
    "/{consent_id}/withdrawal",
    responses=problems(ActingWorkerMissing, NotFound, NothingToWithdraw, *ONCE),
)
async def withdraw_consent(
    caller: Practitioner,
    consent_id: UUID,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
    said: Withdrawing | None = None,
) -> ConsentReceipt:
    """Take a consent back: one step, like giving it. No decision after it rests on that consent.

    What was released stays in the audit log; every agency that it named is told. What may be shared
    without consent still may be: `GET` of the same path says what that is; tell it first.
    """
    once = once_of(caller, key, "consent.withdraw", consent_id.bytes, await request.body())
    because = said.because if said else None
    receipt = await consenting.withdraw(desk, consent_id, because, by=caller, once=once, now=now)
    return _kept(receipt, response)


@router.get("", response_model_exclude_none=True, responses=_ONE)
async def list_consents(
    caller: AskingWorker, asked: Annotated[PageAbout, Query()], desk: AtDesk, now: Now
) -> Consents:
    """What was said about sharing the data of a person your agency works with."""
    about = About(asked.person_id, asked.cursor, asked.limit)
    found = await consenting.page(desk, about, by=caller, now=now)
    shown = [ConsentOut.of(one, caller, now) for one in found[: asked.limit]]
    more = None
    if len(found) > asked.limit:
        more = f"{router.prefix}?person_id={asked.person_id}&limit={asked.limit}"
        more += f"&cursor={shown[-1].id}"
    return Consents(consents=shown, next=more)


@router.get("/{consent_id}", response_model_exclude_none=True, responses=_ONE)
async def look_at_a_consent(
    caller: AskingWorker, consent_id: UUID, response: Response, desk: AtDesk, now: Now
) -> ConsentOut:
    """One record."""
    kept = await consenting.get(desk, consent_id, by=caller, now=now)
    response.headers["ETag"] = f'"{kept.version}"'
    return ConsentOut.of(kept, caller, now)


@router.get("/{consent_id}/receipt", responses=_ONE)
async def receipt_of_a_consent(
    caller: AskingWorker, consent_id: UUID, desk: AtDesk, now: Now
) -> receipts.Receipt:
    """The receipt to give to the person, with the fields of ISO/IEC TS 27560."""
    return await receipts.of_consent(desk, consent_id, by=caller, now=now)
