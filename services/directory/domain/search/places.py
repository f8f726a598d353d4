"""Where things are: distances, and outlines."""

from collections.abc import Sequence
from math import asin, cos, dist, pi, radians, sin

Point = tuple[float, float]
"""Degrees north and east."""
Spot = tuple[float, float, float]
"""The same in metres from the middle of the earth: distances are reckoned from it much sooner."""
RADIUS = 6_371_008.8
"""Metres: the earth's mean radius."""
A_MILE = 1609.344


def spot(at: Point) -> Spot:
    """A point as a spot."""
    north, east = radians(at[0]), radians(at[1])
    out = RADIUS * cos(north)
    return out * cos(east), out * sin(east), RADIUS * sin(north)


def metres(one: Spot, other: Spot) -> float:
    """The great circle between two spots."""
    return 2 * RADIUS * asin(min(1.0, dist(one, other) / (2 * RADIUS)))


def straight(along: float) -> float:
    """So far along the earth is how far through it."""
    return 2 * RADIUS * sin(min(along / RADIUS, pi) / 2)


def holds(outline: Sequence[Point], at: Point) -> bool:
    """Whether a point, given north first, lies in an outline, whose points are east first."""
    north, east = at
    inside, before = False, outline[-1]
    for point in outline:
        (x, y), (x0, y0) = point, before
        if (y > north) != (y0 > north) and east < (x0 - x) * (north - y) / (y0 - y) + x:
            inside = not inside
        before = point
    return inside


def miles(distance: float) -> str:
    """A distance as people say it."""
    found = distance / A_MILE
    if found < 0.1:
        return "less than 0.1 miles"
    return f"{found:.1f} miles" if found < 10 else f"{found:.0f} miles"
