"""What may be shared is decided first: by purpose, agency and family; nothing leaves without."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from shared.auth import AgencyKind, Role
from tests.builders import a_child, a_need, a_parent, a_submission, an_address
from tests.referral.amendments import add, amend, seen
from tests.referral.conftest import Partner, Service
from tests.referral.deciding import Json
from tests.referral.town import Town

LOOKS = ["/{}", "/{}/history", "/{}/actions", "/{}/amendments", "", "/counts?by=status", "/export"]
DONE = {"id", "reference", "status", "version", "urgency", "submitted_at", "clocks", "links"}
"""What the answer to a write may say of these."""
PURPOSES = ["front_door", "early_help", "safeguarding", "statutory", "quality", "planning"]


def a_family() -> Json:
    """Two children, their mother and their uncle, each of whom something is said."""
    return a_submission(
        a_child(given_name="Zebedee", school="Made-up Primary", addresses=[an_address()]),
        a_child(given_name="Zuleika"),
        household=[
            a_parent(given_name="Cordelia"),
            a_parent(given_name="Uriah", relationship="uncle", parental_responsibility=False),
        ],
        need=a_need(reason="She sleeps badly."),
    )


def only(*permitted: str) -> Callable[[Json, str, str], bool]:
    """These categories of everybody."""
    return lambda asked, person, category: category in permitted


async def _police(service: Service) -> Partner:
    return service.partner(AgencyKind.POLICE, Role.REFERRER)


@pytest.mark.parametrize("path", LOOKS)
async def test_a_look_says_what_it_is_for_or_is_refused(front_door: Partner, path: str) -> None:
    receipt = await front_door.but(roles=frozenset(Role)).refer()
    path = path.format(receipt["id"])
    assert (await front_door.get(path)).status_code == 200

    silent = await front_door.for_purpose(None).get(path)
    unknown = await front_door.for_purpose("curiosity").get(path)

    assert (silent.status_code, silent.json()["type"]) == (400, "/problems/purpose-missing")
    assert all(purpose in silent.json()["detail"] for purpose in PURPOSES)
    assert unknown.status_code == 400
    assert all(purpose in unknown.json()["detail"] for purpose in PURPOSES)
    assert "curiosity" not in unknown.text


async def test_a_write_needs_no_purpose_and_tells_nothing_that_was_not_just_said(
    service: Service, school: Partner, front_door: Partner
) -> None:
    service.deciding.permits = only()
    receipt = (await school.for_purpose(None).send(a_family())).json()

    answers = [
        await front_door.for_purpose(None).step(receipt, "acknowledgement", 1),
        await amend(front_door.for_purpose(None), receipt, "need", a_need(reason="Since May."), 2),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert service.deciding.asked == [], "nobody was asked, for nothing was released"
    for answer in answers:
        told = answer.json()
        assert told.keys() <= DONE
        assert (told["id"], told["reference"]) == (receipt["id"], receipt["reference"])


async def test_three_agencies_see_three_different_things_of_the_same_referral(
    service: Service, school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer(a_family())
    police, charity = await _police(service), service.partner(AgencyKind.VOLUNTARY, Role.REFERRER)
    allowed = {
        str(police.caller.agency_id): {"referral", "contact.address", "identity.name"},
        str(charity.caller.agency_id): {"needs.groups"},
    }

    async def look(by: Partner) -> Json:
        service.deciding.permits = only(*allowed[str(by.agency_id)])
        return await seen(by, receipt)

    of_police, of_charity, own = (
        await look(police),
        await look(charity),
        await seen(school, receipt),
    )

    home = an_address() | {"confidential": False}
    assert of_police["children"][0].keys() == {
        "person_id",
        "given_name",
        "family_name",
        "addresses",
    }
    assert of_police["children"][0]["addresses"] == [home]
    assert of_police["status"] == "submitted"
    assert {"need", "version", "need_groups"}.isdisjoint(of_police)
    assert of_charity.keys() == {"id", "links", "need_groups", "need"}
    assert of_charity["need"].keys() == {"groups"}
    assert own["need"]["reason"] == "She sleeps badly."
    assert own["children"][0]["school"] == "Made-up Primary"


async def test_the_referrer_sees_what_it_sent_whatever_is_permitted(
    service: Service, school: Partner, front_door: Partner
) -> None:
    service.deciding.permits = only()
    receipt = await school.refer(a_family())

    own, others = await seen(school, receipt), await seen(front_door, receipt)

    assert [child["given_name"] for child in own["children"]] == ["Zebedee", "Zuleika"]
    assert service.deciding.asked[0]["relationship"]["has_sent"] is True
    assert others.keys() == {"id", "links", "version"}
    assert service.deciding.asked[-1]["relationship"]["has_sent"] is False


async def test_what_others_have_added_is_no_submission_of_the_referrers(
    service: Service, school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer(a_family())
    aunt = a_parent(given_name="Philippa", relationship="aunt")
    assert (await add(front_door, receipt, "household", aunt)).is_success
    hearsay = a_need(reason="The aunt says more.")
    assert (await amend(front_door, receipt, "need", hearsay, 2)).is_success
    assert (await seen(school, receipt))["need"]["reason"] == "The aunt says more."

    service.deciding.permits = only("needs.groups")
    told, log = await seen(school, receipt), await school.get(f"/{receipt['id']}/amendments")

    assert told["need"].keys() == {"groups"}
    assert [one["given_name"] for one in told["household"]] == ["Cordelia", "Uriah"]
    assert told["children"][0]["given_name"] == "Zebedee"
    assert "aunt" not in log.text
    assert "Philippa" not in log.text


async def test_each_person_follows_its_own_permission_and_the_whole_that_of_every_child(
    service: Service, school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer(a_family())
    whole = await seen(front_door, receipt)
    first, second = (child["person_id"] for child in whole["children"])
    mother = whole["household"][0]["person_id"]
    assert {"status", "need", "need_groups"} <= whole.keys()

    service.deciding.permits = lambda _, person, __: person in (first, mother)
    one = await seen(front_door, receipt)

    assert [child["person_id"] for child in one["children"]] == [first]
    assert [person["person_id"] for person in one["household"]] == [mother]
    assert one.keys() == {"id", "links", "version", "children", "household"}
    assert second not in str(one)


async def test_what_is_asked_names_the_people_the_record_the_purpose_and_the_worker(
    service: Service, school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer(a_family())
    await seen(front_door.for_purpose("safeguarding"), receipt)

    (asked,) = service.deciding.asked
    assert (asked["purpose"], asked["operation"]) == ("safeguarding", "referral.look")
    assert asked["records"] == [receipt["id"]]
    kinds = [person["kind"] for person in asked["people"]]
    assert kinds == ["child", "child", "parent", "household_member"]
    assert asked["relationship"]["works_with"] is True
    assert "contact.confidential_address" not in asked["categories"]
    assert service.deciding.callers[0].startswith("Bearer ey")


async def test_whoever_is_asked_to_take_over_asks_for_codes_alone(service: Service) -> None:
    town = await Town.of(service)
    referral = await town.at("allocated")
    service.deciding.asked.clear()

    told = await seen(town.helpers[0], referral)

    codes = {"referral", "involvement", "needs.level", "needs.groups"}
    assert set(service.deciding.asked[0]["categories"]) == codes
    assert {"children", "household", "need", "basis", "decision_words"}.isdisjoint(told)
    assert told["status"] == "allocated"


async def test_within_its_contract_is_who_takes_a_family_over_and_nobody_who_only_refers(
    service: Service,
) -> None:
    town = await Town.of(service)
    stated: dict[str, bool] = {}
    for standing in ("allocated", "in_progress"):
        referral = await town.at(standing)
        for name, who in {"helper": town.helpers[0], "school": town.workers["referrer"]}.items():
            service.deciding.asked.clear()
            await seen(who, referral)
            relationship = service.deciding.asked[0]["relationship"]
            assert relationship["works_with"] is True
            stated[f"{name} {standing}"] = relationship["within_contract"]

    assert stated == {
        "helper allocated": True,
        "helper in_progress": True,
        "school allocated": False,
        "school in_progress": False,
    }


async def test_to_a_stranger_what_may_not_be_seen_is_as_if_it_were_not_there(
    service: Service, school: Partner
) -> None:
    receipt = await school.refer(a_family())
    police = await _police(service)
    service.deciding.permits = only("referral")
    assert (await police.get(f"/{receipt['id']}")).status_code == 200
    service.deciding.permits = only()
    service.deciding.asked.clear()

    for path in ("/{}", "/{}/history", "/{}/actions", "/{}/amendments"):
        hidden = await police.get(path.format(receipt["id"]))
        nothing = await police.get(path.format(uuid4()))
        assert (hidden.status_code, hidden.content) == (404, nothing.content)
        assert hidden.headers.keys() == nothing.headers.keys()

    assert len(service.deciding.asked) == 8, "the same is asked of what is not there"
    looked = "select count(*) from access where worker_id = :worker"
    assert await service.rows(looked, worker=police.caller.worker_id) == [1], "nothing was shown"
