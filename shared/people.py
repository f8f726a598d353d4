"""Who a person is in the family's record, as agreements and events say it."""

from enum import StrEnum


class PersonKind(StrEnum):
    """What a person is to the family; never who it is."""

    CHILD = "child"
    PARENT = "parent"
    HOUSEHOLD_MEMBER = "household_member"
    THIRD_PARTY = "third_party"
    """Whoever is named and is not of the household: a neighbour, a parent who lives elsewhere."""
