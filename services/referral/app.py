"""Puts the referral service together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import text
from starlette.types import ASGIApp

from services.referral.actions.deciding import find_overdue
from services.referral.actions.desk import Desk
from services.referral.consumers import an_agency_takes_part
from services.referral.routes import events, lifecycle, referrals
from services.referral.settings import Settings
from services.referral.tables import Idempotency, Outbox
from shared import authority
from shared.auth import InternalTokens
from shared.bus import Bus, bus_of
from shared.consumer import Consumer
from shared.contracts.topics import REFERRAL
from shared.crypto import FieldCipher
from shared.db import Database
from shared.dead_letters import DeadLetters
from shared.entry import Entry
from shared.feed import Feed
from shared.http import lifespan, service_app
from shared.idempotency import forget
from shared.keys import signing_keys
from shared.relay import Relay
from shared.tasks import every, running

_CLEAN_EVERY = 3600.0


def create(settings: Settings, bus: Bus | None = None) -> ASGIApp:
    """The referral service as an ASGI application."""
    db = Database.open(settings.database_url, settings.database_password_file)
    bus = bus or bus_of(settings.kafka)
    relay = Relay(db, bus.senders)
    cipher = FieldCipher(settings.field_keys)
    desk = Desk(
        db, cipher, authority.load(settings.authority_files[0]), settings.public_url, relay.wake
    )
    consumer = Consumer("referral", db, [an_agency_takes_part], DeadLetters(db, Outbox))
    heard = bus.subscribe(consumer)
    feed = Feed(db, cipher, REFERRAL)

    async def clocks() -> None:
        await every(settings.clock_seconds, lambda: find_overdue(desk, datetime.now(UTC)))

    async def clean() -> None:
        async with db.reading() as connection:
            await forget(connection, Idempotency, datetime.now(UTC))

    @asynccontextmanager
    async def at_work() -> AsyncIterator[None]:
        tasks = {"relay": relay.run, "clocks": clocks, "clean": lambda: every(_CLEAN_EVERY, clean)}
        async with running(tasks | heard | feed.loops()):
            yield
        await db.close()

    async def reachable() -> None:
        async with db.reading() as connection:
            await connection.execute(text("select 1"))

    app = service_app(
        "Referral",
        lifespan=lifespan(at_work),
        routers=[referrals.router, lifecycle.router, events.router],
        checks={"database": reachable},
    )
    app.state.desk, app.state.feed = desk, feed
    return Entry(app, "referral", InternalTokens(signing_keys(settings.internal_keys)))
