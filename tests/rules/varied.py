"""Families that differ in one category alone, so that it shows who sees which category.

Each word of a variant is said nowhere else: whoever reads it has seen that category of that family.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.builders import a_upn, an_nhs_number
from tests.rules import sharing_table as sharing
from tests.rules.canaries import Json

DESPITE = "Another one of the same children."
_WORDS: dict[str, tuple[str, ...]] = {
    sharing.NAME: ("Bibbledoo", "Wimblethatch", "Nickleby-Boo", "Clementinella"),
    sharing.TELEPHONE: (
        "01632 960{:03}",
        "mother-{:02}@varied.example",
        "Text-{:02} me first.",
        "Not after-{:02} six.",
    ),
    sharing.ADDRESS: ("{:02} Tumbledown Rise", "ZZ{:02} 5AA"),
    sharing.HIDDEN: ("{:02} Whisperwood Lodge", "ZZ{:02} 6BB"),
    sharing.RELATIONSHIPS: ("mother-of-{:02}",),
    sharing.SCHOOL: ("Dandelion-{:02} Primary",),
    sharing.GP: ("Dr Periwinkle-{:02}",),
    sharing.CONCERNS: ("Reasons-{:02} of a worry.", "Tried-{:02} before.", "Familys-{:02} words."),
    sharing.VOICE: ("My-{:02} hamster sings.",),
    sharing.THIRD: ("Uncle-{:02} Bartleby",),
    sharing.INVOLVEMENT: ("01632 961{:03}", "worker-{:02}@varied.example"),
}
"""Of each category the words that can be searched for; a number makes them a family's own."""
_CODES: dict[str, tuple[Any, Any]] = {
    sharing.BORN: ("2014-03-21", "2013-07-30"),
    sharing.SEX: ("F", "M"),
    sharing.LANGUAGE: ("pl", "so"),
    sharing.ETHNICITY: ("WBRI", "WIRI"),
    sharing.DISABILITY: (["MOB"], ["HAND"]),
    sharing.LEVEL: ("2", "3"),
    sharing.GROUPS: (["education"], ["health"]),
    sharing.FACTORS: (["1A"], ["2A"]),
    sharing.REFERRAL: ("2025-09-12", "2025-09-13"),
}
"""What the base family has, and what its variant has."""


@dataclass
class Family:
    """A family as it is sent, and what can be searched for of each category."""

    differs: frozenset[str]
    """The categories in which it is not as the base family is."""
    words: dict[str, list[str]]
    body: Json
    receipt: Json = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    """The ids of `child` and `mother`."""


def a_family(number: int, *differs: str) -> Family:
    """The family `number`, which differs from the base family (0) in `differs` alone."""
    words = {
        category: [_own(word, number if category in differs else 0) for word in each]
        for category, each in _WORDS.items()
    }
    codes = {category: each[category in differs] for category, each in _CODES.items()}
    numbers = _numbers(sharing.NUMBERS in differs)
    words[sharing.NUMBERS] = list(numbers)
    return Family(frozenset(differs), words, _body(words, codes))


def _own(word: str, number: int) -> str:
    """The word with the family's number in it."""
    return word.format(number) if "{" in word else f"{word}{'abcdefghijklmnopqrstuvwxyz'[number]}"


_BASE_NUMBERS = an_nhs_number(), a_upn()


def _numbers(differ: bool) -> tuple[str, str]:
    return (an_nhs_number(), a_upn()) if differ else _BASE_NUMBERS


def _body(words: dict[str, list[str]], codes: dict[str, Any]) -> Json:
    reason, tried, familys = words[sharing.CONCERNS]
    telephone, email = words[sharing.INVOLVEMENT]
    return {
        "referrer": {
            "telephone": telephone,
            "email": email,
            "contact_safely": words[sharing.TELEPHONE][2],
            "do_not_contact": words[sharing.TELEPHONE][3],
        },
        "children": [_child(words, codes)],
        "household": [_mother(words)],
        "need": {
            "reason": reason,
            "groups": codes[sharing.GROUPS],
            "factors": codes[sharing.FACTORS],
            "level": codes[sharing.LEVEL],
            "tried_before": tried,
            "familys_words": familys,
            "childs_words": words[sharing.VOICE][0],
        },
        "safeguarding": {"immediate_danger": False},
        "basis": {
            "kind": "agreed",
            "by": words[sharing.THIRD][0],
            "on": codes[sharing.REFERRAL],
        },
        "despite_open_referral": DESPITE,
    }


def _child(words: dict[str, list[str]], codes: dict[str, Any]) -> Json:
    given, family, known_as, _ = words[sharing.NAME]
    return {
        "given_name": given,
        "family_name": family,
        "also_known_as": known_as,
        "date_of_birth": codes[sharing.BORN],
        "sex": codes[sharing.SEX],
        "ethnicity": codes[sharing.ETHNICITY],
        "first_language": codes[sharing.LANGUAGE],
        "nhs_number": words[sharing.NUMBERS][0],
        "upn": words[sharing.NUMBERS][1],
        "disabilities": codes[sharing.DISABILITY],
        "school": words[sharing.SCHOOL][0],
        "gp": words[sharing.GP][0],
        "addresses": [
            _address(words[category], category == sharing.HIDDEN)
            for category in (sharing.ADDRESS, sharing.HIDDEN)
        ],
    }


def _mother(words: dict[str, list[str]]) -> Json:
    _, family, _, given = words[sharing.NAME]
    return {
        "given_name": given,
        "family_name": family,
        "relationship": words[sharing.RELATIONSHIPS][0],
        "parental_responsibility": True,
        "telephone": words[sharing.TELEPHONE][0],
        "email": words[sharing.TELEPHONE][1],
    }


def _address(said: list[str], confidential: bool) -> Json:
    lines, postcode = said
    return {"lines": [lines], "postcode": postcode, "confidential": confidential}


def heard(family: Family, text: str) -> set[str]:
    """The categories of which something of the family's own can be read in `text`."""
    return {
        category
        for category, words in family.words.items()
        if category in family.differs and any(_stands(word, text) for word in words)
    }


def _stands(word: str, text: str) -> bool:
    """As it is, as JSON writes it, or without its spaces."""
    return any(form in text for form in {word, json.dumps(word)[1:-1], word.replace(" ", "")})


def words_of(family: Family) -> set[str]:
    """Everything of it that can be searched for."""
    return {word for words in family.words.values() for word in words}
