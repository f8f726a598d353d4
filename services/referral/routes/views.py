"""Views over HTTP: a worker's worklists under a name, for `GET /api/v1/referrals?view=`."""

from typing import ClassVar, Self
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.referral.actions import views
from services.referral.domain.views import TooManyViews, View, Viewed, ViewNameTaken
from services.referral.domain.worklist import FilterNotPermitted, FilterUnknown, Worklist
from services.referral.routes.answers import Answer
from services.referral.routes.callers import AtDesk, Now, ReadingWorker
from shared.errors import (
    ActingWorkerMissing,
    Forbidden,
    IdempotencyKeyInFlight,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    NotFound,
    PreconditionRequired,
    Refusal,
    Stale,
    problems,
)
from shared.http import IdempotencyKey, IfMatch
from shared.idempotency import Once

router = APIRouter(prefix="/api/v1/views", tags=["Views"])

_KEEPING: tuple[type[Refusal], ...] = (
    *(ActingWorkerMissing, FilterNotPermitted, FilterUnknown),
    *(Forbidden, ViewNameTaken),
)
_CHANGING: tuple[type[Refusal], ...] = (NotFound, Stale, PreconditionRequired)


class ViewOut(Answer):
    """A worklist under a name."""

    about_nobody: ClassVar[str] = "filters that a worker keeps"
    id: UUID
    name: str
    worklist: Worklist
    shared: bool
    worker_id: UUID
    """Who made it."""
    version: int
    referrals: str
    """Where it is used."""

    @classmethod
    def of(cls, view: View) -> Self:
        return cls(
            id=view.id,
            **dict(view.said),
            worker_id=view.worker_id,
            version=view.version,
            referrals=f"/api/v1/referrals?view={view.id}",
        )


class Views(Answer):
    """The worker's own and the agency's, by name."""

    views: list[ViewOut]


def _answer(view: View, response: Response) -> ViewOut:
    response.headers["ETag"] = f'"{view.version}"'
    return ViewOut.of(view)


@router.post(
    "",
    status_code=201,
    response_model_exclude_defaults=True,
    responses=problems(
        *_KEEPING,
        *(TooManyViews, IdempotencyKeyMissing, IdempotencyKeyInFlight, IdempotencyKeyReused),
    ),
)
async def keep_a_view(
    caller: ReadingWorker,
    said: Viewed,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> ViewOut:
    """Keep filters and an order under a name. Sending it again with the same key is safe."""
    worker = str(caller.worker_id).encode()
    once = Once.of(caller.client_id, key, b"view.keep", worker, await request.body())
    view = await views.keep(desk, said, by=caller, once=once, now=now)
    response.headers["Location"] = f"/api/v1/views/{view.id}"
    return _answer(view, response)


@router.get("", response_model_exclude_defaults=True, responses=problems(ActingWorkerMissing))
async def list_views(caller: ReadingWorker, desk: AtDesk) -> Views:
    """The worker's own views and those that are shared with its agency: a short list, whole."""
    return Views(views=[ViewOut.of(view) for view in await views.listed(desk, by=caller)])


@router.get(
    "/{view_id}",
    response_model_exclude_defaults=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def look_at_a_view(
    caller: ReadingWorker, view_id: UUID, response: Response, desk: AtDesk
) -> ViewOut:
    """One view, with the version to change it by."""
    return _answer(await views.look(desk, view_id, by=caller), response)


@router.put(
    "/{view_id}",
    response_model_exclude_defaults=True,
    responses=problems(*_KEEPING, *_CHANGING),
)
async def change_a_view(
    caller: ReadingWorker,
    view_id: UUID,
    said: Viewed,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
) -> ViewOut:
    """Say anew what a view is called, what it shows, and whether it is shared."""
    return _answer(await views.change(desk, view_id, said, by=caller, version=version), response)


@router.delete(
    "/{view_id}",
    status_code=204,
    responses=problems(ActingWorkerMissing, Forbidden, *_CHANGING),
)
async def take_a_view_away(
    caller: ReadingWorker, view_id: UUID, version: IfMatch, desk: AtDesk
) -> None:
    """Take a view away; the referrals that it showed stay what they are."""
    await views.remove(desk, view_id, by=caller, version=version)
