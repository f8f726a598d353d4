"""The gateway for tests: in this process, or as the processes that partners see."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import httpx2
import pytest

from gateway.app import Gateway, create
from gateway.door.dispatcher import Dispatcher
from gateway.door.table import ROUTES
from gateway.settings import Settings
from hub.postgres import PostgresServer
from shared.db import Database
from shared.keys import create_missing
from tests.gateway.doors import Doorway, Shape, doorway
from tests.gateway.partners import Partner, new_partner

SHAPES: tuple[Shape, ...] = ("dispatcher", "nginx")
ISSUER = "https://hub.example"


@pytest.fixture(scope="session")
def open_door(
    postgres: PostgresServer, templates: dict[str, str]
) -> Iterator[Callable[..., AbstractContextManager[Doorway]]]:
    """Opens a hub in one shape: `with open_door("nginx", GATEWAY_REQUEST_BURST="5") as door:`."""
    numbers = count(1)
    with tempfile.TemporaryDirectory(prefix="door-") as place:

        def opened(shape: Shape, **environment: str) -> AbstractContextManager[Doorway]:
            name = f"door_{next(numbers)}"
            postgres.create_database(name, owner="gateway", template=templates["gateway"])
            folder = Path(place) / name
            create_missing(folder, ("gateway",))
            told = {
                "GATEWAY_DATABASE_URL": postgres.url(name, "gateway"),
                "GATEWAY_AUTHORITY_FILES": "sample",
                "GATEWAY_INTERNAL_KEYS": str(folder / "internal.public.json"),
                "GATEWAY_FIELD_KEYS": str(folder / "gateway.fields.json"),
                "GATEWAY_TOKEN_KEYS": str(folder / "tokens.json"),
                "GATEWAY_INTERNAL_SIGNING_KEYS": str(folder / "internal.json"),
            }
            return doorway(shape, folder, told | environment)

        yield opened


@pytest.fixture(scope="session", params=SHAPES)
def door(
    request: pytest.FixtureRequest, open_door: Callable[..., AbstractContextManager[Doorway]]
) -> Iterator[Doorway]:
    """A running hub, once in each shape."""
    with open_door(request.param) as opened:
        yield opened


@pytest.fixture
async def outside(door: Doorway) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that comes from outside, over the network."""
    async with httpx2.AsyncClient(base_url=door.url, timeout=10) as client:
        yield client


@pytest.fixture
async def caller(door: Doorway) -> AsyncIterator[Partner]:
    """A school's system that may come in."""
    db = Database.open(door.database_url)
    yield await new_partner(db, door.url)
    await db.close()


@pytest.fixture
def settings(databases: Callable[[str], str], tmp_path: Path) -> Settings:
    """Settings with fresh keys and a fresh database."""
    create_missing(tmp_path, ("gateway",))
    return Settings(
        database_url=databases("gateway"),
        public_url=ISSUER,
        authority_files=(Path("deploy/authorities/sample.yaml"),),
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
