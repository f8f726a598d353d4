"""A referral on its way is heard once, and decides what its agencies may see."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.consent.actions.following import follow
from shared.auth import AgencyKind, Role
from shared.contracts import referral as facts
from shared.contracts.referral import ReferralEvent
from shared.inbox import Received, SeenBefore
from tests.consent.builders import a_clause
from tests.consent.served import HUB, Json, Partner, Service, Town


class Way:
    """One referral of the school's, as its events tell it."""

    def __init__(self, town: Town) -> None:
        self.town, self.id = town, uuid4()
        self.child, self.mother = uuid4(), uuid4()

    async def tell(
        self, event: type[ReferralEvent], again: Received | None = None, **told: Any
    ) -> Received:
        """Let the service hear of it; `again` is the same announcement."""
        named = {"authority": "sample", "referral_id": self.id, "detail_url": HUB}
        said = event.model_validate(named | told)
        now = datetime.now(UTC)
        received = again or Received(
            uuid4(), "/referral", event.TYPE, now, "earlyhelp.referral.sample", str(self.id)
        )
        await follow(self.town.service.db, said, received, now)
        return received

    async def submitted(self, again: Received | None = None) -> Received:
        """By the school, of a child and its mother."""
        people = [
            {"person_id": self.child, "kind": "child"},
            {"person_id": self.mother, "kind": "parent"},
        ]
        said: Json = {"urgency": "routine", "decision_due": datetime.now(UTC), "people": people}
        sent = said | {"referring_agency_id": self.town.school.agency_id}
        return await self.tell(facts.ReferralSubmitted, again, **sent)

    async def listed(self) -> list[Json]:
        """Who works with the child, as the front door sees it."""
        found = await self.town.front_door.get("/involvements", person_id=str(self.child))
        return list(found.json()["involvements"])


@pytest.fixture
async def way(service: Service) -> Way:
    """All kinds of agency that have signed see the need of children, in their public task."""
    kinds = ["school", "health", "front_door"]
    return Way(await Town.founded(service, a_clause(kinds=kinds)))


async def _signed(town: Town, kind: AgencyKind, *roles: Role) -> Partner:
    partner = await town.service.partner(kind, *roles)
    await town.sign(partner)
    return partner


async def test_who_is_asked_sees_until_it_declines_and_the_referrer_until_it_is_over(
    way: Way,
) -> None:
    school = way.town.school
    clinic = await _signed(way.town, AgencyKind.HEALTH, Role.RECEIVING_WORKER)
    seen = []

    async def after(event: type[ReferralEvent] | None, **told: Any) -> None:
        if event:
            await way.tell(event, **told)
        seen.append([bool(await partner.sees(way.child)) for partner in (school, clinic)])

    await after(None)
    await way.submitted()
    await after(None)
    await after(facts.ReferralAllocated, to_agency_id=clinic.agency_id)
    await after(facts.ReferralDeclined, agency_id=clinic.agency_id, reason="no_capacity")
    await after(facts.ReferralAllocated, to_agency_id=clinic.agency_id)
    await after(facts.ReferralAccepted, agency_id=clinic.agency_id)
    await after(facts.ReferralClosed, outcome="needs_met")
    await after(facts.ReferralReopened)

    nobody, referrer, both = [False, False], [True, False], [True, True]
    assert seen == [nobody, referrer, both, referrer, both, both, nobody, referrer]


async def test_an_announcement_that_comes_again_has_its_effect_once(way: Way) -> None:
    first = await way.submitted()
    kept, leaves = await way.listed(), await way.town.service.leaves("write")
    assert len(kept) == 2

    with pytest.raises(SeenBefore):
        await way.submitted(first)
    await way.submitted()

    assert await way.listed() == kept
    assert await way.town.service.leaves("write") == leaves
    assert leaves[-1]["operation"] == "involvement.follow"
    assert (leaves[-1]["records"], leaves[-1]["code"]) == ([str(way.id)], "submitted")


async def test_what_people_have_ended_stays_ended_whatever_the_referrals_way_says(
    way: Way,
) -> None:
    school = way.town.school
    await way.submitted()
    assert await school.sees(way.child) == {"needs.level"}
    [own] = [one for one in await way.listed() if one["part"] == "referrer"]
    await way.town.front_door.changed(f"/involvements/{own['id']}/end", 1)
    assert await school.sees(way.child) == set()

    await way.tell(facts.ReferralClosed, outcome="needs_met")
    await way.tell(facts.ReferralReopened)

    assert await school.sees(way.child) == set()
    assert await school.sees(way.child, relationship={"works_with": True}) == set()


async def test_the_front_door_is_whichever_agency_it_is_and_whenever_it_is_heard_of(
    service: Service,
) -> None:
    council = await service.partner(AgencyKind.COUNCIL, Role.INFORMATION_GOVERNANCE_LEAD)
    school = await service.partner(AgencyKind.SCHOOL, Role.REFERRER)
    way = Way(Town(service, council, council, school))
    await way.submitted()
    unheard = await way.listed()

    front_door = await service.partner(AgencyKind.FRONT_DOOR, Role.FRONT_DOOR_WORKER)

    assert [one["part"] for one in unheard] == ["referrer"]
    [there] = [one for one in await way.listed() if one["part"] == "front_door"]
    assert (there["agency_id"], there["referral_id"]) == (str(front_door.agency_id), str(way.id))
    assert "until" not in there


async def test_what_a_worker_said_of_a_person_goes_before_what_its_referral_says(
    way: Way,
) -> None:
    kinds = "select kind from person where id = :id"

    async def corrected(kind: str) -> str:
        people = [{"person_id": way.mother, "kind": kind}]
        amended: Json = {"part": "household", "urgency": "routine", "people": people}
        await way.tell(facts.ReferralAmended, **amended)
        [now] = await way.town.service.rows(kinds, id=way.mother)
        return str(now)

    await way.submitted()
    assert await corrected("household_member") == "household_member"
    person = {"person_id": str(way.mother), "kind": "third_party"}
    until = way.town.introduction()["until"]
    said = {"people": [person], "agency_id": str(way.town.school.agency_id), "until": until}
    await way.town.front_door.created("/involvements", said)

    assert await corrected("parent") == "third_party"


async def test_a_referral_of_whom_nothing_was_heard_makes_nobody_known(way: Way) -> None:
    await way.tell(facts.ReferralAccepted, agency_id=way.town.school.agency_id)

    found = "select count(*) from involvement where referral_id = :id"
    assert await way.town.service.rows(found, id=way.id) == [0]
    assert await way.town.school.sees(way.child) == set()
