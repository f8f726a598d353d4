"""Each replica's own index follows what is saved and what is imported, look by look."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest_asyncio

from services.directory.actions import placing
from services.directory.actions.following import LOOK_SECONDS, Follower
from services.directory.domain.entries import Entry
from services.directory.domain.postcodes import Located
from services.directory.domain.search.asked import SearchAsked
from tests.directory.announced import rows
from tests.directory.builders import a_location, a_service, an_id, at, entry
from tests.directory.searching.fair import Fair
from tests.directory.served import Directory, many

HEAD = "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,lat,long\n"
PLACES = (
    "name,within,kind,latitude,longitude,areas\nSampleton,Inventshire,town,51.5,-2.5,E06000023\n"
)
DOOR = Located("the door", 51.5, -2.5, ("E06000023",))
MOVED = Located("another door", 52.5, -2.5, ("E06000099",))
Replicas = list[Follower]


@pytest_asyncio.fixture
async def replicas(directory: Directory) -> AsyncIterator[Replicas]:
    """Two, each with an index of its own on the one database, filled while there was nothing."""
    both = [Follower(directory.db), Follower(directory.db)]
    for one in both:
        await one.fill()
    yield both


async def _found(replica: Follower, here: Located | None = None, **asked: Any) -> list[str]:
    """What a replica finds after one more look."""
    assert replica.index is not None
    await replica.catch_up(replica.index)
    assert replica.index is not None
    hits = replica.index.search(SearchAsked(**asked), here).hits
    return [hit.shown["name"] for hit in hits]


async def _settled(replica: Follower) -> None:
    """Until it owes nothing any more."""
    for _ in range(20):
        await _found(replica)
        if not replica.owed:
            return
    raise AssertionError("it owes for ever")


async def _save(directory: Directory, *entries: Entry) -> None:
    """And wait until the relay has stamped what is told of it."""
    await directory.save(*entries)
    await rows(directory)


async def _import(directory: Directory, folder: Path, name: str, said: str) -> None:
    file = folder / name
    file.write_text(said)
    await placing.bring(directory.db, [file])


def _row(code: str, latitude: float) -> str:
    return f"{code},{code},{code},198001,,E99999999,E06000023,{latitude},-2.5\n"


async def test_one_look_is_enough_for_every_replica_to_find_a_change(
    directory: Directory, replicas: Replicas
) -> None:
    assert LOOK_SECONDS < 0.5, "a look, and what it costs, within a second"
    service = a_service(name="Before")
    await _save(directory, entry("service", service))
    assert [await _found(one) for one in replicas] == [["Before"]] * 2

    await _save(directory, entry("service", service | {"name": "After"}))
    assert [await _found(one) for one in replicas] == [["After"]] * 2

    await _save(directory, entry("service", service, stage="withdrawn"))
    assert [await _found(one) for one in replicas] == [[]] * 2


async def test_a_replica_that_looked_away_for_long_finds_all_at_its_next_look(
    directory: Directory, replicas: Replicas
) -> None:
    first, second = replicas
    for number in range(30):
        await _save(directory, entry("service", a_service(name=f"Number {number}")))
        if number % 10 == 0:
            await _found(first)
    assert len(await _found(first, per_page=50)) == 30

    assert await _found(second, per_page=50) == await _found(first, per_page=50)


async def test_an_import_of_postcodes_puts_services_where_they_are_and_a_second_moves_them(
    directory: Directory, replicas: Replicas, tmp_path: Path
) -> None:
    hall = a_location()
    await _save(directory, entry("location", hall))
    await _save(
        directory, entry("service", a_service(name="At the hall", service_at_locations=[at(hall)]))
    )
    near = {"within_metres": 500}
    assert [await _found(one, DOOR, **near) for one in replicas] == [[]] * 2

    whole = HEAD + _row("ZZ1 1AA", 51.5) + _row("ZZ1 1AB", 51.5)
    await _import(directory, tmp_path, "whole.csv", whole)
    assert [await _found(one, DOOR, **near) for one in replicas] == [["At the hall"]] * 2

    await _import(directory, tmp_path, "whole.csv", whole)
    assert [await _found(one, DOOR, **near) for one in replicas] == [["At the hall"]] * 2

    await _import(directory, tmp_path, "other.csv", HEAD + _row("ZZ1 1AB", 51.6))
    assert [await _found(one, DOOR, **near) for one in replicas] == [["At the hall"]] * 2

    await _import(directory, tmp_path, "moved.csv", HEAD + _row("ZZ1 1AA", 52.5))
    assert [await _found(one, DOOR, **near) for one in replicas] == [[]] * 2
    assert [await _found(one, MOVED, **near) for one in replicas] == [["At the hall"]] * 2


async def test_an_import_of_places_says_where_an_area_lies_that_has_no_door(
    directory: Directory, replicas: Replicas, tmp_path: Path
) -> None:
    area = [{"id": an_id(), "name": "Sampleton"}]
    await _save(directory, entry("service", a_service(name="By telephone", service_areas=area)))
    for here in (DOOR, MOVED):
        assert [await _found(one, here) for one in replicas] == [["By telephone"]] * 2

    await _import(directory, tmp_path, "places.csv", PLACES)

    assert [await _found(one, DOOR) for one in replicas] == [["By telephone"]] * 2
    assert [await _found(one, MOVED) for one in replicas] == [[]] * 2


async def test_a_renamed_term_changes_the_cards_that_bear_it_and_holds_nobody_up(
    directory: Directory, replicas: Replicas
) -> None:
    fair = Fair(Random(3))  # noqa: S311 -- made-up data
    above = fair.term("Invented needs", "Before")
    below = fair.term("Invented needs", "Below", above)
    tag = [{"id": an_id(), "link_entity": "service", "taxonomy_term_id": below}]
    tagged = [a_service(name=f"Tagged {n}", attributes=tag) for n in range(400)]
    await many(directory, [*fair.entries.values(), *(entry("service", one) for one in tagged)])
    await rows(directory)
    replica = replicas[0]
    await _settled(replica)
    index = replica.index
    assert index is not None
    assert len(await _found(replica, text="before", per_page=50)) == 50

    renamed = fair.entries[above].content | {"name": "Afterwards"}
    await _save(directory, entry("taxonomy_term", renamed))
    await _found(replica)
    assert replica.owed, "there are more than one look puts right"
    await _save(directory, entry("service", a_service(name="Approved meanwhile")))

    assert await _found(replica, text="meanwhile") == ["Approved meanwhile"]
    await _settled(replica)
    assert len(await _found(replica, text="afterwards", per_page=50)) == 50
    assert await _found(replica, text="before") == []
    assert replica.index is index, "it was not filled anew"

    moved = {name: x for name, x in fair.entries[below].content.items() if name != "parent_id"}
    await _save(directory, entry("taxonomy_term", moved))
    await _settled(replica)
    assert await _found(replica, need=[UUID(above)]) == []
    assert replica.index is index
