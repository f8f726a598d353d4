"""Where sources are read: files and folders here, feeds over HTTP, page by page."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import stamina

from services.directory.domain.entries import Kind
from services.directory.domain.imports.forms import FORMS, recognised
from services.directory.domain.imports.records import Files, Record

PER_PAGE = 100
_AT_ONCE = 4
"""Services that are asked for at the same time, where lists do not hold all of them."""
_NESTED = ("service_at_locations", "contacts", "schedules", "attributes", "phones")
_BESIDE = {
    "taxonomies": Kind.TAXONOMY,
    "taxonomy_terms": Kind.TAXONOMY_TERM,
    "organizations": Kind.ORGANIZATION,
}
_READ = (".csv", ".json", ".jsonld", ".ndjson", ".xml")


def is_feed(address: str) -> bool:
    """Whether it is asked for over HTTP."""
    return address.startswith(("http://", "https://"))


def files(path: Path) -> Files:
    """The text of a file, or of each file of a folder that may hold records."""
    found = [path] if path.is_file() else sorted(path.iterdir())
    return {
        file.name: file.read_text(encoding="utf-8-sig")
        for file in found
        if file.suffix.lower() in _READ
    }


async def of_files(form: str, told: Files) -> AsyncIterator[Record]:
    """The records in files."""
    for record in FORMS[form].records(told):
        yield record


async def form_of(http: httpx2.AsyncClient) -> str:
    """How a feed writes its services; where that is not clear, as the newest standard does."""
    answer = await _ask(http, "/services", page="1", per_page="1")
    return recognised({"page.json": answer.text}) or "oruk3"


async def of_feed(http: httpx2.AsyncClient, form: str) -> AsyncIterator[Record]:
    """The records of a feed whose address the client knows."""
    if form != "oruk3":
        async for page, said in _pages(http, "/services", "content"):
            yield Record(f"page {page}", said)
        return
    for path, kind in _BESIDE.items():
        async for page, said in _pages(http, f"/{path}", "contents", needed=False, full="true"):
            yield Record(f"{path} page {page}", said, kind)
    lines = await _lines(http)
    if lines is not None:
        for number, said in enumerate(lines, start=1):
            yield Record(f"services line {number}", said, Kind.SERVICE)
        return
    async for record in _services(http):
        yield record


async def _lines(http: httpx2.AsyncClient) -> list[Any] | None:
    """Every service in full, from a feed that sends lines; None from one that does not."""
    answer = await _ask(http, "/services", format="ndjson", full="true")
    text = answer.text.strip()
    try:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return None
    is_page = any(not isinstance(one, Mapping) or "contents" in one for one in found)
    return None if is_page or not found else found


async def _services(http: httpx2.AsyncClient) -> AsyncIterator[Record]:
    """Each service of each page; asked for by its id where the page shows it in brief."""
    waiting: list[tuple[int, Any]] = []
    async for page, said in _pages(http, "/services", "contents", full="true"):
        waiting.append((page, said))
        if len(waiting) >= _AT_ONCE:
            for record in await _whole(http, waiting):
                yield record
            waiting = []
    for record in await _whole(http, waiting):
        yield record


async def _whole(http: httpx2.AsyncClient, said: list[tuple[int, Any]]) -> list[Record]:
    found = await asyncio.gather(*(_one(http, one) for _, one in said))
    return [
        Record(f"services page {page}", one, Kind.SERVICE)
        for (page, _), one in zip(said, found, strict=True)
    ]


async def _one(http: httpx2.AsyncClient, said: Any) -> Any:
    if not isinstance(said, Mapping) or any(name in said for name in _NESTED):
        return said
    answer = await http.get(f"/services/{said.get('id')}")
    return answer.json() if answer.status_code == 200 else said


async def _pages(
    http: httpx2.AsyncClient, path: str, named: str, *, needed: bool = True, **asked: str
) -> AsyncIterator[tuple[int, Any]]:
    """Everything in a list, page by page, until one is the last or says nothing new."""
    number, seen = 1, set[str]()
    while True:
        answer = await _ask(http, path, page=str(number), per_page=str(PER_PAGE), **asked)
        if answer.status_code != 200 and not needed:
            return
        said = answer.raise_for_status().json()
        known = json.dumps(said.get(named), sort_keys=True)
        if not said.get(named) or known in seen:
            return
        seen = {known}
        for one in said[named]:
            yield number, one
        if said.get("last_page") is True or said.get("last") is True:
            return
        if number >= int(said.get("total_pages") or said.get("totalPages") or number + 1):
            return
        number += 1


@stamina.retry(on=httpx2.TransportError, attempts=4)
async def _ask(http: httpx2.AsyncClient, path: str, **asked: str) -> httpx2.Response:
    return await http.get(path, params=asked)
