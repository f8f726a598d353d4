"""A service that does nothing but announce and hear, with a database of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from inspect import isawaitable
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import MetaData, text
from sqlmodel import SQLModel

from hub.postgres import PostgresServer
from shared.bell import RING_ON_ANNOUNCING
from shared.consumer import Consumer, Handler
from shared.contracts import Event
from shared.contracts.referral import ReferralAcknowledged
from shared.db import NAMING, Database
from shared.dead_letters import DeadLetters
from shared.event_tables import InboxColumns, OutboxColumns, ParkedColumns, RelayCursorColumns
from shared.outbox import Announced, outbox_row
from shared.rows import add


class Table(SQLModel):
    """The tables of the tests' own service."""

    metadata = MetaData(naming_convention=NAMING)


class Outbox(OutboxColumns, Table, table=True):
    """What it announces."""


class Inbox(InboxColumns, Table, table=True):
    """What it has heard."""


class Parked(ParkedColumns, Table, table=True):
    """What it gave up."""


class RelayCursor(RelayCursorColumns, Table, table=True):
    """How far its relay came."""


TEMPLATE = "events_template"
_names = (f"events_{number}" for number in count(1))


@pytest.fixture(scope="session")
def events_template(postgres: PostgresServer) -> str:
    """A database with the event tables, to be cloned."""

    async def migrate() -> None:
        db = Database.open(postgres.url(TEMPLATE))
        async with db.transaction() as connection:
            await connection.run_sync(Table.metadata.create_all)
            await connection.execute(
                text("create table effect (number serial, key text, what text)")
            )
            for statement in RING_ON_ANNOUNCING:
                await connection.execute(text(statement))
        await db.close()

    postgres.create_database(TEMPLATE)
    asyncio.run(migrate())
    return TEMPLATE


@pytest.fixture
def events_url(postgres: PostgresServer, events_template: str) -> str:
    """The address of a fresh database with the event tables."""
    name = next(_names)
    postgres.create_database(name, owner=TEMPLATE, template=events_template)
    return postgres.url(name, TEMPLATE)


@pytest.fixture
async def db(events_url: str) -> AsyncIterator[Database]:
    """A fresh database with the event tables."""
    opened = Database.open(events_url, connections=20)
    yield opened
    await opened.close()


Announce = Callable[..., Awaitable[Sequence[UUID]]]
"""`await announce(event, …, concerns=[…])`: the ids, in order."""
MakeEvent = Callable[..., ReferralAcknowledged]
"""`event(referral_id)`: one event, of a new referral unless one is named."""
MakeConsumer = Callable[..., Consumer]
"""`consumer(handler, …, name="…")`."""
Until = Callable[..., Awaitable[None]]
"""`await until(lambda: …)`; the answer may be awaitable."""


@pytest.fixture
def announce(db: Database) -> Announce:
    """Commit events to the outbox, all in one transaction."""

    async def commit(*events: Event, concerns: Sequence[UUID] = ()) -> Sequence[UUID]:
        now = datetime.now(UTC)
        rows = [outbox_row(Outbox, event, concerns=concerns, now=now) for event in events]
        async with db.transaction() as connection:
            await add(connection, *rows)
        return [row.values["id"] for row in rows]

    return commit


def acknowledged(referral_id: UUID | None = None) -> ReferralAcknowledged:
    """An event of one referral."""
    referral_id = referral_id or uuid4()
    link = f"https://hub.example/api/v1/referrals/{referral_id}"
    return ReferralAcknowledged(authority="sample", referral_id=referral_id, detail_url=link)


@pytest.fixture
def event() -> MakeEvent:
    """Makes an event of one referral: `event(referral_id)`."""
    return acknowledged


class Hearing:
    """A sender that notes what it was given, and fails as often as `away` says."""

    name = "hearing"

    def __init__(self) -> None:
        self.heard: list[Announced] = []
        self.away = 0

    async def send(self, batch: Sequence[Announced]) -> None:
        if self.away:
            self.away -= 1
            raise ConnectionError("away")
        self.heard.extend(batch)

    async def close(self) -> None:
        """Nothing is open."""

    async def until(self, count: int) -> list[Announced]:
        """What was heard, once there are `count` of them."""
        await until(lambda: len(self.heard) >= count)
        return self.heard


async def until(is_so: Callable[[], Any], within: float = 20) -> None:
    """Wait for what will be so, and fail when it takes longer than `within` seconds."""
    async with asyncio.timeout(within):
        while not (await so if isawaitable(so := is_so()) else so):  # noqa: ASYNC110 -- no event
            await asyncio.sleep(0.005)


@pytest.fixture(name="until")
def _until() -> Until:
    return until


@pytest.fixture
def hearing() -> Hearing:
    """Somebody who hears a relay."""
    return Hearing()


@pytest.fixture
def consumer(db: Database) -> MakeConsumer:
    """A consumer with these handlers on the test's database."""

    def build(*handlers: Handler, name: str = "listener") -> Consumer:
        return Consumer(name, db, handlers, DeadLetters(db, Outbox))

    return build
