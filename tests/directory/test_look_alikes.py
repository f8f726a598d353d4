"""What two origins both bring is found, whatever ids they gave it, and waits for an editor."""

import json
from typing import Any

from shared.auth import AgencyKind, Role
from shared.ids import new_id
from tests.directory.builders import a_location, a_service, an_organization, at, entry, uuid
from tests.directory.imported import bring
from tests.directory.keepers import ENTRIES, an_editor, joined
from tests.directory.served import Directory

ALIKE = "/api/v1/directory/look-alikes"
_ROWS = "import_id,import_id_reference,name,organisation,approved,location_postcode\n"


def _service(name: str, giver: str, code: str | None = None) -> dict[str, Any]:
    said = a_service(name=name, organization=an_organization(name=giver))
    if code is None:
        return said
    address = {"id": str(new_id()), "postal_code": code}
    place = a_location(name="Hall", addresses=[address])
    return said | {"service_at_locations": [at(place) | {"location": place}]}


async def test_the_same_file_from_two_origins_stands_in_the_queue(directory: Directory) -> None:
    told = {"a.csv": _ROWS + "1,,Invented group,Madeup Trust,TRUE,ZZ1 1AA\n"}
    first = await bring(directory, "outpost-csv", told, "the folder")

    second = await bring(directory, "outpost-csv", told, "the file")

    assert (first.duplicates, second.new) == ([], first.new)
    (found,) = second.duplicates
    assert set(found) == set(await directory.ids("/services"))
    editor = await an_editor(directory)
    (pair,) = (await editor.must("GET", ALIKE))["look_alikes"]
    assert (pair["first_id"], pair["second_id"]) == found
    again = await bring(directory, "outpost-csv", told, "the folder")
    assert again.duplicates == [found]
    assert len((await editor.must("GET", ALIKE))["look_alikes"]) == 1


async def test_names_givers_and_postcodes_tell_services_apart(directory: Directory) -> None:
    there = [
        _service("Stay & Play", "Madeup Trust", "ZZ1 1AA"),
        _service("Tea", "Madeup Trust"),
        _service("Choir", "Madeup Trust", "ZZ1 1AA"),
        _service("Judo", "Madeup Trust"),
        a_service(name="Hidden"),
    ]
    await bring(directory, "oruk3", {"a.json": json.dumps(there)}, "one")
    await directory.save(entry("service", there[4], stage="draft"))
    here = [
        _service("stay and play", "Madeup Trust", "ZZ1 1AA"),
        _service("TEA!", "madeup  trust", "ZZ2 2BB"),
        _service("Choir", "Madeup Trust", "ZZ2 2BB"),
        _service("Judo", "Another Trust"),
        a_service(name="Hidden"),
    ]

    report = await bring(directory, "oruk3", {"b.json": json.dumps(here)}, "two")

    assert [set(pair) for pair in report.duplicates] == [{there[1]["id"], here[1]["id"]}]
    renamed = [here[0] | {"name": "Stay&Play"}]
    report = await bring(directory, "oruk3", {"b.json": json.dumps(renamed)}, "two")
    assert [set(pair) for pair in report.duplicates] == [{there[0]["id"], here[0]["id"]}]


async def test_an_editor_sees_only_pairs_of_which_both_are_the_councils(
    directory: Directory,
) -> None:
    some = [_service("Stay and Play", "Madeup Trust") for _ in range(2)]
    some.sort(key=uuid)
    await bring(directory, "oruk3", {"a.json": json.dumps(some)}, "one")
    ours, theirs = await an_editor(directory), await an_editor(directory, "elsewhere")
    assert len((await ours.must("GET", ALIKE))["look_alikes"]) == 1

    other = await joined(directory, AgencyKind.VOLUNTARY, Role.REFERRER, "elsewhere")
    path = f"{ENTRIES}/{some[1]['organization']['id']}/provider"
    await theirs.must("PUT", path, json={"agency_id": str(other.agency_id)})

    assert (await ours.must("GET", ALIKE))["look_alikes"] == []
