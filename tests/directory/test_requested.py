"""What a referral is told of a service that it names, and what the page tells whoever refers."""

from dataclasses import dataclass
from time import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from shared.auth import AgencyKind, Caller, Role, Scope, mint
from tests.directory.builders import an_id, entry
from tests.directory.keepers import Offer, an_offer
from tests.directory.served import Directory

Json = dict[str, Any]
BY_REFERRAL = "Through a referral by a school or a GP"
SAID: dict[str, tuple[Json, bool]] = {
    "by referral alone": ({"application_process": BY_REFERRAL}, True),
    "either way": ({"application_process": f"{BY_REFERRAL}, or just drop in"}, True),
    "by itself alone": ({"application_process": "No referral needed: just turn up"}, False),
    "nothing": ({}, False),
    "closed for a time": (
        {"application_process": BY_REFERRAL, "status": "temporarily closed"},
        False,
    ),
}
"""What a service says, and whether a family can be referred to it."""
REFERS = "For professionals: refer a family"


@dataclass(frozen=True)
class Referrer:
    """A school's worker, by whose token the referral service asks."""

    directory: Directory
    role: Role = Role.REFERRER

    async def ask(self, service_id: str) -> httpx2.Response:
        """What the directory tells of a service."""
        caller = Caller(
            client_id="school",
            agency_id=uuid4(),
            agency_kind=AgencyKind.SCHOOL,
            worker_id=uuid4(),
            roles=frozenset({self.role}),
            scopes=frozenset({Scope.REFERRALS_WRITE}),
            authority="sample",
        )
        headers = {"Authorization": f"Bearer {mint(caller, self.directory.signing, time())}"}
        path = f"/api/v1/directory/requested-services/{service_id}"
        return await self.directory.http.get(path, headers=headers)


async def _pages(directory: Directory, offer: Offer) -> str:
    return (await directory.ask(f"/find-help/services/{offer.service['id']}")).text


@pytest.mark.parametrize("what", SAID)
async def test_who_refers_is_told_whether_and_to_whom_and_the_page_says_the_same(
    directory: Directory, what: str
) -> None:
    said, takes = SAID[what]
    offer = await an_offer(directory, **said)

    answer = await Referrer(directory).ask(offer.service["id"])

    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "id": offer.service["id"],
        "name": "Invented Playgroup",
        "takes_referrals": takes,
        "agency_id": str(offer.provider.agency_id),
    }
    page = await _pages(directory, offer)
    assert (REFERS in page) == takes
    if takes:
        assert f"<code>{offer.service['id']}</code>" in page


async def test_a_term_of_the_list_of_ways_in_says_it_as_well(directory: Directory) -> None:
    ways = {"id": an_id(), "name": "Access", "description": "Who may ask"}
    term = {"id": an_id(), "name": "Referral", "description": "", "taxonomy_id": ways["id"]}
    await directory.save(entry("taxonomy", ways), entry("taxonomy_term", term))
    tagged = {"id": an_id(), "taxonomy_term_id": term["id"]}
    offer = await an_offer(directory, attributes=[tagged])

    assert (await Referrer(directory).ask(offer.service["id"])).json()["takes_referrals"]
    assert REFERS in await _pages(directory, offer)


async def test_nothing_is_told_of_what_nobody_reads_and_no_agency_where_none_is_known(
    directory: Directory,
) -> None:
    shown, hidden = [await an_offer(directory, application_process=BY_REFERRAL) for _ in range(2)]
    referrer = Referrer(directory)
    assert (await referrer.ask(hidden.service["id"])).status_code == 200
    await directory.save(entry("service", hidden.service, stage="withdrawn"))
    secret = hidden.service | {"id": an_id()}
    await directory.save(entry("service", secret, audience="internal"))
    nobodys = shown.service | {"id": an_id(), "organization_id": None}
    del nobodys["organization_id"]
    await directory.save(entry("service", nobodys))

    for service_id in (hidden.service["id"], secret["id"], an_id(), shown.organization["id"]):
        assert (await referrer.ask(service_id)).status_code == 404
    assert "agency_id" not in (await referrer.ask(nobodys["id"])).json()


async def test_only_whoever_may_refer_asks(directory: Directory) -> None:
    offer = await an_offer(directory, application_process=BY_REFERRAL)
    service_id = offer.service["id"]

    assert (await Referrer(directory).ask(service_id)).status_code == 200
    assert (await Referrer(directory, Role.PANEL_CHAIR).ask(service_id)).status_code == 403
    path = f"/api/v1/directory/requested-services/{service_id}"
    assert (await directory.ask(path)).status_code in (401, 403)
