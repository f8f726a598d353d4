"""Hubs with their areas, and the panels that meet there."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from shared.authority.sources import Code, Setting, Source, Words, some

_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_POSTCODE = re.compile(rf"({_OUTWARD.pattern})[0-9][A-Z]{{2}}")


def _outward(code: str) -> str:
    if not _OUTWARD.fullmatch(code):
        raise ValueError("an outward code is the first half of a postcode, such as ZZ99")
    return code


def outward_of(postcode: str) -> str | None:
    """The first half of a postcode; None where it is none."""
    found = _POSTCODE.fullmatch("".join(postcode.upper().split()))
    return found[1] if found else None


class Area(Setting):
    """A part of the authority, told by outward codes; where they are unknown, by none."""

    name: Words
    postcodes: tuple[Annotated[str, AfterValidator(_outward)], ...] = ()
    source: Source


class Hub(Setting):
    """A local base of early help, and the areas it answers for."""

    name: Words
    areas: dict[Code, Area] = {}
    source: Source


Comes = Literal[
    "referrals",
    "identified_in_data",
    "no_further_action",
    "stepped_down",
    "themes",
    "plan_reviews",
]
"""What comes before a panel."""


class Panel(Setting):
    """A meeting of several agencies. `rhythm` and `each_hub` where the authority says so."""

    name: Words
    includes: Annotated[tuple[Comes, ...], AfterValidator(some)]
    rhythm: Literal["weekly", "fortnightly", "monthly"] | None = None
    each_hub: bool = False
    """Whether it meets at every hub, or once for all."""
    source: Source


class Stage(Setting):
    """A step of the way after the decision."""

    step: Literal["assessment", "panel", "allocation"]
    source: Source
