"""Families that do not exist: for `hub seed`, `hub demo` and the benchmarks.

Names are plainly invented, telephone numbers are those that Ofcom keeps for fiction, postcodes
begin with ZZ99, which is no place.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from stdnum.gb import upn

GIVEN = "Alderbert Bramblina Clovis Dapplemay Emberly Fernando Gorsewin Hazelora Ivyn Juniperus"
FAMILY = "Examplewick Inventham Madeupton Nosuchby Pretendle Sampleford Testaby Unrealey"
RELATIONS = ("mother", "father", "grandmother", "step-father", "aunt")
GROUPS = ("education", "emotional_wellbeing", "health", "homelessness", "early_abuse_or_neglect")
FACTORS = ("1B", "2B", "3B", "4A", "4B", "5A", "6B", "7A", "14A", "16A")
INDICATORS = ("missing_school", "low_mood", "losing_home")
REASONS = (
    "{child} has come to school hungry and tired since the family moved.",
    "{child} looks after two younger children in the evenings and falls behind.",
    "{child} has stopped going out, and the family does not know whom to ask.",
    "The family may lose its home within a month, and {child} knows it.",
)
YOUNGEST, OLDEST = timedelta(days=365), timedelta(days=17 * 365)


def referral(random: Random, today: date) -> dict[str, Any]:
    """The body of one referral, with one to three children and one or two grown-ups."""
    name = f"{random.choice(FAMILY.split())}-{random.randrange(10_000):04}"
    home: list[dict[str, Any]] = [
        {"lines": [f"{random.randrange(1, 200)} Nowhere Lane", "Sampleton"]}
    ]
    home[0] |= {"postcode": f"ZZ99 {random.randrange(1, 10)}ZZ"}
    children = [_child(random, name, home, today) for _ in range(random.randrange(1, 4))]
    reason = random.choice(REASONS).format(child=children[0]["given_name"])
    return {
        "referrer": {"source": "2A", "telephone": "01632 960010"},
        "children": children,
        "household": [_adult(random, name, home) for _ in range(random.randrange(1, 3))],
        "need": {
            "reason": reason,
            "groups": random.sample(GROUPS, random.randrange(1, 4)),
            "factors": random.sample(FACTORS, random.randrange(1, 4)),
            "tried_before": "Two meetings at school and a home visit.",
            "childs_words": "I would like it to be calm at home.",
            "familys_words": "We would like somebody to talk to.",
            "level": random.choice(("2", "3")),
            "indicators": random.sample(INDICATORS, random.randrange(1, 4)),
        },
        "safeguarding": {"immediate_danger": random.random() < 0.02},
        "basis": {"kind": "agreed", "by": f"{name}, {RELATIONS[0]}", "on": today.isoformat()},
    }


def _child(random: Random, family: str, home: list[dict[str, Any]], today: date) -> dict[str, Any]:
    age = timedelta(days=random.randrange(YOUNGEST.days, OLDEST.days))
    return {
        "given_name": random.choice(GIVEN.split()),
        "family_name": family,
        "date_of_birth": (today - age).isoformat(),
        "sex": random.choice("FM"),
        "ethnicity": "NOBT",
        "first_language": "en",
        "upn": _upn(random),
        "school": "Sampleton Primary School",
        "gp": "Invented Road Surgery",
        "addresses": home,
    }


def _adult(random: Random, family: str, home: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "given_name": random.choice(GIVEN.split()),
        "family_name": family,
        "relationship": random.choice(RELATIONS),
        "parental_responsibility": True,
        "telephone": f"01632 960{random.randrange(1000):03}",
        "addresses": home,
    }


def _upn(random: Random) -> str:
    """A pupil number with its check letter, at random among a thousand million."""
    digits = f"936{random.randrange(1_000_000_000):09}"
    return f"{upn.calc_check_digit(digits)}{digits}"
