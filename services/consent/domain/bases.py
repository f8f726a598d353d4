"""The lawful bases an agreement can name, and which kind of agency can use which.

Sources: UK GDPR articles 6, 9 and 10; Data Protection Act 2018, Schedule 1; Data (Use and Access)
Act 2025, s.70; Children Act 2004, s.16LA, as the Children's Wellbeing and Schools Act 2026 inserts
it.
"""

from collections.abc import Mapping
from enum import StrEnum

from shared.auth import AgencyKind


class Basis(StrEnum):
    """UK GDPR, article 6(1)."""

    CONSENT = "6(1)(a)"
    CONTRACT = "6(1)(b)"
    LEGAL_OBLIGATION = "6(1)(c)"
    VITAL_INTERESTS = "6(1)(d)"
    PUBLIC_TASK = "6(1)(e)"
    RECOGNISED_INTEREST = "6(1)(ea)"
    LEGITIMATE_INTERESTS = "6(1)(f)"


class Condition(StrEnum):
    """UK GDPR, article 9(2): on what special category data can rest."""

    EXPLICIT_CONSENT = "9(2)(a)"
    SOCIAL_PROTECTION = "9(2)(b)"
    VITAL_INTERESTS = "9(2)(c)"
    SUBSTANTIAL_PUBLIC_INTEREST = "9(2)(g)"
    HEALTH_OR_SOCIAL_CARE = "9(2)(h)"
    PUBLIC_HEALTH = "9(2)(i)"
    RESEARCH = "9(2)(j)"


class Ground(StrEnum):
    """UK GDPR, article 10: on what data about offences can rest."""

    OFFICIAL_AUTHORITY = "official_authority"
    SCHEDULE_1 = "schedule_1"
    """A paragraph of Schedule 1 stands beside it."""


class Law(StrEnum):
    """The duties that the hub knows more of than their name."""

    DUTY_TO_SHARE = "children_act_2004_16LA"
    DUTY_OF_CONTRACTORS = "children_act_2004_16LA_4_c"
    """The recipient is reached through its contract alone: within the contracted service."""


DUTIES = frozenset(Law)

SAFEGUARDING = 18
"""Schedule 1, paragraph 18: safeguarding of children and of individuals at risk."""
BY_CONSENT = 29
"""Schedule 1, paragraph 29: consent, for data about offences."""

PARAGRAPHS: Mapping[Condition, frozenset[int]] = {
    Condition.SOCIAL_PROTECTION: frozenset({1}),
    Condition.SUBSTANTIAL_PUBLIC_INTEREST: frozenset(range(6, 29)),
    Condition.HEALTH_OR_SOCIAL_CARE: frozenset({2}),
    Condition.PUBLIC_HEALTH: frozenset({3}),
    Condition.RESEARCH: frozenset({4}),
}
"""Which paragraphs of Schedule 1 a condition needs one of; the others stand alone (DPA s.10)."""
GROUND_PARAGRAPHS = frozenset({1, 2, 3, 4, *range(6, 38)})
"""Schedule 1, parts 1 to 3 (DPA s.10(5)); paragraph 5 says only how the others are relied on."""


class Reason(StrEnum):
    """Why consent is not relied on: paragraph 18(2) of Schedule 1."""

    CANNOT_BE_GIVEN = "cannot_be_given"
    CANNOT_REASONABLY_BE_OBTAINED = "cannot_reasonably_be_obtained"
    WOULD_PREJUDICE_PROTECTION = "would_prejudice_protection"


PUBLIC = frozenset(AgencyKind) - {AgencyKind.VOLUNTARY, AgencyKind.HOUSING}
"""Public bodies. Landlords are councils and charities alike, so they must name their task."""
OFFICIAL = frozenset(
    {AgencyKind.POLICE, AgencyKind.COUNCIL, AgencyKind.CHILDREN_SERVICES, AgencyKind.FRONT_DOOR}
)
"""Whose law gives it authority over data about offences."""
UNDER_THE_DUTY = PUBLIC
"""Whom section 16LA reaches for what it is; whoever else, by its contract alone."""


def can_use(kind: AgencyKind, basis: Basis, *, public_task: bool = False) -> bool:
    """Whether an agency of `kind` can rest on `basis`.

    `public_task`: a task of the public was given to this very agency. Points (ea) and (f) of
    article 6(1) are not for public bodies in the performance of their tasks.
    """
    match basis:
        case Basis.PUBLIC_TASK:
            return kind in PUBLIC or public_task
        case Basis.RECOGNISED_INTEREST | Basis.LEGITIMATE_INTERESTS:
            return kind not in PUBLIC
        case _:
            return True
