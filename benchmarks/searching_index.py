"""The search without HTTP, and its parts alone: filled once, in the benchmark's own process."""

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.searching_peer import write
from benchmarks.searching_reader import driven
from benchmarks.searching_town import AREAS, ONE, Question
from services.directory.actions.following import Follower
from services.directory.actions.locating import Imported
from services.directory.actions.searching import Finder, search
from services.directory.actions.showing import today
from services.directory.domain.postcodes import Located
from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.places import Point
from services.directory.store import feed, published
from services.directory.store.index.index import ServiceIndex
from services.directory.store.index.spoken import Spoken
from services.directory.store.index.wording import worded
from shared.db import Database

_AT_ONCE = 500
_DOCUMENTS = text(
    "select id::text, brief, whole from listing where collection = 'services' and id = any(:ids)"
)
_ROW = "select whole from listing where collection = 'services' and id = $1"


class Alone:
    """The index, and the database that it was filled from."""

    def __init__(self, url: str, index: ServiceIndex, codes: Mapping[str, Point]) -> None:
        self.url, self._index, self._codes = url, index, codes
        self._db = Database.open(url, connections=2)
        self.finder = Finder(self._db, Follower(self._db, index), Imported(self._db))
        self._connection: asyncpg.Connection | None = None

    async def inside(self, question: Question) -> float:
        """The search as the service does it, checked and as JSON; milliseconds."""
        began = time.perf_counter()
        if question.kind == ONE:
            async with self._db.reading() as connection:
                await feed.one(connection, "services", UUID(question.id))
        else:
            found = await search(self.finder, SearchAsked.model_validate(question.asked))
            json.dumps(found, ensure_ascii=False)
        return (time.perf_counter() - began) * 1000

    async def bare(self, question: Question) -> float:
        """Milliseconds of the index alone; it knows where the postcode is."""
        if question.kind == ONE:
            return await self._row(question.id)
        asked, here = SearchAsked.model_validate(question.asked), None
        if asked.near:
            here = Located(asked.near, *self._codes[asked.near], AREAS)
        began = time.perf_counter()
        self._index.search(asked, here)
        return (time.perf_counter() - began) * 1000

    async def engine(self, question: Question) -> float:
        """Milliseconds of Tantivy alone: the ten best of the words, whatever else is asked."""
        searcher = self._index.searcher()
        spoken = Spoken(searcher, np.ones(self._index.columns.moment().size, np.bool_))
        query = worded(self._index.thesaurus, spoken, question.asked["text"]).query
        assert query is not None
        began = time.perf_counter()
        searcher.search(query, limit=10)
        return (time.perf_counter() - began) * 1000

    async def _row(self, id_: str) -> float:
        if self._connection is None:
            self._connection = await asyncpg.connect(**driven(self.url))
        began = time.perf_counter()
        await self._connection.fetchrow(_ROW, id_)
        return (time.perf_counter() - began) * 1000

    async def close(self) -> None:
        """Give the connections back."""
        await self._db.close()
        if self._connection:
            await self._connection.close()


async def _documents(
    connection: AsyncConnection, ids: Sequence[UUID]
) -> list[tuple[str, str, str]]:
    rows = await connection.execute(_DOCUMENTS, {"ids": list(ids)})
    return [(id_, brief, whole) for id_, brief, whole in rows]


async def filled(url: str, file: Path, codes: Mapping[str, Point]) -> Alone:
    """The index of all that is listed, and the same cards in the peer's file."""
    db = Database.open(url, connections=1)
    async with db.transaction() as connection:
        terms = await published.tree(connection)
        index, ids = ServiceIndex(terms), await published.every_id(connection)
        with sqlite3.connect(file) as peer:
            for start in range(0, len(ids), _AT_ONCE):
                some = ids[start : start + _AT_ONCE]
                cards = await published.cards(connection, some, terms, today(datetime.now(UTC)))
                index.put(cards, more=True)
                documents = await _documents(connection, some)
                write(peer, start, cards, documents)
    index.put([])
    await db.close()
    return Alone(url, index, codes)
