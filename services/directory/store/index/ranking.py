"""The hits of a search in their order, a page of them."""

from typing import NamedTuple

import numpy as np

from services.directory.domain.search.places import RADIUS, Spot
from services.directory.domain.search.scoring import Ranked, nearest, standing
from services.directory.store.index.columns import Columns, Numbers
from services.directory.store.index.marked import Mask


class Whence(NamedTuple):
    """From where somebody looks, and how far each service is from there, through the earth."""

    here: Spot
    far: Numbers


def page(
    columns: Columns, hits: Mask, words: Numbers, whence: Whence | None, first: int, size: int
) -> list[Ranked]:
    """The hits from `first` on: the most points first; what is alike, by distance, then by key."""
    numbers = np.flatnonzero(hits)
    if first >= len(numbers):
        return []
    points, distance = -np.round(words[numbers], 3), np.zeros(len(numbers))
    if whence is not None:
        along = 2 * RADIUS * np.arcsin(np.minimum(whence.far[numbers] / (2 * RADIUS), 1.0))
        along[np.isinf(whence.far[numbers])] = np.inf
        points, distance = standing(words[numbers], along, columns.remote[numbers])
    last = first + size
    if last < len(numbers):  # what is worth less than the last of the page needs no order
        among = points <= np.partition(points, last - 1)[last - 1]
        numbers, points, distance = numbers[among], points[among], distance[among]
    order = np.lexsort((columns.keys[numbers], distance, points))[first:last]
    here = whence.here if whence else None
    return [
        Ranked(number, *nearest(one.sites, here))
        for number in numbers[order].tolist()
        if (one := columns.services.get(number)) is not None
    ]
