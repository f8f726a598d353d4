"""Areas as GeoJSON (RFC 7946) in a text: whether it is such, and its outlines."""

import json
from collections.abc import Iterator
from typing import Any

Outline = tuple[tuple[float, float], ...]
_DEEP = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How deep the points of a geometry lie in lists."""
_MOST_NESTED = 8
"""Collections in collections: nobody needs more."""
_MOST = (180.0, 90.0)
"""Degrees east, degrees north."""


class NotGeoJson(Exception):
    """A text that begins as GeoJSON and is none."""


def is_geojson(extent: str) -> bool:
    """Whether a text means to be GeoJSON, and no name or code of an area."""
    return extent.lstrip().startswith("{")


def outlines(extent: str) -> Iterator[Outline]:
    """The outer rings of what is drawn; none of what is no GeoJSON."""
    try:
        yield from read(extent) if is_geojson(extent) else ()
    except NotGeoJson:
        return


def read(extent: str) -> list[Outline]:
    """The same. Raises NotGeoJson."""
    try:
        return list(_drawn(json.loads(extent), 0))
    except (ValueError, RecursionError):
        raise NotGeoJson from None


def _drawn(node: Any, depth: int) -> Iterator[Outline]:
    if not isinstance(node, dict) or depth > _MOST_NESTED:
        raise NotGeoJson
    kind = node.get("type")
    if kind in ("FeatureCollection", "GeometryCollection"):
        for one in _list(node.get("features" if kind[0] == "F" else "geometries")):
            yield from _drawn(one, depth + 1)
    elif kind == "Feature":
        if node.get("geometry") is not None:
            yield from _drawn(node["geometry"], depth + 1)
    elif isinstance(kind, str) and kind in _DEEP:
        points = _points(node.get("coordinates"), _DEEP[kind])
        polygons = points if kind == "MultiPolygon" else [points] if kind == "Polygon" else []
        yield from (tuple(one[0]) for one in polygons if one and len(one[0]) > 2)
    else:
        raise NotGeoJson


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise NotGeoJson
    return said


def _points(said: Any, deep: int) -> Any:
    if deep:
        return [_points(one, deep - 1) for one in _list(said)]
    point = _list(said)[:2]
    if len(point) < 2 or not all(map(_is_degree, point, _MOST)):
        raise NotGeoJson
    return float(point[0]), float(point[1])


def _is_degree(said: Any, most: float) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and abs(said) <= most
