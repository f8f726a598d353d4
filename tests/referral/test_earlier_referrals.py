"""A family that was referred before: linked by a worker, shown to the front door at intake."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.referral.domain.earlier import is_within
from shared.ids import new_reference
from tests.builders import a_child, a_submission, a_withdrawal, an_nhs_number
from tests.referral.amendments import Json, child_of, correct, end, seen
from tests.referral.conftest import Partner, Service

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


async def link(partner: Partner, receipt: Json, reference: str, version: int = 1) -> Json:
    """The answer to a link, whatever it is."""
    answer = await partner.step(receipt, "earlier", version, {"reference": reference})
    return {"status_code": answer.status_code, **answer.json()}


async def history(partner: Partner, receipt: Json) -> list[str]:
    """The actions that this partner reads."""
    entries = (await partner.get(f"/{receipt['id']}/history")).json()["entries"]
    return [entry["action"] for entry in entries]


@pytest.mark.parametrize("typed", [str, str.lower, lambda text: text.replace("-", " ")])
async def test_a_referrer_links_its_own_earlier_referral_of_the_same_or_another_child(
    school: Partner, service: Service, typed: Callable[[str], str]
) -> None:
    first, second = await school.refer(), await school.refer()

    linked = await link(school, second, typed(first["reference"]))

    assert (linked["status_code"], linked["version"]) == (200, 2)
    assert (await seen(school, second))["earlier_referral"] == first["reference"]
    assert await history(school, second) == ["submit", "link"]
    told = await service.rows(
        "select data ->> 'earlier_referral_id' from outbox where type like '%.linked.%'"
    )
    assert told == [first["id"]]


async def test_only_what_was_sent_before_can_be_linked_so_there_is_no_circle(
    school: Partner,
) -> None:
    first, second, third = [await school.refer() for _ in range(3)]
    assert (await link(school, third, second["reference"]))["status_code"] == 200
    assert (await link(school, second, first["reference"]))["status_code"] == 200

    for reference in (first["reference"], second["reference"], third["reference"]):
        refused = await link(school, first, reference)
        assert refused["status_code"] == 422
        assert refused["errors"][0]["pointer"] == "/reference"
    assert (await link(school, second, first["reference"], 2))["status_code"] == 422
    assert (await link(school, third, first["reference"], 2))["status_code"] == 200


async def test_what_another_agency_has_referred_cannot_be_linked_and_answers_like_nothing(
    school: Partner, gp: Partner, front_door: Partner, service: Service
) -> None:
    of_gp, of_another_council, receipt = (
        await gp.refer(),
        await school.refer(),
        await school.refer(),
    )
    await service.run(
        f"update referral set authority = 'another' where id = '{of_another_council['id']}'"  # noqa: S608 -- our own id
    )
    unseen = [of_gp["reference"], of_another_council["reference"]]

    answers = [
        await link(school, receipt, reference)
        for reference in (*unseen, new_reference(), "no reference")
    ]

    assert answers[0]["status_code"] == 422
    assert all(answer == answers[0] for answer in answers)
    assert (await link(front_door, receipt, unseen[0]))["status_code"] == 200
    assert (await link(front_door, receipt, unseen[1], 2))["status_code"] == 422


async def test_that_the_front_door_linked_another_agencys_is_told_to_nobody_else(
    school: Partner, gp: Partner, front_door: Partner, service: Service
) -> None:
    of_gp, receipt = await gp.refer(), await school.refer()

    assert (await link(front_door, receipt, of_gp["reference"]))["status_code"] == 200

    whole, own = await seen(front_door, receipt), await seen(school, receipt)
    assert (whole["earlier_referral"], whole["earlier_referral_id"]) == (
        of_gp["reference"],
        of_gp["id"],
    )
    assert not {"earlier_referral", "earlier_referral_id"} & own.keys()
    assert await history(front_door, receipt) == ["submit", "link"]
    assert await history(school, receipt) == ["submit"]
    (concerns,) = await service.rows("select concerns from outbox where type like '%.linked.%'")
    assert not {school.agency_id, gp.agency_id} & set(concerns)
    assert concerns, "the front door of the authority hears it"


@pytest.mark.parametrize("way", ["closed", "withdrawn"])
async def test_at_intake_the_front_door_alone_sees_what_there_was_for_the_same_children(
    school: Partner, gp: Partner, front_door: Partner, service: Service, way: str
) -> None:
    child = a_child(nhs_number=an_nhs_number())
    service.at(NOW)
    first = await school.refer(a_submission(child))
    await end(way, first, school, front_door)
    service.at(NOW + timedelta(days=100))
    second = await gp.refer(a_submission(a_child(nhs_number=child["nhs_number"])))
    third = await school.refer(a_submission(child))

    whole = (await seen(front_door, third))["earlier_referrals"]

    assert [one["reference"] for one in whole] == [second["reference"], first["reference"]]
    assert [one["status"] for one in whole] == ["submitted", way]
    assert all(one["within_months"] for one in whole)
    assert ("outcome" in whole[1]) == (way == "closed")
    assert whole[1]["closed_at"].startswith("2026-11-23")
    assert (await seen(front_door, first))["earlier_referrals"] == []
    assert "earlier_referrals" not in await seen(school, third)
    looked = await service.rows(
        "select subjects::text[] from access where operation = 'referral.look'"
        " and agency_id = :agency order by at limit 1",
        agency=front_door.agency_id,
    )
    assert set(looked[0]) == {third["id"], second["id"], first["id"]}


async def test_after_the_authoritys_months_it_is_shown_and_is_no_re_referral(
    school: Partner, front_door: Partner, service: Service
) -> None:
    child = a_child(nhs_number=an_nhs_number())
    found = {}
    for then in (NOW, NOW + timedelta(days=364), NOW + timedelta(days=364 + 367)):
        service.at(then)
        receipt = await school.refer(a_submission(child))
        found[then] = (await seen(front_door, receipt))["earlier_referrals"]
        assert (await school.step(receipt, "withdrawal", 1, a_withdrawal())).status_code == 200

    assert [[one["within_months"] for one in ones] for ones in found.values()] == [
        [],
        [True],
        [False, False],
    ]


async def test_what_was_entered_in_error_was_never_there(
    school: Partner, front_door: Partner
) -> None:
    child = a_child(nhs_number=an_nhs_number())
    wrong = await school.refer(a_submission(child))
    await end("entered_in_error", wrong, school, front_door)

    receipt = await school.refer(a_submission(child))

    assert (await seen(front_door, receipt))["earlier_referrals"] == []


async def test_a_child_put_right_shows_what_there_was_before(
    school: Partner, gp: Partner, front_door: Partner
) -> None:
    child = a_child(nhs_number=an_nhs_number())
    earlier, receipt = await gp.refer(a_submission(child)), await school.refer()
    assert (await seen(front_door, receipt))["earlier_referrals"] == []

    told = {"nhs_number": child["nhs_number"]}
    assert (await correct(school, receipt, await child_of(school, receipt), told)).is_success

    (one,) = (await seen(front_door, receipt))["earlier_referrals"]
    assert one["reference"] == earlier["reference"]


@pytest.mark.parametrize(
    ("earlier", "later", "within"),
    [
        ("2026-01-15T12:00Z", "2027-01-15T23:00Z", True),
        ("2026-01-15T12:00Z", "2027-01-16T00:30Z", False),
        ("2024-02-29T12:00Z", "2025-02-28T12:00Z", True),
        ("2024-02-29T12:00Z", "2025-03-01T12:00Z", False),
        ("2026-06-30T23:30Z", "2027-07-01T22:30Z", True),
    ],
)
def test_months_are_calendar_months_of_england(earlier: str, later: str, within: bool) -> None:
    began, came = (datetime.fromisoformat(when) for when in (earlier, later))

    assert is_within(12, began, came) is within
