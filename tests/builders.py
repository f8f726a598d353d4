"""Invented families and what a referrer sends about them; every field can be given otherwise.

Names are obviously made up, NHS numbers lie in the range 999 that is never issued, and telephone
numbers in the range that Ofcom keeps for fiction.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

Json = dict[str, Any]


def _nhs_numbers() -> Iterator[str]:
    """Modulus 11 over weights 10 to 2; a number whose check digit would be 10 does not exist."""
    for number in count(1):
        digits = f"999{number:06}"
        total = sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=True))
        check = (11 - total % 11) % 11
        if check < 10:
            yield f"{digits}{check}"


def _upns() -> Iterator[str]:
    """A check letter, Sampleton's made-up authority 999, a school, a year, a pupil."""
    for number in count(1):
        digits = f"9999999{number:05}"
        total = sum(int(d) * weight for weight, d in enumerate(digits, start=2))
        yield "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23] + digits


_nhs, _upn, _children = _nhs_numbers(), _upns(), count(1)


def an_nhs_number() -> str:
    """A valid one that was not given before."""
    return next(_nhs)


def a_upn() -> str:
    """A valid one that was not given before."""
    return next(_upn)


def _letters(number: int) -> str:
    """A number as letters, so that a made-up name still looks like a name."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def a_child(**given: Any) -> Json:
    """A child whom nobody has referred yet."""
    return {
        "given_name": f"Testchild{_letters(next(_children))}",
        "family_name": "Madeupname",
        "date_of_birth": "2016-02-29",
        "sex": "F",
        "ethnicity": "NOBT",
    } | given


def an_unborn_child(**given: Any) -> Json:
    """A child with an expected date."""
    child = a_child(expected_date="2027-04-01") | given
    del child["date_of_birth"]
    return child


def a_parent(**given: Any) -> Json:
    """A mother in the household."""
    return {
        "given_name": "Florentina",
        "family_name": "Madeupname",
        "relationship": "mother",
        "parental_responsibility": True,
        "telephone": "01632 960011",
    } | given


def an_address(**given: Any) -> Json:
    """A place that does not exist."""
    return {"lines": ["1 Nowhere Lane", "Sampleton"], "postcode": "ZZ99 9ZZ"} | given


def agreed(**given: Any) -> Json:
    """The family agrees."""
    return {"kind": "agreed", "by": "Florentina Madeupname, mother", "on": "2025-09-12"} | given


def on_other_basis(**given: Any) -> Json:
    """The family does not know, and there is a reason."""
    reason = "Telling the family first would put the child at risk of harm."
    return {"kind": "other", "code": "safeguarding_of_children", "reason": reason} | given


def a_need(**given: Any) -> Json:
    """Why somebody asks for help."""
    reason = "The child has missed school on most Mondays since a death in the family."
    return {"reason": reason, "groups": ["education"]} | given


def a_submission(*children: Json, **given: Any) -> Json:
    """A referral as it is sent, of one new child unless children are given."""
    return {
        "children": list(children) or [a_child()],
        "household": [a_parent()],
        "need": a_need(),
        "safeguarding": {"immediate_danger": False},
        "basis": agreed(),
    } | given


def a_decision(outcome: str = "early_help", **given: Any) -> Json:
    """What the front door decides; where nothing follows, it says where to go instead."""
    words: Json = {"outcome": outcome, "rationale": "The family wants help and can be helped."}
    if outcome == "no_further_action":
        words["where_to_go_instead"] = "The drop-in of the made-up children's centre, Tuesdays."
    return words | given


def a_withdrawal(**given: Any) -> Json:
    """Why the referrer takes it back."""
    return {"reason": "family_declined"} | given
