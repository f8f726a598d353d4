"""What of a referral leaves to whom.

The interim rule until the consent service decides: the whole for the front door, all but
confidential addresses for the agency that submitted it, nothing for anybody else.
"""

from typing import Any

from shared.auth import Role

_FRONT_DOOR = frozenset({Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER})


def addresses_for(roles: frozenset[Role], addresses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The addresses that somebody with `roles` towards the referral may see.

    Of a confidential one the others learn that it is there, so that nobody asks the family again.
    """
    if roles & _FRONT_DOOR:
        return addresses
    return [a if not a.get("confidential") else {"confidential": True} for a in addresses]


def sees_duplicates(roles: frozenset[Role]) -> bool:
    """That another agency knows the child is for the front door alone."""
    return bool(roles & _FRONT_DOOR)
