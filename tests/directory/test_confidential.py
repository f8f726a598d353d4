"""What a draft marks as confidential is hidden as a whole, and shown again by an editor alone."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.directory.builders import a_location, a_service, an_id, an_organization, at, entry, uuid
from tests.directory.keepers import DRAFTS, ENTRIES, Keeper, an_editor, an_offer
from tests.directory.served import Directory
from tests.directory.test_withheld import everything

SECRET = "Zazzlepip"
Json = dict[str, Any]


async def _approved(editor: Keeper, draft: Json) -> Json:
    return await editor.must("POST", f"{DRAFTS}/{draft['id']}/approval", 1, json={})


async def _published(editor: Keeper, kind: str, content: Json) -> str:
    """The id of a new entry that an editor drafts and approves."""
    said = {"kind": kind, "content": content}
    draft = await editor.must("POST", DRAFTS, json=said)
    await _approved(editor, draft)
    return str(draft["entry_id"])


def _nameless(content: Json) -> Json:
    return {name: value for name, value in content.items() if name != "id"}


async def test_a_refuge_that_is_drafted_as_confidential_is_never_shown(
    directory: Directory,
) -> None:
    editor = await an_editor(directory)
    refuge = a_location(name=SECRET, latitude=53.125, longitude=-1.625)
    hall = await _published(editor, "location", _nameless(a_location()))
    hidden = await _published(editor, "location", _nameless(refuge) | {"confidential": True})

    places = [at({"id": hall}), at({"id": hidden})]
    service = await _published(editor, "service", _nameless(a_service(service_at_locations=places)))

    shown = await everything(directory)
    assert (hall in shown, service in shown) == (True, True)
    assert all(word not in shown for word in (SECRET, "53.125", hidden))
    kept = await editor.must("GET", f"{ENTRIES}/{hidden}")
    assert (kept["audience"], kept["content"]["confidential"]) == ("confidential", True)


@pytest.mark.parametrize("kind", ["service", "organization", "location", "taxonomy_term"])
async def test_the_mark_of_an_entry_hides_it_and_an_editor_sees_that_it_will(
    directory: Directory, kind: str
) -> None:
    editor = await an_editor(directory)
    organization, location = an_organization(), a_location()
    term = {"id": an_id(), "name": "Invented need"}
    service = a_service(
        organization_id=organization["id"],
        service_at_locations=[at(location)],
        attributes=[{"id": an_id(), "taxonomy_term_id": term["id"]}],
    )
    service["service_at_locations"][0]["service_id"] = service["id"]
    said = {"organization": organization, "location": location}
    said |= {"taxonomy_term": term, "service": service}
    said[kind] |= {"name": SECRET}
    await directory.save(*(entry(one, content) for one, content in said.items()))
    assert SECRET in await everything(directory)

    draft = await editor.draft(said[kind] | {"confidential": True})
    seen = await editor.must("GET", f"{DRAFTS}/{draft['id']}")
    await _approved(editor, draft)

    assert seen["differences"] == [{"path": "/confidential", "after": True}]
    assert SECRET not in await everything(directory)
    history = (await editor.must("GET", f"{ENTRIES}/{said[kind]['id']}/history"))["versions"]
    assert history[0]["audience"] == "confidential"
    assert history[0]["differences"] == seen["differences"]

    words = said[kind] | {"name": f"{SECRET} House"}
    await _approved(editor, await editor.draft(words))
    assert SECRET not in await everything(directory), "unsaid, it stays hidden"

    draft = await editor.draft(words | {"confidential": False})
    seen = await editor.must("GET", f"{DRAFTS}/{draft['id']}")
    await _approved(editor, draft)
    assert seen["differences"] == [{"path": "/confidential", "before": True, "after": False}]
    assert SECRET in await everything(directory)


async def test_a_provider_hides_its_entry_and_does_not_show_it_again(directory: Directory) -> None:
    offer = await an_offer(directory)
    hidden = offer.service | {"confidential": True}
    await _approved(offer.editor, await offer.provider.draft(hidden))
    assert offer.service["name"] not in await everything(directory)
    assert (await offer.provider.must("GET", offer.path))["content"] == hidden

    shown = {"entry_id": offer.service["id"], "content": hidden | {"confidential": False}}
    refused = await offer.provider.ask("POST", DRAFTS, json=shown)
    draft = await offer.provider.draft(hidden | {"name": "Renamed"})
    again = await offer.provider.ask("PUT", f"{DRAFTS}/{draft['id']}", 1, json={"content": shown})

    assert (refused.status_code, again.status_code) == (422, 422)
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/content/confidential"]


async def test_the_place_of_a_confidential_service_stays_its_councils(
    directory: Directory,
) -> None:
    place = a_location(name=SECRET)
    await directory.save(entry("location", place))
    offer = await an_offer(directory, service_at_locations=[at(place)])
    path = f"{ENTRIES}/{place['id']}"
    elsewhere = await an_editor(directory, "elsewhere")
    assert (await elsewhere.ask("GET", path)).status_code == 404

    await _approved(offer.editor, await offer.editor.draft(offer.service | {"confidential": True}))

    assert (await elsewhere.ask("GET", path)).status_code == 404
    assert (await offer.editor.ask("GET", path)).status_code == 200


async def test_the_exact_point_is_withheld_with_the_address(directory: Directory) -> None:
    editor = await an_editor(directory)
    exact: Json = {"latitude": 53.125, "longitude": -1.625}
    exact |= {"external_identifier": "100099999999", "external_identifier_type": "UPRN"}
    open_house = a_location(**exact)
    refuge = a_location(name="Invented Centre", **exact)
    refuge["addresses"][0]["confidential"] = True
    by_post = {"id": an_id(), "address_1": "PO Box 1", "postal_code": "ZZ9 9ZZ"}
    refuge["addresses"].append(by_post | {"address_type": "postal"})
    for place, spots in ((open_house, 2), (refuge, 0)):
        where = await _published(editor, "location", _nameless(place))
        said = _nameless(a_service(service_at_locations=[at({"id": where})]))
        service = await _published(editor, "service", said)

        one = (await directory.ask(f"/services/{service}")).json()
        (there,) = [here["location"] for here in one["service_at_locations"]]
        assert (exact.items() <= there.items()) == bool(spots)
        assert there["addresses"][0]["postal_code"] == ("ZZ1 1AA" if spots else "ZZ9 9ZZ")
        page = (await directory.ask(f"/find-help/services/{service}")).text
        assert ("53.125" in page, '"geo"' in page) == (bool(spots), bool(spots))
        async with directory.db.reading() as connection:
            found = text(f"select count(*) from spot where listing_id in ({_listed(one)})")  # noqa: S608 -- ids of our own
            assert (await connection.execute(found)).scalar_one() == spots, "what is measured from"
        kept = await editor.must("GET", f"{ENTRIES}/{where}")
        assert exact.items() <= kept["content"].items()
        if not spots:
            shown = (await directory.ask(f"/services/{service}")).text
            assert not any(str(value) in shown for value in exact.values())


async def test_what_was_written_before_the_point_was_withheld_is_mended_when_it_is_saved_again(
    directory: Directory,
) -> None:
    refuge = a_location(latitude=53.125, longitude=-1.625)
    refuge["addresses"][0]["confidential"] = True
    service = a_service(service_at_locations=[at(refuge)])
    await directory.save(entry("location", refuge), entry("service", service))
    async with directory.db.transaction() as connection:
        await connection.execute(
            text("update entry set content = content || '{\"latitude\": 53.125}'")
        )

    assert await directory.save(entry("location", refuge)) == [uuid(refuge)]

    assert await directory.save(entry("location", refuge)) == []
    assert "53.125" not in (await directory.ask(f"/services/{service['id']}")).text


def _listed(service: Json) -> str:
    """The ids under which a service is listed."""
    ids = [service["id"], *(one["id"] for one in service["service_at_locations"])]
    return ", ".join(f"'{one}'" for one in ids)
