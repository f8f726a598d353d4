"""What somebody may type to say where they are: a postcode, its first part, or a place's name."""

import re
from dataclasses import dataclass
from enum import StrEnum

_OUTWARD = r"[A-Z]{1,2}[0-9][0-9A-Z]?"
_FULL = re.compile(rf"({_OUTWARD})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_FIRST = re.compile(_OUTWARD)
_BEGUN = re.compile(r"[0-9][ABD-HJLNP-UW-Z]?")
_BETWEEN = re.compile(r"[\s.,;:_/\u2010-\u2015-]")
_PLACE = re.compile(r"[^\W\d_][\w '\u2019.,()&/-]{1,99}")


class Unlocated(StrEnum):
    """Why somewhere cannot be found."""

    NOT_A_POSTCODE = "not_a_postcode"
    UNKNOWN = "unknown_postcode"
    UNKNOWN_PLACE = "unknown_place"


class Away(Exception):
    """Who knows where places are does not answer."""


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
    """The first part of a postcode, such as SW1A; None if it is none.

    Behind a blank its sector may stand, or more of it: `M1 1` lies in M1, and is no M11.
    """
    first, _, rest = _spaced(said).partition(" ")
    if _FIRST.fullmatch(first) and (not rest or _BEGUN.fullmatch(rest)):
        return first
    bare = _bare(said)
    return bare if first.isalpha() and _FIRST.fullmatch(bare) else None


def place(said: str) -> str | None:
    """What may be the name of a place; None where it cannot be one."""
    name = " ".join(said.split()).rstrip(" .,")
    return name if _PLACE.fullmatch(name) else None


def _spaced(said: str) -> str:
    """In capitals, with a blank for whatever people put between its parts or behind it."""
    return " ".join(_BETWEEN.sub(" ", said).split()).upper()


def _bare(said: str) -> str:
    return _spaced(said).replace(" ", "")
