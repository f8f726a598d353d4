"""The load: a school that refers families and registers its workers, in small bursts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

from hub import families
from hub.site import AUTHORITY
from shared.authority import load
from tests.faults.partner import Partner

Json = dict[str, Any]
SAMPLETON = load(AUTHORITY)
REFERRALS = "/api/v1/referrals"
WORKERS = "/api/v1/workers"
REFERRING, REGISTERING = 5, 3
"""Calls of a burst, all at once."""
PAUSE = 1.0, 2.0
"""Seconds between two bursts, at least and at most: on a busy machine too the front door, which
decides one after the other, must not fall ever further behind."""


class School:
    """What it was answered is kept: that is what must be there in the end."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.referrals: dict[str, Json] = {}
        """Idempotency-Key → the receipt of the 201."""
        self.workers: dict[str, Json] = {}
        """The school's own number of a worker → the answer."""
        self._random = Random()  # noqa: S311 -- not a secret

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Bursts until the block ends; then waits until everything sent is answered.

        An answer that nobody should hear ends the block at once.
        """
        ending = asyncio.Event()
        async with asyncio.TaskGroup() as work:
            work.create_task(self._burst_until(ending))
            yield
            ending.set()

    async def _burst_until(self, ending: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as calls:
            while not ending.is_set():
                for _ in range(REFERRING):
                    calls.create_task(self._refer())
                for _ in range(REGISTERING):
                    calls.create_task(self._register())
                await asyncio.sleep(self._random.uniform(*PAUSE))

    async def _refer(self) -> None:
        key = str(uuid4())
        body = families.referral(self._random, datetime.now(UTC).date(), SAMPLETON)
        answer = await self.partner.call("POST", REFERRALS, body, {"Idempotency-Key": key})
        assert answer.status_code == 201
        self.referrals[key] = answer.json()

    async def _register(self) -> None:
        number = f"T-{uuid4()}"
        body = {"name": "Terry Madeupname", "job_title": "Teacher"}
        answer = await self.partner.call("PUT", f"{WORKERS}/{number}", body)
        self.workers[number] = answer.json()
