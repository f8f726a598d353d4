"""Words that sound urgent: in any writing they are heard, and ordinary worries are not."""

import json
import string
from importlib.resources import files

import pytest

from services.referral.domain.urgency import REASONS, sounds_urgent

_WORDS = [(str(reason["because"]), word) for reason in REASONS for word in list(reason["words"])]  # type: ignore[call-overload]


@pytest.mark.parametrize(("because", "word"), _WORDS)
def test_every_word_of_the_list_is_heard_in_a_sentence(because: str, word: str) -> None:
    said = word.replace("*", "")

    for text in (said, f"We think: {said.upper()}!", f"so\n{said.replace(' ', '  ')}, and more"):
        assert because in sounds_urgent([None, text])


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "He's STRANGLING me",
        "my dad hits me.",
        "we have no food, nothing",
        "She self-harms",
        "I\u2019m scared of him",
        "we can't cope any more",
        "He threatened to kill us",
    ],
)
def test_families_own_words_are_heard(text: str) -> None:
    assert sounds_urgent([text])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "My son does not sleep and I am very tired.",
        "We need help with speech and language before he begins school.",
        "I am killing time until the nursery opens; my begun course is a handgun of a joke",
        "Money is short and we argue about housework.",
        "She misses school and is sad about her grandfather.",
        "Afghan food shopping, stable routine, gunnery badge",
    ],
)
def test_ordinary_worries_are_not(text: str) -> None:
    assert sounds_urgent([text]) == []


def test_the_list_is_plain_and_each_reason_has_words() -> None:
    file = files("services.referral.domain") / "urgent_words.json"
    said = json.loads(file.read_text())
    letters = {*string.ascii_lowercase, " ", "*"}
    assert len(said["reasons"]) >= 5

    for reason in said["reasons"]:
        assert reason["because"]
        assert reason["words"]
        for word in reason["words"]:
            assert set(word) <= letters, word
            assert "*" not in word[:-1], word
    words = [word for reason in said["reasons"] for word in reason["words"]]
    assert len(set(words)) == len(words)
