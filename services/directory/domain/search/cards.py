"""What the search holds of a service: read from what everybody may read, and from nothing else."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.directory.domain import cleaning, postcodes
from services.directory.domain.outlines import Outline, is_geojson, outlines
from services.directory.domain.readers import OLDEST
from services.directory.domain.search import marks
from services.directory.domain.search.codes import Facet, WayIn
from services.directory.domain.search.marks import Tagged, Term
from services.directory.domain.search.places import Point

Json = dict[str, Any]
Where = Callable[[str], Point | None]
"""Where a full postcode is, if that is known."""
ACTIVE = "active"
"""The status of what is searched; what is closed for a time is found in the feed alone."""
_SUMMARY = 300
_AREA = re.compile(r"[ensw]\d{8}")


class Site(NamedTuple):
    """A place where a service is given."""

    name: str | None
    postcode_area: str | None
    at: Point


@dataclass(frozen=True)
class Tree:
    """The terms that name needs, and which stands above which."""

    names: Mapping[str, str]
    above: Mapping[str, str]

    def up(self, term: str) -> Iterator[str]:
        """The term and all above it; a circle is gone round once."""
        seen: set[str] = set()
        while term and term not in seen:
            seen.add(term)
            yield term
            term = self.above.get(term, "")


@dataclass(frozen=True)
class Card:
    """A service as the index holds it."""

    id: str
    name: str
    title: str
    """Its name and its other name: what weighs most."""
    needs: str
    organization: str
    text: str
    venues: str
    shown: Json
    """What is answered of it, but for what depends on the question."""
    marks: Mapping[Facet, list[str]]
    labels: list[Tagged]
    hours: set[str]
    ages: tuple[float, float]
    sites: tuple[Site, ...]
    remote: bool
    """It comes to families, or stands nowhere: no distance is too far for it."""
    areas: list[str] = field(default_factory=list)
    """Names and codes of the areas that it is for, in small letters."""
    outlines: list[Outline] = field(default_factory=list)


def postal_codes(said: Json) -> Iterator[str]:
    """Of places that do not say where they are, their full postcodes."""
    for place in marks.locations(said):
        if "latitude" not in place or "longitude" not in place:
            for address in place.get("addresses", ()):
                if code := postcodes.written(address.get("postal_code", "")):
                    yield code


def card(said: Json, tree: Tree, where: Where) -> Card:
    """The card of a published service."""
    tagged = marks.terms(said)
    needs = marks.needs(tagged)
    labels = list(dict.fromkeys(marks.marks(said, tagged)))
    of: dict[Facet, list[str]] = {Facet.NEED: _with_those_above(needs, tree)}
    for one in labels:
        of.setdefault(one.facet, []).append(one.value)
    sites = tuple(_sites(said, where))
    remote = bool(marks.REMOTE & set(of.get(Facet.DELIVERY, ()))) or not _physical(said)
    organization = said.get("organization", {})
    names = [cleaning.words(said.get(n, "")) for n in ("name", "alternate_name")]
    return Card(
        id=said["id"],
        name=names[0],
        title=" ".join(filter(None, names)),
        needs=". ".join(tree.names.get(term, "") for term in of[Facet.NEED]),
        organization=organization.get("name", ""),
        text=_text(said, labels),
        venues=" ".join(site.name or "" for site in sites),
        shown=_shown(said, of, marks.access(said, tagged), remote=remote),
        marks=of,
        labels=labels,
        hours=marks.hours(said),
        ages=(said.get("minimum_age", 0.0), said.get("maximum_age", float(OLDEST))),
        sites=sites,
        remote=remote,
        areas=sorted(_areas(said)),
        outlines=[o for area in _service_areas(said) for o in outlines(area.get("extent", ""))],
    )


def _with_those_above(needs: Iterable[Term], tree: Tree) -> list[str]:
    return list(dict.fromkeys(up for term in needs for up in tree.up(term.id)))


def _text(said: Json, labels: Iterable[Tagged]) -> str:
    names = ("description", "eligibility_description", "alert", "application_process")
    texts = [cleaning.words(said[name]) for name in names if name in said]
    spoken = (Facet.SEND, Facet.SUITABILITY, Facet.ACCESSIBILITY, Facet.LANGUAGE, Facet.DELIVERY)
    return " ".join([*texts, *(one.label for one in labels if one.facet in spoken)])


def _physical(said: Json) -> bool:
    return any(place.get("location_type") != "virtual" for place in marks.locations(said))


def _sites(said: Json, where: Where) -> Iterator[Site]:
    for place in marks.locations(said):
        if place.get("location_type") == "virtual":
            continue
        codes = [one.get("postal_code", "") for one in place.get("addresses", ())]
        area = next((code.split()[0].upper() for code in codes if code.split()), None)
        name = place.get("name") or None
        if "latitude" in place and "longitude" in place:
            yield Site(name, area, (place["latitude"], place["longitude"]))
            continue
        for code in codes:
            if at := where(postcodes.written(code) or ""):
                yield Site(name, area, at)


def _service_areas(said: Json) -> Iterator[Json]:
    for part in (said, *said.get("service_at_locations", ())):
        yield from part.get("service_areas", ())


def _areas(said: Json) -> set[str]:
    found: set[str] = set()
    for area in _service_areas(said):
        texts = (area.get(name, "") for name in ("name", "service_area", "extent"))
        found |= {t.strip().lower() for t in texts if t.strip() and not is_geojson(t)}
        found |= set(_AREA.findall(area.get("uri", "").lower()))
    return found


def _shown(
    said: Json, of: Mapping[Facet, list[str]], access: WayIn | None, *, remote: bool
) -> Json:
    """What is answered of a service, whoever asks; what is not known is left out."""
    organization = said.get("organization", {})
    ages = {"from": said.get("minimum_age"), "to": said.get("maximum_age")}
    found: Json = {
        "id": said["id"],
        "name": cleaning.words(said["name"]),
        "organization": {name: organization[name] for name in ("id", "name")}
        if organization
        else None,
        "summary": summary(said.get("description", "")),
        "area_wide": remote,
        "delivery": of.get(Facet.DELIVERY, []),
        "cost": next(iter(of.get(Facet.COST, [])), None),
        "ages": {name: age for name, age in ages.items() if age is not None},
        "access": access,
        "takes_referrals": access is not None and access.takes_referrals,
        "assured_date": said.get("assured_date"),
        "url": f"/find-help/services/{said['id']}",
    }
    return {name: value for name, value in found.items() if value is not None}


def summary(description: str) -> str:
    """Its first words without markup, cut between two words."""
    text = " ".join(cleaning.words(description).split())
    if len(text) <= _SUMMARY:
        return text
    return f"{text[: _SUMMARY - 1].rsplit(' ', 1)[0].rstrip('.,;: ')}…"
