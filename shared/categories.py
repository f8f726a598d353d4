"""The categories of data about a person, as a tree: agreements name them, answers are made of them.

A dotted code lies under the code before its last dot. A group says what the law or the hub's own
rules say of a category, and of everything under it.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Group(StrEnum):
    """Why a category is not like the others."""

    SPECIAL = "special"
    """Special category data (UK GDPR, article 9)."""
    OFFENCE = "offence"
    """Data about criminal convictions and offences (UK GDPR, article 10)."""
    SEALED = "sealed"
    """Never released by an agreement, nor by an override."""
    IDENTIFYING = "identifying"
    """Says who somebody is: what is pseudonymous has none of it."""
    DESIGNATED = "designated"
    """The consistent identifier (Children Act 2004, s.16LC): for designated agencies alone."""


CATEGORIES: Mapping[str, str] = {
    "identity": "who the person is",
    "identity.name": "names, and other names they are known by",
    "identity.date_of_birth": "date of birth, or the date an unborn child is expected",
    "identity.sex": "sex",
    "identity.language": "first language, and whether an interpreter is needed",
    "identity.numbers": "numbers that one agency gave the person",
    "identity.consistent_identifier": "the number by which agencies know the same child",
    "equality": "ethnicity, religion and other characteristics that the law protects",
    "equality.ethnicity": "ethnicity",
    "equality.religion": "religion or belief",
    "contact": "how to reach the person",
    "contact.telephone": "telephone and e-mail",
    "contact.address": "where the person lives",
    "contact.confidential_address": "an address that must stay hidden, a refuge for instance",
    "household": "who lives together",
    "household.relationships": "who is who to whom, and who has parental responsibility",
    "household.housing": "how the family is housed",
    "household.money": "work, income and benefits",
    "education": "school or college",
    "education.place": "which school or nursery",
    "education.attendance": "attendance, suspensions and exclusions",
    "education.attainment": "attainment",
    "health": "health",
    "health.physical": "physical health",
    "health.mental": "mental health",
    "health.substances": "alcohol and drugs",
    "health.services": "which health services know the person",
    "send": "special educational needs and disability",
    "send.support": "support in school, and plans",
    "send.disability": "disability",
    "police": "what the police know",
    "police.incidents": "incidents and allegations",
    "police.convictions": "convictions and cautions",
    "needs": "what the family needs",
    "needs.level": "the level of need",
    "needs.groups": "groups of need",
    "needs.factors": "factors of the census: health, abuse, substances and others",
    "needs.strengths": "what goes well",
    "narrative": "what was written about the family in words",
    "narrative.voice": "what the child said",
    "narrative.concerns": "why somebody is worried",
    "plan": "the family's plan",
    "plan.actions": "who does what by when",
    "plan.reviews": "reviews of the plan",
    "plan.outcomes": "what became of it",
    "involvement": "which agencies and workers work with the family",
    "referral": "that there is a referral, its status and its dates",
    "third_parties": "who somebody else is: a neighbour, whoever was worried",
}
"""Each category's words; every parent stands before what lies under it."""

_GROUPED: Mapping[Group, frozenset[str]] = {
    Group.SPECIAL: frozenset({"equality", "health", "send", "needs.factors", "narrative"}),
    Group.OFFENCE: frozenset({"police"}),
    Group.SEALED: frozenset({"contact.confidential_address"}),
    Group.IDENTIFYING: frozenset(
        {"identity", "contact", "household.relationships", "narrative", "third_parties"}
    ),
    Group.DESIGNATED: frozenset({"identity.consistent_identifier"}),
}
"""Free text counts as special category data: nobody can say beforehand what stands in it."""


def parent_of(category: str) -> str | None:
    """The category that `category` lies under; None at the top of the tree."""
    return category.rpartition(".")[0] or None


def is_under(category: str, ancestor: str) -> bool:
    """Whether `category` is `ancestor`, or lies under it."""
    return category == ancestor or category.startswith(f"{ancestor}.")


def under(ancestors: Collection[str]) -> frozenset[str]:
    """Every category that is one of `ancestors` or lies under one; unknown codes have none."""
    if not ancestors:
        return frozenset()
    return frozenset(
        category
        for category in CATEGORIES
        if any(is_under(category, ancestor) for ancestor in ancestors)
    )


def groups_of(category: str) -> frozenset[Group]:
    """The groups of a category: its own, and those of what it lies under."""
    return frozenset(group for group in Group if is_in(category, group))


def is_in(category: str, group: Group) -> bool:
    """Whether `category` belongs to `group`."""
    return any(is_under(category, member) for member in _GROUPED[group])


def holds(categories: Collection[str], group: Group) -> bool:
    """Whether something of `group` is among `categories` or under them."""
    return any(is_in(category, group) for category in under(categories))
