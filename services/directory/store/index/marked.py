"""Which services bear a mark: a bit for each, so that all marks are counted in one go."""

from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
"""Yes or no, by number; as long as whole words of bits are."""
WORD = 64
_SPARSE = 4
"""Where not one word of bits in so many says yes, the others are left out first."""
A = TypeVar("A", bound=np.dtype[Any])


def room(column: np.ndarray[Any, A], size: int) -> np.ndarray[Any, A]:
    """The column, or one of twice the length where it is full: whoever reads the old one may."""
    if len(column) >= size:
        return column
    longer = np.zeros((max(size, 2 * len(column)), *column.shape[1:]), column.dtype)
    longer[: len(column)] = column
    return longer


class Marked:
    """By name and value of a mark who bears it."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, int]] = {}
        self._known = 0
        self._bits = np.zeros((WORD, 1), np.uint64)

    def reach(self, number: int) -> None:
        """There is a bit for this one, whatever it bears."""
        if number >= self._bits.shape[1] * WORD:
            self._bits = np.ascontiguousarray(room(self._bits.T, number // WORD + 1).T)

    def mark(self, name: str, value: str, number: int) -> None:
        """From now on this one, which was reached, bears it."""
        values = self._rows.setdefault(name, {})
        if value not in values:
            self._bits = room(self._bits, self._known + 1)
            values[value], self._known = self._known, self._known + 1
        self._bits[values[value], number // WORD] |= np.uint64(1 << number % WORD)

    def bearing(self, name: str, values: Iterable[str], size: int) -> Mask:
        """Who bears one of these, among the first so many."""
        known = self._rows.get(name, {})
        rows = [known[value] for value in values if value in known]
        bits = np.bitwise_or.reduce(self._bits[rows, : size // WORD], axis=0)
        return np.unpackbits(bits.view(np.uint8), bitorder="little").view(np.bool_)

    def counts(self, names: Iterable[str], mask: Mask) -> dict[str, dict[str, int]]:
        """How many of these bear each value of each name; values that none bears are left out."""
        rows = {name: dict(self._rows.get(name, {})) for name in names}
        every = np.array([row for values in rows.values() for row in values.values()], np.int64)
        asked = np.packbits(mask, bitorder="little").view(np.uint64)
        some = np.flatnonzero(asked)
        if len(some) * _SPARSE < len(asked):
            bits = self._bits[np.ix_(every, some)] & asked[some]
        else:
            bits = self._bits[every, : len(asked)] & asked
        found = iter(np.bitwise_count(bits).sum(axis=1, dtype=np.int64).tolist())
        return {
            name: {value: count for value in values if (count := next(found))}
            for name, values in rows.items()
        }
