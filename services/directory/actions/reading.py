"""Reading the feed: a page, an object, or every line; and whether the reader has it already."""

import hashlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.directory.actions.locating import Locator
from services.directory.domain.asking import Form, Page, Wanted
from services.directory.store import feed, published
from shared.db import Database


@dataclass(frozen=True)
class Reading:
    """What the feed is answered from."""

    db: Database
    streams: Database
    """Connections of their own: whoever reads slowly takes none from the others."""
    locator: Locator


@dataclass(frozen=True)
class Sheet:
    """An answer as it is sent, and by what a reader knows it again.

    Only what is one object tells when it last changed: a list becomes shorter as a day passes, or
    otherwise by an import of postcodes, and what is nested in an organization leaves it. No moment
    is kept of that, and a reader who trusts one would be told that all is as it was.
    """

    body: str
    tag: str
    changed: datetime | None = None

    @classmethod
    def of(cls, body: str, changed: datetime | None = None) -> "Sheet":
        """Known again by its own text."""
        return cls(body, _tag(body), changed)


def _tag(*said: str) -> str:
    """Weak: the door may send the same answer compressed."""
    return f'W/"{hashlib.sha256("|".join(said).encode()).hexdigest()[:32]}"'


async def for_search_engines(reading: Reading, most: int) -> list[tuple[UUID, datetime]]:
    """Services that have a page worth finding, and when each last changed."""
    async with reading.db.reading() as connection:
        return await published.dated(connection, most)


async def documents(reading: Reading, wanted: Wanted, form: Form, at: Page) -> feed.Answer:
    """The objects of a page, without an envelope."""
    async with reading.db.reading() as connection:
        return await feed.page(connection, wanted, form, at)


async def page(reading: Reading, wanted: Wanted, form: Form, at: Page) -> Sheet:
    """A page in its envelope."""
    answer = await documents(reading, wanted, form, at)
    return _sheet(answer, answer.documents, at)


async def page_with_services(reading: Reading, wanted: Wanted, form: Form, at: Page) -> Sheet:
    """A page of organizations, each with its services as they are in full."""
    async with reading.db.transaction() as connection:
        answer = await feed.page(connection, wanted, form, at)
        ids = [UUID(json.loads(document)["id"]) for document in answer.documents]
        services = await feed.services_of(connection, ids, Form.WHOLE)
    whole = [
        with_services(document, services.get(id_, []))
        for document, id_ in zip(answer.documents, ids, strict=True)
    ]
    return _sheet(answer, whole, at)


def _sheet(answer: feed.Answer, documents: list[str], at: Page) -> Sheet:
    envelope = json.dumps(at.envelope(answer.total, len(documents)), separators=(",", ":"))
    body = f'{envelope[:-1]},"contents":[{",".join(documents)}]}}'
    return Sheet.of(body)


def with_services(document: str, services: list[str]) -> str:
    """An organization's document with those of its services inside."""
    return f'{document[:-1]},"services":[{",".join(services)}]}}' if services else document


async def one(reading: Reading, collection: str, id_: UUID) -> Sheet | None:
    """An object with everything in it."""
    async with reading.db.reading() as connection:
        found = await feed.one(connection, collection, id_)
    return Sheet.of(*found) if found else None


async def one_organization(reading: Reading, id_: UUID, form: Form) -> Sheet | None:
    """An organization with its services, briefly or in full."""
    async with reading.db.transaction() as connection:
        found = await feed.one(connection, "organizations", id_)
        services = await feed.services_of(connection, [id_], form)
    if found is None:
        return None
    return Sheet.of(with_services(found[0], services.get(id_, [])))


async def standing(reading: Reading, wanted: Wanted, form: Form) -> Sheet:
    """By what all lines of a list are known again, without a line."""
    async with reading.db.reading() as connection:
        total, newest = await feed.standing(connection, wanted)
    return Sheet("", _tag(str(wanted), form, str(total), str(newest)))


async def lines(reading: Reading, wanted: Wanted, form: Form) -> AsyncGenerator[str, None]:
    """Every object that fits, a line for each, as all were at one moment."""
    async with reading.streams.transaction() as connection:
        async for some in feed.lines(connection, wanted, form):
            yield "".join(f"{document}\n" for document in some)
