"""`hub events tail`: the feed of what concerns an agency, as a partner without Kafka reads it."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import typer

from hub.partners import Headers
from hub.site import Site
from hub.trouble import Trouble

REFERRALS, SHARING = "/api/v1/events", "/api/v1/sharing-events"
WAIT = 20
"""Seconds a call waits for something to happen."""
MOST = 500
"""Events on a page."""

Page = tuple[list[dict[str, Any]], str]
"""Some events, and the path where the feed goes on."""


def tail(
    site: Site, client: str, worker: str | None, *, follow: bool, feed: str = REFERRALS
) -> None:
    """Print each event as one line of JSON, until Ctrl-C or, without `follow`, the newest."""
    wait = WAIT if follow else 0
    headers = Headers(site, client, worker)
    for events, _ in pages(site.public_url, headers, wait=wait, feed=feed):
        for event in events:
            typer.echo(json.dumps(event, ensure_ascii=False))
        if not (events or follow):
            return


def end(hub: str, headers: Headers) -> str:
    """Where the feed goes on after everything that has happened until now."""
    return next(path for events, path in pages(hub, headers) if not events)


def pages(hub: str, headers: Headers, *, wait: int = 0, feed: str = REFERRALS) -> Iterator[Page]:
    """The feed from its oldest event on; each page links to the next."""
    path = f"{feed}?timeout={wait}&limit={MOST}"
    with httpx2.Client(base_url=hub, timeout=wait + 30) as http:
        while True:
            answer = http.get(path, headers=headers())
            if answer.status_code != 200:
                raise Trouble(f"The feed cannot be read ({answer.status_code}): {answer.text}")
            path = answer.links["next"]["url"]
            yield answer.json(), path
