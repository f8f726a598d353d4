"""The form below a service's page: anybody says what is wrong with it, without a script."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.directory.actions import settling
from services.directory.domain.queues import ReportedProblem
from services.directory.routes.answers import AtFeed
from services.directory.routes.callers import AtDesk, Now
from services.directory.routes.pages.council import ForCouncil
from services.directory.routes.pages.find_help import BASE, document, service_page
from services.directory.routes.pages.rendering import PageRoute, page
from services.directory.routes.pages.reported import Reported
from shared.errors import TooManyRequests

router = APIRouter(prefix=f"{BASE}/problems", include_in_schema=False, route_class=PageRoute)


@router.post("/{id}")
async def report_on_the_page(
    request: Request, feed: AtFeed, desk: AtDesk, of: ForCouncil, now: Now, id: str
) -> Response:
    """Take down what is wrong, or show the form again with what must be put right."""
    service = await document(feed, id)
    typed = Reported.of(await request.body())
    if typed.faults:
        return await service_page(request, service, of, status=422, typed=typed)
    service_id, what = UUID(service["id"]), ReportedProblem(typed.problem)
    once = typed.once(service_id, now)
    try:
        await settling.report(desk, service_id, what, typed.words or None, once=once, now=now)
    except TooManyRequests as refusal:
        answer = page("reported_already.html", of, status=429, service=service)
        answer.headers["Retry-After"] = refusal.headers["Retry-After"]
        return answer
    return page("reported.html", of, service=service)
