"""Entries change while the feed is read: nobody misses one, meets one twice, or reads a half."""

import asyncio
import json
from itertools import count
from random import Random
from typing import Any

from services.directory.domain.entries import Entry, Kind, Stage
from services.directory.store import entries as store
from services.directory.store.entries import By
from tests.directory.builders import a_location, a_service, an_id, an_organization, at, entry, uuid
from tests.directory.served import Directory, many
from tests.directory.town import Town, a_town


async def _change(directory: Directory, town: Town, stop: asyncio.Event) -> int:
    """Edit, add and withdraw, until told to stop; how often."""
    random, done = Random(3), 0  # noqa: S311 -- made-up data
    while not stop.is_set():
        service = random.choice(town.services)
        match done % 3:
            case 0:
                service["description"] = town.words(3, 9)
                await directory.save(Entry(Kind.SERVICE, service))
            case 1:
                await directory.save(entry("service", a_service()))
            case 2:
                await directory.save(Entry(Kind.SERVICE, service, Stage.WITHDRAWN))
        done += 1
    return done


async def _crawled(directory: Directory, per_page: int) -> tuple[list[str], dict[str, Any]]:
    """Every id, page by page as any reader goes, and the last page."""
    found: list[str] = []
    for number in count(1):
        page = await directory.page("/services", page=number, per_page=per_page)
        found += [one["id"] for one in page["contents"]]
        if page["last_page"]:
            return found, page
    raise AssertionError


async def test_the_pages_together_are_the_total_while_entries_change(directory: Directory) -> None:
    town = a_town(200, seed=5)
    await many(directory, town.entries())
    from_the_beginning = {service["id"] for service in town.services}
    stop = asyncio.Event()
    changing = asyncio.create_task(_change(directory, town, stop))

    walks = [await _crawled(directory, per_page=7) for _ in range(4)]

    stop.set()
    assert await changing > 5
    for found, last in walks:
        assert len(found) == len(set(found)) == last["total_items"]
        assert from_the_beginning <= set(found)


async def test_lines_are_those_of_one_moment_while_entries_change(directory: Directory) -> None:
    town = a_town(300, seed=6)
    await many(directory, town.entries())
    stop = asyncio.Event()
    changing = asyncio.create_task(_change(directory, town, stop))

    answers = [await directory.ask("/services?format=ndjson&full=true") for _ in range(5)]

    stop.set()
    await changing
    for answer in answers:
        ids = [json.loads(line)["id"] for line in answer.text.splitlines()]
        assert len(ids) == len(set(ids)) >= 300


async def test_a_change_of_what_a_service_names_changes_the_service_too(
    directory: Directory,
) -> None:
    organization, location = an_organization(), a_location()
    service = a_service(organization_id=organization["id"], service_at_locations=[at(location)])
    beside = a_service()
    await directory.save(
        *(entry("organization", organization), entry("location", location)),
        *(entry("service", service), entry("service", beside)),
    )
    before = (await directory.ask(f"/services/{service['id']}")).json()["last_modified"]
    quiet = (await directory.ask(f"/services/{beside['id']}")).text

    for kind, said in (("organization", organization), ("location", location)):
        await asyncio.sleep(0.01)
        await directory.save(entry(kind, said | {"name": f"Renamed {kind}"}))

        one = (await directory.ask(f"/services/{service['id']}")).json()
        assert f"Renamed {kind}" in json.dumps(one)
        assert one["last_modified"] > before
        told = await directory.ids("/service_at_locations", modified_after=one["last_modified"])
        assert told == [service["service_at_locations"][0]["id"]]
        before = one["last_modified"]
    assert (await directory.ask(f"/services/{beside['id']}")).text == quiet


async def test_a_taxonomys_new_name_reaches_the_services_whose_organization_is_tagged_from_it(
    directory: Directory,
) -> None:
    taxonomy = {"id": an_id(), "name": "Before"}
    term = {"id": an_id(), "name": "Invented need", "taxonomy_id": taxonomy["id"]}
    tag = {"id": an_id(), "taxonomy_term_id": term["id"]}
    organization = an_organization(attributes=[tag])
    service = a_service(organization_id=organization["id"])
    said = {"taxonomy": taxonomy, "taxonomy_term": term}
    said |= {"organization": organization, "service": service}
    for kind, content in said.items():  # each in a transaction of its own
        await directory.save(entry(kind, content))
    assert "Before" in (await directory.ask(f"/services/{service['id']}")).text

    await directory.save(entry("taxonomy", taxonomy | {"name": "After"}))

    shown = (await directory.ask(f"/services/{service['id']}")).text
    assert "After" in shown
    assert "Before" not in shown


async def test_what_is_saved_again_as_it_stands_changes_nothing(directory: Directory) -> None:
    town = a_town(30, seed=8)
    entries = town.entries()
    assert len(await directory.save(*entries)) == len(entries)
    before = (await directory.ask("/services?format=ndjson&full=true")).text

    assert await directory.save(*entries) == []

    assert (await directory.ask("/services?format=ndjson&full=true")).text == before
    async with directory.db.reading() as connection:
        assert len(await store.versions(connection, uuid(town.services[0]))) == 1


async def test_the_history_tells_each_version_with_who_and_why(directory: Directory) -> None:
    service = a_service()
    await directory.save(entry("service", service), by=By("import", "from an invented feed"))
    await directory.save(
        entry("service", service | {"name": "Renamed"}, stage="draft"),
        by=By("editor", "the name was wrong"),
    )

    async with directory.db.reading() as connection:
        first, second = await store.versions(connection, uuid(service))

    assert (first.version, first.client_id, first.reason) == (1, "import", "from an invented feed")
    assert (second.version, second.client_id, second.stage) == (2, "editor", "draft")
    assert first.content["name"] == service["name"]
    assert second.content["name"] == "Renamed"
    assert second.reason == "the name was wrong"
    assert first.at <= second.at
