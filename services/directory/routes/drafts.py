"""Drafts of entries over HTTP: written by providers, compared and decided by the council."""

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from services.directory.actions import drafting
from services.directory.actions.accepting import NobodysEntry
from services.directory.domain.differing import differences
from services.directory.domain.drafts import (
    Draft,
    DraftEnded,
    DraftStatus,
    EntryMoved,
    NotAnEntry,
)
from services.directory.domain.entries import Entry, Kind
from services.directory.routes.callers import (
    CHANGES,
    LOOKS,
    ONCE,
    Answer,
    AtDesk,
    Editor,
    Keeper,
    Now,
    Page,
    Said,
    Words,
    etag,
    once_of,
)
from services.directory.routes.entries import FieldDifference
from shared.errors import ActingWorkerMissing, problems
from shared.http import IdempotencyKey, IfMatch

BASE = "/api/v1/directory/drafts"
router = APIRouter(prefix=BASE, tags=["Directory: keeping it true"])


class EntryDrafting(Said):
    """The whole of what an entry is to say, as Open Referral has it."""

    entry_id: UUID | None = None
    """Of which entry; left out: a new one."""
    kind: Kind = Kind.SERVICE
    """What a new one is; an entry stays what it is."""
    content: dict[str, Any]


class EntryRedrafting(Said):
    """The whole of what the entry is to say instead."""

    content: dict[str, Any]


class EntryRejecting(Said):
    """What the editor says to it."""

    reason: Words


class EntryApproving(Said):
    """What the editor says to it, if anything."""

    reason: Words | None = None


class EntryDraftReceipt(Answer):
    """The draft waits for an editor of the council."""

    id: UUID
    entry_id: UUID
    version: int


class EntryDraftSummary(Answer):
    """A draft without what it says."""

    id: UUID
    entry_id: UUID
    kind: Kind
    status: DraftStatus
    agency_id: UUID
    worker_id: UUID
    """Who wrote it last."""
    version: int
    created_at: AwareDatetime
    changed_at: AwareDatetime
    reason: str | None = None
    """What the editor says to it."""

    @classmethod
    def of(cls, draft: Draft, **more: Any) -> Self:
        said = {name: value for name, value in vars(draft).items() if name in cls.model_fields}
        return cls(**{**said, **more})


class EntryDraftOut(EntryDraftSummary):
    """A draft, and what it would change in the entry as everybody reads it now."""

    content: dict[str, Any]
    differences: list[FieldDifference]
    """Field by field; of a draft that has ended, from the entry as it stands now."""

    @classmethod
    def beside(cls, draft: Draft, standing: Entry | None) -> Self:
        found = differences(standing.marked if standing else None, draft.content)
        return cls.of(draft, differences=[FieldDifference.of(one) for one in found])


class EntryDrafts(Answer):
    """Your agency's drafts, for an editor its authority's, the oldest first. `next` leads on."""

    drafts: list[EntryDraftSummary]
    next: str | None = None


class DraftPage(Page):
    """Which drafts."""

    status: Annotated[DraftStatus | None, Query(description="Only those that stand so")] = None


def _answered(draft: Draft, response: Response) -> EntryDraftSummary:
    response.headers["ETag"] = etag(draft.version)
    return EntryDraftSummary.of(draft)


@router.post("", status_code=201, responses=problems(*LOOKS, NotAnEntry, NobodysEntry, *ONCE))
async def draft_an_entry(
    caller: Keeper,
    said: EntryDrafting,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> EntryDraftReceipt:
    """Say how an entry of yours should read; everybody reads it so once the council approves."""
    once = once_of(caller, key, "entry_draft.write", await request.body())
    receipt = await drafting.write(
        desk, said.entry_id, said.kind, said.content, by=caller, once=once, now=now
    )
    response.headers["Location"] = f"{BASE}/{receipt['id']}"
    response.headers["ETag"] = etag(receipt["version"])
    return EntryDraftReceipt.model_validate(receipt)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_drafts_of_entries(
    caller: Keeper, asked: Annotated[DraftPage, Query()], desk: AtDesk, now: Now
) -> EntryDrafts:
    """What waits, and what has become of the rest."""
    found = await drafting.page(
        desk, by=caller, status=asked.status, after=asked.cursor, limit=asked.limit, now=now
    )
    shown = [EntryDraftSummary.of(one) for one in found[: asked.limit]]
    only = f"&status={asked.status}" if asked.status else ""
    more = f"{BASE}?limit={asked.limit}{only}&cursor={shown[-1].id}" if shown else None
    return EntryDrafts(drafts=shown, next=more if len(found) > asked.limit else None)


@router.get("/{draft_id}", response_model_exclude_none=True, responses=problems(*LOOKS))
async def compare_a_draft_of_an_entry(
    caller: Keeper, draft_id: UUID, response: Response, desk: AtDesk, now: Now
) -> EntryDraftOut:
    """What it says, and field by field what that would change."""
    draft, standing = await drafting.get(desk, draft_id, by=caller, now=now)
    response.headers["ETag"] = etag(draft.version)
    return EntryDraftOut.beside(draft, standing)


@router.put(
    "/{draft_id}",
    response_model_exclude_none=True,
    responses=problems(*CHANGES, DraftEnded, NotAnEntry, NobodysEntry),
)
async def redraft_an_entry(
    caller: Keeper,
    draft_id: UUID,
    said: EntryRedrafting,
    seen: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> EntryDraftSummary:
    """Let your draft say something else, over the entry as it stands now."""
    draft = await drafting.rewrite(desk, draft_id, said.content, by=caller, version=seen, now=now)
    return _answered(draft, response)


@router.post(
    "/{draft_id}/withdrawal",
    response_model_exclude_none=True,
    responses=problems(*CHANGES, DraftEnded),
)
async def withdraw_a_draft_of_an_entry(
    caller: Keeper, draft_id: UUID, seen: IfMatch, response: Response, desk: AtDesk, now: Now
) -> EntryDraftSummary:
    """Take your draft back."""
    draft = await drafting.withdraw(desk, draft_id, by=caller, version=seen, now=now)
    return _answered(draft, response)


@router.post(
    "/{draft_id}/approval",
    response_model_exclude_none=True,
    responses=problems(*CHANGES, DraftEnded, EntryMoved),
)
async def approve_a_draft_of_an_entry(
    caller: Editor,
    draft_id: UUID,
    said: EntryApproving,
    seen: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> EntryDraftSummary:
    """Let everybody read the entry as the draft has it."""
    draft = await drafting.approve(desk, draft_id, said.reason, by=caller, version=seen, now=now)
    return _answered(draft, response)


@router.post(
    "/{draft_id}/rejection",
    response_model_exclude_none=True,
    responses=problems(*CHANGES, DraftEnded),
)
async def reject_a_draft_of_an_entry(
    caller: Editor,
    draft_id: UUID,
    said: EntryRejecting,
    seen: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> EntryDraftSummary:
    """Say that the entry stays as it is, and why; its provider reads that."""
    draft = await drafting.reject(desk, draft_id, said.reason, by=caller, version=seen, now=now)
    return _answered(draft, response)
