"""A referral's way over HTTP: each step is a POST with the version that the caller saw."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Response

from services.referral.actions import stepping
from services.referral.actions.desk import Desk
from services.referral.domain.lifecycle import NotAllowedNow
from services.referral.domain.steps import Step
from services.referral.routes.answers import Moved
from services.referral.routes.callers import AtDesk, Now
from services.referral.routes.steps import STEPS, StepRoute, roles_for
from shared.auth import Caller, requires
from shared.contracts.lifecycle import Action
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IfMatch

_ANSWERS = problems(ActingWorkerMissing, NotFound, NotAllowedNow, Stale, PreconditionRequired)

router = APIRouter(prefix="/api/v1/referrals/{referral_id}", tags=["The way of a referral"])


async def _take(
    action: Action,
    referral_id: UUID,
    said: Step,
    caller: Caller,
    version: int,
    response: Response,
    desk: Desk,
    now: datetime,
) -> Moved:
    moved = await stepping.step(
        desk, referral_id, action, said, by=caller, version=version, now=now
    )
    response.headers["ETag"] = f'"{moved.version}"'
    return Moved.of(moved, desk.council(caller), now)


def _endpoint(action: Action, route: StepRoute) -> Callable[..., Any]:
    """The function of one step, with the caller and the words that it asks for as its types."""

    async def silent(
        caller: Caller,
        referral_id: UUID,
        version: IfMatch,
        response: Response,
        desk: AtDesk,
        now: Now,
    ) -> Moved:
        return await _take(action, referral_id, Step(), caller, version, response, desk, now)

    async def saying(
        caller: Caller,
        referral_id: UUID,
        said: Step,
        version: IfMatch,
        response: Response,
        desk: AtDesk,
        now: Now,
    ) -> Moved:
        return await _take(action, referral_id, said, caller, version, response, desk, now)

    asked = requires(route.scope, roles_for(action))
    endpoint = saying if route.said else silent
    endpoint.__annotations__ |= {"caller": Annotated[Caller, asked]}
    if route.said:
        endpoint.__annotations__ |= {"said": _body(route.said)}
    return endpoint


def _body(said: type[Step]) -> Any:
    """What is said with a step; where nothing must be, no body says it too."""
    must_say = any(field.is_required() for field in said.model_fields.values())
    return said if must_say else Annotated[said, Body(default_factory=said)]


for _action, _route in STEPS.items():
    router.add_api_route(
        f"/{_route.noun}",
        _endpoint(_action, _route),
        methods=["POST"],
        name=f"{_action}_a_referral",
        summary=_action.replace("_", " ").capitalize(),
        description=_route.meaning,
        response_model=Moved,
        response_model_exclude_none=True,
        responses=_ANSWERS,
    )
