"""What narrows a search: each filter as a mask of those that fit."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from services.directory.domain.postcodes import Located
from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.codes import Facet
from services.directory.domain.search.places import straight
from services.directory.store.index.columns import Columns, Moment, Numbers
from services.directory.store.index.marked import Mask


class Narrowed(NamedTuple):
    """The filters of a search, those of each facet apart."""

    facets: Mapping[Facet, Mask]
    others: Mask
    place: Mask | None
    """Where it must be, or come to."""

    def but(self, facet: Facet | None = None) -> Mask:
        """All of them, without those of one facet."""
        found = self.anywhere(facet)
        return found if self.place is None else found & self.place

    def anywhere(self, facet: Facet | None = None) -> Mask:
        """The same wherever it is."""
        found = self.others
        for name, mask in self.facets.items():
            if name is not facet:
                found = found & mask
        return found


def narrowed(
    asked: SearchAsked, here: Located | None, columns: Columns, now: Moment, far: Numbers | None
) -> Narrowed:
    """Every filter that is asked for; `far` is how far it is from `here` to each."""
    marks = asked.marks()
    if Facet.LANGUAGE in marks:
        marks[Facet.LANGUAGE] = columns.called(Facet.LANGUAGE, marks[Facet.LANGUAGE])
    bearing, size = columns.marked.bearing, now.size
    facets = {facet: bearing(facet, values, size) for facet, values in marks.items()}
    if hours := asked.hours():
        facets[Facet.DAY] = bearing("hour", hours, size)
    others, place = now.there & _ages(asked, columns.ages[:size]), None
    if here is not None and far is not None:
        comes = _comes_to(here, columns, size)
        if asked.within_metres is None:
            place = comes | ~columns.remote[:size] | np.isfinite(far)
        else:
            place = comes | (far <= straight(asked.within_metres))
    return Narrowed(facets, others, place)


def _ages(asked: SearchAsked, ages: Numbers) -> Mask:
    """Somebody of these ages may come; who says no age excludes none."""
    fits = np.ones(len(ages), np.bool_)
    if asked.maximum_age is not None:
        fits &= ages[:, 0] <= asked.maximum_age
    if asked.minimum_age is not None:
        fits &= ages[:, 1] >= asked.minimum_age
    return fits


def _comes_to(here: Located, columns: Columns, size: int) -> Mask:
    """It comes to families, and its area is not known to lie elsewhere."""
    areas = [area.lower() for area in here.areas]
    covers = ~columns.bounded[:size] | columns.marked.bearing("area", areas, size)
    around = columns.drawn_around((here.latitude, here.longitude))
    covers[[number for number in around if number < size]] = True
    return columns.remote[:size] & covers
