"""What somebody may type to say where they are: a postcode, its first part, or a place's name."""

import re
from dataclasses import dataclass
from enum import StrEnum

_OUTWARD = r"[A-Z]{1,2}[0-9][0-9A-Z]?"
_FULL = re.compile(rf"({_OUTWARD})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_FIRST = re.compile(_OUTWARD)
_PLACE = re.compile(r"[^\W\d_][\w '\u2019.,()&/-]{1,99}")


class Unlocated(StrEnum):
    """Why somewhere cannot be found."""

    NOT_A_POSTCODE = "not_a_postcode"
    UNKNOWN = "unknown_postcode"
    UNKNOWN_PLACE = "unknown_place"


@dataclass(frozen=True)
class Located:
    """Where something is, and which areas it lies in."""

    called: str
    latitude: float
    longitude: float
    areas: tuple[str, ...] = ()


def written(said: str) -> str | None:
    """A full postcode in capitals with its blank; None if it is none."""
    found = _FULL.fullmatch(_bare(said))
    return f"{found[1]} {found[2]}" if found else None


def outward(said: str) -> str | None:
    """The first part of a postcode, such as SW1A; None if it is none."""
    bare = _bare(said)
    return bare if _FIRST.fullmatch(bare) else None


def place(said: str) -> str | None:
    """What may be the name of a place; None where it cannot be one."""
    name = " ".join(said.split())
    return name if _PLACE.fullmatch(name) else None


def _bare(said: str) -> str:
    return "".join(said.split()).upper()
