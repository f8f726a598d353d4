"""Words that must not leave are put wherever the directory holds any, and everything is read.

Who may read which is written here by hand. The paths that are read are those of its own OpenAPI.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.directory.builders import a_location, a_service, an_id, at, entry
from tests.directory.keepers import DRAFTS, Keeper, Offer, an_editor, an_offer, joined
from tests.directory.served import Directory
from tests.directory.test_problems import PROBLEMS, QUEUE

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]
SHOWN = "Wigglesworthy"
"""A word that everybody may read: it must be found, or nothing was read."""
SUNG = {
    "a draft": "Zazzlepip",
    "a rejected draft": "Quillfeather",
    "the reason of a rejection": "Bumblewick",
    "a reported problem": "Snickerbottom",
    "an internal entry": "Flibbertine",
    "an entry that waits for its day": "Gobbledown",
    "a confidential address": "Nightjarmews",
    "a confidential place": "Thistledownia",
    "a personal contact": "Persimmonella",
    "a personal telephone": "Plumduffish",
    "a withdrawn entry": "Crumplehorn",
}
OF_ITS_ENTRIES = {"a personal contact", "a personal telephone", "a withdrawn entry"}
OF_ITS_ENTRIES |= {"an internal entry", "an entry that waits for its day"}
OF_ITS_DRAFTS = {"a draft", "a rejected draft", "the reason of a rejection"}
READ_BY = {
    "anybody": set[str](),
    "another provider": set[str](),
    "another council": set[str](),
    "its provider": OF_ITS_DRAFTS | OF_ITS_ENTRIES,
    "its council": {*SUNG},
}
"""Whose every page was read, and what of it they may know."""


@dataclass(frozen=True)
class Held:
    """A directory with a canary in each corner, who reads it, and what stands where."""

    directory: Directory
    offer: Offer
    readers: dict[str, Keeper | None]
    ids: dict[str, list[str]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def held(shared_directory: Directory) -> AsyncIterator[Held]:
    """Everything that anybody can put into it, with its canary."""
    directory = shared_directory
    refuge = a_location(name=SUNG["a confidential place"], latitude=53.1, longitude=-1.1)
    refuge["addresses"][0]["address_1"] = SUNG["a confidential address"]
    phone = {"id": an_id(), "number": SUNG["a personal telephone"], "confidential": True}
    person = {"id": an_id(), "name": SUNG["a personal contact"], "confidential": True}
    await directory.save(entry("location", refuge, audience="confidential"))
    offer = await an_offer(
        directory,
        name=f"{SHOWN} Club",
        contacts=[person, {"id": an_id(), "name": "Reception", "phones": [phone]}],
        service_at_locations=[at(refuge)],
    )
    giver = {"organization_id": offer.organization["id"]}
    others = {
        "internal": a_service(name=SUNG["an internal entry"], **giver),
        "draft": a_service(name=SUNG["an entry that waits for its day"], **giver),
        "withdrawn": a_service(name=SUNG["a withdrawn entry"], **giver),
    }
    await directory.save(entry("service", others["internal"], audience="internal"))
    await directory.save(entry("service", others["draft"], stage="draft"))
    await directory.save(entry("service", others["withdrawn"]))
    await directory.save(entry("service", others["withdrawn"], stage="withdrawn"))
    drafts = await _drafts(offer)
    problem = await _problem(directory, offer)
    entries = [one["id"] for one in (offer.service, offer.organization, refuge, *others.values())]
    yield Held(
        directory,
        offer,
        {
            "anybody": None,
            "another provider": await joined(directory),
            "another council": await an_editor(directory, "elsewhere"),
            "its provider": offer.provider,
            "its council": offer.editor,
        },
        {"entry_id": entries, "id": entries, "draft_id": drafts, "problem_id": [problem]},
    )


async def _drafts(offer: Offer) -> list[str]:
    """One that was rejected, and one that waits."""
    said = offer.service | {"description": SUNG["a rejected draft"]}
    rejected = (await offer.provider.draft(said))["id"]
    reason = {"reason": SUNG["the reason of a rejection"]}
    await offer.editor.must("POST", f"{DRAFTS}/{rejected}/rejection", 1, json=reason)
    said = offer.service | {"description": SUNG["a draft"]}
    return [rejected, (await offer.provider.draft(said))["id"]]


async def _problem(directory: Directory, offer: Offer) -> str:
    said = {"service_id": offer.service["id"], "problem": "no_answer"}
    said |= {"words": SUNG["a reported problem"]}
    key = {"Idempotency-Key": str(uuid4())}
    answer = await directory.ask(PROBLEMS, "POST", json=said, headers=key)
    assert answer.status_code == 201, answer.text
    (waiting,) = (await offer.editor.must("GET", QUEUE))["problems"]
    return str(waiting["id"])


async def _paths(held: Held) -> list[str]:
    """Every GET of its OpenAPI and of its pages, for each id that there is."""
    described = (await held.directory.http.get("/openapi.json")).json()["paths"]
    named = [path for path, said in described.items() if "get" in said]
    assert len(named) > 20
    named += ["/find-help", "/find-help/services/{id}", "/find-help/sitemap.xml"]
    found: list[str] = []
    for path in dict.fromkeys(named):
        parts = re.findall(r"{(\w+)}", path)
        if not parts:
            found.append(path)
        for id_ in held.ids.get(parts[0], held.ids["id"]) if len(parts) == 1 else ():
            found.append(path.replace(f"{{{parts[0]}}}", id_))
    return found


def _asked(path: str) -> list[Json]:
    """How a path is asked: plainly, and for each canary in words and as the beginning of a name."""
    words = [SHOWN, *SUNG.values()]
    if path.endswith("/search"):
        return [{}, *({"text": word} for word in words)]
    if path.endswith("/suggestions"):
        return [{"text": word[:5]} for word in words]
    if path.endswith("/find-help"):
        return [{}, *({"text": word} for word in words)]
    return [{}, {"format": "ndjson", "full": "true"}] if "/directory/v" in path else [{}]


async def _read(held: Held, who: str) -> tuple[str, dict[int, int]]:
    """All that somebody is answered, but for the words that were asked, and with which statuses."""
    said, statuses = "", dict[int, int]()
    keeper = held.readers[who]
    for path in await _paths(held):
        for asked in _asked(path):
            if keeper is None:
                answer = await held.directory.ask(path, params=asked)
            else:
                answer = await keeper.ask("GET", path, params=asked)
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            text = answer.text + str(answer.headers)
            for word in asked.values():
                text = text.replace(word, "") if path.endswith("/find-help") else text
            said += text
    return said, statuses


@pytest.mark.parametrize("who", READ_BY)
async def test_everybody_reads_the_words_that_are_theirs_and_no_others(
    held: Held, who: str
) -> None:
    said, statuses = await _read(held, who)

    assert SHOWN in said
    assert statuses[200] > 20
    assert max(statuses) < 500
    assert {what for what, word in SUNG.items() if word in said} == READ_BY[who]
