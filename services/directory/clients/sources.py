"""Where sources are read: files and folders here, feeds over HTTP, page by page."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from services.directory.clients.pages import FAULTS, MOST_PAGES, Unread, ask, pages, why
from services.directory.domain.entries import Kind
from services.directory.domain.imports.forms import FORMS, recognised
from services.directory.domain.imports.records import Files, Record

_AT_ONCE = 4
"""Services that are asked for at the same time, where lists do not hold all of them."""
_PATIENCE = 20
"""Services in a row that cannot be read; after them the rest is given up."""
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
        if file.suffix.lower() in _READ and file.is_file()
    }


async def of_files(form: str, told: Files) -> AsyncIterator[Record]:
    """The records in files."""
    for record in FORMS[form].records(told):
        yield record


async def form_of(http: httpx2.AsyncClient) -> str:
    """How a feed writes its services; where that is not clear, as the newest standard does."""
    answer = await ask(http, "/services", page="1", per_page="1")
    return recognised({"page.json": answer.text}) or "oruk3"


async def of_feed(
    http: httpx2.AsyncClient, form: str, *, most_pages: int = MOST_PAGES
) -> AsyncIterator[Record]:
    """The records of a feed whose address the client knows.

    Raises Broken or an HTTP error where its services cannot be read at all.
    """
    if form != "oruk3":
        async for page, said in pages(http, "/services", "content", most=most_pages):
            yield _record(f"page {page}", said)
        return
    for path, kind in _BESIDE.items():
        beside = pages(http, f"/{path}", "contents", needed=False, most=most_pages, full="true")
        async for page, said in beside:
            yield _record(f"{path} page {page}", said, kind)
    lines = await _lines(http)
    if lines is not None:
        for number, said in enumerate(lines, start=1):
            yield Record(f"services line {number}", said, Kind.SERVICE)
        return
    async for record in _services(http, most_pages):
        yield record


def _record(where: str, said: Any, kind: Kind | None = None) -> Record:
    if isinstance(said, Unread):
        return Record(where, None, kind, fault=said.why)
    return Record(where, said, kind)


async def _lines(http: httpx2.AsyncClient) -> list[Any] | None:
    """Every service in full, from a feed that sends lines; None from one that does not."""
    try:
        answer = await ask(http, "/services", format="ndjson", full="true")
        lines = answer.raise_for_status().text.splitlines()
        found = [json.loads(line) for line in lines if line.strip()]
    except FAULTS:
        return None
    is_page = any(not isinstance(one, Mapping) or "contents" in one for one in found)
    return None if is_page or not found else found


async def _services(http: httpx2.AsyncClient, most_pages: int) -> AsyncIterator[Record]:
    """Each service of each page; asked for by its id where the page shows it in brief."""
    lost = 0
    async for some in _together(pages(http, "/services", "contents", most=most_pages, full="true")):
        found = await asyncio.gather(*(_one(http, one) for _, one in some))
        for (page, _), one in zip(some, found, strict=True):
            yield _record(f"services page {page}", one, Kind.SERVICE)
            lost = lost + 1 if isinstance(one, Unread) else 0
        if lost >= _PATIENCE:
            yield Record("services", None, fault="what follows is not read: too much failed")
            return


async def _together(
    said: AsyncIterator[tuple[int, Any]],
) -> AsyncIterator[list[tuple[int, Any]]]:
    waiting: list[tuple[int, Any]] = []
    async for one in said:
        waiting.append(one)
        if len(waiting) == _AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


async def _one(http: httpx2.AsyncClient, said: Any) -> Any:
    """In full; what a feed shows in brief alone stays so, what it fails to show is not read."""
    id_ = said.get("id") if isinstance(said, Mapping) else None
    if not isinstance(id_, str | int) or any(name in said for name in _NESTED):
        return said
    try:
        answer = await ask(http, f"/services/{quote(str(id_), safe='')}")
        return answer.json() if answer.status_code == 200 else said
    except FAULTS as error:
        return Unread(why(error))
