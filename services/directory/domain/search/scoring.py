"""Why a service stands where it stands: points that add up, and that can be told in words."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.directory.domain.search.cards import Site
from services.directory.domain.search.places import Spot, metres, miles, spot
from services.directory.domain.search.words import Part, Stem

FIELDS = {"title": 10.0, "needs": 7.0, "text": 5.0, "organization": 3.0, "venues": 1.0}
"""What a word is worth by where it stands; the best place counts, once."""
ALSO_THERE = 0.2
"""How much it counts that a word stands in another place too, or in other words."""
APART = 0.8
"""How much words of a name count that belong together and stand apart."""
SCATTERED = 2.0
"""What words are worth that belong together and stand in several places."""
ALL_IN_NAME, IS_NAME = 0.5, 4.0
"""More, where the name holds all that is asked, and where it is just that."""
ALL_OF_IT = 20.0
"""More, where little says all that is asked, for what does: it stands before what says some."""
SAME_NEED, SAME_WORD = 3.0, 1.0
"""What it counts that another service is for the same need, and that their names share a word."""
WEAK = 0.1
"""How much a word counts that nearly every entry could say, beside one that matters."""
_NEARNESS = 10.0
"""Points for a place at the door; a word in the name alone is worth ten."""
_HALF = 2_000.0
"""Metres at which half of these points are gone."""
EVERYWHERE = 8_000.0
"""As if so far away counts what comes to families wherever they live: about five miles."""
_UNKNOWN = 60_000.0
"""As if so far away counts a place of which nobody knows where it is."""


class Ranked(NamedTuple):
    """Under which number a service is held; its nearest place, and how far that is."""

    number: int
    site: Site | None
    metres: float | None


def key_of(id_: str) -> int:
    """The order of what is otherwise alike: the same everywhere, and favouring nobody's name."""
    return int.from_bytes(blake2b(id_.encode(), digest_size=6).digest())


def rarity(entries: int, saying: int) -> float:
    """What a word counts by how few entries say it; in whole steps, so that copies agree."""
    return float(1 + (max(entries, 1) // max(saying, 1)).bit_length())


def standing(
    words: NDArray[np.float64], along: NDArray[np.float64], remote: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By what they are put in order: their points, the most first, then how far they are.

    `along` are metres; infinite where nobody knows where a service is.
    """
    known = np.where(np.isfinite(along), along, _UNKNOWN)
    distance = np.where(remote, np.minimum(known, EVERYWHERE), known)
    return -np.round(words + _NEARNESS / (1 + distance / _HALF), 3), distance


def nearest(sites: Sequence[Site], here: Spot | None) -> tuple[Site | None, float | None]:
    """Of several places the nearest, and how far it is."""
    if here is None or not sites:
        return None, None
    away, which = min((metres(spot(site.at), here), n) for n, site in enumerate(sites))
    return sites[which], away


def told(one: Ranked, label: str | None, *, remote: bool) -> list[str]:
    """In words how far it is, or that it comes to where you are."""
    found = []
    if one.metres is not None and label is not None:
        found.append(f"{miles(one.metres)} from {label}")
    if remote:
        found.append("wherever you live in the area")
    return found


def said_where(parts: Iterable[Part], name: str, needs: str, stem: Stem) -> list[str]:
    """In words where it says what was asked for."""
    in_name, in_needs = set(stem(name)), set(stem(needs))
    found = []
    for part in parts:
        if part.weak:
            continue
        if any(in_name.issuperset(way.stems) for way in part.ways):
            found.append(f"“{part.said}” in the name")
        elif any(in_needs.issuperset(way.stems) for way in part.ways):
            found.append(f"helps with “{part.said}”")
        else:
            found.append(f"“{part.said}” in the description")
    return found
