"""What can leave each service, path by path, and of which category it is: collected for docs."""

from collections.abc import Callable, Mapping

from services.referral import app as referral
from shared.categories import CATEGORIES

CLASSIFIED: Mapping[str, Callable[[], dict[str, str]]] = {"referral": referral.classified}
"""The services that answer under what the consent service permits, and what they classify."""


def collected() -> dict[str, dict[str, list[str]]]:
    """By service and category, the paths of that category; open ones by why they are open."""
    found: dict[str, dict[str, list[str]]] = {}
    for service, classified in CLASSIFIED.items():
        paths = sorted(classified().items())
        said = dict.fromkeys([*CATEGORIES, *(of for _, of in paths)])
        by = {of: [path for path, one in paths if one == of] for of in said}
        found[service] = {of: those for of, those in by.items() if those}
    return found
