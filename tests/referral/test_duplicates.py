"""The same child twice: an agency is told of its own, the front door alone sees of others."""

import asyncio
from typing import Any

import pytest

from shared.auth import AgencyKind, Role
from tests.builders import a_child, a_decision, a_submission, a_upn, a_withdrawal, an_nhs_number
from tests.referral.conftest import Partner, Service

WHY = "The grandmother asks for help for another reason than in summer."
Json = dict[str, Any]


def _twice(known_by: str) -> tuple[Json, Json]:
    """The same child as two workers write it down."""
    number: Json = {"nhs number": {"nhs_number": an_nhs_number()}, "upn": {"upn": a_upn()}}.get(
        known_by, {}
    )
    first = a_child(**number)
    if known_by == "names and date":
        return first, first | {"given_name": first["given_name"].upper()}
    return first, a_child(date_of_birth="2016-03-01", **number)


def _refused_for(answer: Any) -> Any:
    """The reference that stands in the way."""
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/referral-open-for-this-child"
    return answer.json()["reference"]


@pytest.mark.parametrize("known_by", ["names and date", "nhs number", "upn"])
async def test_a_child_with_an_open_referral_of_the_same_agency_is_refused_with_its_reference(
    school: Partner, known_by: str
) -> None:
    first, again = _twice(known_by)
    receipt = await school.refer(a_submission(first))

    refused = await school.colleague().send(a_submission(a_child(), again))

    assert _refused_for(refused) == receipt["reference"]
    assert refused.json()["errors"][0]["pointer"] == "/despite_open_referral"


async def test_brothers_sisters_and_twins_are_no_duplicates(school: Partner) -> None:
    child = a_child(nhs_number=an_nhs_number(), upn=a_upn())
    await school.refer(a_submission(child))

    twin = await school.send(
        a_submission(child | {"given_name": "Twin", "nhs_number": an_nhs_number(), "upn": a_upn()})
    )

    assert twin.status_code == 201


async def test_with_a_reason_there_may_be_another_and_the_reason_is_read_at_the_front_door(
    school: Partner, front_door: Partner
) -> None:
    child = a_child()
    await school.refer(a_submission(child))

    second = await school.refer(a_submission(child, despite_open_referral=WHY))

    seen = (await front_door.get(f"/{second['id']}")).json()
    assert seen["despite_open_referral"] == WHY
    assert _refused_for(await school.send(a_submission(child)))


@pytest.mark.parametrize("known_by", ["names and date", "nhs number", "upn"])
async def test_another_agencys_referral_is_taken_and_the_front_door_alone_sees_both(
    school: Partner, gp: Partner, front_door: Partner, known_by: str
) -> None:
    first, again = _twice(known_by)
    of_school = await school.refer(a_submission(first))

    of_gp = await gp.refer(a_submission(again))

    seen = [(await front_door.get(f"/{one['id']}")).json() for one in (of_school, of_gp)]
    assert [one["possible_duplicates"] for one in seen] == [
        [of_gp["reference"]],
        [of_school["reference"]],
    ]
    for partner, own, other in ((school, of_school, of_gp), (gp, of_gp, of_school)):
        answer = await partner.get(f"/{own['id']}")
        assert answer.status_code == 200
        assert "possible_duplicates" not in answer.json()
        assert other["reference"] not in answer.text


async def _end(way: str, receipt: Json, school: Partner, front_door: Partner) -> None:
    if way == "withdrawn":
        steps = [await school.step(receipt, "withdrawal", 1, a_withdrawal())]
    else:
        steps = [
            await front_door.step(receipt, "acknowledgement", 1),
            await front_door.step(receipt, "triage", 2),
            await front_door.step(receipt, "decision", 3, a_decision(way)),
        ]
    assert [step.status_code for step in steps] == [200] * len(steps)


@pytest.mark.parametrize("way", ["withdrawn", "advice", "no_further_action"])
async def test_after_its_end_a_new_referral_for_the_child_is_welcome(
    school: Partner, gp: Partner, front_door: Partner, way: str
) -> None:
    child = a_child()
    receipt = await school.refer(a_submission(child))
    assert _refused_for(await school.send(a_submission(child)))

    await _end(way, receipt, school, front_door)

    new = await school.refer(a_submission(child))
    ended, open_one = [
        (await front_door.get(f"/{one['id']}")).json()["possible_duplicates"]
        for one in (receipt, new)
    ]
    assert (ended, open_one) == ([new["reference"]], [])


@pytest.mark.parametrize("way", ["early_help", "step_up"])
async def test_while_help_goes_on_a_second_referral_is_still_a_duplicate(
    school: Partner, front_door: Partner, way: str
) -> None:
    child = a_child()
    receipt = await school.refer(a_submission(child))

    await _end(way, receipt, school, front_door)

    assert _refused_for(await school.send(a_submission(child))) == receipt["reference"]


async def test_of_two_workers_who_refer_the_child_at_once_one_is_told_of_the_other(
    service: Service,
) -> None:
    for _ in range(10):
        school = service.partner(AgencyKind.SCHOOL, Role.REFERRER)
        child = a_child(nhs_number=an_nhs_number())

        answers = await asyncio.gather(
            school.send(a_submission(child)), school.colleague().send(a_submission(child))
        )

        taken, refused = sorted(answers, key=lambda answer: answer.status_code)
        assert taken.status_code == 201
        assert _refused_for(refused) == taken.json()["reference"]
