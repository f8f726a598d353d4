"""A place that is listed is its service's for good; and a draft says nothing that cannot be."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.directory.actions import saving
from services.directory.actions.showing import today
from tests.directory.builders import a_location, a_service, an_id, at, entry, uuid
from tests.directory.imported import bring
from tests.directory.keepers import DRAFTS, Offer, an_editor, an_offer
from tests.directory.served import EDITOR, Directory

Json = dict[str, Any]
TODAY = today(datetime.now(UTC))


async def _with_a_place(directory: Directory) -> tuple[Offer, Json, Json]:
    """An offer of its own, and a service of somebody else at a place."""
    hall = a_location()
    victim = a_service(name="Victim", service_at_locations=[at(hall)])
    await directory.save(entry("location", hall), entry("service", victim))
    return await an_offer(directory), victim, hall


async def _whose(directory: Directory, place: Json) -> str:
    answer = await directory.ask(f"/service_at_locations/{place['id']}")
    return str(answer.json()["service"]["name"])


def _pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [one["pointer"] for one in answer.json()["errors"]]


async def test_a_draft_takes_no_place_that_is_listed_as_anothers(directory: Directory) -> None:
    offer, victim, hall = await _with_a_place(directory)
    (theirs,) = victim["service_at_locations"]
    mine = offer.service | {"service_at_locations": [at(hall), theirs]}
    body = {"entry_id": mine["id"], "content": mine}

    refused = await offer.provider.ask("POST", DRAFTS, json=body)
    draft = await offer.provider.draft(mine | {"service_at_locations": [at(hall)]})
    redrafted = await offer.provider.ask(
        "PUT", f"{DRAFTS}/{draft['id']}", 1, json={"content": mine}
    )

    there = "/content/service_at_locations/1/id"
    assert _pointers(refused) == _pointers(redrafted) == [there]
    await saving.withdraw(directory.db, directory.cipher, [uuid(victim)], EDITOR)
    assert _pointers(await offer.provider.ask("POST", DRAFTS, json=body)) == [there]


async def test_of_two_that_name_one_place_whoever_is_listed_first_keeps_it(
    directory: Directory,
) -> None:
    offer, _, hall = await _with_a_place(directory)
    free = at(hall)
    draft = await offer.provider.draft(offer.service | {"service_at_locations": [free]})
    await directory.save(entry("service", a_service(name="First", service_at_locations=[free])))

    refused = await offer.editor.ask("POST", f"{DRAFTS}/{draft['id']}/approval", 1, json={})
    thief = a_service(name="Thief", service_at_locations=[free])
    await directory.save(entry("service", thief))

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/entry-changed-since")
    assert (await directory.ask(f"/services/{thief['id']}")).json()["name"] == "Thief"
    assert await _whose(directory, free) == "First"
    await saving.withdraw(directory.db, directory.cipher, [uuid(thief)], EDITOR)
    assert await _whose(directory, free) == "First"


async def test_an_import_tells_of_a_service_with_anothers_place_and_leaves_it_out(
    directory: Directory,
) -> None:
    _, victim, hall = await _with_a_place(directory)
    (theirs,) = victim["service_at_locations"]
    thief, twin = (a_service(name="Thief", service_at_locations=[theirs]) for _ in range(2))
    free = at(hall)
    honest, late = (a_service(name=n, service_at_locations=[free]) for n in ("Honest", "Late"))
    said = json.dumps({"contents": [thief, twin, honest, late]})

    report = await bring(directory, "oruk3", {"page.json": said})

    assert (report.new, {*report.not_ours}) == (1, {thief["id"], twin["id"], late["id"]})
    assert await _whose(directory, theirs) == "Victim"
    assert await _whose(directory, free) == "Honest"
    assert (await directory.ask(f"/services/{thief['id']}")).status_code == 404


CANNOT_BE: dict[str, Json] = {
    "/content/assured_date": {"assured_date": f"{TODAY + timedelta(days=1)}"},
    "/content/maximum_age": {"minimum_age": 12, "maximum_age": 11},
    "/content/attributes/0/taxonomy_term_id": {
        "attributes": [{"id": an_id(), "taxonomy_term_id": an_id()}]
    },
    "/content/service_at_locations/0/location_id": {
        "service_at_locations": [{"id": an_id(), "location_id": an_id()}]
    },
    "/content/phones/1/id": {"phones": [{"id": an_id(), "number": "1"}] * 2},
}
COULD_BE: Json = {"assured_date": f"{TODAY}", "minimum_age": 11, "maximum_age": 11}


@pytest.mark.parametrize("pointer", CANNOT_BE)
async def test_what_cannot_be_is_refused_with_its_place(directory: Directory, pointer: str) -> None:
    offer = await an_offer(directory)
    await offer.provider.draft(offer.service | COULD_BE)
    body = {"entry_id": offer.service["id"], "content": offer.service | CANNOT_BE[pointer]}

    refused = await offer.provider.ask("POST", DRAFTS, json=body)

    assert pointer in _pointers(refused)


async def test_a_service_names_a_place_whose_own_draft_waits_and_keeps_what_it_named(
    directory: Directory,
) -> None:
    unheard = at(a_location())
    offer = await an_offer(directory, service_at_locations=[unheard])
    where: dict[str, Any] = {"kind": "location", "content": {"location_type": "virtual"}}
    where["content"] |= {"organization_id": offer.organization["id"]}
    waiting = (await offer.provider.must("POST", DRAFTS, json=where))["entry_id"]

    both = [unheard, at({"id": waiting})]
    await offer.provider.draft(offer.service | {"service_at_locations": both})


async def test_no_term_stands_above_itself(directory: Directory) -> None:
    top, middle, low = ({"id": an_id(), "name": name} for name in ("Top", "Middle", "Low"))
    middle |= {"parent_id": top["id"]}
    low |= {"parent_id": middle["id"]}
    await directory.save(*(entry("taxonomy_term", one) for one in (top, middle, low)))
    editor = await an_editor(directory)
    await editor.draft(low | {"parent_id": top["id"]})

    for above in (top, middle, low):
        body = {"entry_id": top["id"], "content": top | {"parent_id": above["id"]}}
        refused = await editor.ask("POST", DRAFTS, json=body)
        assert _pointers(refused) == ["/content/parent_id"]
