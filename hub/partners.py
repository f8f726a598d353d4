"""A partner's system as the examples play it: a token, the acting worker, and calls over HTTP."""

import time
from uuid import uuid4

import httpx2

from hub import client_files, token
from hub.client_files import ClientFile
from hub.site import Site

RENEWED_AFTER = 240.0
"""Seconds; a token is good for 300."""


class Headers:
    """The headers of one client's calls; the token is fetched again before it expires."""

    def __init__(self, site: Site, client_id: str, worker: str | None = None) -> None:
        self.client: ClientFile = client_files.read(site.clients, client_id)
        self._hub = site.public_url
        self._worker = worker or self.client.acting_worker
        self._token, self._fetched = "", float("-inf")

    def __call__(self, **more: str) -> dict[str, str]:
        """Authorization and acting worker, with `more` beside them (`if_match='"1"'`)."""
        if time.monotonic() - self._fetched > RENEWED_AFTER:
            self._token, self._fetched = token.fetch(self.client, self._hub), time.monotonic()
        headers = {"Authorization": f"Bearer {self._token}"}
        if self._worker:
            headers["Acting-Worker"] = self._worker
        return headers | {name.replace("_", "-").title(): value for name, value in more.items()}


def new_key() -> str:
    """An idempotency key: the same one again when a call must be repeated."""
    return str(uuid4())


def wait_asked_for(answer: httpx2.Response) -> float:
    """How many seconds a 429 or 503 asks to wait."""
    return float(answer.headers.get("Retry-After", "1"))
