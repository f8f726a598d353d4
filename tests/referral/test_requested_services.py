"""A referral names a service of the directory: it is kept, or refused with what to do instead."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from shared.auth import AgencyKind, Role
from tests.builders import a_need, a_submission
from tests.referral.conftest import Partner, Service
from tests.referral.drafts import begun, send

NAMED = ("requested_service_id", "requested_service_name", "requested_agency_id")


async def a_charity(service: Service, **given: Any) -> Partner:
    """A charity with somebody who can take a family over, as the gateway announced it."""
    charity = service.partner(AgencyKind.VOLUNTARY, Role.RECEIVING_WORKER, **given)
    await service.known(charity)
    return charity


async def test_where_the_front_door_decides_it_sees_which_service_is_asked_for_and_whose_it_is(
    service: Service, school: Partner, front_door: Partner
) -> None:
    charity = await a_charity(service)
    named = service.offering.offers(charity.agency_id)
    receipt = await school.refer(a_submission(requested_service_id=named))

    wished = receipt["requested_service"]
    assert (receipt["status"], wished["goes_to"]) == ("submitted", "front_door")
    assert (wished["id"], wished["name"]) == (named, "Invented Youth Mentoring")
    assert "front door decides first" in wished["because"]
    assert receipt["decision_due"]
    seen = (await front_door.get(f"/{receipt['id']}")).json()
    (listed,) = (await front_door.get("")).json()["referrals"]
    known = [named, "Invented Youth Mentoring", str(charity.agency_id)]
    for told in (seen, listed, (await school.get(f"/{receipt['id']}")).json()):
        assert [told[name] for name in NAMED] == known
    assert (await charity.get(f"/{receipt['id']}")).status_code == 404, "nobody has asked it"
    assert "offered_to_agency_id" not in seen


async def test_a_referral_that_names_none_asks_the_directory_nothing_and_says_nothing_of_it(
    service: Service, school: Partner
) -> None:
    receipt = await school.refer()

    assert "requested_service" not in receipt
    assert service.offering.asked == []
    assert not set(NAMED) & (await school.get(f"/{receipt['id']}")).json().keys()


async def test_the_directory_hears_which_service_and_nothing_of_the_family(
    service: Service, school: Partner
) -> None:
    named = service.offering.offers()
    await school.refer(a_submission(requested_service_id=named))

    assert [str(one) for one in service.offering.asked] == [named]
    (token,) = service.offering.callers
    assert token.startswith("Bearer ey")


@pytest.mark.parametrize("takes", [None, False])
async def test_a_service_that_is_not_there_or_takes_no_referrals_is_refused_and_nothing_is_lost(
    service: Service, school: Partner, takes: bool | None
) -> None:
    named = str(uuid4()) if takes is None else service.offering.offers(takes_referrals=takes)
    key, said = str(uuid4()), a_submission(requested_service_id=named)
    tables = [*(name for name in await service.counts() if name != "relay_cursor")]
    before = await service.counts()

    refused = await school.send(said, key=key)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/requested_service_id"
    assert "leave it out and the front door finds who can help" in error["detail"]
    after = await service.counts()
    assert [after[name] for name in tables] == [before[name] for name in tables]
    del said["requested_service_id"]
    assert (await school.send(said, key=key)).status_code == 201, "the key is still free"


async def test_what_is_no_id_is_refused_as_any_field_is(school: Partner) -> None:
    refused = await school.send(a_submission(requested_service_id="the youth club"))

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/requested_service_id"


async def test_sent_again_it_gets_its_first_receipt_also_when_the_service_is_gone(
    service: Service, school: Partner
) -> None:
    named = service.offering.offers()
    key, said = str(uuid4()), a_submission(requested_service_id=named)
    first = await school.send(said, key=key)
    service.offering.services.clear()

    again = await school.send(said, key=key)
    other = await school.send(said | {"need": a_need(groups=["health"])}, key=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert len(service.offering.asked) == 1


def _slow(service: Service) -> None:
    service.offering.seconds = 1.5


def _faulty(service: Service) -> None:
    service.offering.status = 500


def _refusing(service: Service) -> None:
    service.offering.status = 403


def _talking_nonsense(service: Service) -> None:
    for one in service.offering.services.values():
        del one["name"]


def _gone(service: Service) -> None:
    async def none(*_: Any, **__: Any) -> httpx2.Response:
        raise httpx2.ConnectError("nobody listens")

    transport = service.desk.directory._http._transport
    transport.handle_async_request = none  # type: ignore[method-assign]


@pytest.mark.parametrize("away", [_slow, _faulty, _refusing, _talking_nonsense, _gone])
async def test_where_the_directory_is_away_the_referral_is_taken_and_says_so(
    service: Service, away: Callable[[Service], None]
) -> None:
    council = {"authority": "inventshire"}
    school = service.partner(AgencyKind.SCHOOL, Role.REFERRER, **council)
    front_door = service.partner(AgencyKind.FRONT_DOOR, Role.FRONT_DOOR_WORKER, **council)
    charity = await a_charity(service, **council)
    await service.known(front_door)
    named = service.offering.offers(charity.agency_id)
    assert (await school.refer(a_submission(requested_service_id=named)))["status"] == "allocated"

    away(service)
    receipt = await school.refer(a_submission(requested_service_id=named))

    assert receipt["status"] == "submitted"
    assert receipt["requested_service"] == {
        "id": named,
        "goes_to": "front_door",
        "because": "The directory does not answer: the front door looks the service up",
    }
    seen = (await front_door.get(f"/{receipt['id']}")).json()
    assert seen["requested_service_id"] == named
    assert not {"requested_service_name", "requested_agency_id"} & seen.keys()


async def test_an_agency_of_another_authority_is_not_known_here(
    service: Service, school: Partner, front_door: Partner
) -> None:
    elsewhere = await a_charity(service, authority="inventshire")
    named = service.offering.offers(elsewhere.agency_id)
    receipt = await school.refer(a_submission(requested_service_id=named))

    seen = (await front_door.get(f"/{receipt['id']}")).json()
    assert seen["requested_service_name"] == "Invented Youth Mentoring"
    assert "requested_agency_id" not in seen


async def test_a_draft_names_a_service_as_a_referral_does(
    service: Service, school: Partner
) -> None:
    named = service.offering.offers(takes_referrals=False)
    draft = await begun(school, a_submission(requested_service_id=named))

    refused = await send(school, draft, 1)
    service.offering.services.clear()
    gone = await send(school, draft, 1)
    other = service.offering.offers()
    renamed = await begun(school, a_submission(requested_service_id=other))
    key = str(uuid4())
    sent = await send(school, renamed, 1, key)
    service.offering.services.clear()
    again = await send(school, renamed, 1, key)

    assert (refused.status_code, gone.status_code) == (422, 422)
    assert refused.json()["errors"][0]["pointer"] == "/requested_service_id"
    assert (sent.status_code, again.status_code) == (201, 201)
    assert sent.json()["requested_service"]["id"] == other
    assert again.json() == sent.json()


async def test_two_at_once_with_one_key_are_one_referral(service: Service, school: Partner) -> None:
    said, key = a_submission(requested_service_id=service.offering.offers()), str(uuid4())

    answers = await asyncio.gather(*(school.send(said, key=key) for _ in range(5)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert await service.rows("select count(*) from referral") == [1]
