"""Entries over HTTP, for those who look after them: read whole, assured, rolled back."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field, WithJsonSchema

from services.directory.actions import keeping
from services.directory.actions.keeping import (
    AgencyUnknown,
    Manner,
    NeverShown,
    NotAnOrganization,
    OnlyServicesAreAssured,
)
from services.directory.domain.differing import Difference, differences
from services.directory.domain.entries import Audience, Kind, Stage
from services.directory.routes.callers import (
    CHANGES,
    LOOKS,
    Answer,
    AtDesk,
    Editor,
    Keeper,
    Now,
    Page,
    Said,
    Words,
    etag,
)
from services.directory.store.keeping import Held, Version
from shared.errors import ActingWorkerMissing, problems
from shared.http import IfMatch

BASE = "/api/v1/directory/entries"
NEWEST = 2**31 - 1
"""What a version is counted to."""
router = APIRouter(prefix=BASE, tags=["Directory: keeping it true"])


StageOut = Annotated[Stage, WithJsonSchema({"type": "string", "enum": [*Stage]})]
"""Described where it stands: an authority's way has stages too."""


class FieldDifference(Answer):
    """A field that is otherwise; what is not there is left out."""

    path: str
    """A JSON pointer into the content; what is in a list is named by its id."""
    before: Any = None
    after: Any = None

    @classmethod
    def of(cls, one: Difference) -> Self:
        return cls(path=one.path, before=one.before, after=one.after)


class EntrySummary(Answer):
    """An entry without most of what it says."""

    id: UUID
    kind: Kind
    name: str | None = None
    stage: StageOut
    audience: Audience
    assured_date: str | None = None
    version: int
    changed_at: AwareDatetime

    @classmethod
    def of(cls, held: Held, **more: Any) -> Self:
        entry = held.entry
        return cls(
            id=entry.id,
            kind=entry.kind,
            name=entry.content.get("name"),
            stage=entry.stage,
            audience=entry.audience,
            assured_date=entry.content.get("assured_date"),
            version=held.version,
            changed_at=held.changed_at,
            **more,
        )


class EntryOut(EntrySummary):
    """An entry with all that it says, also what nobody else is shown."""

    content: dict[str, Any]
    """As Open Referral has it; what is marked `confidential` leaves the hub nowhere else."""
    origin: str | None = None
    """From where it is imported."""
    shown_from: date | None = None
    """The first day on which it is shown."""
    shown_until: date | None = None
    """The last day on which it is shown."""


class Entries(Answer):
    """Entries that you look after. `next` leads on."""

    entries: list[EntrySummary]
    next: str | None = None


class EntryVersion(Answer):
    """An entry as it once stood: who made it so, why, and what it changed."""

    version: int
    at: AwareDatetime
    client_id: str
    worker_id: UUID | None = None
    reason: str
    words: str | None = None
    """What the editor wrote to it."""
    stage: StageOut
    audience: Audience
    shown_from: date | None = None
    shown_until: date | None = None
    differences: list[FieldDifference]
    """From the version before it."""

    @classmethod
    def of(cls, one: Version, before: Version | None) -> Self:
        known = before.standing.marked if before else None
        return cls(
            version=one.version,
            at=one.at,
            client_id=one.client_id,
            worker_id=one.worker_id,
            reason=one.reason,
            words=one.words,
            stage=one.standing.stage,
            audience=one.standing.audience,
            shown_from=one.standing.shown_from,
            shown_until=one.standing.shown_until,
            differences=[
                FieldDifference.of(field) for field in differences(known, one.standing.marked)
            ],
        )


class EntryHistory(Answer):
    """The versions of an entry, the newest first. `next` leads on."""

    versions: list[EntryVersion]
    next: str | None = None


class EntryRollingBack(Said):
    """To which version of the history, and why."""

    version: Annotated[int, Field(ge=1, le=NEWEST)]
    reason: Words


class EntryStanding(Said):
    """How far the entry is agreed, for whom it is meant, when it is shown; and why."""

    stage: StageOut
    audience: Audience
    shown_from: date | None = None
    """The first day on which it is shown; left out: from now on."""
    shown_until: date | None = None
    """The last day on which it is shown; left out: for ever."""
    reason: Words


class ProviderAppointing(Said):
    """Which agency looks after the organization's entries from now on."""

    agency_id: UUID


def _answered(held: Held, response: Response) -> EntryOut:
    response.headers["ETag"] = etag(held.version)
    entry = held.entry
    days = {"shown_from": entry.shown_from, "shown_until": entry.shown_until}
    return EntryOut.of(held, content=entry.marked, origin=held.origin, **days)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_entries(
    caller: Keeper, asked: Annotated[Page, Query()], desk: AtDesk, now: Now
) -> Entries:
    """Your organizations, their services and places; for an editor all that there are."""
    found = await keeping.page(desk, by=caller, after=asked.cursor, limit=asked.limit, now=now)
    shown = [EntrySummary.of(held) for held in found[: asked.limit]]
    more = f"{BASE}?limit={asked.limit}&cursor={shown[-1].id}" if shown else None
    return Entries(entries=shown, next=more if len(found) > asked.limit else None)


@router.get("/{entry_id}", response_model_exclude_none=True, responses=problems(*LOOKS))
async def look_at_an_entry(
    caller: Keeper, entry_id: UUID, response: Response, desk: AtDesk, now: Now
) -> EntryOut:
    """One entry with all that is withheld from everybody else."""
    return _answered(await keeping.get(desk, entry_id, by=caller, now=now), response)


@router.get("/{entry_id}/history", response_model_exclude_none=True, responses=problems(*LOOKS))
async def look_at_the_history_of_an_entry(
    caller: Keeper,
    entry_id: UUID,
    desk: AtDesk,
    now: Now,
    before: Annotated[int | None, Query(ge=1, le=NEWEST, description="As `next` gives it")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many on a page")] = 20,
) -> EntryHistory:
    """Every version, who made it and why, and field by field what it changed."""
    found = await keeping.history(desk, entry_id, by=caller, before=before, limit=limit, now=now)
    pairs = zip(found[:limit], [*found[1:], None], strict=False)
    shown = [EntryVersion.of(one, earlier) for one, earlier in pairs]
    more = f"{BASE}/{entry_id}/history?limit={limit}&before={shown[-1].version}" if shown else None
    return EntryHistory(versions=shown, next=more if len(found) > limit else None)


@router.post(
    "/{entry_id}/assurance",
    response_model_exclude_none=True,
    responses=problems(*CHANGES, OnlyServicesAreAssured),
)
async def assure_an_entry(
    caller: Keeper, entry_id: UUID, seen: IfMatch, response: Response, desk: AtDesk, now: Now
) -> EntryOut:
    """Say that a service's entry is right as it stands today; everybody reads when that was."""
    held = await keeping.assure(desk, entry_id, by=caller, version=seen, now=now)
    return _answered(held, response)


@router.put(
    "/{entry_id}/standing",
    response_model_exclude_none=True,
    responses=problems(*CHANGES, NeverShown),
)
async def set_the_standing_of_an_entry(
    caller: Keeper,
    entry_id: UUID,
    said: EntryStanding,
    seen: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> EntryOut:
    """Hide an entry at once, withdraw it, or say for whom and when it is shown.

    Whoever looks after it hides it; only the council's editor shows it to more people than before.
    """
    asked = said.model_dump(exclude={"reason"})
    held = await keeping.set_standing(
        desk, entry_id, Manner(**asked), said.reason, by=caller, version=seen, now=now
    )
    return _answered(held, response)


@router.post("/{entry_id}/rollback", response_model_exclude_none=True, responses=problems(*CHANGES))
async def roll_an_entry_back(
    caller: Editor,
    entry_id: UUID,
    said: EntryRollingBack,
    seen: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> EntryOut:
    """Let an entry stand as it once stood; what it was in between stays in the history."""
    held = await keeping.roll_back(
        desk, entry_id, said.version, said.reason, by=caller, version=seen, now=now
    )
    return _answered(held, response)


@router.put(
    "/{entry_id}/provider",
    status_code=204,
    responses=problems(*LOOKS, NotAnOrganization, AgencyUnknown),
)
async def appoint_a_provider(
    caller: Editor, entry_id: UUID, said: ProviderAppointing, desk: AtDesk, now: Now
) -> None:
    """Say which agency looks after an organization and its services."""
    await keeping.appoint(desk, entry_id, said.agency_id, by=caller, now=now)
