"""What of each service is held beside the index, because a search measures it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.directory.domain.search.cards import Card, Site
from services.directory.domain.search.codes import Facet
from services.directory.domain.search.marks import slug
from services.directory.domain.search.places import Point, holds
from services.directory.domain.search.scoring import key_of

Outline = tuple[tuple[float, float], ...]


class Held(NamedTuple):
    """A service under its number."""

    id: str
    key: int
    sites: tuple[Site, ...]
    remote: bool


@dataclass
class Holdings:
    """All that is held, by number; a number is given once."""

    services: dict[int, Held] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
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
        self.services[number] = Held(card.id, key_of(card.id), card.sites, card.remote)
        self.numbers[card.id] = number
        if card.outlines:
            self.drawn[number] = tuple(card.outlines)
        self.labels |= {(one.facet, one.value): one.label for one in card.labels}
        self.needs.update(card.marks[Facet.NEED])
        return number

    def forget(self, numbers: Iterable[int]) -> None:
        """Hold these no more; nobody who searches may still find them."""
        for number in numbers:
            self.services.pop(number, None)
            self.drawn.pop(number, None)

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
