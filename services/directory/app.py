"""Puts the directory service together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import httpx2
from sqlalchemy import text
from starlette.types import ASGIApp

from services.directory.actions.desk import Desk
from services.directory.actions.following import Follower
from services.directory.actions.locating import Imported, Locator
from services.directory.actions.reading import Reading
from services.directory.actions.scheduled import bring_what_is_due
from services.directory.actions.searching import Finder
from services.directory.actions.showing import show_what_is_due, today
from services.directory.clients.postcodes_io import PostcodesIo
from services.directory.consumers import HEARD
from services.directory.routes import drafts, entries, feed, feed_v1, search, terms
from services.directory.routes.origins import AnyOrigin
from services.directory.routes.pages import find_help, widget
from services.directory.routes.pages.finding import Finding
from services.directory.settings import Settings
from services.directory.tables.events import Outbox
from shared.auth import InternalTokens
from shared.authority import Authorities
from shared.bus import Bus, bus_of
from shared.consumer import Consumer
from shared.crypto import FieldCipher
from shared.db import Database
from shared.dead_letters import DeadLetters
from shared.entry import Entry
from shared.http import Check, lifespan, service_app
from shared.keys import signing_keys
from shared.relay import Relay
from shared.tasks import every, running

_STREAMS = 4
"""Readers of whole lists at a time; the others are asked to come back."""
ROUTERS = [
    module.router for module in (feed, terms, feed_v1, entries, drafts, search, find_help, widget)
]


def create(settings: Settings, bus: Bus | None = None) -> ASGIApp:
    """The directory service as an ASGI application."""
    db = Database.open(settings.database_url, settings.database_password_file)
    streams = Database.open(
        settings.database_url, settings.database_password_file, connections=_STREAMS
    )
    bus = bus or bus_of(settings.kafka)
    relay = Relay(db, bus.senders)
    heard = bus.subscribe(Consumer("directory", db, HEARD, DeadLetters(db, Outbox)))
    cipher, days = FieldCipher(settings.field_keys), Days(db, settings.clock_seconds)
    follower = Follower(db)

    async def imports() -> None:
        await every(
            settings.clock_seconds, lambda: bring_what_is_due(db, cipher, datetime.now(UTC))
        )

    own = {"relay": relay.run, "days": days.turn, "imports": imports, "search": follower.follow}

    @asynccontextmanager
    async def at_work() -> AsyncIterator[None]:
        async with httpx2.AsyncClient(base_url=settings.locator_url or "", timeout=2.0) as http:
            locator: Locator = PostcodesIo(http) if settings.locator_url else Imported(db)
            app.state.reading = Reading(db, streams, locator)
            app.state.finder = Finder(db, follower, locator)
            async with running(own | heard):
                yield
        await streams.close()
        await db.close()

    app = service_app(
        "Directory",
        lifespan=lifespan(at_work),
        routers=ROUTERS,
        checks={"database": reached(db), "search": follower.ready},
    )
    authorities = Authorities.load(settings.authority_files)
    app.state.base, app.state.authorities = settings.public_url, authorities
    app.state.desk, app.state.finding = Desk(db, cipher, authorities), Finding(app)
    return AnyOrigin(Entry(app, "directory", InternalTokens(signing_keys(settings.internal_keys))))


def reached(db: Database) -> Check:
    """Whether the database answers."""

    async def reachable() -> None:
        async with db.reading() as connection:
            await connection.execute(text("select 1"))

    return reachable


class Days:
    """Shows and hides what has its day: all that was missed at first, then each day's own."""

    def __init__(self, db: Database, seconds: float) -> None:
        self._db, self._seconds, self._since = db, seconds, date.min

    async def turn(self) -> None:
        """One turn of the clock."""
        await every(self._seconds, self._look)

    async def _look(self) -> None:
        now = datetime.now(UTC)
        await show_what_is_due(self._db, now, self._since)
        self._since = today(now) - timedelta(days=2)
