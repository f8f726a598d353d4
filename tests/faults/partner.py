"""A partner's system that does not give up: what is not answered is sent again, as it was."""

import asyncio
from collections import Counter
from contextlib import suppress
from time import monotonic
from typing import Any

import httpx2

from hub import client_files, token
from hub.site import Site
from hub.trouble import Trouble

AWAY = frozenset({429, 502, 503, 504})
"""What a caller may hear while something is away; everything else would be a fault."""
AGAIN = 0.3
"""Seconds until a call is sent again."""
RENEWED = 200.0
"""Seconds after which a new token is fetched; one is good for 300."""
PATIENCE = 40.0
"""Seconds until a call without an answer is given up; a long poll takes 20."""


class Partner:
    """A client with its token, acting for the worker of its file; close it when done."""

    def __init__(self, site: Site, client_id: str) -> None:
        self._client, self._hub = client_files.read(site.clients, client_id), site.public_url
        self._http = httpx2.AsyncClient(base_url=self._hub, timeout=PATIENCE)
        self._purpose = "front_door" if client_id.endswith("front-door") else "early_help"
        self._token, self._renew_at = "", 0.0
        self.under_way: set[asyncio.Future[bool]] = set()
        """The calls sent and not answered; each tells whether it got what it was sent for."""
        self.cut: Counter[str] = Counter()
        """Why calls had to be sent again, and how often."""

    async def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx2.Response:
        """Send it until it succeeds. Raises AssertionError for an answer nobody should hear."""
        while True:
            answer = await self._send(method, path, body, headers or {})
            if answer is not None:
                return answer
            await asyncio.sleep(AGAIN)

    async def close(self) -> None:
        await self._http.aclose()

    async def _send(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> httpx2.Response | None:
        """One attempt; None where something was away."""
        worker = {"Acting-Worker": str(self._client.acting_worker), "Purpose": self._purpose}
        headers = await self._authorization() | worker | headers
        attempt = asyncio.get_running_loop().create_future()
        self.under_way.add(attempt)
        answer = None
        try:
            answer = await self._http.request(method, path, json=body, headers=headers)
            reason = str(answer.status_code)
        except httpx2.TransportError as error:
            reason = type(error).__name__
        finally:
            self.under_way.discard(attempt)
            attempt.set_result(answer is not None and answer.is_success)
        if answer is not None and answer.is_success:
            return answer
        assert answer is None or _is_passing(answer), f"{path} answered {reason}: {answer.text}"
        self.cut[reason] += 1
        return None

    async def _authorization(self) -> dict[str, str]:
        """The token; fetched again and again until there is one."""
        while self._renew_at < monotonic():
            with suppress(Trouble):
                self._token = await asyncio.to_thread(token.fetch, self._client, self._hub)
                self._renew_at = monotonic() + RENEWED
                break
            await asyncio.sleep(AGAIN)
        return {"Authorization": f"Bearer {self._token}"}


def _is_passing(answer: httpx2.Response) -> bool:
    """Something is away, or the first sending of this very call is still at work."""
    if answer.status_code in AWAY:
        return True
    return bool(answer.status_code == 409 and "in-flight" in answer.json()["type"])
