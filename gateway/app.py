"""Puts the gateway together: OAuth server, door, workers, pages, and its own relay."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import httpx2
from sqlalchemy import text
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import store
from gateway.door.authz import Authz
from gateway.door.checks import Door
from gateway.door.table import leads_to
from gateway.event_access import EventAccess
from gateway.limits import Limit
from gateway.oauth.server import Server
from gateway.oauth.tokens import AccessTokens
from gateway.openapi import Documents
from gateway.routes import workers
from gateway.routes.asyncapi import asyncapi_routes
from gateway.routes.oauth import oauth_routes
from gateway.routes.pages import page_routes
from gateway.settings import Settings
from shared.auth import InternalTokens
from shared.bus import Bus, bus_of
from shared.crypto import FieldCipher
from shared.db import Database
from shared.entry import Entry
from shared.http import lifespan, service_app
from shared.keys import signing_keys
from shared.relay import Relay
from shared.tasks import Work, every, running

OWN_CREDENTIALS = ("/oauth/",)
"""Where callers authenticate to the gateway itself instead of showing an internal token."""
_CLEAN_EVERY = 60.0


class Gateway:
    """The gateway's ASGI application, with the door that stands before every service."""

    def __init__(
        self, settings: Settings, bus: Bus, mounted: Mapping[str, ASGIApp] | None = None
    ) -> None:
        self._settings, self._mounted = settings, mounted or {}
        self.db = Database.open(settings.database_url, settings.database_password_file)
        tokens = AccessTokens(settings.public_url, signing_keys(settings.token_keys))
        self.door = Door(
            self.db,
            tokens,
            signing_keys(settings.internal_signing_keys),
            Limit(settings.request_burst, settings.requests_per_second),
            forms=Limit(settings.forms_per_minute, settings.forms_per_minute / 60),
            seldom=Limit(settings.reports_at_once, 1 / 60),
        )
        limit = Limit(settings.tokens_per_minute, settings.tokens_per_minute / 60)
        server = Server(self.db, tokens, limit)
        self.relay = Relay(self.db, bus.senders)
        self.app = service_app(
            "Gateway",
            lifespan=lifespan(self._resources),
            routers=[workers.router, oauth_routes(server)],
            checks={"database": self._reachable},
        )
        self.app.state.db, self.app.state.cipher = self.db, FieldCipher(settings.field_keys)
        self.documents = Documents(settings.public_url, self.app.openapi, leads_to)
        self.app.openapi = self.documents.merged  # type: ignore[method-assign]
        self.app.include_router(page_routes(self.documents.merged))
        self.app.include_router(asyncapi_routes(settings.public_url, settings.kafka_partner))
        inside = InternalTokens(signing_keys(settings.internal_keys))
        self._entry = Entry(self.app, "gateway", inside, open_prefixes=OWN_CREDENTIALS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._entry(scope, receive, send)

    @asynccontextmanager
    async def _resources(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.db.close)
            services = {
                name: await stack.enter_async_context(client)
                for name, client in self._services().items()
            }
            await self.documents.fetch(services)
            tasks: dict[str, Work] = {
                "relay": self.relay.run,
                "forget expired": lambda: every(_CLEAN_EVERY, self._forget_expired),
                "documents": lambda: self.documents.follow(services),
            }
            if self._settings.kafka:
                tasks["event access"] = EventAccess(self.db, self._settings.kafka).run
            await stack.enter_async_context(running(tasks))
            yield

    def _services(self) -> dict[str, httpx2.AsyncClient]:
        """A client for each other service: mounted beside, or at its internal address."""
        beside = {
            name: httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=app), base_url=f"http://{name}"
            )
            for name, app in self._mounted.items()
        }
        return beside | {
            name: httpx2.AsyncClient(base_url=address, timeout=2.0)
            for name, address in self._settings.services.items()
        }

    async def _reachable(self) -> None:
        async with self.db.reading() as connection:
            await connection.execute(text("select 1"))

    async def _forget_expired(self) -> None:
        async with self.db.reading() as connection:
            await store.forget_expired(connection, datetime.now(UTC))


def create(
    settings: Settings, bus: Bus | None = None, *, mounted: Mapping[str, ASGIApp] | None = None
) -> Gateway:
    """The gateway in one process with the services `mounted` beside it, behind a Dispatcher."""
    return Gateway(settings, bus or bus_of(settings.kafka), mounted)


def behind_nginx(settings: Settings, bus: Bus | None = None) -> ASGIApp:
    """The gateway as a process of its own: the same, and `/authz` for nginx."""
    gateway = create(settings, bus)
    return Authz(gateway, gateway.door)
