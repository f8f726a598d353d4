"""As what a question may be meant: unusual words as others that are much more usual.

Anybody may ask anything, and whoever asks next waits meanwhile: it is guessed for few words, and
each among a number of candidates that no vocabulary makes longer.
"""

from collections.abc import Iterator, Sequence

from tantivy import Searcher

from services.directory.domain.search import mistakes
from services.directory.domain.search.words import Thesaurus
from services.directory.store.index.schema import PLAIN

FEW = 3
"""With fewer hits it is looked for what may be meant; what so many entries say is no mistake."""
_GUESSED_AT = 3
"""Words of a question at most; who has mistyped more will type it anew."""
_LOOKED_THROUGH = 500
"""Words that begin alike, the most usual first."""


def as_meant(thesaurus: Thesaurus, searcher: Searcher, words: Sequence[str]) -> list[str]:
    """The words, but for the first few that hardly any entry says and that may be others."""
    found, left = list(words), _GUESSED_AT
    for at, word in enumerate(words):
        plain = _doubtful(thesaurus, searcher, word, alone=len(words) == 1)
        if plain and left:
            left -= 1
            found[at] = _likely(thesaurus, searcher, plain, found, at) or word
    return found


def _doubtful(thesaurus: Thesaurus, searcher: Searcher, word: str, *, alone: bool) -> str | None:
    """The word as it is indexed, if it may be another."""
    plain = PLAIN.analyze(word)
    if thesaurus.knows(word) or len(plain) != 1 or not plain[0].isalpha():
        return None
    shortest = mistakes.SHORTEST + alone
    if not shortest <= len(plain[0]) <= mistakes.LONGEST:
        return None
    return plain[0] if searcher.doc_freq("plain", plain[0]) < FEW else None


def _likely(
    thesaurus: Thesaurus, searcher: Searcher, word: str, words: Sequence[str], at: int
) -> str | None:
    """The nearest; of those what is known together with its neighbours, then the most usual."""
    for candidates in _nearest_first(searcher, word):
        found = [
            (not thesaurus.together([*words[:at], other, *words[at + 1 :]], at), -count, other)
            for other, count in candidates
            if not thesaurus.is_empty(other)
        ]
        if found:
            return min(found)[2]
    return None


def _nearest_first(searcher: Searcher, word: str) -> Iterator[list[tuple[str, int]]]:
    """Usual words in which one letter is other, then two; who spells so far wrong begins right."""
    seen = searcher.doc_freq("plain", word)
    near = {other: searcher.doc_freq("plain", other) for other in mistakes.one_away(word)}
    yield list(mistakes.common_enough(near.items(), seen=seen))
    if len(word) < mistakes.LONG or seen:
        return
    for beginning in (word[:2], word[:1]):
        known = searcher.terms_with_prefix("plain", beginning, limit=_LOOKED_THROUGH)
        yield list(mistakes.two_away(word, mistakes.common_enough(known, seen=seen)))
