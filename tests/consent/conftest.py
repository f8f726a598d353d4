"""The consent service's audit log, on a database of its own."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.postgres import PostgresServer
from services.consent.actions import audit
from services.consent.actions.audit import Log
from services.consent.domain.checkpoints import Checkpoint
from services.consent.domain.leaves import Answered, By, Decided, Record
from shared import keys
from shared.crypto import FieldCipher
from shared.db import Database
from tests.consent.served import Service, Town, live
from tests.consent.touched import behind

NOW = datetime.fromisoformat("2026-11-18T12:00:00+00:00")
LOG = "hub.example/audit"
_numbers = count(1)


@pytest.fixture(scope="session")
def consent_cipher(tmp_path_factory: pytest.TempPathFactory) -> FieldCipher:
    """The consent service's data keys, for the whole session."""
    folder = tmp_path_factory.mktemp("consent-keys")
    keys.create_missing(folder, ("consent",))
    return FieldCipher(folder / "consent.fields.json")


@dataclass(frozen=True)
class Kept:
    """An audit log and the server behind it, which a superuser may reach past every barrier."""

    log: Log
    server: PostgresServer
    name: str

    async def append(self, *records: Record) -> list[int]:
        """Append in a transaction of their own."""
        async with self.log.db.transaction() as connection:
            return await audit.append(connection, self.log, records)

    async def filled(self, leaves: int, *, a_time: int = 7) -> None:
        """Append decisions, some at a time."""
        for begin in range(0, leaves, a_time):
            await self.append(*(a_decision() for _ in range(min(a_time, leaves - begin))))

    async def checkpoint(self, hours: int = 0) -> Checkpoint:
        """Sign one and read it as a witness does."""
        note = await audit.sign_checkpoint(self.log, NOW + timedelta(hours=hours))
        return self.log.read(note)

    def behind(self, *statements: str) -> str:
        """What a superuser does who switches the barriers off first."""
        return behind(self.server, self.name, *statements)

    def ask(self, statement: str) -> str:
        """What a query answers, a row on each line."""
        return self.server.sql(statement, self.name)


@pytest.fixture
async def kept(
    postgres: PostgresServer, templates: dict[str, str], consent_cipher: FieldCipher
) -> AsyncIterator[Kept]:
    """A fresh audit log."""
    name = f"audit_log_{next(_numbers)}"
    postgres.create_database(name, owner="consent", template=templates["consent"])
    db = Database.open(postgres.url(name, "consent"), connections=25)
    log = Log(db, consent_cipher, LOG, Ed25519PrivateKey.generate())
    yield Kept(log, postgres, name)
    await db.close()


def an_answer(*people: UUID, **said: Any) -> Answered:
    """What was decided about some categories of these people."""
    return Answered(
        **{
            "people": people,
            "categories": ("education", "education.attendance"),
            "permitted": True,
            "why": "permitted",
            "clauses": ("isa-1/2/attendance",),
            "bases": ("6(1)(e)",),
        }
        | said
    )


def a_decision(*people: UUID, detail: dict[str, Any] | None = None, **said: Any) -> Record:
    """The record of a decision; about a new person unless told otherwise."""
    about = people or (uuid4(),)
    leaf = Decided(
        **{
            "at": NOW,
            "by": By(client_id="school-mis", agency_id=uuid4(), worker_id=uuid4()),
            "people": about,
            "purpose": "early_help",
            "answers": (an_answer(*about),),
        }
        | said
    )
    return Record(leaf, detail)


@pytest.fixture(scope="session")
def consent_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every key of a hub with a consent service, for the whole session."""
    folder = tmp_path_factory.mktemp("consent-service-keys")
    keys.create_missing(folder, ("consent",))
    return folder


@pytest.fixture
async def service(databases: Callable[[str], str], consent_keys: Path) -> AsyncIterator[Service]:
    """The consent service, alive, on a fresh database."""
    async with live(databases("consent"), consent_keys) as alive:
        yield alive


@pytest.fixture
async def town(service: Service) -> Town:
    """Agencies under an agreement whose one clause rests on consent, and a family."""
    return await Town.founded(service)
