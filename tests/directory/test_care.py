"""Who looks after an entry may change; what an old draft lets its writer do changes with it."""

from typing import Any

from tests.directory.builders import a_service, an_id, an_organization, entry
from tests.directory.keepers import DRAFTS, ENTRIES, Keeper, Offer, an_editor, an_offer, joined
from tests.directory.served import Directory

Json = dict[str, Any]


async def _handed_over(offer: Offer, to: Keeper, by: Keeper | None = None) -> None:
    path = f"{ENTRIES}/{offer.organization['id']}/provider"
    await (by or offer.editor).must("PUT", path, json={"agency_id": str(to.agency_id)})


async def _shown(directory: Directory, content: Json) -> Json:
    return dict((await directory.ask(f"/services/{content['id']}")).json())


async def test_a_former_provider_reads_nothing_through_an_old_draft(directory: Directory) -> None:
    offer = await an_offer(directory)
    charity, health = offer.provider, await joined(directory)
    old = await charity.draft(offer.service | {"name": "Renamed"})
    path = f"{DRAFTS}/{old['id']}"
    assert (await charity.must("GET", path))["differences"] != []
    await _handed_over(offer, health)
    contact = {"id": an_id(), "name": "Wanda Madeup", "confidential": True}
    new = await health.draft(offer.service | {"contacts": [contact]})
    await offer.editor.must("POST", f"{DRAFTS}/{new['id']}/approval", 1, json={})
    assert "Wanda" in (await health.ask("GET", offer.path)).text

    answers = [await charity.ask("GET", one) for one in (path, offer.path, DRAFTS)]

    assert [one.status_code for one in answers] == [404, 404, 200]
    assert "Wanda" not in "".join(one.text for one in answers)
    assert "Wanda" in (await offer.editor.ask("GET", path)).text, "the council still compares"
    await charity.must("POST", f"{path}/withdrawal", 1)


async def test_a_former_provider_does_not_offer_to_take_the_entry_along(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    charity, another = offer.provider, an_organization()
    await directory.save(entry("organization", another))
    path = f"{ENTRIES}/{another['id']}/provider"
    await offer.editor.must("PUT", path, json={"agency_id": str(charity.agency_id)})
    draft = await charity.draft(offer.service | {"name": "Renamed"})
    moved = {"content": offer.service | {"organization_id": another["id"]}}
    await charity.must("PUT", f"{DRAFTS}/{draft['id']}", 1, json=moved)

    await _handed_over(offer, await joined(directory))

    refused = await charity.ask("PUT", f"{DRAFTS}/{draft['id']}", 2, json=moved)
    assert refused.status_code == 404


async def test_an_old_draft_is_not_approved_over_what_is_another_councils_by_then(
    directory: Directory,
) -> None:
    organization = an_organization()
    service = a_service(organization_id=organization["id"])
    await directory.save(entry("organization", organization), entry("service", service))
    sample, barnet = await an_editor(directory), await an_editor(directory, "barnet")
    offer = Offer(barnet, await joined(directory, authority="barnet"), organization, service)
    first = await sample.draft(service | {"name": "Words of all councils"})
    await sample.must("POST", f"{DRAFTS}/{first['id']}/approval", 1, json={})
    drafts = [
        await sample.draft(service | {"name": "Words of sample"}),
        await sample.draft(organization | {"name": "Words of sample"}),
        await sample.must("POST", DRAFTS, json={"content": service | {"name": "A new one"}}),
    ]
    for draft in drafts:
        await sample.must("GET", f"{DRAFTS}/{draft['id']}")
    await _handed_over(offer, offer.provider)

    for draft in drafts:
        path = f"{DRAFTS}/{draft['id']}"
        refused = await sample.ask("POST", f"{path}/approval", 1, json={})
        assert refused.status_code == 404, refused.text
    looks = [await sample.ask("GET", f"{DRAFTS}/{draft['id']}") for draft in drafts[:2]]
    assert [one.status_code for one in looks] == [404, 404]

    assert (await _shown(directory, service))["name"] == "Words of all councils"
    assert (await directory.ask(f"/services/{drafts[2]['entry_id']}")).status_code == 404
    await barnet.must("GET", offer.path)
