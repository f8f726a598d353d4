"""Worklists over HTTP: pages, counts and the export of what a caller may see."""

from collections.abc import AsyncIterator
from typing import Annotated, ClassVar, Self
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from services.referral.actions import worklists
from services.referral.actions.worklists import Question, ReferenceMistyped
from services.referral.domain.worklist import (
    By,
    FilterNotPermitted,
    Filters,
    FilterUnknown,
    Sort,
    Worklist,
)
from services.referral.routes.answers import EXAMPLE_REFERENCE, Answer, Summary, summary_of
from services.referral.routes.callers import LOOKS, AtDesk, Look
from services.referral.routes.spreadsheet import Spreadsheet
from shared.cursor import CursorUnknown
from shared.errors import BadRequest, NotFound, Refusal, problems
from shared.minimise import Open, categories

router = APIRouter(prefix="/api/v1/referrals", tags=["Worklists"])

_BESIDE_A_VIEW = {"view", "cursor", "limit", "by"}
_FACTS: tuple[type[Refusal], ...] = (
    *LOOKS,
    *(FilterNotPermitted, FilterUnknown, ReferenceMistyped, NotFound),
)
OF_A_LIST = categories(Summary)


class Asking(Filters):
    """Filters, or a view that says them. One that is not listed here is refused."""

    reference: Annotated[str | None, Field(max_length=40, examples=[EXAMPLE_REFERENCE])] = None
    """The one that is called so: as it was read out, lower case and spaces are no mistakes"""
    view: UUID | None = None
    """Those of this view; it says its own filters and order, so none may stand beside it"""

    def question(self) -> Question:
        """What is asked. Raises BadRequest for a view with filters beside it."""
        if self.view is not None and (beside := self.model_fields_set - _BESIDE_A_VIEW):
            raise BadRequest(f"Ask for the view alone, without {', '.join(sorted(beside))}")
        told = self.model_dump(include=set(Worklist.model_fields))
        return Question(Worklist.model_validate(told), self.view, self.reference)


class AskingForAPage(Asking):
    """The same with an order, and where the page begins."""

    sort: Sort = Sort.NEWEST
    """`newest` or `oldest` first; by what is `due` first; by `urgency`, and then by what is due"""
    cursor: Annotated[str | None, Field(max_length=200)] = None
    """As `next` gives it; it opens for the same filters, order and agency alone"""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """How many on a page"""


class AskingForCounts(Asking):
    """The same, and what is counted."""

    by: By
    """What to count by"""


class Page(Answer):
    """Some referrals in the order asked for. `next` leads on; without it, this was the last page.

    While others write, one whose clock moves may come again later in the order `due` or
    `urgency`, or be missed where it moves to the front; what does not move comes exactly once.
    """

    referrals: list[Summary]
    next: Annotated[str | None, Open("a sealed place in the list")] = None


class Count(Answer):
    """How many referrals have this code; null: those that have none."""

    about_nobody: ClassVar[str] = "a number of families, of each of which the code may be seen"
    code: str | None
    count: int

    @classmethod
    def of(cls, code: str | UUID | None, count: int) -> Self:
        return cls(code=None if code is None else str(code), count=count)


class Counts(Answer):
    """Counts of what the caller may see, and of nothing else."""

    by: Annotated[By, Open("what was asked")]
    counts: list[Count]


@router.get("", response_model_exclude_none=True, responses=problems(*_FACTS, CursorUnknown))
async def list_referrals(
    look: Look, asking: Annotated[AskingForAPage, Query()], request: Request, desk: AtDesk
) -> Page:
    """The referrals this caller may know of, without the family: ids, codes and clocks.

    Of each stands there what may leave for this purpose. A filter, or an order, that would tell
    what may not be seen of every family is refused.
    """
    found, cursor = await worklists.page(
        desk, asking.question(), look, OF_A_LIST, cursor=asking.cursor, limit=asking.limit
    )
    following = None
    if cursor is not None:
        asked = [(name, v) for name, v in request.query_params.multi_items() if name != "cursor"]
        following = f"{router.prefix}?{urlencode([*asked, ('cursor', cursor)])}"
    council = desk.council(look.by)
    shown = [Summary.model_validate(summary_of(one, council, look.now)) for one in found]
    return Page(referrals=shown, next=following)


@router.get("/counts", responses=problems(*_FACTS))
async def count_referrals(
    look: Look, asking: Annotated[AskingForCounts, Query()], desk: AtDesk
) -> Counts:
    """How many of the referrals that this caller may see there are of each status, area, hub …"""
    found = await worklists.counts(desk, asking.question(), asking.by, look)
    return Counts(by=asking.by, counts=[Count.of(code, count) for code, count in found])


class Csv(StreamingResponse):
    """Comma-separated values (RFC 4180), line by line."""

    media_type = "text/csv; charset=utf-8; header=present"
    lines_of: ClassVar[type[Answer]] = Summary


@router.get(
    "/export",
    response_class=Csv,
    responses=problems(*_FACTS),
)
async def export_referrals(look: Look, asking: Annotated[Asking, Query()], desk: AtDesk) -> Csv:
    """All that a worklist shows as CSV, the oldest first: ids, codes and clocks, no names."""
    batches = worklists.export(desk, asking.question(), look, OF_A_LIST)
    first = await anext(batches)
    sheet = Spreadsheet(desk.council(look.by), look.now)

    async def lines() -> AsyncIterator[str]:
        yield sheet.head() + sheet.lines(first)
        async for referrals in batches:
            yield sheet.lines(referrals)

    name = f"referrals-{look.now.date()}.csv"
    return Csv(lines(), headers={"Content-Disposition": f'attachment; filename="{name}"'})
