"""What an agency says of itself alone: for how long, and never against who has ended it. R17."""

from datetime import UTC, datetime, timedelta

import pytest

from services.consent.domain.involving import CLAIM
from shared.auth import AgencyKind, Role
from tests.consent.builders import a_clause
from tests.consent.served import Json, Partner, Service, Town, soon

NEEDS, NOTHING = {"needs.level"}, set[str]()


@pytest.fixture
async def town(service: Service) -> Town:
    """Who works with a child sees its level of need."""
    return await Town.founded(service, a_clause(kinds=["school", "police"]))


@pytest.fixture
async def police(town: Town) -> Partner:
    """They have signed, and work with nobody."""
    police = await town.service.partner(AgencyKind.POLICE, Role.LEAD_PROFESSIONAL)
    await town.sign(police)
    return police


def _claim(town: Town, until: str = "") -> Json:
    people = [{"person_id": str(town.child), "kind": "child"}]
    return {"people": people, "until": until or soon(30)}


async def _ended(by: Partner, involvement: str) -> None:
    await by.changed(f"/involvements/{involvement}/end", 1)


async def _claimed(town: Town, by: Partner) -> str:
    [claimed] = (await by.created("/involvements", _claim(town)))["involvements"]
    assert await by.sees(town.child) == NEEDS
    return str(claimed)


@pytest.mark.parametrize("who", ["council", "front_door"])
async def test_what_others_have_ended_no_claim_begins_again(
    town: Town, police: Partner, who: str
) -> None:
    await _ended(getattr(town, who), await _claimed(town, police))
    assert await police.sees(town.child) == NOTHING

    refused = await police.send("/involvements", _claim(town))

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/ended-by-others")
    assert await police.sees(town.child) == NOTHING


async def test_who_was_introduced_and_shut_out_claims_nothing_until_it_is_introduced_again(
    town: Town, police: Partner
) -> None:
    [introduced, *_] = (await town.introduce(police))["involvements"]
    await _ended(town.front_door, introduced)

    shut = await police.send("/involvements", _claim(town))
    [again, *_] = (await town.introduce(police))["involvements"]
    assert await police.sees(town.child) == NEEDS
    claimed = await police.send("/involvements", _claim(town))

    assert (shut.status_code, claimed.status_code) == (409, 201)
    assert again != introduced


async def test_an_agency_claims_again_what_it_has_ended_itself(town: Town, police: Partner) -> None:
    await _ended(police, await _claimed(town, police))
    assert await police.sees(town.child) == NOTHING

    await _claimed(town, police)


async def test_a_claim_ends_within_a_quarter_and_nothing_lasts_for_thousands_of_years(
    town: Town, police: Partner
) -> None:
    now = datetime.now(UTC)
    longest, longer = ((now + CLAIM + timedelta(hours=one)).isoformat() for one in (-1, 1))

    taken = await police.send("/involvements", _claim(town, longest))
    refused = await police.send("/involvements", _claim(town, longer))
    endless = town.introduction(agency_id=str(police.agency_id), until="9000-01-01T00:00:00Z")
    introduced = await town.front_door.send("/involvements", endless)

    assert [one.status_code for one in (taken, refused, introduced)] == [201, 422, 422]
    assert refused.json()["errors"][0]["pointer"] == "/until"
