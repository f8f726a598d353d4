"""What somebody asks for in words: what must be found, and in which other words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

Stem = Callable[[str], list[str]]
"""Cuts a text to the stems of its words, as the index does."""
Stems = tuple[str, ...]
_ALSO = 0.9
"""What another way of saying it is worth."""
_LESS = 0.8
"""What the next of several meanings is worth beside the one before it."""
GUESSED = 0.6
"""What a word is worth that somebody may have meant."""
_BETWEEN = 2
"""Empty words that may stand between those of a phrase."""
_BESIDE = 2
"""Words before and behind one that may make a phrase with it."""
_LONGEST = 40
"""Words of a question that are heeded."""
_PARTS = 12
"""Of what they ask for the first: whoever asks next waits until all is found."""


class Way(NamedTuple):
    """One way to say what is asked."""

    stems: Stems
    worth: float = 1.0
    together: bool = False
    """Its words must stand together."""


@dataclass(frozen=True)
class Part:
    """Something that is asked for, in one of several ways."""

    said: str
    ways: tuple[Way, ...]
    weak: bool = False
    """It ranks what is found by the other parts, and is required where there is no other."""

    def or_else(self, word: str, stems: Stems) -> "Part":
        """Also as a word that may have been meant."""
        return replace(self, said=word, ways=(*self.ways, Way(stems, GUESSED)))


class Thesaurus:
    """Synonyms and empty words, in stems."""

    def __init__(self, said: Mapping[str, Any], stem: Stem) -> None:
        self._stem = stem
        self._empty = self._stems_of(said["empty"].split())
        self._weak = self._stems_of(said["weak"].split())
        shortened: list[str] = said["shortened"].split()
        self._whole = {word.replace("'", ""): word for word in shortened}
        self._others: dict[Stems, dict[Stems, float]] = {}
        for group in said["same"]:
            self._lead(group, group, 1.0)
        for one in said["means"]:
            self._lead(one["ask"], one["to"], _LESS)
            for at, phrase in enumerate(one["to"]):
                alike = {name for group in said["same"] if phrase in group for name in group}
                self._lead(one["ask"], sorted(alike), 1.0, _LESS ** (at + 1))
        self._longest = max(len(stems) for stems in self._others) + _BETWEEN
        spoken = (stem for stems in self._others for stem in stems)
        self._known = self._empty | self._weak | frozenset(spoken)

    def _stems_of(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(stem for word in words for stem in self._stem(word))

    def _lead(
        self, asked: Sequence[str], to: Sequence[str], less: float, first: float = 1.0
    ) -> None:
        worth = [_ALSO * first * less**at for at in range(len(to))]
        others = [(tuple(self._stem(phrase)), how) for phrase, how in zip(to, worth, strict=True)]
        for phrase in asked:
            stems = tuple(self._stem(phrase))
            for known in filter(None, {stems, self._full(stems)}):
                ways = self._others.setdefault(known, {})
                for other, how in others:
                    if other != stems:
                        ways[other] = max(how, ways.get(other, 0.0))

    @classmethod
    def shipped(cls, stem: Stem) -> "Thesaurus":
        """The hub's own."""
        text = files("services.directory.domain.search").joinpath("synonyms.yaml").read_text()
        return cls(yaml.safe_load(text), stem)

    def knows(self, word: str) -> bool:
        """Whether it stands here, so that nobody who writes it means another."""
        return self._known.issuperset(self._stem(self._spelt(word)))

    def is_empty(self, word: str) -> bool:
        """Whether it asks for nothing by itself, so that nobody means it who writes another."""
        return self._empty.issuperset(self._stem(self._spelt(word)))

    def together(self, words: Sequence[str], at: int) -> bool:
        """Whether one of these words says something known with those beside it."""
        stems = [stem for word in words for stem in self._stem(word)[:1]]
        return any(
            tuple(stems[first:last]) in self._others
            for first in range(max(0, at - _BESIDE), at + 1)
            for last in range(max(first + 2, at + 1), at + _BESIDE + 2)
        )

    def _spelt(self, word: str) -> str:
        """With the apostrophe that most people leave out: `cant` is `can't`."""
        return self._whole.get(word.casefold(), word)

    def parts(self, text: str) -> list[Part]:
        """What is asked for, longest phrases first; nothing where nothing is said."""
        words = text.split()
        stems = [(word, tuple(self._stem(self._spelt(word)))) for word in words][:_LONGEST]
        flat = [(word, stem) for word, some in stems for stem in some]
        found = list(self._read(flat))
        asked = [part for part in found if part.ways[0].stems[0] not in self._empty or _long(part)]
        return _some_required(_heeded(asked or found))

    def _read(self, words: Sequence[tuple[str, str]]) -> Iterable[Part]:
        at = 0
        while at < len(words):
            length, known = self._longest_known(words, at)
            some = words[at : at + length]
            at += length
            stems = known or (some[0][1],)
            said = " ".join(dict.fromkeys(word for word, _ in some))
            ways = [Way(stems)]
            others = self._others.get(stems, {})
            ways += [Way(other, worth, len(other) > 1) for other, worth in others.items()]
            weak = len(some) == 1 and (stems[0] in self._weak or stems[0].isdigit())
            yield Part(said, tuple(ways), weak)

    def _longest_known(self, words: Sequence[tuple[str, str]], at: int) -> tuple[int, Stems | None]:
        """How many words are known together, and as what; empty words between may be left out."""
        for length in range(min(self._longest, len(words) - at), 0, -1):
            stems = tuple(stem for _, stem in words[at : at + length])
            if stems in self._others:
                return length, stems
            full = self._full(stems)
            if full in self._others and {stems[0], stems[-1]}.isdisjoint(self._empty):
                return length, full
        return 1, None

    def _full(self, stems: Stems) -> Stems:
        """Without empty words between; nothing where only one word is left."""
        full = tuple(stem for stem in stems if stem not in self._empty)
        return full if len(full) > 1 else ()


def _long(part: Part) -> bool:
    return len(part.ways[0].stems) > 1


def _heeded(parts: Sequence[Part]) -> list[Part]:
    """Each once, the first of them; those that matter before those that are weak."""
    once = list(dict.fromkeys(parts))
    heeded = sorted(once, key=lambda part: part.weak)[:_PARTS]
    return [part for part in once if part in heeded]


def _some_required(parts: list[Part]) -> list[Part]:
    """Where every part is weak, each is required."""
    if all(part.weak for part in parts):
        return [replace(part, weak=False) for part in parts]
    return parts
