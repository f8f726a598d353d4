"""Who sees what, for which purpose: written by hand from the sample agreements, for whoever works
with a family, before anybody has asked it for consent.

It imports nothing of the hub: what it says is held against every answer that an agency gets.
"""

NAME, BORN, SEX, LANGUAGE = (
    f"identity.{part}" for part in ("name", "date_of_birth", "sex", "language")
)
NUMBERS, ETHNICITY = "identity.numbers", "equality.ethnicity"
TELEPHONE, ADDRESS, HIDDEN = (
    f"contact.{part}" for part in ("telephone", "address", "confidential_address")
)
RELATIONSHIPS, SCHOOL, GP = "household.relationships", "education.place", "health.services"
DISABILITY, THIRD = "send.disability", "third_parties"
LEVEL, GROUPS, FACTORS = (f"needs.{part}" for part in ("level", "groups", "factors"))
CONCERNS, VOICE = "narrative.concerns", "narrative.voice"
INVOLVEMENT, REFERRAL = "involvement", "referral"

Seen = frozenset[str]
NOTHING: Seen = frozenset()
WHO = frozenset({NAME, BORN, SEX, LANGUAGE})
CODES = frozenset({LEVEL, GROUPS, INVOLVEMENT, REFERRAL})
NEEDS = frozenset({LEVEL, GROUPS, FACTORS})
WHOLE = (
    WHO
    | CODES
    | NEEDS
    | {NUMBERS, ETHNICITY, TELEPHONE, ADDRESS, RELATIONSHIPS, SCHOOL, GP, DISABILITY, THIRD}
    | {CONCERNS, VOICE}
)
"""All but what is sealed: a confidential address leaves to nobody."""
CATEGORIES = WHOLE | {HIDDEN}

ON_THE_DUTY = CODES | {NAME, BORN, ADDRESS, RELATIONSHIPS, SCHOOL}
"""What whoever is asked needs to find the family in its own records."""
PROTECTING = CODES | WHO | {TELEPHONE, ADDRESS, RELATIONSHIPS, SCHOOL}
"""On the duty; special category data only for one of three reasons, and none is recorded here."""
CONTRIBUTING = frozenset({NAME, BORN, LEVEL, INVOLVEMENT, REFERRAL})
QUALITY = NEEDS | {VOICE, INVOLVEMENT, REFERRAL}

PURPOSES = ("front_door", "early_help", "safeguarding", "statutory", "quality", "planning")
_ROWS: dict[str, tuple[Seen, Seen, Seen, Seen, Seen, Seen]] = {
    "front_door": (WHOLE, WHOLE, WHOLE, WHOLE, QUALITY, CODES),
    "children_services": (ON_THE_DUTY, WHOLE, WHOLE, WHOLE, QUALITY, CODES),
    "school": (
        ON_THE_DUTY,
        CODES | NEEDS | WHO | {NUMBERS, TELEPHONE, ADDRESS, RELATIONSHIPS, SCHOOL, DISABILITY},
        PROTECTING,
        CONTRIBUTING,
        CODES,
        NOTHING,
    ),
    "health": (
        ON_THE_DUTY,
        CODES | NEEDS | WHO | {NUMBERS, TELEPHONE, ADDRESS, RELATIONSHIPS, SCHOOL, GP, DISABILITY},
        PROTECTING,
        CONTRIBUTING,
        CODES,
        CODES,
    ),
    "gp": (
        ON_THE_DUTY,
        CODES | WHO | {TELEPHONE, GP},
        PROTECTING,
        CONTRIBUTING,
        CODES,
        NOTHING,
    ),
    "police": (
        ON_THE_DUTY,
        frozenset({NAME, BORN, SEX, TELEPHONE, ADDRESS, LEVEL, INVOLVEMENT, REFERRAL}),
        PROTECTING,
        CONTRIBUTING,
        CODES,
        NOTHING,
    ),
    "housing": (
        NOTHING,
        CODES | {NAME, TELEPHONE, ADDRESS},
        CODES | {NAME, TELEPHONE, ADDRESS},
        NOTHING,
        CODES,
        NOTHING,
    ),
    "voluntary": (NOTHING, CODES, CODES, NOTHING, CODES, NOTHING),
    "council": (NOTHING, NOTHING, NOTHING, NOTHING, QUALITY, CODES),
}
"""Housing sees names and where they live within what the council pays it for."""
TABLE: dict[tuple[str, str], Seen] = {
    (kind, purpose): seen
    for kind, row in _ROWS.items()
    for purpose, seen in zip(PURPOSES, row, strict=True)
}
KINDS = tuple(_ROWS)

WITH_CONSENT: dict[str, Seen] = {
    "front_door": NOTHING,
    "children_services": NOTHING,
    "school": frozenset({CONCERNS, VOICE}),
    "health": frozenset({CONCERNS, VOICE}),
    "gp": NOTHING,
    "police": NOTHING,
    "housing": frozenset({RELATIONSHIPS}),
    "voluntary": WHO
    | NEEDS
    | {TELEPHONE, ADDRESS, RELATIONSHIPS, SCHOOL, GP, DISABILITY, CONCERNS, VOICE},
    "council": frozenset({NAME, TELEPHONE, LEVEL}),
}
"""What each kind sees for early help beside that, once the family has agreed in express words."""

_SAFE_TO_ASK: dict[str, tuple[Seen, Seen, Seen, Seen, Seen, Seen]] = {
    "front_door": (CODES, CODES, CODES, CODES, CODES, CODES),
    "children_services": (NOTHING, CODES, CODES, CODES, CODES, CODES),
    "school": (NOTHING, CODES, NOTHING, NOTHING, CODES, NOTHING),
    "health": (NOTHING, CODES, NOTHING, NOTHING, CODES, CODES),
    "gp": (NOTHING, CODES, NOTHING, NOTHING, CODES, NOTHING),
    "housing": (NOTHING, CODES, CODES, NOTHING, CODES, NOTHING),
    "voluntary": (NOTHING, CODES, CODES, NOTHING, CODES, NOTHING),
}
UNIFORM: dict[tuple[str, str], Seen] = {
    (kind, purpose): seen
    for kind, row in _SAFE_TO_ASK.items()
    for purpose, seen in zip(PURPOSES, row, strict=True)
}
"""By which codes whoever takes families over may filter, sort and count: those that it sees of
every family alike. What is shared on the duty hangs on what somebody has marked of each child."""
