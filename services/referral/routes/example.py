"""The example of the documentation: an invented family. The README sends the same one."""

from typing import Any

REFERRAL: dict[str, Any] = {
    "referrer": {"source": "2A", "telephone": "01632 960010"},
    "children": [
        {
            "given_name": "Zebedee",
            "family_name": "Madeupname",
            "date_of_birth": "2015-03-02",
            "sex": "M",
            "ethnicity": "NOBT",
            "first_language": "en",
            "school": "Invented Primary School",
            "addresses": [{"lines": ["1 Nowhere Lane", "Sampleton"], "postcode": "ZZ99 9ZZ"}],
        }
    ],
    "household": [
        {
            "given_name": "Florentina",
            "family_name": "Madeupname",
            "relationship": "mother",
            "parental_responsibility": True,
            "telephone": "01632 960011",
        }
    ],
    "need": {
        "reason": "Zebedee has missed school on most Mondays since his grandfather died.",
        "groups": ["education", "emotional_wellbeing"],
        "factors": ["4A"],
        "tried_before": "Two meetings with the form tutor.",
        "childs_words": "Mondays were our day.",
        "familys_words": "We would like somebody to talk to.",
    },
    "safeguarding": {"immediate_danger": False},
    "basis": {"kind": "agreed", "by": "Florentina Madeupname, mother", "on": "2025-09-12"},
}

BEGUN: dict[str, Any] = {
    "children": [{"given_name": "Zebedee", "family_name": "Madeupname"}],
    "need": {"reason": "Zebedee has missed school on most Mondays"},
}
"""What is known of it on the first afternoon."""
