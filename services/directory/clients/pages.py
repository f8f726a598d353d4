"""A list of a feed, page by page: as far as it can be read, and never without an end."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
import stamina

from services.directory.domain.shapes import Broken

PER_PAGE = 100
MOST_PAGES = 5_000
"""Of one list: a feed that never ends is left there. At a hundred on each it is half a million."""
_PATIENCE = 3
"""Pages in a row that cannot be read; after them the rest is given up."""
_LATER = frozenset({429, 502, 503, 504})
"""Answers that ask to come back."""
FAULTS = (httpx2.HTTPError, Broken, ValueError, RecursionError)
"""All that may be wrong with an answer."""


@dataclass(frozen=True)
class Unread:
    """A part of a feed that cannot be read, and why."""

    why: str


@dataclass(frozen=True)
class _Page:
    holds: list[Any]
    is_last: bool
    of: int | None
    """How many pages there are, where the feed says so."""


def why(error: Exception) -> str:
    """What is wrong with an answer, by its kind and never by what it says."""
    if isinstance(error, httpx2.HTTPStatusError):
        return f"is answered with {error.response.status_code}"
    if isinstance(error, Broken):
        return error.reason
    if isinstance(error, UnicodeError):
        return "is not written in UTF-8"
    if isinstance(error, ValueError):
        return "is not JSON"
    return f"cannot be read ({type(error).__name__})"


def _again(error: Exception) -> bool:
    if isinstance(error, httpx2.HTTPStatusError):
        return error.response.status_code in _LATER
    return isinstance(error, httpx2.TransportError)


@stamina.retry(on=_again, attempts=4)
async def ask(http: httpx2.AsyncClient, path: str, **asked: str) -> httpx2.Response:
    """The answer; asked for again where that may help. Raises an HTTP error."""
    answer = await http.get(path, params=asked)
    if answer.status_code in _LATER:
        answer.raise_for_status()
    return answer


async def pages(
    http: httpx2.AsyncClient,
    path: str,
    named: str,
    *,
    needed: bool = True,
    most: int = MOST_PAGES,
    **asked: str,
) -> AsyncIterator[tuple[int, Any]]:
    """Everything in a list with its page, until one is the last or says nothing new.

    Raises Broken or an HTTP error where it is needed and its first page cannot be read.
    """
    known: set[str] = set()
    lost, end = 0, 0
    for number in range(1, most + 1):
        page = await _tried(http, path, named, number, needed=needed, **asked)
        if isinstance(page, Unread):
            yield number, page
            lost += 1
            if lost == _PATIENCE or number >= end:
                return
            continue
        lost, end = 0, page.of or end
        new = {_known_by(one) for one in page.holds} - known
        if not new:
            return
        known |= new
        for one in page.holds:
            yield number, one
        if page.is_last or (page.of is not None and number >= page.of):
            return
    yield most, Unread(f"is the last that is read; there are more than {most}")


async def _tried(
    http: httpx2.AsyncClient, path: str, named: str, number: int, *, needed: bool, **asked: str
) -> _Page | Unread:
    """A page as far as it can be read; a list that a feed does not have is empty."""
    try:
        return await _page(http, path, named, number, **asked)
    except FAULTS as error:
        if number == 1 and needed:
            raise
        if number == 1 and not _again(error):
            return _Page([], is_last=True, of=None)
        return Unread(why(error))


async def _page(
    http: httpx2.AsyncClient, path: str, named: str, number: int, **asked: str
) -> _Page:
    answer = await ask(http, path, page=str(number), per_page=str(PER_PAGE), **asked)
    said = answer.raise_for_status().json()
    if isinstance(said, list):  # some feeds have no envelope
        return _Page(said, is_last=False, of=None)
    if not isinstance(said, Mapping):
        raise Broken(f"page {number}", "is no page of a feed")
    holds = said.get(named) or []
    if not isinstance(holds, list):
        raise Broken(f"page {number}", "holds no list")
    of = said.get("total_pages") or said.get("totalPages")
    counted = isinstance(of, int) and not isinstance(of, bool)
    is_last = said.get("last_page") is True or said.get("last") is True
    return _Page(holds, is_last, of if counted else None)


def _known_by(one: Any) -> str:
    """What tells it from others of its list."""
    id_ = one.get("id") if isinstance(one, Mapping) else None
    return str(id_) if isinstance(id_, str | int) else json.dumps(one, sort_keys=True)
