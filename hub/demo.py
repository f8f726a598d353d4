"""`hub demo`: one family's way through the running hub, each call printed as curl."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from shlex import quote
from typing import Any

import httpx2
from rich.console import Console

from hub import events, families
from hub.partners import Headers, new_key
from hub.site import Site
from hub.trouble import Trouble

REFERRALS = "/api/v1/referrals"
SHOWN = 400
"""Characters of an answer; the whole of it is a curl away."""


class Story:
    """Makes each call, and prints it so that it can be pasted into a terminal."""

    def __init__(self, site: Site, console: Console) -> None:
        self._console, self._url = console, site.public_url
        self._hub = httpx2.Client(base_url=site.public_url, timeout=60)
        self._partners = {name: Headers(site, name) for name in ("school", "front-door")}
        for name in self._partners:
            self._print(f"{_variable(name)}=$(.venv/bin/hub token {name})")

    def tell(self, text: str) -> None:
        """A sentence of the story."""
        self._console.print(f"\n[bold]{text}[/]")

    def call(
        self, who: str, method: str, path: str, body: dict[str, Any] | None = None, **more: str
    ) -> httpx2.Response:
        """One call of a partner; anything but success ends the story."""
        headers = self._partners[who](**more)
        shown = headers | {"Authorization": f"Bearer ${_variable(who)}"}
        self._print(" \\\n  ".join(_curl(method, f"{self._url}{path}", shown, body)))
        answer = self._hub.request(method, path, headers=headers, json=body)
        text = answer.text if len(answer.text) <= SHOWN else f"{answer.text[:SHOWN]} …"
        colour = "green" if answer.is_success else "red"
        self._console.print(f"[{colour}]{answer.status_code}[/] ", end="")
        self._print(text)
        if not answer.is_success:
            raise Trouble("The story ends here: the hub answered as printed above.")
        return answer

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def play(site: Site, console: Console) -> None:
    """School refers, front door hears, weighs and decides, school is told."""
    story = Story(site, console)
    feed = events.end(site.public_url, Headers(site, "school"))
    story.tell("1. Tess at the school refers a family (invented, like everybody here).")
    body = families.referral(Random(), datetime.now(UTC).date())  # noqa: S311 -- not a secret
    body["safeguarding"] = {"immediate_danger": False}
    taken = story.call("school", "POST", REFERRALS, body, idempotency_key=new_key())
    path, version = f"{REFERRALS}/{taken.json()['id']}", taken.headers["ETag"]
    story.tell("2. Fay at the front door reads it; her look is recorded.")
    story.call("front-door", "GET", path)
    story.tell("3. She acknowledges, weighs and decides; each step names the version she saw.")
    for step, said in _steps():
        answer = story.call("front-door", "POST", f"{path}/{step}", said, if_match=version)
        version = answer.headers["ETag"]
    story.tell("4. The school sees what became of it.")
    story.call("school", "GET", path)
    story.call("school", "GET", f"{path}/history")
    story.tell(
        "5. A system without Kafka hears it all from the feed, since where it had read before."
    )
    story.call("school", "GET", feed)
    console.print(f"\n[green]✓[/] The family's reference is {taken.json()['reference']}.")


def _steps() -> Iterator[tuple[str, dict[str, Any] | None]]:
    yield "acknowledgement", None
    yield "triage", None
    yield "decision", {"outcome": "early_help", "rationale": "A family worker can help soon."}


def _curl(method: str, url: str, headers: dict[str, str], body: Any) -> Iterator[str]:
    yield f"curl -sS -X {method} {quote(url)}"
    for name, value in headers.items():
        yield f'-H "{name}: {value}"' if "$" in value else f"-H {quote(f'{name}: {value}')}"
    if body is not None:
        yield "-H 'Content-Type: application/json'"
        yield f"--data {quote(json.dumps(body, ensure_ascii=False))}"


def _variable(client: str) -> str:
    return client.upper().replace("-", "_")
