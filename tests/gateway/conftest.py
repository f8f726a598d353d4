"""The gateway for tests: on a database of its own, reached without a socket in between."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from gateway.app import Gateway, create
from gateway.door.dispatcher import Dispatcher
from gateway.door.table import ROUTES
from gateway.settings import Settings
from shared.keys import create_missing
from tests.gateway.partners import Partner, new_partner

ISSUER = "https://hub.example"


@pytest.fixture
def settings(databases: Callable[[str], str], tmp_path: Path) -> Settings:
    """Settings with fresh keys and a fresh database."""
    create_missing(tmp_path, ("gateway",))
    return Settings(
        database_url=databases("gateway"),
        public_url=ISSUER,
        authority_file=Path("deploy/authorities/sample.yaml"),
        internal_keys=tmp_path / "internal.public.json",
        field_keys=tmp_path / "gateway.fields.json",
        token_keys=tmp_path / "tokens.json",
        internal_signing_keys=tmp_path / "internal.json",
    )


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[Gateway]:
    """The gateway's application, without its background loops."""
    made = create(settings)
    yield made
    await made.db.close()


@pytest.fixture
async def http(gateway: Gateway) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that calls the gateway through its own door."""
    routes = [route for route in ROUTES if route.service == "gateway"]
    door = Dispatcher(routes, {"gateway": gateway}, gateway.door)
    transport = httpx2.ASGITransport(app=door, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=ISSUER) as client:
        yield client


@pytest.fixture
def register(gateway: Gateway) -> Callable[..., Awaitable[Partner]]:
    """Registers an agency with one client: `await register(alg=…, kind=…)`."""

    async def partner(**different: object) -> Partner:
        return await new_partner(gateway.db, ISSUER, **different)  # type: ignore[arg-type]

    return partner


@pytest.fixture
async def partner(register: Callable[..., Awaitable[Partner]]) -> Partner:
    """A school's system with an ES256 key."""
    return await register()
