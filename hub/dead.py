"""`hub dead …`: events that had no effect, and another try."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from hub.databases import open_database, reachable
from hub.site import Site
from hub.trouble import Trouble
from services.consent import consumers as consent
from services.consent.tables.events import Outbox as ConsentOutbox
from services.directory import consumers as directory
from services.directory.tables.events import Outbox as DirectoryOutbox
from services.referral import consumers as referral
from services.referral.tables.events import Outbox as ReferralOutbox
from shared.consumer import Consumer, Handler
from shared.dead_letters import DeadLetters
from shared.event_tables import OutboxColumns

CONSUMERS: dict[str, tuple[type[OutboxColumns], Sequence[Handler]]] = {
    "referral": (ReferralOutbox, referral.HEARD),
    "consent": (ConsentOutbox, consent.HEARD),
    "directory": (DirectoryOutbox, directory.HEARD),
}
"""The services that hear events: where they announce, and what handles."""
COLUMNS = ("number", "topic", "key", "type", "reason", "attempts")


async def show(site: Site, console: Console) -> None:
    """Print what every service has parked."""
    table = Table("service", *COLUMNS, box=None)
    with reachable(site) as urls:
        for service, url in urls.items():
            if service not in CONSUMERS:
                continue
            outbox, _ = CONSUMERS[service]
            async with open_database(url) as db:
                for row in await DeadLetters(db, outbox).list():
                    table.add_row(service, *(str(getattr(row, name)) for name in COLUMNS))
    console.print(table if table.row_count else "Nothing is parked.")


async def replay(site: Site, service: str) -> int:
    """Try again what a service has parked; say how many had their effect."""
    if service not in CONSUMERS:
        raise Trouble(f"{service} hears no events, so it has none to replay.")
    outbox, handlers = CONSUMERS[service]
    with reachable(site) as urls:
        async with open_database(urls[service]) as db:
            return await Consumer(service, db, handlers, DeadLetters(db, outbox)).replay()
