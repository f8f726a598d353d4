"""The load on the consent service: systems that ask for disclosures, while consent comes and goes.

They ask the service itself, as the hub's own services do: internal tokens never leave the hub.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from uuid import uuid4

import httpx2

from tests.consent.builders import a_clause, on_consent
from tests.consent.served import Json, Service, Town

READERS = 6
"""Systems that ask at the same time."""
LEFT, AGAIN = 0.05, 0.2
"""Seconds for which consent is left as it is; seconds until a cut call is sent again."""
ON_CONSENT = frozenset({"needs.level", "needs.groups"})
ALWAYS = frozenset({"education.attendance"})
"""Of the child, in the school's public task; of the mother nothing at all."""
CATEGORIES = [
    *sorted(ON_CONSENT | ALWAYS),
    *("needs.strengths", "identity.name", "identity.date_of_birth", "contact.telephone"),
    *("contact.confidential_address", "health.mental", "police.incidents"),
    *("household.relationships", "referral"),
]
"""Twelve."""


async def a_town(service: Service) -> Town:
    """Whose school sees attendance always, and the child's needs while the mother agrees."""
    agreed = on_consent(categories=sorted(ON_CONSENT))
    always = a_clause(id="attendance", categories=sorted(ALWAYS))
    return await Town.founded(service, agreed, always, named="readers-")


class Readers:
    """Every call has a number of its own, sent as its operation: so its leaf is known by it."""

    def __init__(self, town: Town) -> None:
        self._town, self._numbers = town, count(1)
        self.asked: dict[str, Json | None] = {}
        """Operation → the disclosure that was answered; None where no answer came."""
        self.given: set[str] = set()
        """The ids of the consents that were answered as given."""
        self.withdrawn: set[str] = set()
        self.under_way: set[asyncio.Future[bool]] = set()
        """The disclosures asked for and not answered; each tells whether its answer came."""
        self.answered = 0
        """How many of them were."""
        self.cut: Counter[str] = Counter()
        """Why calls got no answer, and how often."""

    @property
    def released(self) -> dict[str, Json]:
        """The disclosures that were answered."""
        return {call: answer for call, answer in self.asked.items() if answer is not None}

    async def are_answered(self, more: int) -> None:
        """Until so many more disclosures are."""
        enough = self.answered + more
        while self.answered < enough:  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(AGAIN)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Without a pause until the block ends; an answer that nobody should hear ends it."""
        ending = asyncio.Event()
        async with asyncio.TaskGroup() as work:
            for _ in range(READERS):
                work.create_task(self._ask_until(ending))
            work.create_task(self._change_until(ending))
            yield
            ending.set()

    async def _ask_until(self, ending: asyncio.Event) -> None:
        while not ending.is_set():
            if not await self._ask():
                await asyncio.sleep(AGAIN)

    async def _ask(self) -> bool:
        """One disclosure; whether it was answered. It is never sent again: each is a new one."""
        call = f"proof.n{next(self._numbers)}"
        self.asked[call] = None
        attempt: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.under_way.add(attempt)
        try:
            self.asked[call] = await self._sent("/disclosures", json=self._question(call))
        finally:
            self.under_way.discard(attempt)
            attempt.set_result(self.asked[call] is not None)
        self.answered += attempt.result()
        return attempt.result()

    def _question(self, call: str) -> Json:
        family = {self._town.child: "child", self._town.mother: "parent"}
        people = [{"id": str(person), "kind": kind} for person, kind in family.items()]
        asked = {"purpose": "early_help", "people": people, "categories": CATEGORIES}
        return asked | {"operation": call}

    async def _change_until(self, ending: asyncio.Event) -> None:
        """The mother agrees and withdraws, each until it is answered."""
        while not ending.is_set():
            consent = await self._created("/consents", self._town.consent())
            self.given.add(consent["id"])
            await asyncio.sleep(LEFT)
            await self._created(f"/consents/{consent['id']}/withdrawal")
            self.withdrawn.add(consent["id"])
            await asyncio.sleep(LEFT)

    async def _created(self, path: str, body: Any = None) -> Json:
        """Sent under the same key until it is answered."""
        key = {"Idempotency-Key": str(uuid4())}
        while (answer := await self._sent(path, json=body, headers=key)) is None:  # noqa: ASYNC110
            await asyncio.sleep(AGAIN)
        return answer

    async def _sent(self, path: str, **told: Any) -> Json | None:
        """What was answered; None where nothing was, or the call that was cut is still at work."""
        try:
            answer = await self._town.school.ask("POST", path, **told)
        except httpx2.TransportError as error:
            self.cut[type(error).__name__] += 1
            return None
        if answer.status_code == 409 and "in-flight" in answer.json()["type"]:
            self.cut["in flight"] += 1
            return None
        assert answer.is_success, answer.text
        return dict(answer.json())
