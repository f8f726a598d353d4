"""Entries are assured and rolled back by those who keep them, and every state stays."""

from datetime import UTC, datetime

from services.directory.actions.showing import today
from tests.directory.announced import told
from tests.directory.builders import entry, uuid
from tests.directory.keepers import ENTRIES, an_offer
from tests.directory.served import Directory


async def test_an_entry_is_assured_as_it_stands_and_everybody_reads_when(
    directory: Directory,
) -> None:
    offer = await an_offer(directory, assured_date="2024-01-01")

    await offer.provider.must("POST", f"{offer.path}/assurance", 1)

    shown = (await directory.ask(f"/services/{offer.service['id']}")).json()
    assert shown["assured_date"] == today(datetime.now(UTC)).isoformat()
    assert ("changed", uuid(offer.service)) in await told(directory)
    stale = await offer.provider.ask("POST", f"{offer.path}/assurance", 1)
    unsaid = await offer.provider.ask("POST", f"{offer.path}/assurance")
    assert (stale.status_code, unsaid.status_code) == (412, 428)
    place = f"{ENTRIES}/{offer.organization['id']}/assurance"
    assert (await offer.provider.ask("POST", place, 1)).status_code == 409


async def test_an_entry_is_rolled_back_to_any_state_of_its_history(directory: Directory) -> None:
    offer = await an_offer(directory)
    first = (await directory.ask(f"/services/{offer.service['id']}")).json()
    for name in ("Second", "Third"):
        await directory.save(entry("service", offer.service | {"name": name}))
    await directory.save(entry("service", offer.service | {"name": "Third"}, stage="withdrawn"))

    back = {"version": 1, "reason": "The names were wrong"}
    kept = await offer.editor.must("POST", f"{offer.path}/rollback", 4, json=back)

    assert (kept["version"], kept["content"]["name"]) == (5, first["name"])
    again = (await directory.ask(f"/services/{offer.service['id']}")).json()
    assert again | {"last_modified": 0} == first | {"last_modified": 0}
    history = (await offer.editor.must("GET", f"{offer.path}/history"))["versions"]
    assert [one["version"] for one in history] == [5, 4, 3, 2, 1]
    assert history[0]["words"] == "The names were wrong"
    assert history[0]["reason"] == "rolled back to version 1"
    words = [word for word, _ in await told(directory)]
    assert words == ["published", "changed", "changed", "withdrawn", "published"]


async def test_a_provider_does_not_roll_back_and_there_is_no_state_that_never_was(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    await directory.save(entry("service", offer.service | {"name": "Second"}))
    path, back = f"{offer.path}/rollback", {"version": 1, "reason": "As it was"}

    assert (await offer.provider.ask("POST", path, 2, json=back)).status_code == 403
    never = await offer.editor.ask("POST", path, 2, json=back | {"version": 7})
    assert never.status_code == 404
    assert (await offer.editor.ask("POST", path, 1, json=back)).status_code == 412
    await offer.editor.must("POST", path, 2, json=back)


async def test_lists_and_histories_are_read_page_by_page_to_their_end(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    for number in range(4):
        await directory.save(entry("service", offer.service | {"name": f"Name {number}"}))

    for path, many, key in (
        (f"{offer.path}/history", 5, "versions"),
        (ENTRIES, 2, "entries"),
    ):
        found: list[object] = []
        where: str | None = f"{path}?limit=1"
        while where:
            page = await offer.provider.must("GET", where)
            found += page[key]
            where = page.get("next")
        assert len({str(one) for one in found}) == len(found) == many
