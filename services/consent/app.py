"""Puts the consent service together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from starlette.types import ASGIApp

from services.consent.actions import complaining, requesting
from services.consent.actions.audit import Log
from services.consent.actions.desk import Desk
from services.consent.actions.erasing import erase_when_due
from services.consent.actions.overriding import tell_overdue
from services.consent.actions.reviewing import tell_reviews
from services.consent.actions.witnessing import sign_when_due
from services.consent.consumers import HEARD
from services.consent.routes import (
    access_requests,
    agreement_imports,
    agreements,
    audit,
    breach_reports,
    complaints,
    consents,
    decisions,
    disclosures,
    exports,
    involvements,
    looks,
    overrides,
    processing_records,
    rectifications,
    refusals,
    retentions,
    sharing_events,
    signatures,
    withdrawals,
)
from services.consent.settings import Settings
from services.consent.tables.events import Idempotency, Outbox
from shared.auth import InternalTokens
from shared.authority import Authorities
from shared.bus import Bus, bus_of
from shared.consumer import Consumer
from shared.contracts.topics import AUDIT, CONSENT
from shared.crypto import FieldCipher
from shared.db import Database
from shared.dead_letters import DeadLetters
from shared.entry import Entry
from shared.feed import Feed
from shared.http import lifespan, service_app
from shared.idempotency import forget
from shared.keys import note_keys, signing_keys
from shared.relay import Relay
from shared.tasks import Work, every, running

_CLEAN_EVERY = 3600.0
_ROUTES = (
    disclosures,  # asked for before every look at a family; routes are tried in this order
    agreement_imports,
    agreements,
    signatures,
    consents,
    withdrawals,
    involvements,
    decisions,
    overrides,
    refusals,
    looks,
    access_requests,
    exports,
    rectifications,
    complaints,
    retentions,
    breach_reports,
    processing_records,
    audit,
    sharing_events,
)


def create(settings: Settings, bus: Bus | None = None) -> ASGIApp:
    """The consent service as an ASGI application."""
    db = Database.open(settings.database_url, settings.database_password_file)
    bus = bus or bus_of(settings.kafka)
    relay = Relay(db, bus.senders)
    cipher, keys = FieldCipher(settings.field_keys), note_keys(settings.checkpoint_keys)
    consumer = Consumer("consent", db, HEARD, DeadLetters(db, Outbox))
    heard = bus.subscribe(consumer)
    feed = Feed(db, cipher, CONSENT, AUDIT, sealed_as="sharing_feed.cursor")
    authorities = Authorities.load(settings.authority_files)
    desk = Desk(
        db, cipher, authorities, settings.public_url, relay.wake, settings.duty_commencement
    )

    def log() -> Log:
        return Log.of(db, cipher, keys())

    @asynccontextmanager
    async def at_work() -> AsyncIterator[None]:
        await desk.library.load(db, datetime.now(UTC))
        itself = {"relay": relay.run} | _by_itself(desk, log, settings)
        async with running(itself | heard | feed.loops()):
            yield
        await db.close()

    async def reachable() -> None:
        async with db.reading() as connection:
            await connection.execute(text("select 1"))

    app = service_app(
        "Consent",
        lifespan=lifespan(at_work),
        routers=[module.router for module in _ROUTES],
        checks={"database": reachable},
    )
    app.state.log, app.state.desk, app.state.feed = log, desk, feed
    return Entry(app, "consent", InternalTokens(signing_keys(settings.internal_keys)))


def _by_itself(desk: Desk, log: Callable[[], Log], settings: Settings) -> dict[str, Work]:
    """What the service does without being asked."""

    async def sign() -> None:
        young = timedelta(seconds=settings.checkpoint_seconds)
        await sign_when_due(log(), datetime.now(UTC), young)

    async def clean() -> None:
        async with desk.db.reading() as connection:
            await forget(connection, Idempotency, datetime.now(UTC))

    async def look_at_reviews() -> None:
        now = datetime.now(UTC)
        await tell_overdue(desk, now)
        await tell_reviews(desk, now)

    async def look_at_requests() -> None:
        await requesting.tell_overdue(desk, datetime.now(UTC))
        await complaining.tell_overdue(desk, datetime.now(UTC))

    async def erase() -> None:
        await erase_when_due(desk, datetime.now(UTC))

    return {
        "reviews": lambda: every(settings.clock_seconds, look_at_reviews),
        "requests": lambda: every(settings.clock_seconds, look_at_requests),
        "checkpoints": lambda: every(settings.clock_seconds, sign),
        "clean": lambda: every(_CLEAN_EVERY, clean),
        "retention": lambda: every(_CLEAN_EVERY, erase),
    }
