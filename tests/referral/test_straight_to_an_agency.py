"""Where the authority says so, a referral that names a service goes straight to its agency; what
may be a matter of safeguarding never does, and the front door sees it all the same."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.referral.actions.clocks import escalate_unseen
from shared.auth import AgencyKind, Role
from tests.builders import a_child, a_need, a_submission, on_other_basis
from tests.referral.amendments import amend
from tests.referral.conftest import FRONT_DOOR, Partner, Service

Json = dict[str, Any]
WHERE = {"authority": "inventshire"}
TOLD = "select type, concerns from outbox where key = :key order by number"


@dataclass(frozen=True)
class Place:
    """A school, a charity with a service that takes referrals, and the front door."""

    service: Service
    school: Partner
    charity: Partner
    front_door: Partner

    @classmethod
    async def of(cls, service: Service) -> "Place":
        school = service.partner(AgencyKind.SCHOOL, Role.REFERRER, **WHERE)
        charity = service.partner(AgencyKind.VOLUNTARY, Role.RECEIVING_WORKER, **WHERE)
        front_door = service.partner(AgencyKind.FRONT_DOOR, *FRONT_DOOR, **WHERE)
        await service.known(school, charity, front_door)
        return cls(service, school, charity, front_door)

    def asking(self, **said: Any) -> Json:
        """A referral for the charity's service."""
        named = self.service.offering.offers(self.charity.agency_id)
        return a_submission(**{"requested_service_id": named} | said)

    async def refers(self, **said: Any) -> Json:
        """The receipt of one that went straight to the charity."""
        receipt = await self.school.refer(self.asking(**said))
        assert receipt["requested_service"]["goes_to"] == "agency", receipt
        return receipt

    async def seen(self, receipt: Json, by: Partner | None = None) -> Json:
        answer = await (by or self.front_door).get(f"/{receipt['id']}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
async def place(service: Service) -> Place:
    return await Place.of(service)


async def test_the_agency_is_asked_at_once_and_its_clock_runs_and_nobody_elses(
    place: Place,
) -> None:
    answer = await place.school.send(place.asking())
    receipt = answer.json()

    assert (answer.status_code, answer.headers["ETag"]) == (201, '"2"')
    assert receipt["status"] == "allocated"
    assert receipt["requested_service"].keys() == {"id", "name", "goes_to"}
    assert "decision_due" not in receipt, "nobody decides"
    seen = await place.seen(receipt)
    assert (seen["status"], seen["version"]) == ("allocated", 2)
    assert seen["offered_to_agency_id"] == str(place.charity.agency_id)
    assert seen["holding_agency_id"] == str(place.school.agency_id), "until the charity accepts"
    assert "decision" not in seen
    states = {clock["clock"]: clock["state"] for clock in seen["clocks"]}
    assert (states["decide"], states["acknowledge"], states["answer_allocation"]) == (
        "met",
        "met",
        "due",
    )


async def test_the_history_says_by_whose_word_and_the_front_door_hears_at_once(
    place: Place,
) -> None:
    receipt = await place.refers()

    entries = (await place.front_door.get(f"/{receipt['id']}/history")).json()["entries"]
    assert [(e["action"], e["status"], e["version"]) for e in entries] == [
        ("submit", "submitted", 1),
        ("allocate", "allocated", 2),
    ]
    by_itself = entries[1]
    assert not {"agency_id", "worker_id"} & by_itself.keys(), "nobody did it"
    assert "requested_services" in by_itself["words"]["note"]
    assert by_itself["words"]["agency_id"] == str(place.charity.agency_id)
    (sent, to_school), (given, to_all) = await place.service.rows(TOLD, key=receipt["id"])
    assert [sent, given] == [
        "uk.earlyhelp.referral.submitted.v1",
        "uk.earlyhelp.referral.allocated.v1",
    ]
    assert set(to_all) - set(to_school) == {place.charity.agency_id}
    assert place.school.agency_id in to_school
    done = "select operation, client_id from access where operation = 'referral.allocate'"
    assert await place.service.rows(done) == [("referral.allocate", "requested_services")]


async def test_until_it_has_accepted_the_agency_reads_codes_and_then_the_family(
    place: Place,
) -> None:
    receipt = await place.refers()
    asked = await place.seen(receipt, place.charity)
    accepted = await place.charity.step(receipt, "acceptance", 2, {})

    assert accepted.status_code == 200, accepted.text
    assert asked["requested_service_name"] == "Invented Youth Mentoring"
    assert "children" not in asked
    after = await place.seen(receipt, place.charity)
    assert (after["status"], after["holding_agency_id"]) == (
        "in_progress",
        str(place.charity.agency_id),
    )
    assert after["children"]


@pytest.mark.parametrize("who", ["charity", "front_door"])
async def test_declined_or_taken_back_it_is_weighed_at_the_front_door_within_its_clock(
    place: Place, who: str
) -> None:
    receipt = await place.refers()
    partner: Partner = getattr(place, who)
    back = await partner.step(receipt, "decline", 2, {"reason": "no_capacity"})

    assert (back.status_code, back.json()["status"]) == (200, "triaging")
    seen = await place.seen(receipt)
    assert seen["holding_agency_id"] == str(place.front_door.agency_id)
    assert "offered_to_agency_id" not in seen
    assert (await place.charity.get(f"/{receipt['id']}")).status_code == 404
    states = {clock["clock"]: clock["state"] for clock in seen["clocks"]}
    assert (states["decide"], states["answer_allocation"]) == ("due", "met")
    words = {"outcome": "early_help", "rationale": "Another service has room for the family."}
    decided = await place.front_door.step(receipt, "decision", 3, words)
    assert decided.json()["status"] == "decided"


async def test_the_front_door_re_routes_it_and_the_referrer_takes_it_back(place: Place) -> None:
    other = place.service.partner(AgencyKind.VOLUNTARY, Role.RECEIVING_WORKER, **WHERE)
    await place.service.known(other)
    first, second = await place.refers(), await place.refers()
    to = {"agency_id": str(other.agency_id)}

    routed = await place.front_door.step(first, "re-routing", 2, to)
    taken_back = await place.school.step(second, "withdrawal", 2, {"reason": "family_declined"})

    assert (routed.status_code, routed.json()["status"]) == (200, "allocated")
    assert (await place.seen(first))["offered_to_agency_id"] == str(other.agency_id)
    assert (taken_back.status_code, taken_back.json()["status"]) == (200, "withdrawn")


SAFEGUARDING: dict[str, tuple[Json, str]] = {
    "immediate danger": ({"safeguarding": {"immediate_danger": True}}, "safeguarding"),
    "a concern": (
        {"safeguarding": {"immediate_danger": False, "concern": "Bruises, made up."}},
        "safeguarding",
    ),
    "where the child is": (
        {"safeguarding": {"immediate_danger": False, "child_is_now": "With a neighbour."}},
        "safeguarding",
    ),
    "the referrer sees a level above early help": (
        {"need": a_need(level="red")},
        "above early help",
    ),
    "the answers suggest one": ({"need": a_need(indicators=["alone"])}, "above early help"),
    "the family has not agreed": ({"basis": on_other_basis()}, "has not agreed"),
}


@pytest.mark.parametrize("case", SAFEGUARDING)
async def test_what_may_be_unsafe_is_the_front_doors_whatever_the_setting_says(
    place: Place, case: str
) -> None:
    said, because = SAFEGUARDING[case]
    await place.refers()
    receipt = await place.school.refer(place.asking(**said))

    assert receipt["status"] == "submitted"
    assert receipt["requested_service"]["goes_to"] == "front_door"
    assert because in receipt["requested_service"]["because"]
    assert receipt["decision_due"]
    assert (await place.charity.get(f"/{receipt['id']}")).status_code == 404
    seen = await place.seen(receipt)
    assert seen["requested_agency_id"] == str(place.charity.agency_id)


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        (None, ()),
        (AgencyKind.POLICE, (Role.RECEIVING_WORKER,)),
        (AgencyKind.CHILDREN_SERVICES, (Role.RECEIVING_WORKER,)),
        (AgencyKind.FRONT_DOOR, (Role.RECEIVING_WORKER,)),
        (AgencyKind.VOLUNTARY, (Role.REFERRER,)),
    ],
)
async def test_without_an_agency_that_can_take_a_family_over_it_is_the_front_doors(
    place: Place, kind: AgencyKind | None, roles: tuple[Role, ...]
) -> None:
    agency_id = uuid4()
    if kind is not None:
        partner = place.service.partner(kind, *roles, **WHERE)
        await place.service.known(partner)
        agency_id = partner.agency_id
    named = place.service.offering.offers(agency_id)
    receipt = await place.school.refer(a_submission(requested_service_id=named))

    assert receipt["status"] == "submitted"
    assert "No agency is known" in receipt["requested_service"]["because"]


async def test_without_a_front_door_to_come_back_to_nothing_goes_straight(
    service: Service,
) -> None:
    school = service.partner(AgencyKind.SCHOOL, Role.REFERRER, **WHERE)
    charity = service.partner(AgencyKind.VOLUNTARY, Role.RECEIVING_WORKER, **WHERE)
    await service.known(charity)
    named = service.offering.offers(charity.agency_id)
    receipt = await school.refer(a_submission(requested_service_id=named))

    assert "No front door" in receipt["requested_service"]["because"]


async def test_sent_again_it_is_the_same_and_two_at_once_are_one(place: Place) -> None:
    said, key = place.asking(), str(uuid4())
    answers = await asyncio.gather(*(place.school.send(said, key=key) for _ in range(4)))
    again = await place.school.send(said, key=key)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert again.status_code == 201
    assert again.json()["status"] == "allocated"
    assert await place.service.rows("select count(*) from referral") == [1]
    assert await place.service.rows("select count(*) from history") == [2]


async def test_the_same_child_of_the_same_agency_still_stands_in_the_way(place: Place) -> None:
    child = a_child()
    first = await place.refers(children=[child])
    second = await place.school.send(place.asking(children=[child]))

    assert second.status_code == 409
    assert second.json()["reference"] == first["reference"]


async def test_urgent_since_and_seen_by_no_front_door_it_escalates(place: Place) -> None:
    now = datetime(2027, 11, 17, 10, tzinfo=UTC)
    place.service.at(now)
    receipt = await place.refers()
    late = now + timedelta(days=1)
    assert await escalate_unseen(place.service.desk, late) == 0
    danger = {"immediate_danger": True}
    amended = await amend(place.school, receipt, "safeguarding", danger, 2)
    assert amended.status_code == 200, amended.text

    assert await escalate_unseen(place.service.desk, late) == 1
    assert (await place.seen(receipt))["escalated_at"]
