"""The index itself: filled, kept, and asked. Whoever has one can throw it away and fill another."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from tantivy import Occur, Query, Searcher

from services.directory.domain.postcodes import Located
from services.directory.domain.search import scoring
from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.cards import Card, Site, Tree
from services.directory.domain.search.codes import LABELS, Facet
from services.directory.domain.search.places import Point, spot
from services.directory.domain.search.scoring import Ranked
from services.directory.domain.search.words import Thesaurus
from services.directory.store.index.columns import Columns, Held, Moment, Numbers, away
from services.directory.store.index.filters import Narrowed, narrowed
from services.directory.store.index.marked import Mask
from services.directory.store.index.ranking import Whence, page
from services.directory.store.index.schema import PLAIN, SCHEMA, STEMMED, document, opened
from services.directory.store.index.spoken import Spoken, numbers_of
from services.directory.store.index.wording import Worded, called_alike, worded

Json = dict[str, Any]
_HEAP = 32_000_000
_NOTHING_SAID = Worded("", [], None)


@dataclass(frozen=True)
class Hit:
    """A service on a page: what is shown of it, and what tells why it stands there."""

    shown: Json
    needs: str
    place: Ranked
    remote: bool
    sites: Sequence[Site]


@dataclass(frozen=True)
class Found:
    """What a search has found."""

    total: int
    hits: list[Hit]
    worded: Worded
    facets: dict[Facet, list[Json]]
    anything: bool = True
    """Something would fit, were it not for the place."""


class _Now(NamedTuple):
    """What is asked now is answered as of now: by the engine and the columns alike."""

    searcher: Searcher
    moment: Moment


class ServiceIndex:
    """Every published service, as of a moment."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.columns = tree, Columns()
        self.thesaurus = Thesaurus.shipped(STEMMED.analyze)
        self._index = opened()
        self._writer = self._index.writer(_HEAP, 1)
        self._writing = Lock()
        self._over: list[int] = []
        self._now = _Now(self._index.searcher(), self.columns.moment())

    def put(self, cards: Iterable[Card], gone: Iterable[str] = (), *, more: bool = False) -> None:
        """Hold these as they are now, and those no more: found so when this ends.

        With `more` to come nothing is found before the last.
        """
        with self._writing:
            columns = self.columns
            columns.forget(self._over)  # whoever searched when they went has answered
            self._over = [columns.numbers.pop(id_) for id_ in gone if id_ in columns.numbers]
            for card in cards:
                if card.id in columns.numbers:
                    self._over.append(columns.numbers[card.id])
                self._writer.add_document(document(card, columns.take(card)))
            if self._over:  # a term of a number would delete nothing, and say nothing
                self._writer.delete_documents_by_query(
                    Query.term_set_query(SCHEMA, "number", self._over)
                )
            if not more:
                self._writer.commit()
                self._index.reload()
                self._now = _Now(self._index.searcher(), columns.moment())

    def searcher(self) -> Searcher:
        """The engine by itself, as of now."""
        return self._now.searcher

    def ids(self) -> set[str]:
        """Every service that can be found."""
        return set(self.columns.numbers)

    def bearing(self, needs: Iterable[str]) -> list[str]:
        """Services that are tagged with one of these terms, or with one below it."""
        there = self._now.moment.there
        found = self.columns.marked.bearing(Facet.NEED, [*needs], len(there)) & there
        return [self.columns.services[int(number)].id for number in np.flatnonzero(found)]

    def search(self, asked: SearchAsked, here: Located | None, text: str | None = None) -> Found:
        """What fits everything that is asked, a page of it, with the counts of each facet."""
        now, columns = self._now, self.columns
        whence = _whence(now.moment, (here.latitude, here.longitude)) if here else None
        far = whence.far if whence else None
        narrow = narrowed(asked, here, columns, now.moment, far)
        spoken = Spoken(now.searcher, narrow.but())
        said = (asked.text if text is None else text) or ""
        words = worded(self.thesaurus, spoken, said) if said.strip() else _NOTHING_SAID
        saying, points = _points(spoken, words.query)
        hits = saying & narrow.but()
        first = (asked.page - 1) * asked.per_page
        there = page(columns, hits, points, whence, first, asked.per_page)
        anything = bool(np.any(saying & narrow.anywhere()))
        return Found(
            int(np.count_nonzero(hits)),
            [self._hit(place) for place in there],
            words,
            self._facets(saying, narrow),
            anything,
        )

    def _hit(self, place: Ranked) -> Hit:
        one = self.columns.services[place.number]
        return Hit(json.loads(one.shown), one.needs, place, one.remote, one.sites)

    def _facets(self, saying: Mask, narrow: Narrowed) -> dict[Facet, list[Json]]:
        """Of each facet the counts that its own choice does not narrow."""
        chosen = list(narrow.facets)
        free = [facet for facet in Facet if facet not in chosen]
        counts = self.columns.marked.counts(free, saying & narrow.but())
        for facet in chosen:
            counts |= self.columns.marked.counts([facet], saying & narrow.but(facet))
        return {facet: self._counts(facet, counts[facet]) for facet in Facet if counts[facet]}

    def _counts(self, facet: Facet, found: Mapping[str, int]) -> list[Json]:
        counts: list[Json] = [
            {"value": value, "label": self._label(facet, value), "count": count}
            for value, count in found.items()
        ]
        known = list(LABELS.get(facet, ()))
        if known:
            return sorted(counts, key=lambda one: known.index(one["value"]))
        return sorted(counts, key=lambda one: (-one["count"], one["label"], one["value"]))

    def _label(self, facet: Facet, value: str) -> str:
        if facet is Facet.NEED:
            return self.tree.names.get(value, value)
        return LABELS.get(facet, {}).get(value) or self.columns.labels.get((facet, value), value)

    def beginning(self, text: str, most: int) -> list[str]:
        """Names of services in which words begin so."""
        words = PLAIN.analyze(text)
        if not words:
            return []
        query = Query.boolean_query(
            [
                (Occur.Must, Query.phrase_prefix_query(SCHEMA, "begins", [*words]))
                if len(words) > 1
                else (Occur.Must, Query.regex_query(SCHEMA, "begins", f"{words[0]}.*"))
            ]
        )
        searcher = self._now.searcher
        found = searcher.search(query, limit=most * 4, count=False).hits
        numbers = numbers_of(searcher, [address for _, address in found])
        names = (self._name(self.columns.services[number]) for number in numbers)
        return list(dict.fromkeys(names))[:most]

    def _name(self, one: Held) -> str:
        return str(json.loads(one.shown)["name"])

    def needs_beginning(self, text: str, most: int) -> list[str]:
        """Names of needs in which a word begins so."""
        begun = text.casefold()
        words = sorted({self.tree.names.get(id_, "") for id_ in set(self.columns.needs)})
        return [name for name in words if f" {name.casefold()}".find(f" {begun}") >= 0][:most]

    def related(self, id_: str, most: int) -> list[Hit] | None:
        """What helps with the same needs, the nearest first; None: there is no such service."""
        now, number = self._now, self.columns.numbers.get(id_)
        if number is None or number >= now.moment.size:
            return None
        own = self.columns.services[number]
        name = self.thesaurus.parts(self._name(own))
        alike, points = _points(Spoken(now.searcher, now.moment.there), called_alike(name))
        if own.tagged:
            alike = np.zeros(now.moment.size, np.bool_)
        for need in own.tagged:
            helps = self.columns.marked.bearing(Facet.NEED, [need], now.moment.size)
            alike, points = alike | helps, points + scoring.SAME_NEED * helps
        alike = alike & now.moment.there
        alike[number] = False
        whence = _whence(now.moment, own.sites[0].at) if own.sites else None
        return [self._hit(one) for one in page(self.columns, alike, points, whence, 0, most)]


def _whence(now: Moment, at: Point) -> Whence:
    return Whence(spot(at), away(now, at))


def _points(spoken: Spoken, query: Query | None) -> tuple[Mask, Numbers]:
    """Who says it, and how well; all of them where nothing is asked in words."""
    size = len(spoken.rest)
    if query is None:
        return np.ones(size, np.bool_), np.zeros(size)
    saying, points = np.zeros(size, np.bool_), np.zeros(size)
    numbers, found = spoken.found(query)
    saying[numbers], points[numbers] = True, found
    return saying, points
