"""Asking the search as anybody does, and waiting until it has heard of what was saved."""

import asyncio
from typing import Any

from tests.directory.served import Directory

BASE = "/api/v1/directory"
Json = dict[str, Any]


async def search(directory: Directory, **asked: Any) -> Json:
    """What must be answered."""
    answer = await directory.ask(f"{BASE}/search", "POST", json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def heard(directory: Directory, total: int) -> None:
    """Until so many services can be found; a machine that is busy takes its time."""
    for _ in range(1200):
        answer = await directory.ask(f"{BASE}/search")
        if answer.status_code == 200 and answer.json()["total"] == total:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{total} services were never found: {answer.text[:200]}")


async def every_id(directory: Directory, **asked: Any) -> list[str]:
    """The ids of all that fits, page by page, in their order."""
    found: list[str] = []
    page = 1
    while True:
        answer = await search(directory, **asked, page=page, per_page=50)
        found += [one["id"] for one in answer["services"]]
        if page >= answer["pages"]:
            assert len(found) == answer["total"]
            return found
        page += 1
