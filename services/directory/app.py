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
from services.directory.actions.reminding import tell_lapsed
from services.directory.actions.scheduled import bring_what_is_due
from services.directory.actions.searching import Finder
from services.directory.actions.showing import show_what_is_due, show_what_is_over, today
from services.directory.clients.postcodes_io import PostcodesIo
from services.directory.consumers import HEARD
from services.directory.routes import (
    drafts,
    entries,
    feed,
    feed_v1,
    problems,
    requested,
    search,
    terms,
)
from services.directory.routes.origins import AnyOrigin
from services.directory.routes.pages import find_help, problem, search_engines, widget
from services.directory.routes.pages.finding import Finding
from services.directory.settings import Settings
from services.directory.tables.events import Idempotency, Outbox
from shared.auth import InternalTokens
from shared.authority import Authorities
from shared.bus import Bus, bus_of
from shared.consumer import Consumer
from shared.crypto import FieldCipher
from shared.db import Database
from shared.dead_letters import DeadLetters
from shared.entry import Entry
from shared.http import lifespan, service_app
from shared.idempotency import forget
from shared.keys import signing_keys
from shared.relay import Relay
from shared.tasks import Work, every, running

_CLEAN_EVERY = 3600.0
_STREAMS = 4
"""Readers of whole lists at a time; the others are asked to come back."""
_API = (feed, terms, feed_v1, entries, drafts, problems, search, requested)


def create(settings: Settings, bus: Bus | None = None) -> ASGIApp:
    """The directory service as an ASGI application."""
    db = Database.open(settings.database_url, settings.database_password_file)
    streams = Database.open(
        settings.database_url, settings.database_password_file, connections=_STREAMS
    )

    bus = bus or bus_of(settings.kafka)
    relay = Relay(db, bus.senders)
    heard = bus.subscribe(Consumer("directory", db, HEARD, DeadLetters(db, Outbox)))
    cipher = FieldCipher(settings.field_keys)
    desk = Desk(db, cipher, Authorities.load(settings.authority_files))
    follower = Follower(db)
    own = {"relay": relay.run, "search": follower.follow}

    @asynccontextmanager
    async def at_work() -> AsyncIterator[None]:
        async with httpx2.AsyncClient(base_url=settings.locator_url or "", timeout=2.0) as http:
            locator: Locator = PostcodesIo(http) if settings.locator_url else Imported(db)
            app.state.reading = Reading(db, streams, locator)
            app.state.finder = Finder(db, follower, locator)
            async with running(own | _by_itself(desk, settings) | heard):
                yield
        await streams.close()
        await db.close()

    async def reachable() -> None:
        async with db.reading() as connection:
            await connection.execute(text("select 1"))

    app = service_app(
        "Directory",
        lifespan=lifespan(at_work),
        routers=[module.router for module in (*_API, search_engines, find_help, problem, widget)],
        checks={"database": reachable, "search": follower.ready},
    )
    app.state.base, app.state.authorities = settings.public_url, desk.authorities
    app.state.desk, app.state.finding = desk, Finding(app)
    return AnyOrigin(Entry(app, "directory", InternalTokens(signing_keys(settings.internal_keys))))


def _by_itself(desk: Desk, settings: Settings) -> dict[str, Work]:
    """What the service does without being asked."""
    days = Days(desk.db, settings.clock_seconds)

    async def bring() -> None:
        await bring_what_is_due(desk.db, desk.cipher, datetime.now(UTC))

    async def remind() -> None:
        await tell_lapsed(desk, datetime.now(UTC))

    async def clean() -> None:
        async with desk.db.reading() as connection:
            await forget(connection, Idempotency, datetime.now(UTC))

    return {
        "days": days.turn,
        "imports": lambda: every(settings.clock_seconds, bring),
        "reminders": lambda: every(settings.clock_seconds, remind),
        "clean": lambda: every(_CLEAN_EVERY, clean),
    }


class Days:
    """Shows, hides and ends what has its day: all that was missed at first, then each day's own."""

    def __init__(self, db: Database, seconds: float) -> None:
        self._db, self._seconds, self._since = db, seconds, date.min
        self._ended: date | None = None

    async def turn(self) -> None:
        """One turn of the clock."""
        await every(self._seconds, self._look)

    async def _look(self) -> None:
        now = datetime.now(UTC)
        await show_what_is_due(self._db, now, self._since)
        self._since = today(now) - timedelta(days=2)
        if self._ended != today(now):
            await show_what_is_over(self._db, now)
            self._ended = today(now)
