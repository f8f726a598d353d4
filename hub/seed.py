"""`hub seed`: many made-up referrals, sent over the API as partners' systems send them."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from random import Random

import httpx2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hub import families, sample
from hub.authorities import running
from hub.partners import Headers, new_key, wait_asked_for
from hub.site import Site
from hub.trouble import Trouble
from shared.auth import Role
from shared.authority import Authority

PATH = "/api/v1/referrals"
BUSY = {429, 503}
Sender = tuple[Headers, Authority]
"""A partner, and whose words it uses."""


async def send(site: Site, console: Console, count: int, *, at_once: int = 16) -> list[str]:
    """Send `count` referrals, `at_once` at a time, in turn from every referring agency."""
    senders = [
        (Headers(site, partner.client_id), council)
        for council in running(site).values()
        for partner in sample.partners_of(council)
        if Role.REFERRER in partner.workers[0].roles
    ]
    turns: Iterator[Sender] = cycle(senders)
    bodies = iter([next(turns) for _ in range(count)])
    taken: list[str] = []
    columns = (TextColumn("Referrals"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    limits = httpx2.Limits(max_connections=at_once)
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("send", total=count)
        async with httpx2.AsyncClient(base_url=site.public_url, limits=limits, timeout=60) as hub:

            async def worker() -> None:
                for headers, council in bodies:
                    taken.append(await _send_one(hub, headers, council))
                    progress.advance(bar)

            await asyncio.gather(*(worker() for _ in range(at_once)))
    console.print(f"[green]✓[/] {len(taken)} referrals taken, the last is {taken[-1]}")
    return taken


async def _send_one(hub: httpx2.AsyncClient, headers: Headers, council: Authority) -> str:
    """One referral, repeated with the same key while the hub asks to wait; its reference."""
    today = datetime.now(UTC).date()
    body = families.referral(Random(), today, council)  # noqa: S311 -- not a secret
    key = new_key()
    while True:
        answer = await hub.post(PATH, json=body, headers=headers(idempotency_key=key))
        if answer.status_code not in BUSY:
            break
        await asyncio.sleep(wait_asked_for(answer))
    if answer.status_code != 201:
        raise Trouble(f"The hub refused a made-up referral ({answer.status_code}): {answer.text}")
    return str(answer.json()["reference"])
