"""Access requests over HTTP: what a person asks to be told, recorded, exempted and answered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.consent.actions import requesting
from services.consent.actions.requesting import Changing
from services.consent.domain.access_requests import (
    AccessRequest,
    AlreadyAnswered,
    ChildNotAsked,
    Exemption,
    ExemptionGround,
    NoWishNeeded,
    RequestIncomplete,
    Wish,
    due_after,
)
from services.consent.domain.consents import Capacity
from services.consent.routes.access_answers import AccessRequestOut, AccessRequestReceipt
from services.consent.routes.callers import Now
from services.consent.routes.desk import (
    ONCE,
    Agencies,
    Answer,
    AskingWorker,
    AtDesk,
    Categories,
    ForTheFamily,
    Page,
    Received,
    Said,
    SharingLead,
    Words,
    once_of,
)
from shared.auth import Caller
from shared.calendar import ENGLAND
from shared.errors import ActingWorkerMissing, NotFound, PreconditionRequired, Stale, problems
from shared.http import IdempotencyKey, IfMatch
from shared.ids import new_id

router = APIRouter(prefix="/api/v1/access-requests", tags=["Access requests"])
_CHANGE = (ActingWorkerMissing, NotFound, Stale, PreconditionRequired, AlreadyAnswered)


class AskingToBeTold(Said):
    """Who asks for what is held about whom."""

    person_id: UUID
    asked_by: UUID
    """The id of the person who asks: itself, a parent, or an attorney."""
    capacity: Capacity
    received_on: Received | None = None
    """Today where it is left out. From that day on there is a calendar month for the answer."""


class ChildsWish(Said):
    """What a child that is able to understand says to a parent's asking."""

    wish: Wish


class Exempting(Said):
    """What is kept out of the answer, and why. That a worker is named in it is no reason."""

    ground: ExemptionGround
    categories: Categories
    agencies: Agencies = []
    """Only what concerns these agencies; everybody where none is named."""
    told: bool = True
    """False: also that something is missing would do harm."""
    because: Words
    """Why, in at least 20 characters; it is kept."""

    def exemption(self, caller: Caller, now: datetime) -> Exemption:
        _, worker = caller.acting()
        return Exemption(
            id=new_id(),
            ground=self.ground,
            categories=frozenset(self.categories),
            agencies=frozenset(self.agencies),
            told=self.told,
            because=self.because,
            decided_by=worker,
            decided_at=now,
        )


class AccessRequests(Answer):
    """Access requests, what was recorded first first. `next` leads on."""

    access_requests: list[AccessRequestOut]
    next: str | None = None


class Unanswered(Page):
    """What the list shows."""

    unanswered: Annotated[bool, Query(description="Only what nobody has answered yet")] = True


@router.post(
    "",
    status_code=201,
    responses=problems(ActingWorkerMissing, NotFound, RequestIncomplete, *ONCE),
)
async def record_an_access_request(
    caller: ForTheFamily,
    said: AskingToBeTold,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> AccessRequestReceipt:
    """Record that somebody asks for what is held about a person: it is due in a calendar month."""
    once = once_of(caller, key, "access_request.ask", await request.body())
    agency, worker = caller.acting()
    authority = desk.authorities.of(caller.authority)
    received = said.received_on or now.astimezone(ENGLAND).date()
    new_one = new_id()
    new = AccessRequest(
        id=new_one,
        authority=authority.id,
        person=said.person_id,
        asked_by=said.asked_by,
        capacity=said.capacity,
        received_on=received,
        due=due_after(received, authority.calendar),
        recorded_by=worker,
        by_agency=agency,
        recorded_at=now,
        url=f"{desk.base}{router.prefix}/{new_one}",
    )
    receipt = await requesting.ask(desk, new, by=caller, once=once, now=now)
    response.headers["Location"] = f"{router.prefix}/{receipt['id']}"
    response.headers["ETag"] = f'"{receipt["version"]}"'
    return AccessRequestReceipt.model_validate(receipt)


@router.get("", response_model_exclude_none=True, responses=problems(ActingWorkerMissing))
async def list_access_requests(
    caller: AskingWorker, asked: Annotated[Unanswered, Query()], desk: AtDesk, now: Now
) -> AccessRequests:
    """What your agency has recorded; all of the authority for who answers for sharing."""
    found = await requesting.page(
        desk,
        by=caller,
        unanswered=asked.unanswered,
        after=asked.cursor,
        limit=asked.limit,
        now=now,
    )
    shown = [AccessRequestOut.of(one, now) for one in found[: asked.limit]]
    more = None
    if len(found) > asked.limit:
        unanswered = str(asked.unanswered).lower()
        more = f"{router.prefix}?unanswered={unanswered}&limit={asked.limit}"
        more += f"&cursor={shown[-1].id}"
    return AccessRequests(access_requests=shown, next=more)


@router.get(
    "/{request_id}",
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, NotFound),
)
async def look_at_an_access_request(
    caller: AskingWorker, request_id: UUID, response: Response, desk: AtDesk, now: Now
) -> AccessRequestOut:
    """How far one request has come."""
    kept = await requesting.get(desk, request_id, by=caller, now=now)
    return _shown(kept, caller, response, now)


def _shown(
    kept: AccessRequest, caller: Caller, response: Response, now: datetime
) -> AccessRequestOut:
    response.headers["ETag"] = f'"{kept.version}"'
    return AccessRequestOut.whole(kept, caller, now)


@router.post(
    "/{request_id}/wish",
    response_model_exclude_none=True,
    responses=problems(*_CHANGE, NoWishNeeded),
)
async def record_a_childs_wish(
    caller: ForTheFamily,
    request_id: UUID,
    said: ChildsWish,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> AccessRequestOut:
    """What the child itself says, before a parent is told what is held about it."""
    changing = Changing(desk, request_id, caller, version, now)
    return _shown(await requesting.hear(changing, said.wish), caller, response, now)


@router.post(
    "/{request_id}/exemptions",
    response_model_exclude_none=True,
    responses=problems(*_CHANGE, RequestIncomplete),
)
async def exempt_from_an_answer(
    caller: SharingLead,
    request_id: UUID,
    said: Exempting,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> AccessRequestOut:
    """Keep something out of the answer, on your own decision and with its reason."""
    changing = Changing(desk, request_id, caller, version, now)
    moved = await requesting.exempt(changing, said.exemption(caller, now))
    return _shown(moved, caller, response, now)


@router.post(
    "/{request_id}/answer",
    response_model_exclude_none=True,
    responses=problems(*_CHANGE, ChildNotAsked),
)
async def answer_an_access_request(
    caller: SharingLead,
    request_id: UUID,
    version: IfMatch,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> AccessRequestOut:
    """Record that the answer was handed over."""
    moved = await requesting.answer(Changing(desk, request_id, caller, version, now))
    return _shown(moved, caller, response, now)
