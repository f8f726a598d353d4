"""`hub events tail`: the feed of what concerns an agency, as a partner without Kafka reads it."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import typer

from hub.partners import Headers
from hub.site import Site
from hub.trouble import Trouble

FEED = "/api/v1/events"
WAIT = 20
"""Seconds a call waits for something to happen."""


def tail(site: Site, client: str, worker: str | None, *, follow: bool) -> None:
    """Print each event as one line of JSON, until Ctrl-C or, without `follow`, the newest."""
    headers = Headers(site, client, worker)
    for event in read(site.public_url, headers, follow=follow):
        typer.echo(json.dumps(event, ensure_ascii=False))


def read(hub: str, headers: Headers, *, follow: bool) -> Iterator[dict[str, Any]]:
    """Page through the feed; the cursor of one answer is where the next one goes on."""
    asked: dict[str, str | int] = {"timeout": WAIT} if follow else {}
    with httpx2.Client(base_url=hub, timeout=WAIT + 20) as feed:
        while True:
            answer = feed.get(FEED, params=asked, headers=headers())
            if answer.status_code != 200:
                raise Trouble(f"The feed cannot be read ({answer.status_code}): {answer.text}")
            page = answer.json()
            yield from page["events"]
            asked["cursor"] = page["cursor"]
            if not follow and not page["events"]:
                return
