"""The whole hub in this process, put together as `hub up` does it, and partners who come to it.

Partners fetch their tokens from the token endpoint and pass the door like anybody else. A test
module asks for `pytestmark = pytest.mark.asyncio(loop_scope="module")` to share one hub.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from sqlalchemy import TextClause, text
from starlette.types import ASGIApp

from gateway import actions
from hub import agreements, sample_agreements, services
from hub.authorities import served
from hub.postgres import PostgresServer
from hub.site import AUTHORITY, Ports, Site
from services.consent.actions.desk import Desk
from shared.auth import AgencyKind, Caller, Role, Scope
from shared.crypto import FieldCipher
from shared.db import Database
from tests.builders import a_submission
from tests.gateway.partners import Partner, new_partner

REFERRALS = "/api/v1/referrals"
EVERY_SCOPE = frozenset(Scope) - {Scope.REFERRALS_DECIDE, Scope.EVENTS_CONSUME}
ELSEWHERE = "elsewhere"
"""The other authority that the hub of the tests serves."""
_RENEW = 240
"""Seconds after which a token is fetched again; it lives for 300."""
_numbers = count(1)


@dataclass
class System:
    """An agency's system: it fetches its tokens and names the worker it acts for."""

    hub: "Hub"
    client: Partner
    purpose: str = "early_help"
    """What for it looks where nothing else is said."""
    tokens: set[str] = field(default_factory=set, repr=False)
    """All that it was given."""
    _token: tuple[str, float] | None = field(default=None, repr=False)

    @property
    def agency_id(self) -> UUID:
        """Its agency."""
        return self.client.agency_id

    async def token(self) -> str:
        """An access token with every scope of the client."""
        if self._token is None or monotonic() > self._token[1]:
            self._token = await self.client.token(self.hub.http), monotonic() + _RENEW
            self.tokens.add(self._token[0])
        return self._token[0]

    async def worker(self, number: str, *roles: Role | str) -> UUID:
        """A worker with exactly these roles, as the operator registers them."""
        hub, who = self.hub, {"agency_id": self.agency_id, "external_id": number}
        named: dict[str, Any] = {"name": "Wanda Madeup", "job_title": "Invented worker"} | who
        now = datetime.now(UTC)
        await actions.register_worker(hub.gateway, hub.cipher, **named, now=now)
        granted = frozenset(Role(role) for role in roles)
        worker = await actions.grant_roles(
            hub.gateway,
            hub.cipher,
            agency_id=self.agency_id,
            external_id=number,
            roles=granted,
            now=now,
        )
        return worker.id

    async def ask(
        self, method: str, path: str, *, worker: str | None = None, **told: Any
    ) -> httpx2.Response:
        """A request through the door, for `worker` where one is named."""
        headers = {"Authorization": f"Bearer {await self.token()}", "Purpose": self.purpose}
        if worker:
            headers["Acting-Worker"] = worker
        return await self.hub.http.request(
            method, path, headers=headers | told.pop("headers", {}), **told
        )

    async def refer(self, worker: str, submission: Any = None) -> dict[str, Any]:
        """The receipt of a referral that must be taken."""
        key = {"Idempotency-Key": str(uuid4())}
        body = submission or a_submission()
        answer = await self.ask("POST", REFERRALS, worker=worker, json=body, headers=key)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@dataclass(frozen=True)
class Hub:
    """A running hub, seen from outside, with its databases for those who look behind it."""

    app: ASGIApp
    http: httpx2.AsyncClient
    site: Site
    gateway: Database
    referral: Database
    consent: Database
    directory: Database
    cipher: FieldCipher
    desk: Desk
    """The consent service's, for whoever publishes and signs without a system of its own."""
    databases: dict[str, str]
    """The name of each service's database on the server."""

    def behind(self) -> dict[str, Database]:
        """The database of each service."""
        return {service: getattr(self, service) for service in self.databases}

    async def join(
        self,
        kind: AgencyKind | str,
        *,
        without: frozenset[Scope] = frozenset(),
        authority: str = "sample",
        signs: bool = True,
    ) -> System:
        """A new agency with one system, which may ask for all that its kind may have.

        It has signed its authority's agreements unless it `signs` nothing.
        """
        kind = AgencyKind(kind)
        front_door = kind is AgencyKind.FRONT_DOOR
        scopes = EVERY_SCOPE | ({Scope.REFERRALS_DECIDE} if front_door else set())
        client = await new_partner(
            self.gateway,
            self.site.public_url,
            kind=kind,
            scopes=frozenset(scopes - without),
            authority=authority,
        )
        if signs:
            by = somebody(Role.AGENCY_ADMINISTRATOR, kind, authority, client.agency_id)
            await agreements.sign_all(self.desk, by=by, now=datetime.now(UTC))
        return System(self, client, "front_door" if front_door else "early_help")

    async def settled(self) -> None:
        """Until every service has heard of every agency and worker there is."""
        leads = "where 'lead_professional' = any(roles)"
        told = await self.with_table("worker")
        for rows in ("agency", "worker", f"worker {leads}"):
            count = text(f"select count(*) from {rows}")  # noqa: S608 -- constants
            async with asyncio.timeout(60):
                while await _differs(told, count):  # noqa: ASYNC110 -- no bell rings
                    await asyncio.sleep(0.01)

    async def with_table(self, name: str) -> list[Database]:
        """The databases with a table of this name: all of them, but the directory's may lack it."""
        there = text("select to_regclass(:name) is not null").bindparams(name=name)
        found = {service: await _one(db, there) for service, db in self.behind().items()}
        assert {service for service, has in found.items() if not has} <= {"directory"}
        return [db for service, db in self.behind().items() if found[service]]


async def _differs(told: list[Database], count: TextClause) -> bool:
    found = {await _one(db, count) for db in told}
    return len(found) > 1


async def _one(db: Database, query: TextClause) -> Any:
    async with db.reading() as connection:
        return (await connection.execute(query)).scalar_one()


def somebody(role: Role, kind: AgencyKind, authority: str, agency_id: UUID | None = None) -> Caller:
    """A worker whom no test meets again, acting at the consent service's desk."""
    return Caller(
        client_id="made-up",
        agency_id=agency_id,
        agency_kind=kind,
        worker_id=uuid4(),
        roles=frozenset({role}),
        authority=authority,
    )


async def publish_samples(gateway: Database, desk: Desk) -> None:
    """The sample agreements of every authority that the desk serves, by a council of its own."""
    now, kind = datetime.now(UTC), AgencyKind.COUNCIL
    for council in desk.authorities.values():
        agency = await actions.register_agency(
            gateway, name="The council", kind=kind, authority=council.id, now=now
        )
        lead = somebody(Role.INFORMATION_GOVERNANCE_LEAD, kind, council.id, agency.id)
        for said in sample_agreements.of(council, now.date()):
            await agreements.publish(desk, said, by=lead, now=now)


def _two_authorities(folder: Path) -> tuple[Path, Path]:
    """The sample authority, and one like it of another name: `elsewhere`."""
    elsewhere = folder / "elsewhere.yaml"
    elsewhere.write_text(AUTHORITY.read_text().replace("id: sample", f"id: {ELSEWHERE}", 1))
    return AUTHORITY, elsewhere


@asynccontextmanager
async def alive(app: ASGIApp) -> AsyncIterator[None]:
    """An ASGI application from its start to its stop, as a server lets it live."""
    asked: asyncio.Queue[Any] = asyncio.Queue()
    told: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    running: Any = app(scope, asked.get, told.put)
    life = asyncio.create_task(running)
    await asked.put({"type": "lifespan.startup"})
    assert (await told.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        await asked.put({"type": "lifespan.shutdown"})
        assert (await told.get())["type"] == "lifespan.shutdown.complete"
        with suppress(asyncio.CancelledError):
            await life


@asynccontextmanager
async def open_hub(
    postgres: PostgresServer,
    templates: dict[str, str],
    folder: Path,
    kafka: str | None = None,
    authorities: tuple[Path, ...] = (),
) -> AsyncIterator[Hub]:
    """A hub on fresh databases with fresh keys; nobody is ever too fast for its limits.

    `kafka` names a broker's bootstrap servers; without it the events stay in the process. It serves
    `authorities` (the sample and `elsewhere` where none is named) with their sample agreements.
    """
    site = Site(folder, Ports(), authorities or _two_authorities(folder))
    site.create_secrets()
    number = next(_numbers)
    names = {service: f"whole_{service}_{number}" for service in templates}
    for service, name in names.items():
        postgres.create_database(name, owner=service, template=templates[service])
    urls = {service: postgres.url(name, service) for service, name in names.items()}
    told = {service: site.environment(service, url) for service, url in urls.items()}
    told["gateway"] |= {"GATEWAY_REQUEST_BURST": "1000000", "GATEWAY_TOKENS_PER_MINUTE": "100000"}
    told["gateway"] |= {"GATEWAY_FORMS_PER_MINUTE": "1000000"}
    app = services.all_in_one(told, kafka)
    behind = {service: Database.open(url) for service, url in urls.items()}
    cipher = FieldCipher(site.keys / "gateway.fields.json")
    desk = agreements.desk_of(site, behind["consent"], served(site.authorities))
    await publish_samples(behind["gateway"], desk)
    transport = httpx2.ASGITransport(app=app)
    async with (
        alive(app),
        httpx2.AsyncClient(transport=transport, base_url=site.public_url) as http,
    ):
        yield Hub(app, http, site, cipher=cipher, desk=desk, databases=names, **behind)
    for db in behind.values():
        await db.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(
    postgres: PostgresServer, templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hub]:
    """One hub for all the tests of a module."""
    async with open_hub(postgres, templates, tmp_path_factory.mktemp("var")) as opened:
        yield opened
