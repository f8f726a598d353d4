"""Keeping the search's index true: filled at the start, and then what is announced, as it comes."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.actions.showing import today
from services.directory.domain.search.cards import Tree
from services.directory.store import published
from services.directory.store.index.index import ServiceIndex
from services.directory.store.published import Standing
from shared import tuning
from shared.db import Database

_AT_ONCE = 100
"""Few, so that whoever searches meanwhile does not wait for them."""
_A_LOOK = 300
"""Services that are put right before it is looked again: what is approved meanwhile comes first."""
_MANY = 5_000
"""Services of which it is worth while to tell the collector that they stay."""
LOOK_SECONDS = 0.25
"""A change is found within a second: a look, the reading, and the writing of the index."""


class NotFilled(Exception):
    """There is no index yet."""


@dataclass
class Follower:
    """A replica's own index, and how far it has followed."""

    db: Database
    index: ServiceIndex | None = None
    """None until it is filled for the first time."""
    seen: Standing = field(default_factory=Standing)
    owed: dict[UUID, None] = field(default_factory=dict)
    """Services that are not put right yet, because many became otherwise at once."""

    async def follow(self) -> None:
        """One turn: fill it, or bring it up to date; then wait."""
        if self.index is None:
            await self.fill()
        else:
            await self.catch_up(self.index)
        await asyncio.sleep(0 if self.owed else LOOK_SECONDS)

    async def ready(self) -> None:
        """Raises NotFilled until there is an index."""
        if self.index is None:
            raise NotFilled

    async def fill(self) -> None:
        """A new index of all there is; until it is there the old one answers."""
        async with self.db.transaction() as connection:
            await published.one_moment(connection)
            seen = await published.standing(connection)
            terms = await published.tree(connection)
            filled = ServiceIndex(terms)
            ids = await published.every_id(connection)
            day = today(datetime.now(UTC))
            for start in range(0, len(ids), _AT_ONCE):
                some = ids[start : start + _AT_ONCE]
                cards = await published.cards(connection, some, terms, day)
                await asyncio.to_thread(filled.put, cards, more=True)
            await asyncio.to_thread(filled.put, [])
        self.index, self.seen, self.owed = filled, seen, {}
        if len(ids) > _MANY:
            tuning.settle()  # else every full collection looks through all of them

    async def catch_up(self, index: ServiceIndex) -> None:
        """What became otherwise since the last look."""
        async with self.db.transaction() as connection:
            await published.one_moment(connection)
            late = await published.behind(connection, self.seen)
            if late.now == self.seen and not self.owed:
                return
            anew = late.forgotten or index.columns.worn()
            if not anew:
                terms = await published.tree(connection) if late.terms else index.tree
                bearing = index.bearing(otherwise(index.tree, terms))
                index.tree = terms
                newest = dict.fromkeys(reversed(late.services))
                self.owed = newest | dict.fromkeys(map(UUID, bearing)) | self.owed
                ids = [*self.owed]
                await self._put(connection, index, ids[:_A_LOOK])
                self.owed = dict.fromkeys(ids[_A_LOOK:])
        if anew:
            await self.fill()
        else:
            self.seen = late.now

    async def _put(self, connection: AsyncConnection, index: ServiceIndex, ids: list[UUID]) -> None:
        day = today(datetime.now(UTC))
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            cards = await published.cards(connection, some, index.tree, day)
            there = {card.id for card in cards}
            gone = [str(id_) for id_ in some if str(id_) not in there]
            await asyncio.to_thread(index.put, cards, gone)


def otherwise(before: Tree, now: Tree) -> set[str]:
    """Known terms that have another name or place; new ones change nothing."""
    return {
        term
        for term, name in before.names.items()
        if now.names.get(term) != name or now.above.get(term) != before.above.get(term)
    }
