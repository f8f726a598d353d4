"""Drafts over HTTP: a referral that is written over days, by any referrer of the agency."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.referral.actions import drafting
from services.referral.actions.desk import Desk
from services.referral.actions.submitting import OpenReferralExists
from services.referral.domain.drafts import Draft, DraftSubmitted, Standing
from services.referral.routes.answers import EXAMPLE_REFERENCE, Answer, Receipt, etag_of
from services.referral.routes.answers import Links as ReferralLinks
from services.referral.routes.callers import AtDesk, Now, ReferringWorker, Token
from services.referral.routes.example import BEGUN
from shared.auth import Caller
from shared.errors import (
    ActingWorkerMissing,
    IdempotencyKeyInFlight,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    NotFound,
    PreconditionRequired,
    Stale,
    problems,
)
from shared.http import IdempotencyKey, IfMatch
from shared.idempotency import Once

router = APIRouter(prefix="/api/v1/drafts", tags=["Drafts"])

_ONCE = (IdempotencyKeyMissing, IdempotencyKeyInFlight, IdempotencyKeyReused)
_ONE = problems(ActingWorkerMissing, NotFound)
_CHANGE = problems(ActingWorkerMissing, NotFound, DraftSubmitted, Stale, PreconditionRequired)

Content = Annotated[
    dict[str, Any], Body(description="A submission of which anything may still be missing")
]


class Links(Answer):
    """Where to go on; paths on this hub."""

    self: str
    by_code: str
    submission: str | None = None
    """POST it here once it is complete."""
    referral: str | None = None
    """What it has become."""

    @classmethod
    def of(cls, draft_id: UUID, code: str, referral_id: UUID | None = None) -> Self:
        path = f"/api/v1/drafts/{draft_id}"
        return cls(
            self=path,
            by_code=f"/api/v1/drafts/by-code/{code}",
            submission=f"{path}/submission" if referral_id is None else None,
            referral=ReferralLinks.of(referral_id).self if referral_id else None,
        )


class Wrong(Answer):
    """Something that was said and cannot stay as it is; it is kept until it is put right."""

    pointer: str
    """JSON pointer into the content."""
    detail: str


class DraftReceipt(Answer):
    """The draft is kept: note the code, and go on before `expires_at`."""

    about_nobody: ClassVar[str] = "a draft is its agency's own"
    id: UUID
    code: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    """With this any referrer of your agency goes on."""
    version: int
    expires_at: AwareDatetime
    """Each change begins its days anew."""
    complete: bool
    """Whether it could be sent as it is."""
    missing: list[str]
    """JSON pointers to what must still be said."""
    wrong: list[Wrong]
    links: Links


class DraftSummary(Answer):
    """A draft without what it says."""

    about_nobody: ClassVar[str] = "a draft is its agency's own"
    id: UUID
    code: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    version: int
    worker_id: UUID
    """Who wrote last."""
    created_at: AwareDatetime
    updated_at: AwareDatetime
    expires_at: AwareDatetime
    referral_id: UUID | None = None
    """Once it was sent."""
    links: Links


class DraftOut(DraftSummary):
    """A draft with what it says so far; once it was sent, only what it has become."""

    about_nobody: ClassVar[str] = "a draft is its agency's own"
    complete: bool | None = None
    missing: list[str] | None = None
    wrong: list[Wrong] | None = None
    content: dict[str, Any] | None = None

    @classmethod
    def of(cls, draft: Draft, standing: Standing | None) -> Self:
        return cls(
            **{name: value for name, value in vars(draft).items() if name in cls.model_fields},
            **_told(standing),
            links=Links.of(draft.id, draft.code, draft.referral_id),
        )


def _told(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {}
    wrong = [Wrong(**vars(error)) for error in standing.wrong]
    return {"complete": standing.complete, "missing": list(standing.missing), "wrong": wrong}


class Drafts(Answer):
    """Some of the agency's drafts, the newest first. `next` leads on; without it, that was all."""

    about_nobody: ClassVar[str] = "a draft is its agency's own"
    drafts: list[DraftSummary]
    next: str | None = None


class Page(BaseModel):
    """What the list shows."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[UUID | None, Query(description="As `next` gives it")] = None
    limit: Annotated[int, Query(ge=1, le=100, description="How many on a page")] = 20


@router.post(
    "",
    status_code=201,
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, *_ONCE),
)
async def begin_a_draft(
    caller: ReferringWorker,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
    content: Annotated[
        dict[str, Any] | None, Body(openapi_examples={"the first afternoon": {"value": BEGUN}})
    ] = None,
) -> DraftReceipt:
    """Begin a referral that is not complete yet, or not even begun: the answer tells what lacks."""
    said = content or {}
    worker = str(caller.worker_id).encode()
    once = Once.of(caller.client_id, key, b"draft.begin", worker, await request.body())
    standing = drafting.standing(desk, said, by=caller, now=now)
    receipt = await drafting.begin(desk, said, by=caller, once=once, now=now)
    links = Links.of(UUID(receipt["id"]), receipt["code"])
    response.headers["Location"], response.headers["ETag"] = links.self, '"1"'
    return DraftReceipt(**receipt, **_told(standing), version=1, links=links)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_drafts(
    caller: ReferringWorker, asked: Annotated[Page, Query()], desk: AtDesk, now: Now
) -> Drafts:
    """The drafts of your agency, without what they say."""
    found = await drafting.page(desk, by=caller, after=asked.cursor, limit=asked.limit, now=now)
    shown = [
        DraftSummary(**row, links=Links.of(row["id"], row["code"], row["referral_id"]))
        for row in found[: asked.limit]
    ]
    more = f"/api/v1/drafts?limit={asked.limit}&cursor={shown[-1].id}" if shown else None
    return Drafts(drafts=shown, next=more if len(found) > asked.limit else None)


@router.get("/{draft_id}", response_model_exclude_none=True, responses=_ONE)
async def look_at_a_draft(
    caller: ReferringWorker, draft_id: UUID, response: Response, desk: AtDesk, now: Now
) -> DraftOut:
    """What it says so far, what is missing and what is wrong."""
    draft = await drafting.look(desk, draft_id, by=caller, now=now)
    return _answer(draft, caller, response, desk, now)


@router.get("/by-code/{code}", response_model_exclude_none=True, responses=_ONE)
async def resume_a_draft(
    caller: ReferringWorker, code: str, response: Response, desk: AtDesk, now: Now
) -> DraftOut:
    """The same, by the code that a colleague has noted."""
    draft = await drafting.look(desk, code, by=caller, now=now)
    return _answer(draft, caller, response, desk, now)


def _answer(
    draft: Draft, caller: Caller, response: Response, desk: Desk, now: datetime
) -> DraftOut:
    response.headers["ETag"] = f'"{draft.version}"'
    said = draft.content
    standing = None if said is None else drafting.standing(desk, said, by=caller, now=now)
    return DraftOut.of(draft, standing)


@router.put("/{draft_id}", response_model_exclude_none=True, responses=_CHANGE)
async def write_on_a_draft(
    caller: ReferringWorker,
    draft_id: UUID,
    content: Content,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> DraftOut:
    """The whole content as it is now. What is wrong is told, and kept until it is put right."""
    draft = await drafting.rewrite(desk, draft_id, content, by=caller, version=version, now=now)
    return _answer(draft, caller, response, desk, now)


@router.delete("/{draft_id}", status_code=204, responses=_CHANGE)
async def discard_a_draft(
    caller: ReferringWorker, draft_id: UUID, version: IfMatch, desk: AtDesk, now: Now
) -> None:
    """Throw it away; nothing of it is kept."""
    await drafting.discard(desk, draft_id, by=caller, version=version, now=now)


@router.post(
    "/{draft_id}/submission",
    status_code=201,
    response_model_exclude_none=True,
    responses=problems(
        ActingWorkerMissing,
        NotFound,
        DraftSubmitted,
        OpenReferralExists,
        *_ONCE,
        Stale,
        PreconditionRequired,
    ),
)
async def send_a_draft(
    caller: ReferringWorker,
    draft_id: UUID,
    key: IdempotencyKey,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    token: Token,
    now: Now,
) -> Receipt:
    """Refer the family: the draft becomes a referral, once; the same key gives the same receipt."""
    worker = str(caller.worker_id).encode()
    once = Once.of(caller.client_id, key, b"draft.send", worker, draft_id.bytes)
    receipt = await drafting.send(
        desk, draft_id, by=caller, version=version, once=once, token=token, now=now
    )
    taken = Receipt.of(receipt, desk.council(caller), now)
    response.headers["Location"] = taken.links.self
    response.headers["ETag"] = etag_of(receipt)
    return taken
