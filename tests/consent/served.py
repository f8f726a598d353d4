"""A live consent service on a database of its own, and the partners who call it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any, get_args
from uuid import UUID, uuid4

import httpx2
from fastapi import FastAPI
from joserfc.jwk import KeySet
from sqlalchemy import text

from services.consent.app import create
from services.consent.domain.agreements import Agreement, Clause
from services.consent.routes.callers import Now
from services.consent.settings import Settings
from shared import keys
from shared.auth import SCOPES, AgencyKind, Caller, Role, mint
from shared.bus import InProcessBus
from shared.db import Database
from shared.entry import Entry
from shared.partners import know_agency
from shared.settings import SHIPPED
from tests.consent.builders import an_agreement, on_consent, principles

HUB = "https://hub.example"
API = "/api/v1"
Json = dict[str, Any]
COMMENCED = date(2026, 1, 1)


@dataclass(frozen=True)
class Partner:
    """A partner's system, acting for one worker, behind the door: it brings internal tokens."""

    http: httpx2.AsyncClient
    caller: Caller
    signing: KeySet

    @property
    def agency_id(self) -> UUID:
        """Its agency."""
        agency_id, _ = self.caller.acting()
        return agency_id

    def but(self, **changed: Any) -> "Partner":
        """The same, with something different about the caller."""
        return replace(self, caller=replace(self.caller, **changed))

    def as_(self, *roles: Role) -> "Partner":
        """Another worker of the same agency, with these roles."""
        return self.but(worker_id=uuid4(), roles=frozenset(roles))

    async def ask(self, method: str, path: str, **told: Any) -> httpx2.Response:
        """A request with a fresh internal token."""
        authorization = {"Authorization": f"Bearer {mint(self.caller, self.signing, time())}"}
        headers = authorization | told.pop("headers", {})
        return await self.http.request(method, API + path, headers=headers, **told)

    async def get(self, path: str, **asked: Any) -> httpx2.Response:
        """Look at something."""
        return await self.ask("GET", path, params=asked)

    async def send(self, path: str, body: Any = None, *, key: str | None = None) -> httpx2.Response:
        """Create something; without a key under a new one."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        return await self.ask("POST", path, json=body, headers=headers)

    async def change(
        self, path: str, version: int, body: Any = None, *, method: str = "POST"
    ) -> httpx2.Response:
        """Change what was seen in this version."""
        return await self.ask(method, path, json=body, headers={"If-Match": f'"{version}"'})

    async def created(self, path: str, body: Any = None) -> Json:
        """What must be taken."""
        answer = await self.send(path, body)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    async def changed(self, path: str, version: int, body: Any = None) -> Json:
        """What must be changed."""
        answer = await self.change(path, version, body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def discloses(self, *people: UUID, kind: str = "child", **asked: Any) -> httpx2.Response:
        """What a service of the hub asks for this worker; all that is not told is left out."""
        named = [{"id": str(person), "kind": kind} for person in people]
        body = {"purpose": "early_help", "people": named} | asked
        return await self.ask("POST", "/disclosures", json=body)

    async def disclosed(self, *people: UUID, **asked: Any) -> Json:
        """A disclosure, which must be decided one way or the other."""
        answer = await self.discloses(*people, **asked)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def sees(self, person: UUID, *categories: str, **asked: Any) -> set[str]:
        """Which categories a disclosure permits."""
        named = {"categories": list(categories)} if categories else {}
        found = await self.disclosed(person, **named, **asked)
        return set(found["permitted"][0]["categories"])


@dataclass(frozen=True)
class Service:
    """The consent service, alive; where it is a process of its own `app` is out of reach."""

    http: httpx2.AsyncClient
    db: Database
    signing: KeySet
    app: FastAPI | None = None

    async def partner(self, kind: AgencyKind, *roles: Role, **given: Any) -> Partner:
        """A system of a new agency, of which the service has heard."""
        facts: Json = {"client_id": f"{kind}-{uuid4()}", "agency_id": uuid4(), "worker_id": uuid4()}
        caller = Caller(
            **{"authority": "sample"} | facts | given,
            agency_kind=kind,
            roles=frozenset(roles),
            scopes=frozenset(SCOPES),
        )
        agency_id, _ = caller.acting()
        async with self.db.transaction() as connection:
            name = f"Made-up {kind}"
            await know_agency(connection, agency_id, name, kind, str(caller.authority))
        return Partner(self.http, caller, self.signing)

    def at(self, now: datetime) -> None:
        """Let the service's clock stand still at `now`."""
        assert self.app is not None
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

    async def leaves(self, kind: str | None = None) -> list[Json]:
        """The leaves of the audit log in order, with their indexes as `index`."""
        rows = await self.rows("select index, entry from audit_leaf order by index")
        leaves = [entry | {"index": index} for index, entry in rows]
        return [leaf for leaf in leaves if kind in (None, leaf["kind"])]

    async def events(self) -> list[str]:
        """The types of what is announced, in order, without the audit log's own."""
        types = await self.rows("select type from outbox order by number")
        short = [one.removeprefix("uk.earlyhelp.consent.").removesuffix(".v1") for one in types]
        return [one for one in short if one != "checkpointed"]


@asynccontextmanager
async def live(url: str, folder: Path) -> AsyncIterator[Service]:
    """A consent service on the database at `url`, from its start to its stop."""
    entry = create(
        Settings(
            database_url=url,
            public_url=HUB,
            authority_files=tuple(sorted(SHIPPED.glob("*.yaml"))),
            internal_keys=folder / "internal.public.json",
            field_keys=folder / "consent.fields.json",
            checkpoint_keys=folder / "checkpoints.json",
            checkpoint_seconds=1e9,
            clock_seconds=3600,
            duty_commencement=COMMENCED,
        ),
        InProcessBus(),
    )
    assert isinstance(entry, Entry)
    app = entry.app
    assert isinstance(app, FastAPI)
    db = Database.open(url)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=entry), base_url=HUB) as http,
    ):
        signing = keys.signing_keys(folder / "internal.json")()
        yield Service(http, db, signing, app)
    await db.close()


@dataclass
class Town:
    """A council that answers for agreements, a school under one of them, a family it works with."""

    service: Service
    council: Partner
    front_door: Partner
    school: Partner
    child: UUID = field(default_factory=uuid4)
    mother: UUID = field(default_factory=uuid4)
    father: UUID = field(default_factory=uuid4)
    agreements: tuple[str, str] = ("principles", "early-help")

    @classmethod
    async def founded(cls, service: Service, *clauses: Clause, named: str = "") -> "Town":
        """The school has signed everything and was introduced by the front door.

        `named` stands before the agreements' names, where the authority has others already.
        """
        council = await service.partner(AgencyKind.COUNCIL, Role.INFORMATION_GOVERNANCE_LEAD)
        door = await service.partner(AgencyKind.FRONT_DOOR, Role.FRONT_DOOR_WORKER)
        school = await service.partner(AgencyKind.SCHOOL, Role.LEAD_PROFESSIONAL)
        names = (f"{named}principles", f"{named}early-help")
        town = cls(service, council, door, school, agreements=names)
        await town.publish(in_date(principles(id=names[0])))
        await town.publish(in_date(an_agreement(*(clauses or [on_consent()]), id=names[1])))
        await town.sign(school)
        await town.introduce(school)
        return town

    async def publish(self, said: Agreement) -> Json:
        """Draft an agreement, or write it anew, and publish it."""
        document = said.model_dump(mode="json")
        there = await self.council.get(f"/agreements/{said.id}")
        if there.status_code == 404:
            version = (await self.council.created("/agreements", document))["version"]
        else:
            path, seen = f"/agreements/{said.id}", there.json()["version"]
            version = (await self.council.change(path, seen, document, method="PUT")).json()[
                "version"
            ]
        return await self.council.changed(f"/agreements/{said.id}/publication", version)

    async def sign(self, partner: Partner, *names: str, number: int = 1) -> None:
        """Let the agency's administrator sign these agreements, or both."""
        administrator = partner.as_(Role.AGENCY_ADMINISTRATOR)
        for name in names or self.agreements:
            await administrator.created(f"/agreements/{name}/signatures", {"number": number})

    async def introduce(self, partner: Partner, **said: Any) -> Json:
        """Let the front door say that an agency works with the family."""
        return await self.front_door.created(
            "/involvements", self.introduction(agency_id=str(partner.agency_id), **said)
        )

    def introduction(self, **said: Any) -> Json:
        """The child with its mother and father, who both have parental responsibility."""
        parents = [str(self.mother), str(self.father)]
        people = [
            {"person_id": str(self.child), "kind": "child", "parents": parents},
            {"person_id": str(self.mother), "kind": "parent"},
            {"person_id": str(self.father), "kind": "parent"},
        ]
        return {"people": people, "until": soon(90)} | said

    def consent(self, **said: Any) -> Json:
        """The mother's for her child: the school may see its needs for early help."""
        return {
            "people": [str(self.child)],
            "given_by": str(self.mother),
            "capacity": "parental_responsibility",
            "categories": ["needs"],
            "agencies": [str(self.school.agency_id)],
            "purposes": ["early_help"],
            "notice": {"version": "2026-01", "language": "en"},
            "channel": "in_writing",
            "evidence": "Signed form 12, in the made-up cabinet.",
            "until": soon(200),
        } | said

    def override(self, **said: Any) -> Json:
        """A child of the school is in danger."""
        return {
            "people": [str(self.child)],
            "categories": ["needs", "contact"],
            "danger": "immediate_danger",
            "words": "The child has not come to school and was threatened.",
            "reason": "cannot_reasonably_be_obtained",
            "protects": "under_18",
            "until": (datetime.now(UTC) + timedelta(hours=20)).isoformat(),
        } | said


def soon(days: int) -> str:
    """So many days from now."""
    return (datetime.now(UTC) + timedelta(days)).isoformat()


def in_date(said: Agreement, **changed: Any) -> Agreement:
    """An agreement that works today, whatever day that is."""
    today = datetime.now(UTC).date()
    dates: Json = {"start": today - timedelta(30), "review": today + timedelta(300)}
    if said.clauses:
        dates["end"] = today + timedelta(700)
    return said.model_copy(update=dates | changed)
