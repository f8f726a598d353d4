"""Where things are: distances, squares of a grid, and circles and outlines made of them."""

from collections.abc import Iterable, Iterator, Sequence
from math import asin, ceil, cos, dist, floor, hypot, pi, radians, sin
from typing import NamedTuple

Point = tuple[float, float]
"""Degrees north and east."""
Spot = tuple[float, float, float]
"""The same in metres from the middle of the earth: distances are reckoned from it much sooner."""
Square = tuple[int, int]
"""On a grid, counted to the north and to the east."""
RADIUS = 6_371_008.8
"""Metres: the earth's mean radius."""
A_DEGREE = RADIUS * pi / 180
A_MILE = 1609.344
SIZES = tuple(0.001 * 2**level for level in range(11))
"""Degrees north of a square's side on each grid, the finest first; a bit wider to the east."""
_WIDER = 1.6
"""In Britain so many degrees east are about as far as one north."""
_ACROSS = 9
"""Squares from a circle's middle to its edge; finer ones are asked for longer."""
_CLOSE, _ROUND = 1.002, 2e-7
"""The earth is no plane, the less so the farther: what lies so near to the edge is measured."""
LONGEST = 400_000.0
"""Metres; a circle that is wider is no circle any more, and everything is measured."""


class Circle(NamedTuple):
    """The squares that lie in a circle, and those through which it goes."""

    inside: list[str]
    across: list[str]


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


def squares(at: Point) -> Iterator[str]:
    """The square of each grid in which a point lies."""
    for level, size in enumerate(SIZES):
        yield f"{level}:{floor(at[0] / size)}:{floor(at[1] / (size * _WIDER))}"


def circle(middle: Point, within: float, finer: int = 0) -> Circle:
    """A circle of so many metres, in squares of a fitting size; those at its edge cut finer."""
    level = _level(within)
    inside: list[str] = []
    cut = _sorted_out(middle, within, level, _around(middle, within, SIZES[level]), inside)
    for below in range(level - 1, max(-1, level - 1 - finer), -1):
        quarters = ((2 * n + up, 2 * e + on) for n, e in cut for up in (0, 1) for on in (0, 1))
        level, cut = below, _sorted_out(middle, within, below, quarters, inside)
    return Circle(inside, [f"{level}:{north}:{east}" for north, east in cut])


def _level(within: float) -> int:
    for level, size in enumerate(SIZES):
        if size * A_DEGREE * _ACROSS >= within:
            return level
    return len(SIZES) - 1


def _margin(within: float) -> float:
    return _CLOSE + within * _ROUND


def _around(middle: Point, within: float, size: float) -> Iterator[Square]:
    """All squares that a circle may touch."""
    step, up = size * _WIDER, within * _margin(within) / A_DEGREE
    widest = max(cos(radians(min(89.9, abs(middle[0]) + up))), 0.01)
    right = min(360.0, up / widest)
    easts = range(floor((middle[1] - right) / step), ceil((middle[1] + right) / step) + 1)
    for north in range(floor((middle[0] - up) / size), ceil((middle[0] + up) / size) + 1):
        yield from ((north, east) for east in easts)


def _sorted_out(
    middle: Point, within: float, level: int, squares: Iterable[Square], inside: list[str]
) -> list[Square]:
    """Those through which the circle goes; those that lie in it are told to `inside`."""
    cut: list[Square] = []
    margin = _margin(within)
    sure, perhaps = within / margin, within * margin
    for north, east in squares:
        near, far = _bounds(middle, north, east, SIZES[level])
        if far <= sure:
            inside.append(f"{level}:{north}:{east}")
        elif near <= perhaps:
            cut.append((north, east))
    return cut


def _bounds(middle: Point, north: int, east: int, size: float) -> tuple[float, float]:
    """How near a square comes to a point, and how far it goes from it: bounds of both.

    On a plane, as wide as the square is at its widest and as narrow as at its narrowest.
    """
    south, west = north * size, east * size * _WIDER - middle[1]
    right = west + size * _WIDER
    up, down = south + size - middle[0], middle[0] - south
    widths = [cos(radians(lat)) * A_DEGREE for lat in (south, south + size, middle[0])]
    return (
        hypot(max(0.0, -up, -down) * A_DEGREE, max(0.0, west, -right) * min(widths)),
        hypot(max(abs(up), abs(down)) * A_DEGREE, max(abs(west), abs(right)) * max(widths)),
    )


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
