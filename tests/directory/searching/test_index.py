"""The index by itself: outlines of areas, many near a place, pages amid changes, what is alike."""

from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

import pytest

from services.directory.domain.postcodes import Located
from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.cards import Tree, card
from services.directory.domain.search.places import metres, spot
from services.directory.store.index.index import ServiceIndex

Json = dict[str, Any]
HERE = Located("Invented Cross", 53.8, -1.5)
NEEDS = Tree({"n1": "Invented feeding support", "n2": "Invented debts"}, {})
TAXONOMY = "Family hubs service categories"
SQUARE = [[-1.6, 53.7], [-1.4, 53.7], [-1.4, 53.9], [-1.6, 53.9], [-1.6, 53.7]]
ISLAND = [[-3.1, 55.0], [-3.0, 55.0], [-3.0, 55.1], [-3.1, 55.0]]
MANY = 2_600


def _id(number: int) -> str:
    return str(UUID(int=Random(number).getrandbits(128), version=4))  # noqa: S311 -- made up


def _service(number: int, *sites: tuple[float, float], need: str = "n1", **said: Any) -> Json:
    """A service at points of the map; at none, it comes to families."""
    term = {"id": need, "name": NEEDS.names[need], "taxonomy": TAXONOMY}
    places = [
        {"location": {"id": _id(1), "location_type": "physical", "latitude": a, "longitude": b}}
        for a, b in sites
    ] or [{"location": {"id": _id(1), "location_type": "virtual"}}]
    base = {"id": _id(number), "name": f"Invented Club {number}", "service_at_locations": places}
    tagged = {"attributes": [{"id": _id(2), "taxonomy_term": term}]}
    return base | {"description": "Songs and games."} | tagged | said


def _index(*services: Json) -> ServiceIndex:
    made = ServiceIndex(NEEDS)
    made.put([card(said, NEEDS, lambda _: None) for said in services])
    return made


def _pages(index: ServiceIndex, here: Located | None, **asked: Any) -> list[str]:
    """The ids of every page, in their order."""
    found: list[str] = []
    for page in range(1, 1_000):
        answer = index.search(SearchAsked(page=page, per_page=50, **asked), here)
        found += [hit.shown["id"] for hit in answer.hits]
        if page * 50 >= answer.total:
            assert answer.total == len(found)
            return found
    raise AssertionError("there was no last page")


def _area(*polygons: list[list[float]]) -> list[Json]:
    shape = "Polygon" if len(polygons) == 1 else "MultiPolygon"
    rings = [[ring] for ring in polygons]
    said = rings[0] if shape == "Polygon" else rings
    extent = f'{{"type": "{shape}", "coordinates": {said}}}'
    return [{"id": _id(3), "name": "Drawn", "extent": extent}]


@pytest.mark.parametrize("within", [None, 500.0])
def test_what_comes_to_families_comes_where_its_outline_holds_them_and_nowhere_else(
    within: float | None,
) -> None:
    index = _index(
        _service(11, service_areas=_area(SQUARE)),
        _service(12, service_areas=_area(ISLAND)),
        _service(13, service_areas=_area(ISLAND, SQUARE)),
    )
    assert set(_pages(index, None)) == {_id(11), _id(12), _id(13)}

    asked = {} if within is None else {"within_metres": within}
    found = set(_pages(index, HERE, **asked))
    isle = set(_pages(index, Located("Isle", 55.03, -3.03), **asked))
    sea = set(_pages(index, Located("Sea", 50.0, -8.0), **asked))

    assert found == {_id(11), _id(13)}
    assert isle == {_id(12), _id(13)}
    assert sea == set()


def _spread(seed: str) -> list[tuple[float, float]]:
    random = Random(seed)  # noqa: S311 -- made-up places
    spots = [(random.gauss(53.8, 0.12), random.gauss(-1.5, 0.2)) for _ in range(MANY - 5)]
    return [*spots, *[(53.8, -1.5)] * 5]  # five at one door


@pytest.mark.parametrize("text", [None, "songs"])
def test_of_more_than_two_thousand_near_a_place_none_is_lost_and_the_nearest_come_first(
    text: str | None,
) -> None:
    spots = _spread("near")
    index = _index(*(_service(100 + n, spot) for n, spot in enumerate(spots)))
    distance = {_id(100 + n): metres(spot(s), spot((53.8, -1.5))) for n, s in enumerate(spots)}

    found = _pages(index, HERE, **({"text": text} if text else {}))

    assert len(found) == len(set(found)) == MANY
    # nearness is told in thousandths of a point: what is less apart may stand either way
    away = [distance[id_] for id_ in found]
    assert all(one <= other + 5 + other * 0.002 for one, other in pairwise(away))
    assert set(found[:5]) == {_id(100 + MANY - n) for n in range(1, 6)}


def test_a_better_word_nearby_stands_first_however_many_there_are() -> None:
    spots = _spread("words")
    services = [_service(100 + n, spot) for n, spot in enumerate(spots)]
    index = _index(*services, _service(7, (53.805, -1.5), name="Songs"))

    first = index.search(SearchAsked(text="songs"), HERE).hits[0]

    assert first.shown["name"] == "Songs"


def test_pages_neither_repeat_nor_miss_a_service_while_entries_are_saved_anew() -> None:
    services = [_service(100 + n, (53.8 + n / 10_000, -1.5)) for n in range(300)]
    index = _index(*services)
    before = _pages(index, HERE, text="songs")
    found: list[str] = []
    for page in range(1, 7):
        asked = SearchAsked(text="songs", page=page, per_page=50)
        found += [hit.shown["id"] for hit in index.search(asked, HERE).hits]
        anew = [said | {"url": f"https://made-up.example/{page}"} for said in services[page::3]]
        index.put([card(said, NEEDS, lambda _: None) for said in anew])

    assert found == before
    assert len(set(found)) == 300
    assert _pages(index, None) == _pages(_index(*reversed(services)), None)


def test_related_is_what_helps_with_the_same_and_never_itself() -> None:
    near, far = (53.81, -1.5), (54.9, -1.5)
    index = _index(
        _service(1, (53.8, -1.5), name="Milk Club", description="Invented lactation."),
        _service(2, far, name="Milk Society", description="Invented lactation."),
        _service(3, near, name="Milk Circle", description="Invented lactation."),
        _service(4, near, need="n2", name="Zilch", description="Quite otherwise."),
    )

    hits = index.related(_id(1), 6)

    assert hits is not None
    assert [hit.shown["name"] for hit in hits] == ["Milk Circle", "Milk Society"]
    assert [hit.shown["name"] for hit in index.related(_id(4), 6) or ()] == []
    assert len(index.related(_id(1), 1) or ()) == 1
    assert index.related(_id(99), 6) is None
    index.put([], gone=[_id(1)])
    assert index.related(_id(1), 6) is None


def test_what_is_typed_is_completed_by_names_and_needs_of_what_can_be_found() -> None:
    index = _index(
        _service(1, (53.8, -1.5), name="Rainbow Days Café"),
        _service(2, (53.8, -1.5), name="Days of Rain"),
        _service(3, (53.8, -1.5), name="Rainbow Days Café"),
    )

    assert index.beginning("rain", 4) == ["Rainbow Days Café", "Days of Rain"]
    assert index.beginning("rainbow da", 4) == ["Rainbow Days Café"]
    assert index.beginning("CAFE", 4) == ["Rainbow Days Café"]
    assert index.beginning("ainbow", 4) == []
    assert index.needs_beginning("FEED", 4) == ["Invented feeding support"]
    assert index.needs_beginning("debt", 4) == [], "nothing that can be found helps with it"
    for odd in (".*", "(", "a|b", "\\", "['", "!?"):
        assert index.beginning(odd, 4) == []
    index.put([], gone=[_id(2)])
    assert index.beginning("days of", 4) == []


def test_an_index_in_which_most_was_saved_anew_is_to_be_filled_anew() -> None:
    services = [_service(100 + n, (53.8, -1.5)) for n in range(300)]
    index = _index(*services)
    assert not index.columns.worn()

    for _ in range(5):
        index.put([card(said, NEEDS, lambda _: None) for said in services])

    assert index.columns.worn()
    assert len(_pages(index, HERE, text="songs")) == 300
