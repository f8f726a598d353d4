"""What a service of the hub states when it asks for a disclosure, and what is made of it."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from cedarpy import PolicySet

from services.consent.domain import deciding
from services.consent.domain.cedar import Verdict, verdicts
from services.consent.domain.facts import OfCaller, Request
from shared.auth import AgencyKind, Caller, Role
from shared.categories import CATEGORIES
from tests.consent.builders import a_clause
from tests.consent.served import Service, Town

WORKS_WITH = {"works_with": True}
SEALED = "contact.confidential_address"


@pytest.fixture
async def told(service: Service) -> Town:
    """What is shared rests on a public task: nothing is missing but the involvement."""
    return await Town.founded(service, a_clause(people=["child", "parent"]))


async def test_whom_a_service_says_the_agency_works_with_is_decided_like_an_involvement(
    told: Town,
) -> None:
    new = uuid4()

    assert await told.school.sees(new, relationship=WORKS_WITH) == {"needs.level"}
    assert await told.school.sees(new) == set()
    assert await told.school.sees(new, kind="third_party", relationship=WORKS_WITH) == set()


async def test_what_people_have_ended_no_service_states_again(told: Town) -> None:
    assert await told.school.sees(told.child, relationship=WORKS_WITH) == {"needs.level"}
    found = await told.front_door.get("/involvements", person_id=str(told.child))
    [one] = found.json()["involvements"]
    await told.front_door.changed(f"/involvements/{one['id']}/end", 1)

    assert await told.school.sees(told.child, relationship=WORKS_WITH) == set()
    assert await told.school.sees(told.mother, relationship=WORKS_WITH) == {"needs.level"}
    await told.introduce(told.school)
    assert await told.school.sees(told.child) == {"needs.level"}


async def test_what_an_agency_has_sent_itself_it_sees_whole_but_for_what_is_sealed(
    service: Service,
) -> None:
    police = await service.partner(AgencyKind.POLICE, Role.REFERRER)
    child, record = uuid4(), uuid4()
    assert await police.sees(child) == set()

    found = await police.disclosed(
        child, relationship={"has_sent": True}, records=[str(record)], operation="referral.look"
    )

    assert {*found["permitted"][0]["categories"]} == {*CATEGORIES} - {SEALED}
    [sent, sealed] = found["answers"]
    assert (sent["why"], sent["bases"], sent["clauses"]) == ("own_submission", [], [])
    assert (sealed["why"], sealed["categories"]) == ("sealed", [SEALED])
    leaf = (await service.leaves("decision"))[-1]
    assert leaf["index"] == found["audit_index"]
    assert (leaf["stated"], leaf["records"]) == (["has_sent"], [str(record)])
    assert leaf["operation"] == "referral.look"
    assert {one["why"] for one in leaf["answers"]} == {"own_submission", "sealed"}


async def test_the_kind_of_somebody_who_is_known_is_not_what_a_service_states(told: Town) -> None:
    asked: Any = {"relationship": WORKS_WITH, "kind": "third_party"}

    assert await told.school.sees(told.child, **asked) == {"needs.level"}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"categories": ["needs.level", "favourite_colour"]}, "/categories"),
        ({"categories": []}, "/categories"),
        ({"operation": "Look at it!"}, "/operation"),
        ({"operation": "referral..look"}, "/operation"),
        ({"purpose": "marketing"}, "/purpose"),
        ({"people": []}, "/people"),
        ({"people": [{"id": str(one), "kind": "child"} for one in [uuid4()] * 2]}, "/people"),
        ({"relationship": {"is_curious": True}}, "/relationship/is_curious"),
    ],
)
async def test_what_the_audit_log_cannot_say_is_refused_before_it_is_decided(
    told: Town, wrong: dict[str, Any], where: str
) -> None:
    assert (await told.school.discloses(told.child, operation="referral.look")).status_code == 201
    before = await told.service.leaves()

    refused = await told.school.discloses(told.child, **wrong)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [where]
    assert await told.service.leaves() == before


async def test_only_who_acts_for_a_worker_of_an_agency_is_answered(told: Town) -> None:
    bare = told.school.but(scopes=frozenset(), roles=frozenset())
    assert (await bare.discloses(told.child)).status_code == 201

    nobody = told.school.but(worker_id=None)
    kindless = told.school.but(agency_kind=None)
    anonymous = told.school.but(**{name: getattr(Caller.anonymous, name) for name in _FACTS})

    for asking, status in ((nobody, 400), (kindless, 403), (anonymous, 400)):
        uniformly = {"purpose": "early_help", "categories": ["needs"]}
        assert (await asking.discloses(told.child)).status_code == status
        asked = await asking.ask("POST", "/decisions/uniform", json=uniformly)
        assert asked.status_code == status


_FACTS = "client_id agency_id agency_kind worker_id roles scopes authority".split()


async def test_a_thousand_people_are_decided_at_once_and_no_more(told: Town) -> None:
    many = [uuid4() for _ in range(1_000)]
    asked: Any = {"relationship": WORKS_WITH, "categories": ["needs.level"]}

    found = await told.school.disclosed(*many, **asked)
    more = await told.school.discloses(*many, uuid4(), **asked)

    assert [one["person_id"] for one in found["permitted"]] == list(map(str, many))
    assert {tuple(one["categories"]) for one in found["permitted"]} == {("needs.level",)}
    assert more.status_code == 422


async def test_what_nothing_tells_apart_is_decided_once_in_a_disclosure(
    told: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_of_cedar: list[int] = []

    def counted(policies: PolicySet, caller: OfCaller, asked: Sequence[Request]) -> list[Verdict]:
        asked_of_cedar.append(len(asked))
        return verdicts(policies, caller, asked)

    monkeypatch.setattr(deciding, "verdicts", counted)
    people = [uuid4() for _ in range(99)]
    alike = ["identity.name", "identity.sex", "contact.telephone"]
    apart = ["health.mental", "contact.confidential_address"]
    asked = {"relationship": WORKS_WITH, "categories": alike + apart}

    await told.school.disclosed(*people, told.child, **asked)
    await told.school.created(
        "/refusals-to-share",
        {"people": [str(told.child)], "categories": ["identity.name"], "because": "x" * 20},
    )
    await told.school.disclosed(*people, told.child, **asked)

    assert asked_of_cedar == [len(apart) + 1, len(apart) + 2]
