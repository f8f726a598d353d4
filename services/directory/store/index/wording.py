"""The words of a search as queries: in the words asked, in others, and as they may be meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tantivy import Occur, Query, Searcher

from services.directory.domain.search import scoring
from services.directory.domain.search.marks import slug
from services.directory.domain.search.scoring import FIELDS
from services.directory.domain.search.words import GUESSED, Part, Thesaurus, Way
from services.directory.store.index.guessing import FEW, as_meant
from services.directory.store.index.schema import SCHEMA
from services.directory.store.index.spoken import Spoken, counted


@dataclass(frozen=True)
class Worded:
    """What is really looked for."""

    text: str
    parts: list[Part]
    query: Query | None
    """None: nothing is asked in words."""
    guessed: bool = False
    """Other words than those asked."""


def worded(thesaurus: Thesaurus, spoken: Spoken, text: str) -> Worded:
    """The words as asked; where few entries say them, as they may be meant, or some of them."""
    parts = thesaurus.parts(text)
    if not parts:
        return Worded(text, [], None)
    asked = Worded(text, parts, _query(spoken.searcher, text, parts))
    found = spoken.fitting(asked.query)
    if found >= FEW or (found and spoken.fitting(_is_called(text))):
        return asked
    meant = _meant(thesaurus, spoken, asked, found)
    if meant and spoken.fitting(meant.query) >= FEW:
        return meant
    readings = [asked, meant] if meant and not spoken.fitting(meant.query) else [meant or asked]
    some = (_some(spoken, one) for one in readings)
    return next((one for one in some if spoken.fitting(one.query)), asked)


def _meant(thesaurus: Thesaurus, spoken: Spoken, asked: Worded, found: int) -> Worded | None:
    """With each unusual word as it may be meant; what was asked stays in, and stands first."""
    searcher, words = spoken.searcher, asked.text.split()
    text = " ".join(as_meant(thesaurus, searcher, words))
    if text == asked.text:
        return None
    parts = thesaurus.parts(text)
    guess = _query(searcher, text, parts)
    if found and spoken.fitting(guess) <= found:
        return None
    query = _either([Query.boost_query(guess, GUESSED), *([asked.query] if asked.query else [])])
    return Worded(text, parts, query, guessed=True)


def _some(spoken: Spoken, asked: Worded) -> Worded:
    """What says all of it stands first; then comes what says some, by how much that matters."""
    required = [part for part in asked.parts if not part.weak]
    said = [part for part in required if _says_any(spoken, _ways(part))]
    if not said or len(required) == 1:
        return asked
    parts = [part for part in asked.parts if part.weak or part in said]
    which = _query(spoken.searcher, asked.text, parts, all_of_it=False)
    some = _both(which, Query.const_score_query(_either(map(_ways, said)), 0.0))
    whole = [Query.const_score_query(asked.query, scoring.ALL_OF_IT)] if asked.query else []
    text = " or ".join(dict.fromkeys(part.said for part in said))
    return Worded(text, parts, _either([some, *whole]), guessed=True)


def _says_any(spoken: Spoken, way: Query) -> bool:
    """Whether any that fits the rest says it; of what most say not every hit is looked at."""
    saying, fitting = counted(spoken.searcher, way), spoken.fitting(None)
    if not saying or saying + fitting > spoken.searcher.num_docs:
        return bool(saying and fitting)
    return bool(spoken.fitting(way))


def _query(
    searcher: Searcher, text: str, parts: Sequence[Part], *, all_of_it: bool = True
) -> Query:
    """What must be found; each part counts by how rare it is and by where it stands."""
    ways = [_ways(part) for part in parts]
    entries = searcher.num_docs
    worth = [
        scoring.rarity(entries, counted(searcher, way)) * (scoring.WEAK if part.weak else 1)
        for part, way in zip(parts, ways, strict=True)
    ]
    clauses = [
        (
            Occur.Must if all_of_it and not part.weak else Occur.Should,
            Query.boost_query(way, one / sum(worth)),
        )
        for part, way, one in zip(parts, ways, worth, strict=True)
    ]
    return Query.boolean_query([*clauses, *_name(text, parts)])


def _name(text: str, parts: Sequence[Part]) -> list[tuple[Occur, Query]]:
    """More for a name that holds everything, and for one that is just that."""
    stems = [stem for part in parts for stem in part.ways[0].stems]
    holds = _both(*(Query.term_query(SCHEMA, "title", stem) for stem in stems))
    found = [(Occur.Should, Query.const_score_query(holds, scoring.ALL_IN_NAME))]
    is_it = Query.const_score_query(_is_called(text), scoring.IS_NAME)
    return [*found, (Occur.Should, is_it)]


def _is_called(text: str) -> Query:
    return Query.term_query(SCHEMA, "called", slug(text))


def _ways(part: Part) -> Query:
    """The best of its ways counts, where it stands best."""
    found = [one for way in part.ways for one in _places(way)]
    return Query.disjunction_max_query(found, tie_breaker=scoring.ALSO_THERE)


def _places(way: Way) -> list[Query]:
    if len(way.stems) == 1:
        return [
            Query.const_score_query(Query.term_query(SCHEMA, name, way.stems[0]), worth * way.worth)
            for name, worth in FIELDS.items()
        ]
    together = [
        Query.const_score_query(
            Query.phrase_query(SCHEMA, name, list(way.stems)), worth * way.worth
        )
        for name, worth in FIELDS.items()
    ]
    if way.together:
        return together
    anywhere = [_either(Query.term_query(SCHEMA, n, stem) for n in FIELDS) for stem in way.stems]
    in_name = _both(*(Query.term_query(SCHEMA, "title", stem) for stem in way.stems))
    return [
        *together,
        Query.const_score_query(in_name, FIELDS["title"] * way.worth * scoring.APART),
        Query.const_score_query(_both(*anywhere), scoring.SCATTERED * way.worth),
    ]


def called_alike(name: Sequence[Part]) -> Query:
    """Its name shares a word with this one, the more of them the better."""
    return _either(
        Query.const_score_query(
            Query.term_query(SCHEMA, "title", part.ways[0].stems[0]), scoring.SAME_WORD
        )
        for part in name
        if not part.weak
    )


def _both(*queries: Query) -> Query:
    """All hold."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _either(queries: Iterable[Query]) -> Query:
    """One holds at least."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])
