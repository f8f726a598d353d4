"""Providers say how their entries should read, and the council decides what everybody reads."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.auth import AgencyKind, Role
from tests.directory.announced import told
from tests.directory.builders import a_service, an_id, an_organization, entry, uuid
from tests.directory.keepers import DRAFTS, ENTRIES, Keeper, an_editor, an_offer, joined
from tests.directory.served import Directory


async def _read(directory: Directory, service: dict[str, Any]) -> dict[str, Any]:
    answer = await directory.ask(f"/services/{service['id']}")
    return dict(answer.json())


async def test_a_draft_is_read_by_nobody_else_until_it_is_approved(directory: Directory) -> None:
    offer = await an_offer(directory)
    before = await _read(directory, offer.service)

    draft = await offer.provider.draft(offer.service | {"description": "New words"})
    assert await _read(directory, offer.service) == before
    path = f"{DRAFTS}/{draft['id']}"
    done = await offer.editor.must("POST", f"{path}/approval", 1, json={"reason": "Well said"})

    assert done["status"] == "approved"
    assert (await _read(directory, offer.service))["description"] == "New words"
    assert (await told(directory))[-1] == ("changed", uuid(offer.service))
    history = await offer.provider.must("GET", f"{offer.path}/history")
    newest = history["versions"][0]
    assert (newest["version"], newest["words"]) == (2, "Well said")
    assert newest["worker_id"] == str(offer.editor.worker_id)
    assert newest["differences"] == [{"path": "/description", "after": "New words"}]


async def test_the_editor_sees_the_difference_field_by_field(directory: Directory) -> None:
    phone = {"id": an_id(), "number": "01234 567890"}
    offer = await an_offer(directory, phones=[phone], minimum_age=5.0)
    added = {"id": an_id(), "number": "01234 000000"}
    said = offer.service | {"name": "Renamed", "phones": [phone | {"number": "1"}, added]}
    del said["minimum_age"]

    draft = await offer.provider.draft(said)
    seen = await offer.editor.must("GET", f"{DRAFTS}/{draft['id']}")

    found = {one.pop("path"): one for one in seen["differences"]}
    assert found == {
        "/name": {"before": "Invented Playgroup", "after": "Renamed"},
        f"/phones/{phone['id']}/number": {"before": "01234 567890", "after": "1"},
        f"/phones/{added['id']}": {"after": added},
        "/minimum_age": {"before": 5.0},
    }


async def test_a_rejected_draft_changes_nothing_and_its_provider_reads_why(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    before = await _read(directory, offer.service)
    draft = await offer.provider.draft(offer.service | {"name": "Best of all"})
    path = f"{DRAFTS}/{draft['id']}"

    unsaid = await offer.editor.ask("POST", f"{path}/rejection", 1, json={})
    await offer.editor.must("POST", f"{path}/rejection", 1, json={"reason": "No advertising"})

    assert unsaid.status_code == 422
    mine = (await offer.provider.must("GET", DRAFTS))["drafts"]
    assert [(one["status"], one["reason"]) for one in mine] == [("rejected", "No advertising")]
    assert await _read(directory, offer.service) == before
    again = await offer.editor.ask("POST", f"{path}/approval", 2, json={})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/draft-ended")


async def test_a_draft_over_an_entry_that_has_changed_since_is_written_again_first(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    draft = await offer.provider.draft(offer.service | {"name": "Renamed"})
    path = f"{DRAFTS}/{draft['id']}"
    await directory.save(entry("service", offer.service | {"alert": "Closed on Monday"}))

    refused = await offer.editor.ask("POST", f"{path}/approval", 1, json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/entry-changed-since")
    both = offer.service | {"alert": "Closed on Monday", "name": "Renamed"}
    await offer.provider.must("PUT", path, 1, json={"content": both})
    stale = await offer.editor.ask("POST", f"{path}/approval", 1, json={})
    assert stale.status_code == 412
    await offer.editor.must("POST", f"{path}/approval", 2, json={})

    shown = await _read(directory, offer.service)
    assert (shown["name"], shown["alert"]) == ("Renamed", "Closed on Monday")


async def test_a_new_service_of_ones_own_organization_is_published_by_its_approval(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    said = {"name": "New group", "status": "active", "organization_id": offer.organization["id"]}
    draft = await offer.provider.must("POST", DRAFTS, json={"content": said})
    assert (await directory.ask(f"/services/{draft['entry_id']}")).status_code == 404

    await offer.editor.must("POST", f"{DRAFTS}/{draft['id']}/approval", 1, json={})

    assert (await directory.ask(f"/services/{draft['entry_id']}")).json()["name"] == "New group"


async def test_the_same_draft_sent_again_is_the_first_one(directory: Directory) -> None:
    offer = await an_offer(directory)
    key = {"Idempotency-Key": str(uuid4())}
    body = {"entry_id": offer.service["id"], "content": offer.service | {"name": "Renamed"}}

    first = await offer.provider.must("POST", DRAFTS, json=body, headers=key)
    second = await offer.provider.must("POST", DRAFTS, json=body, headers=key)
    other = await offer.provider.ask("POST", DRAFTS, json=body | {"entry_id": None}, headers=key)

    assert first == second
    assert other.status_code == 422
    assert len((await offer.provider.must("GET", DRAFTS))["drafts"]) == 1


WRONG: dict[str, dict[str, Any]] = {
    "/content/status": {"status": "sleeping"},
    "/content/minimum_age": {"minimum_age": "young"},
    "/content/colour": {"colour": "green"},
    "/content/organization_id": {"organization_id": str(uuid4())},
    "/content/service_areas/extent": {"service_areas": [{"extent": '{"features":[5]}'}]},
    "/content/service_areas/extent ": {"service_areas": [{"extent": '{"features":' + "[" * 3000}]},
}


@pytest.mark.parametrize("pointer", WRONG)
async def test_what_is_not_as_the_standard_has_it_is_refused_with_its_place(
    directory: Directory, pointer: str
) -> None:
    offer = await an_offer(directory)
    await offer.provider.draft(offer.service)

    body = {"entry_id": offer.service["id"], "content": offer.service | WRONG[pointer]}
    refused = await offer.provider.ask("POST", DRAFTS, json=body)

    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer.strip()]


async def test_nobody_else_sees_or_changes_an_agencys_entries_and_drafts(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    draft = await offer.provider.draft(offer.service | {"name": "Renamed"})
    path = f"{DRAFTS}/{draft['id']}"
    colleague = Keeper(
        directory, offer.provider.kind, Role.REFERRER, "sample", offer.provider.agency_id
    )
    await colleague.must("GET", path)
    strangers = [await joined(directory), await an_editor(directory, "elsewhere")]

    for stranger in strangers:
        body = {"entry_id": offer.service["id"], "content": offer.service}
        answers = [
            await stranger.ask("GET", offer.path),
            await stranger.ask("GET", f"{offer.path}/history"),
            await stranger.ask("GET", path),
            await stranger.ask("POST", DRAFTS, json=body),
            await stranger.ask("PUT", path, 1, json={"content": offer.service}),
            await stranger.ask("POST", f"{path}/withdrawal", 1),
            await stranger.ask("POST", f"{offer.path}/assurance", 1),
        ]
        nothing = await stranger.ask("GET", f"{ENTRIES}/{uuid4()}")
        assert [one.status_code for one in answers] == [404] * len(answers)
        assert {one.text for one in answers} == {nothing.text}
        assert (await stranger.must("GET", DRAFTS))["drafts"] == []
        assert (await stranger.must("GET", ENTRIES))["entries"] == []


async def test_only_the_councils_administrator_decides(directory: Directory) -> None:
    offer = await an_offer(directory)
    draft = await offer.provider.draft(offer.service | {"name": "Renamed"})
    path = f"{DRAFTS}/{draft['id']}/approval"
    head = Keeper(
        directory,
        AgencyKind.VOLUNTARY,
        Role.AGENCY_ADMINISTRATOR,
        "sample",
        offer.provider.agency_id,
    )

    refused = [await one.ask("POST", path, 1, json={}) for one in (offer.provider, head)]

    assert [one.status_code for one in refused] == [403, 403]
    await offer.editor.must("POST", path, 1, json={})


async def test_a_contact_that_is_marked_is_kept_for_its_keepers_and_shown_to_nobody(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    secret = {"id": an_id(), "name": "Wanda Madeup", "confidential": True}
    draft = await offer.provider.draft(offer.service | {"contacts": [secret]})
    await offer.editor.must("POST", f"{DRAFTS}/{draft['id']}/approval", 1, json={})

    kept = await offer.provider.must("GET", offer.path)
    assert kept["content"]["contacts"][0]["name"] == "Wanda Madeup"
    assert "Wanda" not in (await directory.ask(f"/services/{offer.service['id']}")).text
    async with directory.db.reading() as connection:
        for table in ("draft", "entry", "history", "listing", "outbox", "access"):
            rows = await connection.execute(text(f"select {table}::text from {table}"))  # noqa: S608
            assert "Wanda" not in " ".join(rows.scalars())


async def test_every_look_and_every_change_is_recorded(directory: Directory) -> None:
    offer = await an_offer(directory)
    draft = await offer.provider.draft(offer.service | {"name": "Renamed"})
    await offer.provider.must("GET", offer.path)
    await offer.editor.must("GET", f"{DRAFTS}/{draft['id']}")
    await offer.editor.must("POST", f"{DRAFTS}/{draft['id']}/approval", 1, json={})

    async with directory.db.reading() as connection:
        rows = await connection.execute(
            text("select operation, worker_id, subjects from access order by at, id")
        )
        found = [(row.operation, row.worker_id) for row in rows]

    editor, provider = offer.editor.worker_id, offer.provider.worker_id
    assert found == [
        ("entry.appoint", editor),
        ("entry_draft.write", provider),
        ("entry.look", provider),
        ("entry_draft.look", editor),
        ("entry_draft.approve", editor),
    ]


async def test_an_organization_without_a_provider_is_the_councils_alone(
    directory: Directory,
) -> None:
    organization = an_organization()
    service = a_service(organization_id=organization["id"])
    await directory.save(entry("organization", organization), entry("service", service))
    editor, somebody = await an_editor(directory), await joined(directory)

    assert len((await editor.must("GET", ENTRIES))["entries"]) == 2
    assert (await somebody.ask("GET", f"{ENTRIES}/{service['id']}")).status_code == 404
    wrong = await editor.ask(
        "PUT", f"{ENTRIES}/{service['id']}/provider", json={"agency_id": str(somebody.agency_id)}
    )
    assert wrong.status_code == 409
    path = f"{ENTRIES}/{organization['id']}/provider"
    unknown = await editor.ask("PUT", path, json={"agency_id": str(uuid4())})
    assert unknown.status_code == 422
    await editor.must("PUT", path, json={"agency_id": str(somebody.agency_id)})
    assert len((await somebody.must("GET", ENTRIES))["entries"]) == 2
