"""What of each service is held beside the index, because a search measures it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import dist
from typing import NamedTuple

from services.directory.domain.search.cards import Card, Site
from services.directory.domain.search.codes import Facet
from services.directory.domain.search.marks import slug
from services.directory.domain.search.places import (
    Point,
    Spot,
    circle,
    holds,
    spot,
    squares,
    straight,
)
from services.directory.domain.search.scoring import key_of

Outline = tuple[tuple[float, float], ...]


class Held(NamedTuple):
    """A service under its number."""

    id: str
    key: int
    sites: tuple[Site, ...]
    spots: tuple[Spot, ...]
    remote: bool


@dataclass
class Holdings:
    """All that is held, by number; a number is given once."""

    services: dict[int, Held] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    squares: dict[str, list[tuple[int, Spot]]] = field(default_factory=dict)
    """By each square what lies in it."""
    drawn: dict[int, tuple[Outline, ...]] = field(default_factory=dict)
    """Whose areas are drawn on the map."""
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    """What people read for a mark."""
    needs: set[str] = field(default_factory=set)
    """Terms that a service was tagged with, and those above."""
    _next: int = 1

    def take(self, card: Card) -> int:
        """Hold a card; its number."""
        number, self._next = self._next, self._next + 1
        spots = tuple(spot(site.at) for site in card.sites)
        self.services[number] = Held(card.id, key_of(card.id), card.sites, spots, card.remote)
        for site, at in zip(card.sites, spots, strict=True):
            for square in squares(site.at):
                self.squares.setdefault(square, []).append((number, at))
        self.numbers[card.id] = number
        if card.outlines:
            self.drawn[number] = tuple(card.outlines)
        self.labels |= {(one.facet, one.value): one.label for one in card.labels}
        self.needs.update(card.marks[Facet.NEED])
        return number

    def forget(self, numbers: Iterable[int]) -> None:
        """Hold these no more; nobody who searches may still find them."""
        for number in numbers:
            gone = self.services.pop(number, None)
            self.drawn.pop(number, None)
            for square in {one for site in gone.sites for one in squares(site.at)} if gone else ():
                self.squares[square] = [one for one in self.squares[square] if one[0] != number]

    def within(self, at: Point, far: float, squares: Iterable[str] | None) -> list[int]:
        """Of what lies in these squares, or anywhere, what is at most so far away: to the metre."""
        here, most = spot(at), straight(far)
        if squares is None:
            every = dict(self.services)
            return [
                n for n, held in every.items() if any(dist(s, here) <= most for s in held.spots)
            ]
        lying = (self.squares.get(square, ()) for square in squares)
        return list({number for some in lying for number, one in some if dist(one, here) <= most})

    def about(self, at: Point, far: float) -> int:
        """How many places there are so near, and some that are a bit farther."""
        return sum(len(self.squares.get(square, ())) for some in circle(at, far) for square in some)

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
