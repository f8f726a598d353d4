"""Who speaks for a person is not said anew by an agency that wants its data: R13."""

import asyncio
from typing import Any

import pytest

from services.consent.store import audit
from services.consent.store import people as store
from shared.auth import AgencyKind, Role
from shared.contracts import referral as facts
from tests.consent.builders import on_consent
from tests.consent.rights import desk_of
from tests.consent.served import Json, Partner, Service, Town, soon
from tests.consent.test_followed import Way

SEEN: set[str] = {"needs.level"}


@pytest.fixture
async def way(service: Service) -> Way:
    """What is asked for rests on consent; nobody has said yet who speaks for the child."""
    kinds = ["school", "voluntary"]
    return Way(await Town.founded(service, on_consent(kinds=kinds)))


@pytest.fixture
async def charity(way: Way) -> Partner:
    """It has signed, and has taken over the family that the school has referred."""
    charity = await way.town.service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL)
    await way.town.sign(charity)
    await way.submitted()
    await way.tell(facts.ReferralAllocated, to_agency_id=charity.agency_id)
    await way.tell(facts.ReferralAccepted, agency_id=charity.agency_id)
    return charity


def of_the_child(way: Way, **said: Any) -> Json:
    """The family's child, of which something is said."""
    return {"people": [{"person_id": str(way.child), "kind": "child"} | said], "until": soon(30)}


def _both(way: Way) -> list[str]:
    return [str(way.mother), str(way.town.father)]


def _from_the_school(way: Way, **said: Any) -> Json:
    return of_the_child(way, **said) | {"agency_id": str(way.town.school.agency_id)}


async def _say(way: Way, **said: Any) -> Json:
    """What the front door says of the child."""
    return await way.town.front_door.created("/involvements", _from_the_school(way, **said))


async def _hear(way: Way, charity: Partner, giver: Any) -> None:
    """The giver says yes, for the charity."""
    usual = {"people": [str(way.child)], "given_by": str(giver)}
    agencies = [str(charity.agency_id)]
    await way.town.school.created("/consents", way.town.consent(**usual, agencies=agencies))


async def _hear_no(way: Way, charity: Partner, giver: Any, **said: Any) -> None:
    """The giver says no."""
    usual = {"people": [str(way.child)], "given_by": str(giver)}
    whole = way.town.consent(**usual | said, agencies=[str(charity.agency_id)])
    needless = ("notice", "channel", "evidence", "until")
    refusal = {name: value for name, value in whole.items() if name not in needless}
    await way.town.school.created("/consents/refusals", refusal)


async def _in_dispute(way: Way, charity: Partner) -> None:
    """The mother says yes, and the charity sees it; the father says no, and it does not."""
    await _say(way, parents=_both(way))
    await _hear(way, charity, way.mother)
    assert await charity.sees(way.child) == SEEN
    await _hear_no(way, charity, way.town.father)
    assert await charity.sees(way.child) == set()


NARROWED: list[Json] = [
    {"parents": None},
    {"parents": []},
    {"kind": "household_member"},
    {"competent": True},
    {"attorneys": None},
]


def _narrowed(way: Way, said: Json) -> Json:
    return {name: [str(way.mother)] if to is None else to for name, to in said.items()}


@pytest.mark.parametrize("said", NARROWED)
async def test_a_receiver_voids_no_refusal_by_saying_anew_who_speaks(
    way: Way, charity: Partner, said: Json
) -> None:
    await _in_dispute(way, charity)

    narrowed = of_the_child(way, **_narrowed(way, said))
    claimed = await charity.send("/involvements", narrowed)
    introduced = await charity.send(
        "/involvements", narrowed | {"agency_id": str(way.town.school.agency_id)}
    )

    for refused in (claimed, introduced):
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/said-before")
    assert await charity.sees(way.child) == set()


async def test_who_only_claims_changes_nothing_that_is_known_and_learns_nothing_of_it(
    way: Way, charity: Partner
) -> None:
    stranger = await way.town.service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL)
    await _in_dispute(way, charity)

    claimed = await stranger.send("/involvements", of_the_child(way, parents=[str(way.mother)]))

    assert claimed.status_code == 201
    assert await charity.sees(way.child) == set()
    leaf = (await way.town.service.leaves("write"))[-1]
    assert (leaf["operation"], leaf["fields"]) == ("involvement.claim", [])


async def test_who_speaks_stays_where_an_agency_is_added_without_saying_it(
    way: Way, charity: Partner
) -> None:
    await _say(way, parents=_both(way))
    await _hear(way, charity, way.mother)

    await _say(way)

    assert await charity.sees(way.child) == SEEN
    await _hear(way, charity, way.mother)


async def test_the_first_who_works_with_a_family_says_who_speaks_for_its_child(
    way: Way, charity: Partner
) -> None:
    before = await way.town.school.send(
        "/consents", way.town.consent(people=[str(way.child)], given_by=str(way.mother))
    )
    assert before.status_code == 422

    await charity.created("/involvements", of_the_child(way, parents=_both(way)))

    await _hear(way, charity, way.mother)
    assert await charity.sees(way.child) == SEEN


async def test_who_has_referred_a_family_corrects_it_until_somebody_would_be_silenced(
    way: Way, charity: Partner
) -> None:
    school = way.town.school
    await _say(way, parents=[str(way.town.father)])

    await school.created("/involvements", of_the_child(way, parents=_both(way)))
    await _hear(way, charity, way.mother)
    assert await charity.sees(way.child) == SEEN
    await _hear_no(way, charity, way.town.father)
    silencing = await school.send("/involvements", of_the_child(way, parents=[str(way.mother)]))

    assert silencing.status_code == 409
    assert await charity.sees(way.child) == set()


async def test_the_front_door_corrects_what_is_known_and_what_was_known_is_kept(
    way: Way, charity: Partner
) -> None:
    await _in_dispute(way, charity)

    await _say(way, parents=[str(way.mother)], adult_at_risk=False)

    assert await charity.sees(way.child) == SEEN
    said, changed = (await way.town.service.leaves("write"))[-2:]
    assert (said["operation"], said["fields"]) == ("involvement.record", ["parents"])
    assert (changed["operation"], changed["fields"]) == ("person.change", ["parents"])
    assert changed["people"] == [str(way.child)]
    desk = desk_of(way.town.service)
    async with desk.db.reading() as connection:
        kept = await audit.detail(connection, changed["index"], desk.cipher)
    assert kept == {"before": {"parents": sorted(_both(way))}}


async def test_an_amendment_of_the_referral_silences_nobody_who_has_spoken(
    way: Way, charity: Partner
) -> None:
    kinds = "select kind from person where id = :id"

    async def amended(kind: str) -> str:
        people = [{"person_id": way.mother, "kind": kind}]
        told: Json = {"part": "household", "urgency": "routine", "people": people}
        await way.tell(facts.ReferralAmended, **told)
        [now] = await way.town.service.rows(kinds, id=way.mother)
        return str(now)

    assert await amended("household_member") == "household_member"
    await _hear_no(way, charity, way.mother, people=[str(way.mother)], capacity="self")

    assert await amended("child") == "household_member"


async def test_a_change_of_who_speaks_waits_for_the_decision_that_is_being_made(
    way: Way, charity: Partner
) -> None:
    """The order of the commits is the order of the log."""
    await _say(way, parents=_both(way))
    desk = desk_of(way.town.service)

    async with desk.db.transaction() as connection:
        await store.known(connection, [way.child], "sample")
        saying = asyncio.create_task(_say(way, parents=[str(way.mother)]))
        await asyncio.sleep(0.3)
        assert not saying.done()

    await saying
