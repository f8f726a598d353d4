"""Whoever looks after an entry hides it at once; only the council's editor shows it again."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.directory.actions.showing import today
from tests.directory.announced import told
from tests.directory.builders import a_service, entry, uuid
from tests.directory.imported import bring
from tests.directory.keepers import DRAFTS, an_editor, an_offer, joined
from tests.directory.served import Directory
from tests.directory.test_withheld import everything

Json = dict[str, Any]
SECRET = "Zazzlepip"
TODAY = today(datetime.now(UTC))
PUBLIC = {"stage": "published", "audience": "public"}
HIDDEN: dict[str, Json] = {
    "withdrawn": PUBLIC | {"stage": "withdrawn"},
    "not agreed": PUBLIC | {"stage": "approved"},
    "internal": PUBLIC | {"audience": "internal"},
    "confidential": PUBLIC | {"audience": "confidential"},
    "later": PUBLIC | {"shown_from": f"{TODAY + timedelta(days=2)}"},
    "over": PUBLIC | {"shown_until": f"{TODAY - timedelta(days=2)}"},
}
BY_ITS_PROVIDER = {"withdrawn", "internal", "confidential"}


def _why(standing: Json) -> Json:
    return standing | {"reason": "A family is in danger"}


@pytest.mark.parametrize("how", HIDDEN)
async def test_an_editor_hides_an_entry_at_once_and_shows_it_again(
    directory: Directory, how: str
) -> None:
    offer = await an_offer(directory, description=SECRET)
    path = f"{offer.path}/standing"
    assert SECRET in await everything(directory)

    kept = await offer.editor.must("PUT", path, 1, json=_why(HIDDEN[how]))

    assert HIDDEN[how].items() <= kept.items()
    assert SECRET not in await everything(directory)
    assert (await told(directory))[-1] == ("withdrawn", uuid(offer.service))
    newest = (await offer.provider.must("GET", f"{offer.path}/history"))["versions"][0]
    assert HIDDEN[how].items() <= newest.items()
    assert newest["worker_id"] == str(offer.editor.worker_id)
    assert newest["words"] == "A family is in danger"
    stale = await offer.editor.ask("PUT", path, 1, json=_why(PUBLIC))
    assert stale.status_code == 412
    await offer.editor.must("PUT", path, 2, json=_why(PUBLIC))
    assert SECRET in await everything(directory)
    assert (await told(directory))[-1] == ("published", uuid(offer.service))


async def test_a_provider_hides_its_own_entry_and_shows_nothing_to_more_people(
    directory: Directory,
) -> None:
    for how, standing in HIDDEN.items():
        offer = await an_offer(directory)
        path = f"{offer.path}/standing"
        for stranger in (await joined(directory), await an_editor(directory, "elsewhere")):
            refused = await stranger.ask("PUT", path, 1, json=_why(standing))
            assert refused.status_code == 404

        answer = await offer.provider.ask("PUT", path, 1, json=_why(standing))

        assert answer.status_code == (200 if how in BY_ITS_PROVIDER else 403), how
        if how in BY_ITS_PROVIDER:
            again = await offer.provider.ask("PUT", path, 2, json=_why(PUBLIC))
            assert again.status_code == 403


async def test_what_is_withdrawn_stays_so_whatever_draft_is_approved(directory: Directory) -> None:
    offer = await an_offer(directory)
    await offer.provider.must("PUT", f"{offer.path}/standing", 1, json=_why(HIDDEN["withdrawn"]))

    draft = await offer.provider.draft(offer.service | {"description": SECRET})
    await offer.editor.must("POST", f"{DRAFTS}/{draft['id']}/approval", 1, json={})

    assert (await offer.editor.must("GET", offer.path))["content"]["description"] == SECRET
    assert SECRET not in await everything(directory)


async def test_a_rollback_restores_the_days_too(directory: Directory) -> None:
    offer = await an_offer(directory, name=SECRET)
    await directory.save(entry("service", offer.service, shown_until=TODAY - timedelta(days=1)))
    await offer.editor.must("PUT", f"{offer.path}/standing", 2, json=_why(PUBLIC))
    assert SECRET in await everything(directory)

    back = {"version": 2, "reason": "It has ended"}
    kept = await offer.editor.must("POST", f"{offer.path}/rollback", 3, json=back)

    assert kept["shown_until"] == f"{TODAY - timedelta(days=1)}"
    assert SECRET not in await everything(directory)


async def test_days_that_never_come_are_refused_with_their_place(directory: Directory) -> None:
    offer = await an_offer(directory)
    days = {"shown_from": f"{TODAY}", "shown_until": f"{TODAY - timedelta(days=1)}"}

    refused = await offer.editor.ask("PUT", f"{offer.path}/standing", 1, json=_why(PUBLIC | days))

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/never-shown")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/shown_until"]


async def test_what_the_council_has_hidden_no_import_shows_again(directory: Directory) -> None:
    service, editor = a_service(description=SECRET), await an_editor(directory)
    await bring(directory, "oruk3", {"a.json": json.dumps([service])})
    assert SECRET in await everything(directory)
    path = f"/api/v1/directory/entries/{service['id']}/standing"
    await editor.must("PUT", path, 1, json=_why(HIDDEN["confidential"]))

    changed = [service | {"name": "Said anew by its source"}]
    report = await bring(directory, "oruk3", {"a.json": json.dumps(changed)})

    assert service["id"] in map(str, report.kept)
    assert SECRET not in await everything(directory)
