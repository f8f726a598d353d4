"""Reported problems and look-alikes over HTTP: anybody says one, the council settles it."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from services.directory.actions import settling
from services.directory.domain.queues import (
    LookAlike,
    LookAlikeOutcome,
    Problem,
    ProblemOutcome,
    ReportedProblem,
    SettledAlready,
)
from services.directory.routes.callers import (
    CHANGES,
    ONCE,
    Answer,
    AtDesk,
    Editor,
    Now,
    Page,
    Said,
    Words,
    etag,
)
from shared.auth import Caller
from shared.errors import ActingWorkerMissing, NotFound, TooManyRequests, problems
from shared.http import IdempotencyKey, IfMatch
from shared.idempotency import Once

BASE = "/api/v1/directory"
_QUEUE, _ALIKE = f"{BASE}/reported-problems", f"{BASE}/look-alikes"
router = APIRouter(tags=["Directory: keeping it true"])


class ProblemReporting(Said):
    """What is wrong with an entry. Do not say who you are: nobody needs to know."""

    service_id: UUID
    problem: ReportedProblem
    words: Words | None = None
    """In your own words, without names of people."""


class ProblemReceipt(Answer):
    """An editor of the council will look."""

    service_id: UUID
    reported_at: AwareDatetime


class ProblemOut(Answer):
    """A problem that waits, or what became of it."""

    id: UUID
    service_id: UUID
    problem: ReportedProblem
    words: str | None = None
    reported_at: AwareDatetime
    outcome: ProblemOutcome | None = None
    version: int

    @classmethod
    def of(cls, one: Problem) -> Self:
        said = {name: value for name, value in vars(one).items() if name in cls.model_fields}
        return cls(problem=one.what, **said)


class ReportedProblems(Answer):
    """What waits, the oldest first. `next` leads on."""

    problems: list[ProblemOut]
    next: str | None = None


class ProblemSettling(Said):
    """What became of it; change the entry by a draft, or roll it back."""

    outcome: ProblemOutcome


class LookAlikeOut(Answer):
    """Two services that an import found alike."""

    id: UUID
    first_id: UUID
    second_id: UUID
    origin: str
    found_at: AwareDatetime
    outcome: LookAlikeOutcome | None = None
    version: int

    @classmethod
    def of(cls, one: LookAlike) -> Self:
        return cls(**{n: value for n, value in vars(one).items() if n in cls.model_fields})


class LookAlikes(Answer):
    """The pairs that wait, the oldest first. `next` leads on."""

    look_alikes: list[LookAlikeOut]
    next: str | None = None


class LookAlikeSettling(Said):
    """Where one is kept, the other is withdrawn."""

    outcome: LookAlikeOutcome


@router.post(
    f"{BASE}/problems", status_code=201, responses=problems(NotFound, TooManyRequests, *ONCE)
)
async def report_a_problem(
    said: ProblemReporting, key: IdempotencyKey, request: Request, desk: AtDesk, now: Now
) -> ProblemReceipt:
    """Say that an entry is wrong; no sign-in, and nothing of who says so is kept."""
    asked = await request.body()
    once = Once.of(Caller.anonymous.client_id, key, b"problem.report", asked)
    receipt = await settling.report(
        desk, said.service_id, said.problem, said.words, once=once, now=now
    )
    return ProblemReceipt.model_validate(receipt)


@router.get(_QUEUE, response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_reported_problems(
    caller: Editor, asked: Annotated[Page, Query()], desk: AtDesk, now: Now
) -> ReportedProblems:
    """What families say is wrong, and nobody has settled yet."""
    found = await settling.problems(desk, by=caller, after=asked.cursor, limit=asked.limit, now=now)
    shown = [ProblemOut.of(one) for one in found[: asked.limit]]
    more = f"{_QUEUE}?limit={asked.limit}&cursor={shown[-1].id}" if shown else None
    return ReportedProblems(problems=shown, next=more if len(found) > asked.limit else None)


@router.post(
    f"{_QUEUE}/{{problem_id}}/settlement",
    response_model_exclude_none=True,
    responses=problems(*CHANGES, SettledAlready),
)
async def settle_a_reported_problem(
    caller: Editor,
    problem_id: UUID,
    said: ProblemSettling,
    seen: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> ProblemOut:
    """Take a problem off the queue, and say what became of it."""
    settled = await settling.settle_problem(
        desk, problem_id, said.outcome, by=caller, version=seen, now=now
    )
    response.headers["ETag"] = etag(settled.version)
    return ProblemOut.of(settled)


@router.get(_ALIKE, response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_look_alikes(
    caller: Editor, asked: Annotated[Page, Query()], desk: AtDesk, now: Now
) -> LookAlikes:
    """Services that an import found alike, and nobody has settled yet."""
    found = await settling.look_alikes(
        desk, by=caller, after=asked.cursor, limit=asked.limit, now=now
    )
    shown = [LookAlikeOut.of(one) for one in found[: asked.limit]]
    more = f"{_ALIKE}?limit={asked.limit}&cursor={shown[-1].id}" if shown else None
    return LookAlikes(look_alikes=shown, next=more if len(found) > asked.limit else None)


@router.post(
    f"{_ALIKE}/{{pair_id}}/settlement",
    response_model_exclude_none=True,
    responses=problems(*CHANGES, SettledAlready),
)
async def settle_look_alikes(
    caller: Editor,
    pair_id: UUID,
    said: LookAlikeSettling,
    seen: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> LookAlikeOut:
    """Say whether they are one service; of one that is listed twice, which entry stays."""
    settled = await settling.settle_look_alike(
        desk, pair_id, said.outcome, by=caller, version=seen, now=now
    )
    response.headers["ETag"] = etag(settled.version)
    return LookAlikeOut.of(settled)
