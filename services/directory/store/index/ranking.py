"""The hits of a search in their order, a page of them."""

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from tantivy import DocAddress, Occur, Order, Query, Searcher

from services.directory.domain.search.places import Point, spot
from services.directory.domain.search.scoring import EVERYWHERE, Ranked, nearest, standing
from services.directory.store.index.filters import (
    around,
    both,
    count_of,
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
_THIN = (62, 125, 250, 500)
_EVERYTHING = 1_000_000
_IN_ORDER = itemgetter(0, 1, 2, 3)
Scored = Sequence[tuple[float, DocAddress]]


class Hits(NamedTuple):
    """A page of them, and how many there are."""

    total: int
    page: list[tuple[Ranked, DocAddress]]


class Wide(NamedTuple):
    """What is asked wherever it is, and how far it may be: what is nearer need not be asked."""

    query: Query
    circle: float


class Ranking(NamedTuple):
    """From what it is ranked."""

    searcher: Searcher
    held: Holdings
    here: Point | None
    wide: Wide | None = None

    def page(self, query: Query, first: int, size: int) -> Hits:
        """The hits from `first` on."""
        result = self.searcher.search(query, limit=_AT_ONCE)
        total, hits = count_of(result), result.hits
        if total <= _AT_ONCE:
            return Hits(total, self._sorted(hits, first, size))
        if first >= total:
            return Hits(total, [])
        if self.here is None:
            return Hits(total, self._best(query, hits, first, size))
        return Hits(total, self._near_first(query, self.here, first, size, nearest=not hits[0][0]))

    def _sorted(self, hits: Scored, first: int, size: int) -> list[tuple[Ranked, DocAddress]]:
        """Of these a page, in their order."""
        here = None if self.here is None else spot(self.here)
        some = hits if here else _as_good(hits, first + size)
        numbers = numbers_of(self.searcher, [address for _, address in some])
        found = []
        for (score, address), number in zip(some, numbers, strict=True):
            one = self.held.services.get(number)
            if one is not None:
                points, distance = standing(score, one.spots, here, remote=one.remote)
                found.append((points, distance, one.key, number, address, one))
        found.sort(key=_IN_ORDER)
        return [
            (Ranked(points, far, key, number, *nearest(one.sites, one.spots, here)), address)
            for points, far, key, number, address, one in found[first : first + size]
        ]

    def _best(
        self, query: Query, hits: Scored, first: int, size: int
    ) -> list[tuple[Ranked, DocAddress]]:
        """Down to those that are all alike where the page ends: these are put in order first."""
        last, limit = first + size, len(hits)
        while True:
            if hits[0][0] == hits[-1][0]:
                return self._all_alike(query, first, size)
            enough = last <= len(hits) and _worth(hits[-1]) < _worth(hits[last - 1])
            if enough or len(hits) < limit:
                return self._sorted(hits, first, size)
            limit = 4 * max(last, limit)
            hits = self.searcher.search(query, limit=limit, count=False).hits

    def _all_alike(self, query: Query, first: int, size: int) -> list[tuple[Ranked, DocAddress]]:
        hits = self.searcher.search(
            query, limit=first + size, count=False, order_by_field="key", order=Order.Asc
        ).hits[first:]
        return self._sorted([(0.0, address) for _, address in hits], 0, size)

    def _near_first(
        self, query: Query, here: Point, first: int, size: int, *, nearest: bool
    ) -> list[tuple[Ranked, DocAddress]]:
        """Shell by shell around, each in its own order: pages never share a hit nor miss one.

        Where nothing is asked in words the `nearest` are the best: any shells give the same order.
        """
        found: list[tuple[Ranked, DocAddress]] = []
        passed, inner = 0, None
        for far in (*(_THIN if nearest else ()), *_SHELLS, None):
            enough = first + size if nearest else _ENOUGH
            if inner is None and far and self._fewer(query, here, far, enough, counted=not nearest):
                continue
            outer = self._up_to(here, far)
            shell = [(Occur.Must, self._in(query, far)), (Occur.Must, silent(outer))]
            shell += [(Occur.MustNot, inner)] if inner is not None else []
            hits = self.searcher.search(Query.boolean_query(shell), limit=_EVERYTHING).hits
            start = max(0, first - passed)
            if start < len(hits):
                found += self._sorted(hits, start, size - len(found))
            passed, inner = passed + len(hits), outer
            if passed >= first + size:
                break
        return found

    def _in(self, query: Query, far: float | None) -> Query:
        """The query for a shell up to there: its own circle says less than the shell does."""
        if self.wide is None or far is None or far > min(self.wide.circle, EVERYWHERE - 1):
            return query
        return self.wide.query

    def _fewer(self, query: Query, here: Point, far: float, enough: int, *, counted: bool) -> bool:
        """So near there cannot be enough: fewer places are there at all, or fewer that fit."""
        if far < EVERYWHERE and self.held.about(here, far) < enough:
            return True
        return counted and self._count(query, self._may_be(here, far)) < enough

    def _up_to(self, here: Point, far: float | None) -> Query:
        """At most so far from here, to the metre; and what comes to families, as if it were."""
        if far is None:
            return Query.all_query()
        return either([within(self.held, here, far), *_coming(far)])

    def _may_be(self, here: Point, far: float) -> Query:
        """The same by squares alone: none that is nearer is missing, some are farther."""
        return either([around(here, far), *_coming(far)])

    def _count(self, query: Query, other: Query) -> int:
        return counted(self.searcher, both(query, other))


def _coming(far: float) -> list[Query]:
    return [Query.term_query(SCHEMA, "remote", True)] if far >= EVERYWHERE else []


def _worth(hit: tuple[float, DocAddress]) -> float:
    """Without a place to go by, hits are in the order of this."""
    return round(hit[0], 3)


def _as_good(hits: Scored, last: int) -> Scored:
    """Without those that are worth less than the last of a page; the best come first."""
    if len(hits) <= last:
        return hits
    return hits[: bisect_right(hits, -_worth(hits[last - 1]), key=lambda hit: -_worth(hit))]


def address_of(searcher: Searcher, id_: str) -> DocAddress | None:
    """Where the index holds a service."""
    hits = searcher.search(Query.term_query(SCHEMA, "id", id_), limit=1).hits
    return hits[0][1] if hits else None
