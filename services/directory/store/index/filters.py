"""What narrows a search: each filter as a query that scores nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tantivy import DocAddress, FieldType, Occur, Query, Searcher, SearchResult

from services.directory.domain.postcodes import Located
from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.codes import Facet
from services.directory.domain.search.places import LONGEST, Point, circle
from services.directory.store.index.held import Holdings
from services.directory.store.index.schema import SCHEMA

_A_FEW = 50
"""A set of more values is found first, whatever the rest of the question leaves of it."""
_FINER = 2
"""A finer edge leaves fewer places to be measured, and has more squares to be looked up."""


def both(*queries: Query) -> Query:
    """All hold."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def either(queries: Iterable[Query]) -> Query:
    """One holds at least."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def count_of(result: SearchResult) -> int:
    """How many entries a search has found in all."""
    found: int = getattr(result, "count")  # noqa: B009 -- its stubs forget it
    return found


def counted(searcher: Searcher, query: Query) -> int:
    """How many entries fit."""
    return count_of(searcher.search(query, limit=1))


def numbers_of(searcher: Searcher, addresses: list[DocAddress]) -> list[int]:
    """The numbers under which hits are held."""
    return [int(number or 0) for number in searcher.fast_field_values("number", addresses)]


def silent(query: Query) -> Query:
    """It narrows, and ranks nothing."""
    return Query.const_score_query(query, 0.0)


def one_of(field: str, values: Sequence[str]) -> Query:
    """One of its own values is one of these: a few are looked up as far as the rest leaves any."""
    if len(values) <= _A_FEW:
        return either(Query.term_query(SCHEMA, field, value) for value in values)
    return Query.term_set_query(SCHEMA, field, values)


def _is(field: str, *, so: bool = True) -> Query:
    return Query.term_query(SCHEMA, field, so)


class Narrowed(NamedTuple):
    """The filters of a search, those of each facet apart."""

    facets: Mapping[Facet, Query]
    others: list[Query]
    place: list[Query]
    """Where it must be, or come to."""

    def but(self, facet: Facet | None = None) -> list[Query]:
        """All of them, without those of one facet."""
        return [*self.anywhere(facet), *self.place]

    def anywhere(self, facet: Facet | None = None) -> list[Query]:
        """The same wherever it is."""
        return [*self.others, *(query for name, query in self.facets.items() if name is not facet)]


def narrowed(asked: SearchAsked, here: Located | None, held: Holdings) -> Narrowed:
    """Every filter that is asked for."""
    marks = asked.marks()
    if Facet.LANGUAGE in marks:
        marks[Facet.LANGUAGE] = held.called(Facet.LANGUAGE, marks[Facet.LANGUAGE])
    facets = {facet: silent(one_of(facet, values)) for facet, values in marks.items()}
    if hours := asked.hours():
        facets[Facet.DAY] = silent(one_of("hour", hours))
    others, place = [silent(query) for query in _ages(asked)], []
    if here is not None:
        comes = _comes_to(here, held)
        if asked.within_metres is None:
            place.append(silent(either([_is("placed"), _is("remote", so=False), comes])))
        else:
            inside = within(held, (here.latitude, here.longitude), asked.within_metres)
            place.append(silent(either([inside, comes])))
    return Narrowed(facets, others, place)


def _ages(asked: SearchAsked) -> Iterable[Query]:
    """Somebody of these ages may come; who says no age excludes none."""
    if asked.maximum_age is not None:
        yield Query.range_query(
            SCHEMA, "age_from", FieldType.Float, upper_bound=float(asked.maximum_age)
        )
    if asked.minimum_age is not None:
        yield Query.range_query(
            SCHEMA, "age_to", FieldType.Float, lower_bound=float(asked.minimum_age)
        )


def _comes_to(here: Located, held: Holdings) -> Query:
    """It comes to families, and its area is not known to lie elsewhere."""
    at = (here.latitude, here.longitude)
    covers = [_is("bounded", so=False)]
    if here.areas:
        covers.append(one_of("area", [area.lower() for area in here.areas]))
    if around_it := held.drawn_around(at):
        covers.append(Query.term_set_query(SCHEMA, "number", around_it))
    return both(_is("remote"), either(covers))


def within(held: Holdings, at: Point, far: float) -> Query:
    """One of its places is at most so far away, to the metre.

    Squares that lie in the circle are believed; what lies in those it cuts is measured.
    """
    inside, across = circle(at, far, _FINER) if far <= LONGEST else ([], None)
    sure = [one_of("square", inside)] if inside else []
    near = held.within(at, far, across)
    return either([*sure, *([Query.term_set_query(SCHEMA, "number", near)] if near else [])])


def around(at: Point, far: float) -> Query:
    """One of its places may be so near, and none that is nearer is missing."""
    if far > LONGEST:
        return _is("placed")
    found = circle(at, far)
    return one_of("square", [*found.inside, *found.across])
