"""The index itself: filled, kept, and asked. Whoever has one can throw it away and fill another."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from tantivy import DocAddress, Occur, Query, Searcher

from services.directory.domain.postcodes import Located
from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.cards import Card, Site, Tree
from services.directory.domain.search.codes import LABELS, Facet
from services.directory.domain.search.places import Point
from services.directory.domain.search.scoring import Ranked
from services.directory.domain.search.words import Thesaurus
from services.directory.store.index.filters import Narrowed, both, counted, narrowed, silent
from services.directory.store.index.held import Holdings
from services.directory.store.index.ranking import Ranking, Wide, address_of
from services.directory.store.index.schema import PLAIN, SCHEMA, STEMMED, document, opened
from services.directory.store.index.wording import Worded, alike_to, worded

Json = dict[str, Any]
_HEAP = 32_000_000
_COUNTED = 500
"""Values of a facet at most."""
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


class ServiceIndex:
    """Every published service, as of a moment."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.held = tree, Holdings()
        self.thesaurus = Thesaurus.shipped(STEMMED.analyze)
        self._index = opened()
        self._writer = self._index.writer(_HEAP, 1)
        self._writing = Lock()
        self._over: list[int] = []

    def put(self, cards: Iterable[Card], gone: Iterable[str] = (), *, more: bool = False) -> None:
        """Hold these as they are now, and those no more: found so when this ends.

        With `more` to come nothing is found before the last.
        """
        with self._writing:
            self.held.forget(self._over)  # whoever searched when they went has answered
            self._over = [self.held.numbers.pop(id_) for id_ in gone if id_ in self.held.numbers]
            for card in cards:
                if card.id in self.held.numbers:
                    self._over.append(self.held.numbers[card.id])
                number = self.held.take(card)
                self._writer.add_document(document(card, number, bounded=bool(card.areas)))
            if self._over:  # a term of a number would delete nothing, and say nothing
                self._writer.delete_documents_by_query(
                    Query.term_set_query(SCHEMA, "number", self._over)
                )
            if not more:
                self._writer.commit()
                self._index.reload()

    def searcher(self) -> Searcher:
        """What is asked now is answered as of now."""
        return self._index.searcher()

    def ids(self) -> set[str]:
        """Every service that can be found."""
        return set(self.held.numbers)

    def search(self, asked: SearchAsked, here: Located | None, text: str | None = None) -> Found:
        """What fits everything that is asked, a page of it, with the counts of each facet."""
        searcher = self.searcher()
        said = (asked.text if text is None else text) or ""
        narrow = narrowed(asked, here, self.held)
        rest = narrow.but()
        words = worded(self.thesaurus, searcher, said, rest) if said.strip() else _NOTHING_SAID
        query = _all(words, rest)
        at = (here.latitude, here.longitude) if here else None
        circle = asked.within_metres or 0.0
        wide = Wide(_all(words, narrow.anywhere()), circle)
        page = Ranking(searcher, self.held, at, wide).page(
            query, (asked.page - 1) * asked.per_page, asked.per_page
        )
        hits = [self._hit(searcher, place, address) for place, address in page.page]
        anything = bool(page.total) or here is None or self._without_place(asked, words)
        return Found(page.total, hits, words, self._facets(searcher, words, narrow), anything)

    def _without_place(self, asked: SearchAsked, words: Worded) -> bool:
        searcher = self.searcher()
        rest = narrowed(asked, None, self.held).but()
        return counted(searcher, _all(words, rest)) > 0

    def _hit(self, searcher: Searcher, place: Ranked, address: DocAddress) -> Hit:
        said = _said(searcher, address)
        one = self.held.services[place.number]
        return Hit(said["shown"], said["needs"], place, one.remote, one.sites)

    def _facets(
        self, searcher: Searcher, words: Worded, narrow: Narrowed
    ) -> dict[Facet, list[Json]]:
        """Of each facet the counts that its own choice does not narrow."""
        chosen = list(narrow.facets)
        free = [facet for facet in Facet if facet not in chosen]
        found: dict[Facet, list[Json]] = {}
        for facets, rest in [(free, narrow.but()), *(([one], narrow.but(one)) for one in chosen)]:
            asked = {facet: {"terms": {"field": str(facet), "size": _COUNTED}} for facet in facets}
            answer = searcher.aggregate(_all(words, rest), {str(k): v for k, v in asked.items()})
            found |= {facet: self._counts(facet, answer[facet]["buckets"]) for facet in facets}
        return {facet: found[facet] for facet in Facet if found[facet]}

    def _counts(self, facet: Facet, buckets: Iterable[Json]) -> list[Json]:
        counts = [
            {
                "value": one["key"],
                "label": self._label(facet, one["key"]),
                "count": one["doc_count"],
            }
            for one in buckets
        ]
        known = list(LABELS.get(facet, ()))
        if known:
            return sorted(counts, key=lambda one: known.index(one["value"]))
        return sorted(counts, key=lambda one: (-one["count"], one["label"], one["value"]))

    def _label(self, facet: Facet, value: str) -> str:
        if facet is Facet.NEED:
            return self.tree.names.get(value, value)
        return LABELS.get(facet, {}).get(value) or self.held.labels.get((facet, value), value)

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
        searcher = self.searcher()
        hits = searcher.search(query, limit=most * 4, count=False).hits
        names: list[str] = [_said(searcher, address)["shown"]["name"] for _, address in hits]
        return list(dict.fromkeys(names))[:most]

    def needs_beginning(self, text: str, most: int) -> list[str]:
        """Names of needs in which a word begins so."""
        begun = text.casefold()
        words = sorted({self.tree.names.get(id_, "") for id_ in set(self.held.needs)})
        return [name for name in words if f" {name.casefold()}".find(f" {begun}") >= 0][:most]

    def related(self, id_: str, most: int) -> list[Hit] | None:
        """What helps with the same needs, the nearest first; None: there is no such service."""
        searcher = self.searcher()
        address, number = address_of(searcher, id_), self.held.numbers.get(id_)
        if address is None or number is None:
            return None
        own = self.held.services[number]
        here: Point | None = own.sites[0].at if own.sites else None
        said = _said(searcher, address)
        alike = alike_to(said["tagged"], self.thesaurus.parts(said["shown"]["name"]))
        if alike is None:
            return []
        query = Query.boolean_query(
            [(Occur.Must, alike), (Occur.MustNot, Query.term_query(SCHEMA, "id", id_))]
        )
        page = Ranking(searcher, self.held, here).page(query, 0, most)
        return [self._hit(searcher, place, address) for place, address in page.page]


def _all(words: Worded, rest: Sequence[Query]) -> Query:
    clauses = [*([words.query] if words.query is not None else []), *rest]
    return both(*clauses) if clauses else silent(Query.all_query())


def _said(searcher: Searcher, address: DocAddress) -> Json:
    said: Json = json.loads(bytes(searcher.doc(address)["shown"][0]))
    return said
