"""The hits of a search in their order, a page of them."""

from collections.abc import Sequence
from typing import NamedTuple

from tantivy import DocAddress, Occur, Order, Query, Searcher

from services.directory.domain.search.places import Point
from services.directory.domain.search.scoring import EVERYWHERE, Ranked, ranked
from services.directory.store.index.filters import (
    around,
    both,
    counted,
    either,
    numbers_of,
    silent,
    within,
)
from services.directory.store.index.held import Holdings
from services.directory.store.index.schema import SCHEMA

_AT_ONCE = 2_000
"""So many hits are measured one by one; of more, those near by come first."""
_ENOUGH = 400
"""Hits near by that are ranked together."""
_SHELLS = (1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 1_000_000)
"""Metres."""
_EVERYTHING = 1_000_000


class Hits(NamedTuple):
    """A page of them, and how many there are."""

    total: int
    page: list[tuple[Ranked, DocAddress]]


class Ranking(NamedTuple):
    """From what it is ranked."""

    searcher: Searcher
    held: Holdings
    here: Point | None

    def page(self, query: Query, first: int, size: int) -> Hits:
        """The hits from `first` on."""
        result = self.searcher.search(query, limit=_AT_ONCE, count=False)
        found = len(result.hits)
        total = counted(self.searcher, query) if found == _AT_ONCE else found
        if found < _AT_ONCE:
            return Hits(total, self._sorted(result.hits)[first : first + size])
        if first >= total:
            return Hits(total, [])
        if self.here is None:
            return Hits(total, self._best(query, first, size))
        return Hits(total, self._near_first(query, self.here, first, size))

    def _sorted(self, hits: Sequence[tuple[float, DocAddress]]) -> list[tuple[Ranked, DocAddress]]:
        addresses = [address for _, address in hits]
        numbers = numbers_of(self.searcher, addresses)
        found = []
        for (score, address), number in zip(hits, numbers, strict=True):
            one = self.held.services.get(number)
            if one is not None:
                place = ranked(number, score, one.key, one.sites, self.here, remote=one.remote)
                found.append((place, address))
        found.sort(key=lambda one: one[0][:4])
        return found

    def _best(self, query: Query, first: int, size: int) -> list[tuple[Ranked, DocAddress]]:
        """Down to those that are all alike where the page ends: these are put in order first."""
        last, limit = first + size, max(_AT_ONCE, 2 * (first + size))
        while True:
            hits = self.searcher.search(query, limit=limit, count=False).hits
            if hits[0][0] == hits[-1][0]:
                return self._all_alike(query, first, size)
            if len(hits) < limit or hits[-1][0] < hits[last - 1][0]:
                return self._sorted(hits)[first:last]
            limit *= 4

    def _all_alike(self, query: Query, first: int, size: int) -> list[tuple[Ranked, DocAddress]]:
        hits = self.searcher.search(
            query, limit=first + size, count=False, order_by_field="key", order=Order.Asc
        ).hits[first:]
        return self._sorted([(0.0, address) for _, address in hits])

    def _near_first(
        self, query: Query, here: Point, first: int, size: int
    ) -> list[tuple[Ranked, DocAddress]]:
        """Shell by shell around, each in its own order: pages never share a hit nor miss one."""
        found: list[tuple[Ranked, DocAddress]] = []
        passed, inner = 0, None
        for far in (*_SHELLS, None):
            if inner is None and far and self._count(query, self._up_to(here, far)) < _ENOUGH:
                continue
            outer = self._up_to(here, far, query)
            shell = [(Occur.Must, query), (Occur.Must, silent(outer))]
            shell += [(Occur.MustNot, inner)] if inner is not None else []
            hits = self.searcher.search(Query.boolean_query(shell), limit=_EVERYTHING).hits
            start = first - passed
            if start < len(hits):
                found += self._sorted(hits)[max(0, start) : start + size]
            passed, inner = passed + len(hits), outer
            if passed >= first + size:
                break
        return found

    def _up_to(self, here: Point, far: float | None, query: Query | None = None) -> Query:
        """So far from here, to the metre where the query is given; and what comes to families."""
        if far is None:
            return Query.all_query()
        circle = (
            within(self.searcher, self.held, here, far, [query]) if query else around(here, far)
        )
        remote = [Query.term_query(SCHEMA, "remote", True)] if far >= EVERYWHERE else []
        return either([circle, *remote])

    def _count(self, query: Query, other: Query) -> int:
        return counted(self.searcher, both(query, other))


def address_of(searcher: Searcher, id_: str) -> DocAddress | None:
    """Where the index holds a service."""
    hits = searcher.search(Query.term_query(SCHEMA, "id", id_), limit=1).hits
    return hits[0][1] if hits else None
