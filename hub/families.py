"""Families that do not exist: for `hub seed`, `hub demo` and the benchmarks.

Names are plainly invented, telephone numbers are those that Ofcom keeps for fiction, postcodes end
with VV, as none does.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from stdnum.gb import upn

from shared.authority import Authority

GIVEN = "Alderbert Bramblina Clovis Dapplemay Emberly Fernando Gorsewin Hazelora Ivyn Juniperus"
FAMILY = "Examplewick Inventham Madeupton Nosuchby Pretendle Sampleford Testaby Unrealey"
RELATIONS = ("mother", "father", "grandmother", "step-father", "aunt")
FACTORS = ("1B", "2B", "3B", "4A", "4B", "5A", "6B", "7A", "14A", "16A")
REASONS = (
    "{child} has come to school hungry and tired since the family moved.",
    "{child} looks after two younger children in the evenings and falls behind.",
    "{child} has stopped going out, and the family does not know whom to ask.",
    "The family may lose its home within a month, and {child} knows it.",
)
YOUNGEST, OLDEST = timedelta(days=365), timedelta(days=17 * 365)


def referral(random: Random, today: date, council: Authority) -> dict[str, Any]:
    """The body of one referral, with one to three children and one or two grown-ups.

    Levels, groups of need and indicators are the authority's own.
    """
    name = f"{random.choice(FAMILY.split())}-{random.randrange(10**8):08}"
    home: list[dict[str, Any]] = [
        {"lines": [f"{random.randrange(1, 200)} Nowhere Lane", "Sampleton"]}
    ]
    home[0] |= {"postcode": f"{_outward(random, council)} {random.randrange(1, 10)}VV"}
    children = [_child(random, name, home, today) for _ in range(random.randrange(1, 4))]
    reason = random.choice(REASONS).format(child=children[0]["given_name"])
    return {
        "referrer": {"source": "2A", "telephone": "01632 960010"},
        "children": children,
        "household": [_adult(random, name, home) for _ in range(random.randrange(1, 3))],
        "need": {
            "reason": reason,
            "groups": random.sample([*council.need_groups], random.randrange(1, 4)),
            "factors": random.sample(FACTORS, random.randrange(1, 4)),
            "tried_before": "Two meetings at school and a home visit.",
            "childs_words": "I would like it to be calm at home.",
            "familys_words": "We would like somebody to talk to.",
            "level": random.choice([code for code, it in council.levels.items() if it.early_help]),
            "indicators": _indicators(random, council),
        },
        "safeguarding": {"immediate_danger": random.random() < 0.02},
        "basis": {"kind": "agreed", "by": f"{name}, {RELATIONS[0]}", "on": today.isoformat()},
    }


def _outward(random: Random, council: Authority) -> str:
    """Of one of the authority's areas where its settings name them."""
    known = [half for area in council.areas.values() for half in area.postcodes]
    return random.choice(known or ["ZZ99"])


def _indicators(random: Random, council: Authority) -> list[str]:
    """Some that speak for early help."""
    fitting = [
        code
        for code, indicator in council.thresholds.indicators.items()
        if indicator.level is None or council.levels[indicator.level].early_help
    ]
    return random.sample(fitting, min(len(fitting), random.randrange(1, 4)))


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
        "gp": "Sampleton Surgery",
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
    """A pupil number with its check letter, of so many that hours of load meet none twice."""
    digits = f"{random.randrange(10**12):012}"
    return f"{upn.calc_check_digit(digits)}{digits}"
