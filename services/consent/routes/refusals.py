"""Refusals to share over HTTP: where sharing would do more harm than not sharing."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field

from services.consent.actions import refusing
from services.consent.actions.consenting import About
from services.consent.domain.holding import AlreadyLifted, KeptRefusal, RefusalIncomplete
from services.consent.domain.overrides import RefusalToShare
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
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IdempotencyKey, IfMatch
from shared.ids import new_id
from shared.instants import Instant
from shared.purposes import Purpose

router = APIRouter(prefix="/api/v1/refusals-to-share", tags=["Refusals to share"])


class Refusing(Said):
    """What is held back from whom, and why."""

    people: People
    agencies: Agencies = []
    """From which agencies; from every one where none is named."""
    purposes: Annotated[list[Purpose], Field(max_length=len(Purpose))] = []
    """For what; for everything where nothing is named."""
    categories: Categories
    because: Words
    """Why sharing would do more harm than not sharing, in at least 20 characters."""
    until: Instant | None = None

    def refusal(self, caller: Caller, now: datetime) -> RefusalToShare:
        _, worker_id = caller.acting()
        return RefusalToShare(
            id=new_id(),
            people=frozenset(self.people),
            agencies=frozenset(self.agencies),
            purposes=frozenset(self.purposes),
            categories=frozenset(self.categories),
            because=self.because,
            refused_by=worker_id,
            refused_at=now,
            until=self.until,
        )


class RefusalReceipt(Answer):
    """It is kept, and holds back from now on."""

    id: UUID
    version: int


class RefusalOut(Answer):
    """A refusal to share with its reasons: seen by who judged and who answers for sharing."""

    id: UUID
    version: int
    people: list[UUID]
    agencies: list[UUID]
    purposes: list[Purpose]
    categories: list[str]
    because: str
    refused_by: UUID
    refused_at: AwareDatetime
    until: AwareDatetime | None = None
    lifted_at: AwareDatetime | None = None
    live: bool

    @classmethod
    def of(cls, kept: KeptRefusal, now: datetime) -> Self:
        said = kept.said
        sets = ("people", "agencies", "purposes", "categories")
        same = {name: getattr(said, name) for name in cls.model_fields if hasattr(said, name)}
        ordered = {name: sorted(same[name]) for name in sets}
        return cls(**same | ordered | {"version": kept.version, "live": said.is_live(now)})


class Refusals(Answer):
    """Refusals to share, the newest first. `next` leads on; without it, that was all."""

    refusals: list[RefusalOut]
    next: str | None = None


@router.post(
    "",
    status_code=201,
    responses=problems(ActingWorkerMissing, NotFound, RefusalIncomplete, *ONCE),
)
async def refuse_to_share(
    caller: Practitioner,
    said: Refusing,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> RefusalReceipt:
    """Hold data back, with the reasons (Children Act 2004, s.16LA): it stands against every permit.

    An override does not go past it.
    """
    once = once_of(caller, key, "refusal_to_share.record", await request.body())
    refusal = said.refusal(caller, now)
    receipt = await refusing.record(desk, refusal, by=caller, once=once, now=now)
    response.headers["Location"] = f"{router.prefix}/{receipt['id']}"
    response.headers["ETag"] = f'"{receipt["version"]}"'
    return RefusalReceipt.model_validate(receipt)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing, NotFound))
async def list_refusals_to_share(
    caller: AskingWorker, asked: Annotated[PageAbout, Query()], desk: AtDesk, now: Now
) -> Refusals:
    """What your agency holds back of a person; all of it for who answers for sharing."""
    about = About(asked.person_id, asked.cursor, asked.limit)
    found = await refusing.page(desk, about, by=caller, now=now)
    shown = [RefusalOut.of(one, now) for one in found[: asked.limit]]
    more = None
    if len(found) > asked.limit:
        more = f"{router.prefix}?person_id={asked.person_id}&limit={asked.limit}"
        more += f"&cursor={shown[-1].id}"
    return Refusals(refusals=shown, next=more)


@router.get(
    "/{refusal_id}",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def look_at_a_refusal_to_share(
    caller: AskingWorker, refusal_id: UUID, response: Response, desk: AtDesk, now: Now
) -> RefusalOut:
    """One refusal, with its reasons."""
    kept = await refusing.get(desk, refusal_id, by=caller, now=now)
    response.headers["ETag"] = f'"{kept.version}"'
    return RefusalOut.of(kept, now)


@router.post(
    "/{refusal_id}/lifting",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound, AlreadyLifted, Stale, PreconditionRequired),
)
async def lift_a_refusal_to_share(
    caller: Practitioner,
    refusal_id: UUID,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> RefusalOut:
    """It holds nothing back any more."""
    moved = await refusing.lift(desk, refusal_id, by=caller, version=version, now=now)
    response.headers["ETag"] = f'"{moved.version}"'
    return RefusalOut.of(moved, now)
