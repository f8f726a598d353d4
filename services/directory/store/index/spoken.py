"""What the engine finds of words, by the numbers of the columns."""

from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray
from tantivy import DocAddress, Query, Searcher, SearchResult

from services.directory.store.index.columns import Numbers
from services.directory.store.index.marked import Mask


def count_of(result: SearchResult) -> int:
    """How many entries a search has found in all."""
    found: int = getattr(result, "count")  # noqa: B009 -- its stubs forget it
    return found


def counted(searcher: Searcher, query: Query) -> int:
    """How many entries fit."""
    return count_of(searcher.search(query, limit=1))


def numbers_of(searcher: Searcher, addresses: list[DocAddress]) -> list[int]:
    """The numbers under which hits are held; each has one."""
    return cast("list[int]", searcher.fast_field_values("number", addresses))


@dataclass
class Spoken:
    """One search's words among those that fit the rest; nothing is looked for twice."""

    searcher: Searcher
    rest: Mask
    _found: list[tuple[Query, tuple[NDArray[np.int64], Numbers]]] = field(default_factory=list)

    def fitting(self, query: Query | None) -> int:
        """How many fit the words and the rest."""
        if query is None:
            return int(np.count_nonzero(self.rest))
        numbers, _ = self.found(query)
        return int(np.count_nonzero(self.rest[numbers]))

    def found(self, query: Query) -> tuple[NDArray[np.int64], Numbers]:
        """The numbers of all that say it, whether or not they fit the rest, and their points."""
        for known, found in self._found:
            if known is query:
                return found
        hits = self.searcher.search(query, limit=max(1, self.searcher.num_docs)).hits
        points, addresses = zip(*hits, strict=True) if hits else ((), ())
        numbers = np.array(numbers_of(self.searcher, [*addresses]), np.int64)
        self._found.append((query, (numbers, np.array(points, np.float64))))
        return self._found[-1][1]
