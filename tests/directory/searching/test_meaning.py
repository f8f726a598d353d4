"""What may be meant by words that are typed wrong, or as families say it: the index by itself."""

from collections.abc import Iterable
from random import Random
from string import ascii_lowercase
from typing import cast
from uuid import UUID

import pytest
from tantivy import Searcher

from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.cards import Tree, card
from services.directory.store.index.guessing import as_meant
from services.directory.store.index.index import Found, ServiceIndex

NO_TERMS = Tree({}, {})
TOWN = {
    "Invented Food Bank": "Parcels for whoever has nothing in the cupboard.",
    "Madeup Baby Bank": "Nappies and cots. Its door is open, and it can help you afford them.",
    "Sampleton Youth Club": "Pool and music for young people who want it.",
    "Targeted Youth Support": "A worker meets young people. Its team can visit.",
    "Invented Counselling": "Talking helps, and its people listen. You can bring whoever you want.",
    "Harbourlight": "A helpline for domestic abuse. Call at any hour and be believed.",
    "Moonbeam": "Sleep: bedtimes that last. You can want too much of them.",
    "Toy Library": "Borrow toys. Its shelves are full of toys.",
    "Wobblers": "Toddler mornings. Bring toys.",
    "Comb and Care": "A nurse shows how head lice are combed out.",
}


def _index(town: dict[str, str], times: int = 3) -> ServiceIndex:
    """Each of these entries several times, as much is said more than once in a town."""
    made, random = ServiceIndex(NO_TERMS), Random("town")  # noqa: S311 -- made up
    made.put(
        card(
            {"id": str(UUID(int=random.getrandbits(128))), "name": name, "description": text},
            NO_TERMS,
            lambda _: None,
        )
        for name, text in town.items()
        for _ in range(times)
    )
    return made


TOWNS = _index(TOWN)


def _found(text: str, index: ServiceIndex = TOWNS) -> Found:
    return index.search(SearchAsked(text=text), None)


def _names(found: Found) -> list[str]:
    return list(dict.fromkeys(hit.shown["name"] for hit in found.hits))


@pytest.mark.parametrize("text", ["nits", "tots", "cant sleep", "wont sleep", "dont sleep"])
def test_a_word_that_people_use_is_not_put_right(text: str) -> None:
    wrong = _found("councelling")
    assert (wrong.worded.guessed, wrong.worded.text) == (True, "counselling")

    assert not _found(text).worded.guessed


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("nits", "Comb and Care"),
        ("tots", "Wobblers"),
        ("wont sleep", "Moonbeam"),
        ("im being hit", "Harbourlight"),
        ("he hits me", "Harbourlight"),
        ("scared of my husband", "Harbourlight"),
        ("violent", "Harbourlight"),
    ],
)
def test_what_families_say_finds_what_providers_write(said: str, first: str) -> None:
    assert _names(_found(said))[:1] == [first]


@pytest.mark.parametrize("text", ["xits", "xts", "tofs", "ist", "wamt", "yiu"])
def test_a_short_word_is_guessed_where_a_letter_is_missing_and_never_taken_for_another(
    text: str,
) -> None:
    missing = _found("yuth club")
    assert missing.worded.text == "youth club"

    assert not _found(text).worded.guessed


def test_no_word_is_taken_for_one_that_asks_for_nothing() -> None:
    many = _index({f"Club {n}": "You would be welcome whatever happens" for n in range(9)})
    assert _found("welcone", many).worded.text == "welcome"

    for text in ("woulld", "whaat", "yoou"):
        assert not _found(text, many).worded.guessed, text


@pytest.mark.parametrize(
    ("said", "meant", "first"),
    [
        ("fod bank", "food bank", "Invented Food Bank"),
        ("youth clb", "youth club", "Sampleton Youth Club"),
        ("foood bnk", "food bank", "Invented Food Bank"),
    ],
)
def test_three_letters_beside_other_words_are_put_right_and_known_phrases_come_first(
    said: str, meant: str, first: str
) -> None:
    fold = _index(TOWN | {f"Ford and Fold {n}": "Fold a ford, fold a ford" for n in range(9)})

    for index in (TOWNS, fold):
        found = _found(said, index)
        assert found.worded.text == meant
        assert _names(found)[0] == first


def test_it_is_guessed_for_the_first_three_words_alone() -> None:
    words = ["hawebit", "pikofehi", "wubukisa", "ridekudet"]
    index = _index({f"Club {word}": " ".join(words) for word in words})

    found = _found(" ".join(word[:3] + word[4:] for word in words), index)

    assert found.worded.text.split(" or ")[:3] == words[:3]
    assert words[3] not in found.worded.text


class _Counted:
    """The engine, and how many words it was asked about."""

    def __init__(self, index: ServiceIndex) -> None:
        self._searcher, self.words = index.searcher(), 0

    def doc_freq(self, field: str, word: str) -> int:
        self.words += 1
        return self._searcher.doc_freq(field, word)

    def terms_with_prefix(
        self, field: str, prefix: str, limit: int | None = None
    ) -> list[tuple[str, int]]:
        found = self._searcher.terms_with_prefix(field, prefix, limit=limit)
        self.words += len(found)
        return found


def _nonsense(words: int, random: Random) -> Iterable[str]:
    return ("".join(random.choices(ascii_lowercase, k=9)) for _ in range(words))


def test_how_much_is_looked_at_does_not_grow_with_the_words_of_the_directory() -> None:
    random = Random("nonsense")  # noqa: S311 -- made up
    asked = list(_nonsense(20, random))
    looked = []
    for size in (30_000, 60_000):
        words = list(_nonsense(size, random))
        index = _index({f"Club {n}": " ".join(words[n::30]) for n in range(30)}, times=2)
        engine = _Counted(index)

        assert as_meant(index.thesaurus, cast("Searcher", engine), asked) == asked

        assert len(index.searcher().terms_with_prefix("plain", "")) >= size
        looked.append(engine.words)
    assert max(looked) < 6_000
    assert looked[0] == pytest.approx(looked[1], rel=0.1)
