"""Whatever is taken back denies the next disclosure: by the order of the commits, on any process.

The audit log is that order. Each of its decisions must say what the changes before it have left,
whichever process decided and however many others were at work.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.auth import Role
from tests.consent.builders import a_clause, an_agreement, on_consent
from tests.consent.served import Partner, Service, Town, in_date, live
from tests.figures import Figures

ROUNDS = 60 if os.environ.get("PROVE") else 12
ASKING = 8
"""Systems that ask at the same time."""


@dataclass
class Way:
    """How what is permitted is taken away and given again, and by which words the log says so."""

    give: Callable[[Town, Any], Awaitable[Any]]
    take: Callable[[Town, Any], Awaitable[Any]]
    given: str
    taken: str


async def _consent(town: Town, _: Any) -> Any:
    return (await town.school.created("/consents", town.consent()))["id"]


async def _withdraw(town: Town, consent_id: Any) -> Any:
    await town.school.created(f"/consents/{consent_id}/withdrawal")


async def _lift(town: Town, refusal: Any) -> Any:
    if refusal:
        await town.school.changed(f"/refusals-to-share/{refusal}/lifting", 1)


async def _refuse(town: Town, _: Any) -> Any:
    because = "The father works there and would learn where they live."
    body = {"people": [str(town.child)], "categories": ["needs"], "because": because}
    return (await town.school.created("/refusals-to-share", body))["id"]


async def _introduce(town: Town, _: Any) -> Any:
    return (await town.introduce(town.school))["involvements"][0]


async def _end(town: Town, involvement: Any) -> Any:
    await town.front_door.changed(f"/involvements/{involvement}/end", 1)


async def _switched(town: Town, noun: str) -> Any:
    version = (await town.council.get("/agreements/early-help")).json()["version"]
    whom = {"agency_id": str(town.school.agency_id)}
    await town.council.changed(f"/agreements/early-help/{noun}", version, whom)


async def _reinstate(town: Town, _: Any) -> Any:
    await _switched(town, "reinstatement")


async def _suspend(town: Town, _: Any) -> Any:
    await _switched(town, "suspension")


WAYS = {
    "a consent": Way(_consent, _withdraw, "consent.give", "consent.withdraw"),
    "a refusal to share": Way(_lift, _refuse, "refusal_to_share.lift", "refusal_to_share.record"),
    "an involvement": Way(_introduce, _end, "involvement.record", "involvement.end"),
    "an agency's part": Way(_reinstate, _suspend, "agreement.reinstate", "agreement.suspend"),
}


@pytest.fixture
async def two(
    databases: Callable[[str], str], consent_keys: Path
) -> AsyncIterator[tuple[Service, Service]]:
    """Two processes' worth of the service on one database."""
    url = databases("consent")
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(live(url, consent_keys))
        yield one, await stack.enter_async_context(live(url, consent_keys))


def _by(partner: Partner, service: Service) -> Partner:
    return Partner(service.http, partner.caller, service.signing)


async def _founded(service: Service, way: str) -> Town:
    """Without anything taken away yet; what does not rest on consent rests on a public task."""
    town = await Town.founded(service, on_consent() if way == "a consent" else a_clause())
    if way == "an involvement":
        found = await town.front_door.get("/involvements", person_id=str(town.child))
        [one] = found.json()["involvements"]
        await town.front_door.changed(f"/involvements/{one['id']}/end", 1)
    return town


async def _at_once(two: tuple[Service, Service], way: str) -> Town:
    """Toggle what is permitted while several systems ask again and again."""
    town, other = await _founded(two[0], way), two[1]
    over, kept, given = asyncio.Event(), None, None

    async def ask(partner: Partner) -> None:
        while not over.is_set():
            await partner.disclosed(town.child, categories=["needs.level"])

    asking = [
        asyncio.create_task(ask(_by(town.school.as_(Role.LEAD_PROFESSIONAL), service)))
        for service in (town.service, other)
        for _ in range(ASKING // 2)
    ]
    for _ in range(ROUNDS):
        given = await WAYS[way].give(town, kept)
        await asyncio.sleep(0.02)
        kept = await WAYS[way].take(town, given)
        await asyncio.sleep(0.02)
    over.set()
    await asyncio.gather(*asking)
    return town


async def _wrong(town: Town, way: str) -> tuple[Counter[str], list[int]]:
    """How many decisions said yes and no, and which contradict what was committed before them."""
    permitted = way in ("a refusal to share", "an agency's part")
    said, wrong = Counter[str](), []
    for leaf in await town.service.leaves():
        if leaf.get("operation") in (WAYS[way].given, WAYS[way].taken):
            permitted = leaf["operation"] == WAYS[way].given
        elif leaf["kind"] == "decision":
            [answer] = leaf["answers"]
            said["permitted" if answer["permitted"] else "denied"] += 1
            if answer["permitted"] != permitted:
                wrong.append(leaf["index"])
    return said, wrong


@pytest.mark.parametrize("way", WAYS)
async def test_each_disclosure_says_what_the_commits_before_it_have_left(
    two: tuple[Service, Service], way: str, figures: Figures
) -> None:
    town = await _at_once(two, way)

    said, wrong = await _wrong(town, way)

    assert min(said["permitted"], said["denied"]) > ROUNDS, "both are in question"
    assert wrong == []
    figures(f"disclosures while {way} was taken back", rounds=ROUNDS, **said)


async def test_what_another_process_publishes_decides_here_at_once(
    two: tuple[Service, Service],
) -> None:
    here, there = two
    town = await Town.founded(here, a_clause())
    assert await town.school.sees(town.child) == {"needs.level"}
    assert await _by(town.school, there).sees(town.child) == {"needs.level"}

    abroad = Town(there, _by(town.council, there), town.front_door, _by(town.school, there))
    await abroad.publish(in_date(an_agreement(a_clause(categories=["education.attendance"]))))
    unsigned = await town.school.sees(town.child)
    await abroad.sign(abroad.school, "early-help", number=2)

    assert unsigned == set()
    assert await town.school.sees(town.child) == {"education.attendance"}
