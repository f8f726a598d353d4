"""A person's data put right after sending; somebody who was forgotten; the duplicate rule holds."""

import asyncio
from typing import Any

import pytest

from tests.builders import (
    a_child,
    a_parent,
    a_submission,
    a_upn,
    an_address,
    an_nhs_number,
    an_unborn_child,
)
from tests.referral.amendments import (
    Json,
    add,
    changes,
    child_of,
    correct,
    end,
    kept_addresses,
    seen,
)
from tests.referral.conftest import Partner, Service

WHY = "The grandmother asks for help for another reason than in summer."
HIDDEN = an_address(lines=["13 Unseen Mews"], postcode="ZZ97 9ZZ", confidential=True)


async def test_a_wrong_date_of_birth_is_put_right_and_nothing_else(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer(a_submission(a_child(school="Made-up Primary")))
    before = (await seen(front_door, receipt))["children"][0]

    answer = await correct(school, receipt, before["person_id"], {"date_of_birth": "2015-06-01"})

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    after = (await seen(front_door, receipt))["children"][0]
    assert after == before | {"date_of_birth": "2015-06-01"}
    (line,) = await changes(front_door, receipt)
    assert (line["part"], line["person_id"]) == ("children", before["person_id"])
    assert (line["before"], line["after"]) == (
        {"date_of_birth": "2016-02-29"},
        {"date_of_birth": "2015-06-01"},
    )
    entries = (await school.get(f"/{receipt['id']}/history")).json()["entries"]
    assert [(e["action"], e.get("code")) for e in entries[1:]] == [("correct", "children")]


async def test_null_takes_away_what_was_said(school: Partner) -> None:
    receipt = await school.refer(a_submission(an_unborn_child(gp="Dr Madeup")))
    born = {"expected_date": None, "date_of_birth": "2026-01-02", "gp": None}

    assert (await correct(school, receipt, await child_of(school, receipt), born)).is_success

    child = (await seen(school, receipt))["children"][0]
    assert child["date_of_birth"] == "2026-01-02"
    assert not {"expected_date", "gp"} & child.keys()


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"nhs_number": "9990000043"}, "/changes/nhs_number"),
        ({"upn": "X873999900002"}, "/changes/upn"),
        ({"date_of_birth": "2999-01-01"}, "/changes/date_of_birth"),
        ({"date_of_birth": "yesterday"}, "/changes/date_of_birth"),
        ({"date_of_birth": None}, "/changes"),
        ({"expected_date": "2027-01-01"}, "/changes"),
        ({"given_name": ""}, "/changes/given_name"),
        ({"given_name": None}, "/changes/given_name"),
        ({"relationship": "child"}, "/changes/relationship"),
        ({"nickname": "Zeb"}, "/changes/nickname"),
        ({"person_id": "01a2060e-8ae9-75f1-86ee-f0dd9f2c0656"}, "/changes/person_id"),
        ({"addresses": [{"lines": []}]}, "/changes/addresses/0/lines"),
        ({"family_name": "Madeupname"}, "/changes"),
        ({}, "/changes"),
    ],
)
async def test_a_correction_is_validated_like_the_referral(
    school: Partner, service: Service, told: Json, pointer: str
) -> None:
    receipt = await school.refer()
    child, before = await child_of(school, receipt), await service.counts()

    refused = await correct(school, receipt, child, told)

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert await service.counts() == before
    assert (await correct(school, receipt, child, {"sex": "M"})).is_success


async def test_nobody_elses_person_is_corrected_by_way_of_this_referral(school: Partner) -> None:
    receipt, other = await school.refer(), await school.refer()

    answers = [
        await correct(school, receipt, person, {"sex": "M"})
        for person in (await child_of(school, other), receipt["id"])
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({answer.content for answer in answers}) == 1


NUMBERS: dict[str, Any] = {"nhs_number": an_nhs_number, "upn": a_upn}


@pytest.mark.parametrize("number", NUMBERS)
async def test_after_a_correction_the_child_is_found_as_who_it_is_and_no_longer_as_before(
    school: Partner, number: str
) -> None:
    wrong, right = NUMBERS[number](), NUMBERS[number]()
    receipt = await school.refer(a_submission(a_child(**{number: wrong})))

    assert (
        await correct(school, receipt, await child_of(school, receipt), {number: right})
    ).is_success

    again = await school.send(a_submission(a_child(**{number: right})))
    assert (again.status_code, again.json()["reference"]) == (409, receipt["reference"])
    assert (await school.send(a_submission(a_child(**{number: wrong})))).status_code == 201


async def test_a_child_that_turns_out_to_have_an_open_referral_is_told_with_its_reference(
    school: Partner, service: Service
) -> None:
    known = a_child(nhs_number=an_nhs_number())
    first, second = await school.refer(a_submission(known)), await school.refer()
    child, before = await child_of(school, second), await service.counts()
    told = {"nhs_number": known["nhs_number"]}

    refused = await correct(school, second, child, told)

    assert (refused.status_code, refused.json()["reference"]) == (409, first["reference"])
    assert refused.json()["type"] == "/problems/referral-open-for-this-child"
    assert await service.counts() == before | {"access": before["access"] + 1}
    meant = await correct(school, second, child, told, despite_open_referral=WHY)
    assert meant.status_code == 200, meant.text
    assert (await seen(school, second))["despite_open_referral"] == WHY


async def test_another_agencys_referral_stands_in_nobodys_way_and_the_front_door_sees_both(
    school: Partner, gp: Partner, front_door: Partner
) -> None:
    known = a_child(nhs_number=an_nhs_number())
    of_gp, of_school = await gp.refer(a_submission(known)), await school.refer()
    child = await child_of(school, of_school)

    answer = await correct(school, of_school, child, {"nhs_number": known["nhs_number"]})

    assert (answer.status_code, of_gp["reference"] in answer.text) == (200, False)
    whole = await seen(front_door, of_school)
    assert whole["possible_duplicates"] == [of_gp["reference"]]


async def test_of_two_corrections_to_the_same_child_at_once_one_is_told_of_the_other(
    school: Partner,
) -> None:
    for _ in range(5):
        receipts = [await school.refer() for _ in range(2)]
        children = [await child_of(school, receipt) for receipt in receipts]
        number = {"nhs_number": an_nhs_number()}

        answers = await asyncio.gather(
            *(correct(school, r, c, number) for r, c in zip(receipts, children, strict=True))
        )

        assert sorted(answer.status_code for answer in answers) == [200, 409]
        (refused,) = [answer for answer in answers if answer.status_code == 409]
        won = receipts[[answer.status_code for answer in answers].index(200)]
        assert refused.json()["reference"] == won["reference"]


async def test_a_correction_after_a_decision_that_ends_it_opens_no_way_that_is_closed(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()
    child, number = await child_of(school, receipt), an_nhs_number()
    steps: list[tuple[str, Any]] = [("acknowledgement", None), ("triage", None)]
    steps.append(("decision", {"outcome": "advice", "rationale": "Advice is enough."}))
    for version, (step, body) in enumerate(steps, start=1):
        assert (await front_door.step(receipt, step, version, body)).is_success

    assert (await correct(school, receipt, child, {"nhs_number": number}, 4)).is_success

    assert (await school.send(a_submission(a_child(nhs_number=number)))).status_code == 201


async def test_what_nobody_sees_the_front_door_alone_takes_away(
    school: Partner, front_door: Partner, service: Service
) -> None:
    receipt = await school.refer(a_submission(a_child(addresses=[an_address(), HIDDEN])))
    child = await child_of(school, receipt)
    moved = an_address(lines=["2 Nowhere Lane"], confidential=False)
    as_seen = (await seen(school, receipt))["children"][0]["addresses"]
    assert as_seen[1] == {"confidential": True}

    for version, told in enumerate(([moved, as_seen[1]], []), start=1):
        assert (await correct(school, receipt, child, {"addresses": told}, version)).is_success
        kept = await kept_addresses(service, receipt)
        assert kept == [*(a for a in told if "lines" in a), HIDDEN]

    marked = {"addresses": [moved, {"confidential": True}]}
    assert (await correct(front_door, receipt, child, marked, 3)).is_success
    assert await kept_addresses(service, receipt) == [moved, HIDDEN], "the mark stands for it"
    assert (await correct(front_door, receipt, child, {"addresses": []}, 4)).is_success
    assert await kept_addresses(service, receipt) == []
    assert (await seen(front_door, receipt))["children"][0]["addresses"] == []


async def test_an_address_that_becomes_confidential_no_longer_says_the_area(
    school: Partner,
) -> None:
    receipt = await school.refer(a_submission(a_child(addresses=[an_address()])))
    child, now = await child_of(school, receipt), await seen(school, receipt)
    assert (now["area"], now["hub"]) == ("south", "south")

    told = {"addresses": [an_address(confidential=True)]}
    assert (await correct(school, receipt, child, told)).status_code == 200

    hidden = await seen(school, receipt)
    assert not {"area", "hub"} & hidden.keys()


async def test_a_child_and_a_grown_up_who_were_forgotten_are_added_behind_the_others(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()
    forgotten = a_child(nhs_number=an_nhs_number())

    child = await add(front_door, receipt, "children", forgotten)
    uncle = await add(school, receipt, "household", a_parent(given_name="Uncle"), 2)

    assert [child.status_code, uncle.status_code] == [201, 201]
    whole = await seen(front_door, receipt)
    assert whole["children"][1]["person_id"] == child.json()["person_id"]
    assert whole["household"][1]["given_name"] == "Uncle"
    again = await school.send(a_submission(forgotten))
    assert again.json()["reference"] == receipt["reference"]
    log = await changes(school, receipt)
    assert [(line["part"], "before" in line) for line in log] == [
        ("children", False),
        ("household", False),
    ]
    entries = (await school.get(f"/{receipt['id']}/history")).json()["entries"]
    assert [(e["action"], e.get("code")) for e in entries[1:]] == [
        ("amend", "children"),
        ("amend", "household"),
    ]


@pytest.mark.parametrize(
    ("part", "person", "pointer"),
    [
        ("children", a_child(date_of_birth="2999-01-01"), "/person/date_of_birth"),
        ("children", a_child(nhs_number="9990000043"), "/person/nhs_number"),
        ("children", a_parent(), "/person/relationship"),
        ("household", a_child(), "/person/relationship"),
        ("neighbours", a_parent(), "/"),
    ],
)
async def test_somebody_added_is_validated_like_in_the_referral(
    school: Partner, part: str, person: Json, pointer: str
) -> None:
    receipt = await school.refer()

    refused = await add(school, receipt, part, person)

    assert refused.status_code == 422, refused.text
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]


async def test_after_the_end_of_it_a_child_is_corrected_in_the_new_referral(
    school: Partner, front_door: Partner
) -> None:
    child = a_child(nhs_number=an_nhs_number())
    old = await school.refer(a_submission(child))
    await end("withdrawn", old, school, front_door)
    new = await school.refer()

    told = {"nhs_number": child["nhs_number"]}
    answer = await correct(school, new, await child_of(school, new), told)

    assert answer.status_code == 200
