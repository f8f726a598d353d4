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

from services.consent.store import deciding
from shared.auth import Role
from tests.consent.builders import a_clause, an_agreement, on_consent
from tests.consent.served import Partner, Service, Town, in_date, live
from tests.figures import Figures

ENOUGH = 2_500 if os.environ.get("PROVE") else 500
"""Requests in each of the five ways."""
ASKING = 8
"""Systems that ask at the same time."""


@dataclass
class Way:
    """How what is permitted is taken away and given again, and by which words the log says so."""

    give: Callable[[Town, Any], Awaitable[Any]]
    take: Callable[[Town, Any], Awaitable[Any]]
    given: str
    taken: str
    purpose: str = "early_help"


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


async def _override(town: Town, _: Any) -> Any:
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    return (await lead.created("/overrides", town.override()))["id"]


async def _unjustified(town: Town, override: Any) -> Any:
    found = {"justified": False, "words": "Nobody was in danger, as the school knew."}
    await town.council.changed(f"/overrides/{override}/review", 1, found)


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
    "an override": Way(
        _override, _unjustified, "override.declare", "override.review", "safeguarding"
    ),
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


@dataclass
class Crowd:
    """Systems that ask again and again, while what is permitted is taken back and given again."""

    town: Town
    way: Way
    services: tuple[Service, Service]
    asked: int = 0
    taken_back: int = 0
    meanwhile: int = 0
    """Requests that were under way, or began, while something was being taken back."""
    _under_way: int = 0

    async def ask_until(self, enough: Callable[[], Awaitable[bool]]) -> None:
        """Everybody asks until it is enough."""
        over = asyncio.Event()
        workers = [self.town.school.as_(Role.LEAD_PROFESSIONAL) for _ in range(ASKING // 2)]
        asking = [
            asyncio.create_task(self._ask(_by(worker, service), over))
            for service in self.services
            for worker in workers
        ]
        kept = None
        while not await enough():
            given = await self.way.give(self.town, kept)
            await asyncio.sleep(0.02)
            before = self.asked - self._under_way
            kept = await self.way.take(self.town, given)
            self.meanwhile += self.asked - before
            self.taken_back += 1
            await asyncio.sleep(0.02)
        over.set()
        await asyncio.gather(*asking)

    async def _ask(self, partner: Partner, over: asyncio.Event) -> None:
        while not over.is_set():
            self.asked += 1
            self._under_way += 1
            asked = {"purpose": self.way.purpose, "categories": ["needs.level"]}
            await partner.disclosed(self.town.child, **asked)
            self._under_way -= 1

    async def wrong(self) -> tuple[Counter[str], list[int]]:
        """How many decisions said yes and no, and which contradict what was committed before."""
        permitted = self.way in (WAYS["a refusal to share"], WAYS["an agency's part"])
        said, wrong = Counter[str](), []
        for leaf in await self.town.service.leaves():
            if leaf.get("operation") in (self.way.given, self.way.taken):
                permitted = leaf["operation"] == self.way.given
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
    crowd = Crowd(await _founded(two[0], way), WAYS[way], two)

    async def enough() -> bool:
        return crowd.asked >= ENOUGH

    await crowd.ask_until(enough)

    said, wrong = await crowd.wrong()
    assert said.total() == crowd.asked >= ENOUGH
    assert min(said["permitted"], said["denied"]) > crowd.taken_back, "both are in question"
    assert crowd.meanwhile > crowd.taken_back
    assert wrong == []
    figures(
        f"disclosures while {way} was taken back",
        requests=crowd.asked,
        taken_back=crowd.taken_back,
        under_way_meanwhile=crowd.meanwhile,
        after_their_withdrawal=len(wrong),
        **said,
    )


async def test_without_the_lock_the_proof_finds_a_release_after_its_withdrawal(
    two: tuple[Service, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = Crowd(await _founded(two[0], "a consent"), WAYS["a consent"], two)
    monkeypatch.setattr(deciding, "_locks", lambda *_: [])

    async def enough() -> bool:
        _, wrong = await crowd.wrong()
        return bool(wrong) or crowd.asked > 10 * ENOUGH

    await crowd.ask_until(enough)

    _, wrong = await crowd.wrong()
    assert wrong != []


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
