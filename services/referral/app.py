"""Puts the referral service together."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from httpx2 import AsyncBaseTransport
from sqlalchemy import text
from starlette.types import ASGIApp

from services.referral.actions.clocks import escalate_unseen, look_at_clocks
from services.referral.actions.desk import Desk
from services.referral.actions.drafting import forget_expired
from services.referral.clients.consent import Consent
from services.referral.clients.directory import Directory
from services.referral.consumers import HEARD
from services.referral.routes import (
    agencies,
    amendments,
    ask_for_help,
    authority,
    codes,
    drafts,
    events,
    lifecycle,
    referrals,
    requests_for_help,
    views,
    worklists,
)
from services.referral.settings import Settings
from services.referral.tables.events import Idempotency, Outbox
from shared.auth import InternalTokens
from shared.authority import Authorities
from shared.bus import Bus, bus_of
from shared.consumer import Consumer
from shared.contracts.topics import REFERRAL
from shared.crypto import FieldCipher
from shared.db import Database
from shared.dead_letters import DeadLetters
from shared.entry import Entry
from shared.feed import Feed
from shared.http import answers_of, lifespan, service_app
from shared.idempotency import forget
from shared.keys import signing_keys
from shared.minimise import classification
from shared.relay import Relay
from shared.tasks import Work, every, running

_CLEAN_EVERY = 3600.0
_ROUTES = (
    authority,
    codes,
    agencies,
    drafts,
    worklists,
    referrals,
    requests_for_help,
    ask_for_help,
    amendments,
    lifecycle,
    views,
    events,
)


def classified() -> dict[str, str]:
    """Every path of an answer, and its category or why it is open. Raises Unclassified."""
    return classification(dict.fromkeys(answers_of(module.router for module in _ROUTES)))


def create(
    settings: Settings,
    bus: Bus | None = None,
    consent: AsyncBaseTransport | None = None,
    directory: AsyncBaseTransport | None = None,
) -> ASGIApp:
    """The referral service as an ASGI application; `consent` and `directory` lead to these services
    in this process. Raises Unclassified.
    """
    classified()  # what might leave without a category must not be served
    db = Database.open(settings.database_url, settings.database_password_file)
    bus = bus or bus_of(settings.kafka)
    relay = Relay(db, bus.senders)
    cipher = FieldCipher(settings.field_keys)
    authorities = Authorities.load(settings.authority_files)
    asks = Consent(settings.consent_url, consent), Directory(settings.directory_url, directory)
    desk = Desk(db, cipher, authorities, settings.public_url, relay.wake, *asks)
    heard = bus.subscribe(Consumer("referral", db, HEARD, DeadLetters(db, Outbox)))
    feed = Feed(db, cipher, REFERRAL)

    @asynccontextmanager
    async def at_work() -> AsyncIterator[None]:
        async with running(_by_itself(desk, relay, settings) | heard | feed.loops()):
            yield
        for asked in asks:
            await asked.close()
        await db.close()

    async def reachable() -> None:
        async with db.reading() as connection:
            await connection.execute(text("select 1"))

    app = service_app(
        "Referral",
        lifespan=lifespan(at_work),
        routers=[module.router for module in _ROUTES],
        checks={"database": reachable},
    )
    app.state.desk, app.state.feed = desk, feed
    return Entry(app, "referral", InternalTokens(signing_keys(settings.internal_keys)))


def _by_itself(desk: Desk, relay: Relay, settings: Settings) -> dict[str, Work]:
    """What the service does without being asked."""

    def at_each_tick(look: Callable[[Desk, datetime], Awaitable[int]]) -> Work:
        return lambda: every(settings.clock_seconds, lambda: look(desk, datetime.now(UTC)))

    async def clean() -> None:
        async with desk.db.reading() as connection:
            await forget(connection, Idempotency, datetime.now(UTC))
        await forget_expired(desk, datetime.now(UTC))

    return {
        "relay": relay.run,
        "clocks": at_each_tick(look_at_clocks),
        "escalation": at_each_tick(escalate_unseen),
        "clean": lambda: every(_CLEAN_EVERY, clean),
    }
