"""What must not leave never leaves: no refuge, no private contact, nothing internal or a draft."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.directory.actions import saving
from services.directory.actions.showing import show_what_is_due
from services.directory.domain.entries import Entry, parted, whole
from services.directory.store import entries as store
from tests.directory.builders import a_location, a_service, an_id, an_organization, at, entry, uuid
from tests.directory.served import EDITOR, Directory

CANARY = "Zazzlepip"
"""A word that must be read nowhere."""
COLLECTIONS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")
Json = dict[str, Any]
TODAY = datetime.now(UTC).date()


async def everything(directory: Directory) -> str:
    """All that anybody can read, in every form."""
    said = ""
    for collection in COLLECTIONS:
        for form in ({}, {"full": "true"}, {"minimal": "true"}, {"full_service": "true"}):
            answer = await directory.ask(f"/{collection}", params={"format": "ndjson", **form})
            said += answer.text
        page = await directory.page(f"/{collection}", per_page=1000)
        for one in page["contents"]:
            for path in (f"/{collection}/{one['id']}", f"/{collection}/{one['id']}?full_service=1"):
                said += (await directory.ask(path)).text
    return said


def _standings() -> Iterator[Json]:
    yield {"stage": "draft"}
    yield {"stage": "approved"}
    yield {"stage": "withdrawn"}
    yield {"audience": "internal"}
    yield {"audience": "confidential"}
    yield {"shown_from": TODAY + timedelta(days=2)}
    yield {"shown_until": TODAY - timedelta(days=2)}


@pytest.mark.parametrize("standing", list(_standings()), ids=str)
@pytest.mark.parametrize("kind", ["service", "organization", "location", "taxonomy_term"])
async def test_what_is_not_published_for_everybody_is_shown_nowhere(
    directory: Directory, kind: str, standing: Json
) -> None:
    organization, location = an_organization(), a_location()
    term = {"id": an_id(), "name": "Invented need"}
    service = a_service(
        organization_id=organization["id"],
        service_at_locations=[at(location)],
        attributes=[{"id": an_id(), "taxonomy_term_id": term["id"]}],
    )
    said = {"organization": organization, "location": location}
    said |= {"taxonomy_term": term, "service": service}
    said[kind] |= {"name": CANARY}
    await directory.save(*(entry(one, content) for one, content in said.items()))
    shown = await everything(directory)
    assert CANARY in shown
    assert service["id"] in shown

    await directory.save(entry(kind, said[kind], **standing))

    shown = await everything(directory)
    assert CANARY not in shown
    for path in (f"/services/{service['id']}", f"/organizations/{organization['id']}"):
        assert CANARY not in (await directory.ask(path)).text
    if kind == "organization":
        assert service["name"] not in shown


async def test_a_refuge_is_shown_without_its_place(directory: Directory) -> None:
    refuge = a_location(name=CANARY, latitude=53.1, longitude=-1.1)
    open_house = a_location(name="Invented Library")
    service = a_service(service_at_locations=[at(refuge), at(open_house)])
    await directory.save(
        entry("location", refuge, audience="confidential"),
        entry("location", open_house),
        entry("service", service),
    )

    one = (await directory.ask(f"/services/{service['id']}")).json()

    assert [p["location"]["name"] for p in one["service_at_locations"]] == ["Invented Library"]
    shown = await everything(directory)
    assert CANARY not in shown
    assert refuge["id"] not in shown
    assert "1.1" not in shown


def _with_private_parts() -> Json:
    private = {"id": an_id(), "name": CANARY, "confidential": True}
    public = {"id": an_id(), "name": "Invented Reception"}
    phone = {"id": an_id(), "number": CANARY, "confidential": True}
    place = at(a_location(), contacts=[private | {"id": an_id()}])
    return a_service(contacts=[private, public | {"phones": [phone]}], service_at_locations=[place])


async def test_personal_contacts_stay_here_and_those_meant_for_all_are_shown(
    directory: Directory,
) -> None:
    service = _with_private_parts()
    await directory.save(entry("service", service))

    one = (await directory.ask(f"/services/{service['id']}")).json()

    assert [contact["name"] for contact in one["contacts"]] == ["Invented Reception"]
    assert CANARY not in await everything(directory)
    async with directory.db.reading() as connection:
        (held,) = await store.whole(connection, directory.cipher, [uuid(service)])
    assert held.content == service


async def test_no_table_holds_readably_what_is_withheld(directory: Directory) -> None:
    refuge = a_location(name=CANARY)
    await directory.save(
        entry("service", _with_private_parts()), entry("location", refuge, audience="confidential")
    )
    tables = "select tablename from pg_tables where schemaname = 'public'"
    async with directory.db.reading() as connection:
        names = list((await connection.execute(text(tables))).scalars())
        rows = ""
        for name in names:
            found = await connection.execute(text(f"select t::text from {name} t"))  # noqa: S608 -- our own tables
            rows += "".join(found.scalars())
    assert {"entry", "history", "listing"} <= set(names)
    assert "Invented Reception" in rows

    assert CANARY not in rows
    assert "1 Nowhere Street" not in rows


@pytest.mark.parametrize("audience", ["public", "internal", "confidential"])
async def test_what_is_parted_is_whole_again_when_it_is_put_together(audience: str) -> None:
    for kind, content in (("service", _with_private_parts()), ("location", a_location())):
        one = entry(kind, content, audience=audience)

        assert whole(parted(one)) == content


async def test_an_entry_is_shown_from_its_first_day_to_its_last(directory: Directory) -> None:
    today = TODAY
    service = a_service(name=CANARY)
    days = {"shown_from": today + timedelta(days=3), "shown_until": today + timedelta(days=5)}
    await directory.save(entry("service", service, **days))
    seen = {}
    for ahead in range(8):
        now = datetime.now(UTC) + timedelta(days=ahead)
        await show_what_is_due(directory.db, now, date.min)
        seen[ahead] = CANARY in await everything(directory)

    assert [ahead for ahead, there in seen.items() if there] == [3, 4, 5]


async def test_what_was_withdrawn_keeps_nothing_but_its_id(directory: Directory) -> None:
    service = a_service(name=CANARY, description=CANARY)
    await directory.save(entry("service", service))
    before = (await directory.ask(f"/services/{service['id']}")).json()["last_modified"]

    await saving.withdraw(directory.db, directory.cipher, [uuid(service)], EDITOR)

    gone = (await directory.ask(f"/services/{service['id']}")).json()
    assert gone.pop("last_modified") >= before
    bare = {"id": service["id"], "name": "No longer listed", "status": "defunct"}
    assert gone == bare
    told = await directory.page("/services", modified_after=before)
    assert [one["id"] for one in told["contents"]] == [service["id"]]
    assert await directory.ids("/services", search=CANARY) == []


def test_an_entry_is_public_and_published_unless_it_is_said_otherwise() -> None:
    one: Entry = entry("service", a_service())

    assert one.is_shown(TODAY)
