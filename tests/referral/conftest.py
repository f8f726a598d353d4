"""A live referral service on a database of its own, and partners who call it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import time
from typing import Any, get_args
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet
from sqlalchemy import text

from services.referral.actions.desk import Desk
from services.referral.app import create
from services.referral.routes.callers import Now
from services.referral.settings import Settings
from shared import keys
from shared import partners as known
from shared.auth import SCOPES, AgencyKind, Caller, Role, mint
from shared.bus import Bus, InProcessBus
from shared.db import Database
from shared.entry import Entry
from shared.settings import SHIPPED
from tests.authorities import INVENTED
from tests.builders import a_submission
from tests.referral.deciding import Deciding
from tests.referral.offering import Offering

SERVED = (*sorted(SHIPPED.glob("*.yaml")), INVENTED)
"""The settings of every authority there is; partners are the sample's unless they say otherwise."""
HUB = "https://hub.example"
REFERRALS = "/api/v1/referrals"
FRONT_DOOR = frozenset({Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER})


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of a hub, for the whole session."""
    folder = tmp_path_factory.mktemp("keys")
    keys.create_missing(folder, ("referral",))
    return folder


@dataclass(frozen=True)
class Partner:
    """A partner's system, acting for one worker, behind the door: it brings internal tokens."""

    http: httpx2.AsyncClient
    caller: Caller
    signing: KeySet
    purpose: str | None = "early_help"

    @property
    def agency_id(self) -> UUID:
        """Its agency."""
        assert self.caller.agency_id
        return self.caller.agency_id

    def but(self, **changed: Any) -> "Partner":
        """The same, with something different about the caller."""
        return replace(self, caller=replace(self.caller, **changed))

    def for_purpose(self, purpose: str | None) -> "Partner":
        """The same, looking for something else; None says nothing of it."""
        return replace(self, purpose=purpose)

    def colleague(self) -> "Partner":
        """Another worker of the same agency, through the same system."""
        return self.but(worker_id=uuid4())

    async def ask(self, method: str, path: str, **told: Any) -> httpx2.Response:
        """A request with a fresh internal token."""
        authorization = {"Authorization": f"Bearer {mint(self.caller, self.signing, time())}"}
        purpose = {"Purpose": self.purpose} if self.purpose else {}
        headers = authorization | purpose | told.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **told)

    async def get(self, path: str, **told: Any) -> httpx2.Response:
        """Look at `path`, which begins at the referrals."""
        return await self.ask("GET", REFERRALS + path, **told)

    async def send(self, submission: Any = None, *, key: str | None = None) -> httpx2.Response:
        """Refer a family; without anything given, a new child under a new key."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        body = a_submission() if submission is None else submission
        return await self.ask("POST", REFERRALS, json=body, headers=headers)

    async def refer(self, submission: Any = None) -> dict[str, Any]:
        """The receipt of a referral that must be taken."""
        answer = await self.send(submission)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def step(
        self, referral: dict[str, Any], to: str, version: int | str | None, body: Any = None
    ) -> httpx2.Response:
        """One step on the way of a referral; `version` None sends no If-Match."""
        headers = {} if version is None else {"If-Match": f'"{version}"'.encode("latin-1")}
        path = f"{REFERRALS}/{referral['id']}/{to}"
        return await self.ask("POST", path, json=body, headers=headers)


@dataclass(frozen=True)
class Service:
    """The referral service, alive."""

    http: httpx2.AsyncClient
    db: Database
    desk: Desk
    app: FastAPI
    signing: KeySet
    deciding: Deciding
    offering: Offering

    def partner(self, kind: AgencyKind, *roles: Role, **given: Any) -> Partner:
        """A system of a new agency, whose worker holds `roles`; it may ask for anything."""
        facts: dict[str, Any] = {
            "client_id": f"{kind}-{uuid4()}",
            "agency_id": uuid4(),
            "worker_id": uuid4(),
        }
        caller = Caller(
            **{"authority": "sample"} | facts | given,
            agency_kind=kind,
            roles=frozenset(roles),
            scopes=frozenset(SCOPES),
        )
        purpose = "front_door" if kind is AgencyKind.FRONT_DOOR else "early_help"
        return Partner(self.http, caller, self.signing, purpose)

    async def known(self, *partners: Partner) -> None:
        """Let the service have heard of these agencies and their workers from the gateway."""
        async with self.db.transaction() as connection:
            for caller in (partner.caller for partner in partners):
                agency_id, worker_id = caller.acting()
                kind, authority = caller.agency_kind, caller.authority
                assert kind
                assert authority
                await known.know_agency(connection, agency_id, "Made-up", kind, authority)
                await known.know_roles(connection, worker_id, agency_id, caller.roles)

    def at(self, now: Any) -> None:
        """Let the service's clock stand still at `now`."""
        clock = get_args(Now)[1].dependency
        self.app.dependency_overrides[clock] = lambda: now

    async def rows(self, statement: str, **given: Any) -> list[Any]:
        """What a query of the service's own database answers; one column gives plain values."""
        async with self.db.transaction() as connection:
            found = (await connection.execute(text(statement), given)).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    async def run(self, *statements: str) -> None:
        """Do something to the service's own database."""
        async with self.db.transaction() as connection:
            for statement in statements:
                await connection.execute(text(statement))

    async def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        tables = await self.rows("select tablename from pg_tables where schemaname = 'public'")
        return {t: (await self.rows(f'select count(*) from "{t}"'))[0] for t in sorted(tables)}  # noqa: S608 -- our own tables


def settings(url: str, folder: Path, *, clock_seconds: float = 3600) -> Settings:
    """Of a referral service on the database at `url`; its clocks are looked at on demand only."""
    return Settings(
        database_url=url,
        public_url=HUB,
        authority_files=SERVED,
        internal_keys=folder / "internal.public.json",
        field_keys=folder / "referral.fields.json",
        consent_url="http://consent",
        directory_url="http://directory",
        clock_seconds=clock_seconds,
    )


@asynccontextmanager
async def live(
    url: str, folder: Path, bus: Bus | None = None, **given: float
) -> AsyncIterator[Service]:
    """A referral service on the database at `url`, from its start to its stop."""
    deciding, offering = Deciding(), Offering()
    asked = [
        httpx2.ASGITransport(one.app(), raise_app_exceptions=False) for one in (deciding, offering)
    ]
    entry = create(settings(url, folder, **given), bus or InProcessBus(), *asked)
    assert isinstance(entry, Entry)
    app = entry.app
    assert isinstance(app, FastAPI)
    db = Database.open(url)
    transport = httpx2.ASGITransport(app=entry)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=HUB) as http,
    ):
        signing = keys.signing_keys(folder / "internal.json")()
        yield Service(http, db, app.state.desk, app, signing, deciding, offering)
    await db.close()


@pytest.fixture
async def service(databases: Callable[[str], str], key_folder: Path) -> AsyncIterator[Service]:
    """The referral service, alive, on a fresh database."""
    async with live(databases("referral"), key_folder) as alive:
        yield alive


@pytest.fixture
def school(service: Service) -> Partner:
    """A school that refers."""
    return service.partner(AgencyKind.SCHOOL, Role.REFERRER)


@pytest.fixture
def gp(service: Service) -> Partner:
    """A GP practice that refers."""
    return service.partner(AgencyKind.GP, Role.REFERRER)


@pytest.fixture
def front_door(service: Service) -> Partner:
    """A front-door worker, who is a manager too."""
    return service.partner(AgencyKind.FRONT_DOOR, *FRONT_DOOR)
