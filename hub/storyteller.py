"""Tells a story of calls to the running hub: each is printed as curl, and its answer after it."""

import json
from collections.abc import Iterator
from shlex import quote
from typing import Any

import httpx2
from rich.console import Console

from hub.partners import Headers
from hub.sample import Partner, SampleWorker
from hub.site import Site
from hub.trouble import Trouble
from shared.auth import AgencyKind
from shared.purposes import Purpose

SHOWN = 400
"""Characters of an answer; the whole of it is a curl away."""


class Storyteller:
    """Makes each call, and prints it so that it can be pasted into a terminal."""

    def __init__(self, site: Site, console: Console) -> None:
        self._site, self._console, self._url = site, console, site.public_url
        self._hub = httpx2.Client(base_url=site.public_url, timeout=60)
        self._known: set[str] = set()

    def tell(self, text: str) -> None:
        """A sentence of the story."""
        self._console.print(f"\n[bold]{text}[/]", highlight=False, soft_wrap=True)

    def note(self, text: str) -> None:
        """Something that a call has shown."""
        self._print(f"  → {text}")

    def acting(self, partner: Partner, worker: SampleWorker | None = None) -> "Teller":
        """A partner's system, acting for its first worker or another; its token line comes once."""
        if partner.client_id not in self._known:
            self._known.add(partner.client_id)
            line = f"{_variable(partner.client_id)}=$(.venv/bin/hub token {partner.client_id})"
            self._print(line)
        who = worker or partner.workers[0]
        return Teller(self, partner, who, Headers(self._site, partner.client_id, who.number))

    def call(
        self,
        who: "Teller",
        method: str,
        path: str,
        body: Any = None,
        more: dict[str, str] | None = None,
        *,
        quietly: bool = False,
    ) -> httpx2.Response:
        """One call of a partner; anything but success ends the story.

        `quietly` shows no answer.
        """
        headers = who.headers(**more or {})
        shown = headers | {"Authorization": f"Bearer ${_variable(who.partner.client_id)}"}
        self._print(" \\\n  ".join(_curl(method, f"{self._url}{path}", shown, body)))
        answer = self._hub.request(method, path, headers=headers, json=body)
        if quietly and answer.is_success:
            return answer
        text = answer.text if len(answer.text) <= SHOWN else f"{answer.text[:SHOWN]} …"
        colour = "green" if answer.is_success else "red"
        self._console.print(f"[{colour}]{answer.status_code}[/] ", end="")
        self._print(text)
        if not answer.is_success:
            raise Trouble("The story ends here: the hub answered as printed above.")
        return answer

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


class Teller:
    """One worker of a partner, calling the hub."""

    def __init__(
        self, story: Storyteller, partner: Partner, worker: SampleWorker, headers: Headers
    ) -> None:
        self.story, self.partner, self.worker, self.headers = story, partner, worker, headers

    @property
    def purpose(self) -> Purpose:
        """What for its worker looks, unless it says otherwise."""
        weighs = self.partner.kind is AgencyKind.FRONT_DOOR
        return Purpose.FRONT_DOOR if weighs else Purpose.EARLY_HELP

    def get(self, path: str, *, purpose: Purpose | None = None, quietly: bool = False) -> Any:
        """What is there; the look says what it is for."""
        said = {"purpose": str(purpose or self.purpose)}
        return self.story.call(self, "GET", path, None, said, quietly=quietly).json()

    def post(self, path: str, body: dict[str, Any] | None = None, **more: str) -> httpx2.Response:
        """Do something; `if_match` and `idempotency_key` go into the headers."""
        return self.story.call(self, "POST", path, body, more)

    def put(self, path: str, body: dict[str, Any], **more: str) -> httpx2.Response:
        """Write something anew."""
        return self.story.call(self, "PUT", path, body, more)


def _curl(method: str, url: str, headers: dict[str, str], body: Any) -> Iterator[str]:
    yield f"curl -sS -X {method} {quote(url)}"
    for name, value in headers.items():
        yield f'-H "{name}: {value}"' if "$" in value else f"-H {quote(f'{name}: {value}')}"
    if body is not None:
        yield "-H 'Content-Type: application/json'"
        yield f"--data {quote(json.dumps(body, ensure_ascii=False))}"


def _variable(client: str) -> str:
    return client.upper().replace("-", "_")
