"""What narrows and ranks a search beside its words: columns, read for all services at once.

A service stands in them under a number that is given once. Some services together are a mask: yes
or no for each number. What goes leaves its number empty until the index is filled anew.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.directory.domain.search.cards import Card, Site
from services.directory.domain.search.codes import Facet
from services.directory.domain.search.marks import slug
from services.directory.domain.search.places import Point, holds, spot
from services.directory.domain.search.scoring import key_of
from services.directory.store.index.marked import WORD, Marked, Mask, room

Outline = tuple[tuple[float, float], ...]
Numbers = NDArray[np.float64]
_SPARE = 1_000
"""Empty numbers that do not matter."""


class Held(NamedTuple):
    """A service, for the page on which it stands."""

    id: str
    shown: bytes
    """As JSON: so many objects would be looked through at every collection of memory."""
    needs: str
    tagged: Sequence[str]
    """Its needs, by their ids."""
    sites: tuple[Site, ...]
    remote: bool


class Moment(NamedTuple):
    """Who is there, as of a moment, and where; the columns may already hold more."""

    there: Mask
    spots: Numbers
    """Three metres of each place, in the order of who is there."""
    starts: NDArray[np.int64]
    """Where the places of each in `placed` begin."""
    placed: NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.there)


@dataclass
class Columns:
    """All that is held, by number."""

    services: dict[int, Held] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    marked: Marked = field(default_factory=Marked)
    drawn: dict[int, tuple[Outline, ...]] = field(default_factory=dict)
    """Whose areas are drawn on the map."""
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    """What people read for a mark."""
    needs: set[str] = field(default_factory=set)
    """Terms that a service was tagged with, and those above."""
    keys: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(WORD, np.uint64))
    ages: Numbers = field(default_factory=lambda: np.zeros((WORD, 2)))
    remote: Mask = field(default_factory=lambda: np.zeros(WORD, np.bool_))
    bounded: Mask = field(default_factory=lambda: np.zeros(WORD, np.bool_))
    """Their areas are known ones."""
    _spots: Numbers = field(default_factory=lambda: np.zeros((WORD, 3)))
    _owners: NDArray[np.int64] = field(default_factory=lambda: np.zeros(WORD, np.int64))
    _placed: int = 0
    _next: int = 0

    def take(self, card: Card) -> int:
        """Hold a card; its number."""
        number, self._next = self._next, self._next + 1
        self.keys = room(self.keys, self._next)
        self.ages = room(self.ages, self._next)
        self.remote, self.bounded = room(self.remote, self._next), room(self.bounded, self._next)
        self.keys[number], self.ages[number] = key_of(card.id), card.ages
        self.remote[number], self.bounded[number] = card.remote, bool(card.areas)
        self.marked.reach(number)
        for name, values in (*card.marks.items(), ("hour", card.hours), ("area", card.areas)):
            for value in values:
                self.marked.mark(name, value, number)
        self._place(number, card.sites)
        if card.outlines:
            self.drawn[number] = tuple(card.outlines)
        self.labels |= {(one.facet, one.value): one.label for one in card.labels}
        self.needs.update(card.marks[Facet.NEED])
        shown, tagged = json.dumps(card.shown).encode(), tuple(card.marks[Facet.NEED])
        held = Held(card.id, shown, card.needs, tagged, card.sites, card.remote)
        self.services[number], self.numbers[card.id] = held, number
        return number

    def _place(self, number: int, sites: Sequence[Site]) -> None:
        first, self._placed = self._placed, self._placed + len(sites)
        self._spots = room(self._spots, self._placed)
        self._owners = room(self._owners, self._placed)
        for at, site in enumerate(sites, first):
            self._spots[at], self._owners[at] = spot(site.at), number

    def forget(self, numbers: Iterable[int]) -> None:
        """Hold these no more; nobody who searches may still find them."""
        for number in numbers:
            self.services.pop(number, None)
            self.drawn.pop(number, None)

    def worn(self) -> bool:
        """Most numbers stand empty: it is time for new columns."""
        return self._next > 2 * len(self.numbers) + _SPARE

    def moment(self) -> Moment:
        """As it is now."""
        size = -(-max(self._next, 1) // WORD) * WORD
        there = np.zeros(size, np.bool_)
        there[list(self.numbers.values())] = True
        owners = self._owners[: self._placed]
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        return Moment(there, self._spots[: self._placed], starts, owners[starts])

    def called(self, facet: Facet, values: Sequence[str]) -> list[str]:
        """These values, and those that people read as one of these: `polish` is `pl`."""
        known = dict(self.labels)
        read = [
            value for (of, value), label in known.items() if of == facet and slug(label) in values
        ]
        return [*dict.fromkeys([*values, *read])]

    def drawn_around(self, at: Point) -> list[int]:
        """Whose area holds a point."""
        some: Mapping[int, tuple[Outline, ...]] = dict(self.drawn)
        return [
            n for n, outlines in some.items() if any(holds(outline, at) for outline in outlines)
        ]


def away(now: Moment, here: Point) -> Numbers:
    """How far it is from there to each, straight through the earth; no end where it has no place.

    Of several places the nearest counts.
    """
    found = np.full(now.size, np.inf)
    if len(now.starts):
        apart = now.spots - np.array(spot(here))
        distances = np.sqrt(np.einsum("ij,ij->i", apart, apart))
        found[now.placed] = np.minimum.reduceat(distances, now.starts)
    return found
