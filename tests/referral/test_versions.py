"""Who changes a referral says which version it saw; of two at once, one wins."""

import asyncio

import pytest

from tests.builders import a_decision, a_withdrawal
from tests.referral.conftest import Partner, Service


async def test_each_step_answers_the_version_that_the_next_one_needs(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()

    seen = [(await front_door.get(f"/{receipt['id']}")).headers["ETag"]]
    for version, step in enumerate(("acknowledgement", "triage", "decision"), start=1):
        body = a_decision() if step == "decision" else None
        seen.append((await front_door.step(receipt, step, version, body)).headers["ETag"])

    assert seen == ['"1"', '"2"', '"3"', '"4"']


@pytest.mark.parametrize(
    ("version", "status", "problem"),
    [
        (None, 428, "if-match-missing"),
        ("2", 412, "changed-meanwhile"),
        ("0", 412, "changed-meanwhile"),
        ("*", 400, "bad-request"),
        ("-1", 400, "bad-request"),
        ("9" * 30, 400, "bad-request"),
        ("\xb2", 400, "bad-request"),
    ],
)
async def test_without_the_version_that_was_seen_nothing_changes(
    school: Partner, service: Service, version: str | None, status: int, problem: str
) -> None:
    receipt = await school.refer()
    before = await service.counts()

    answer = await school.step(receipt, "withdrawal", version, a_withdrawal())

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert await service.counts() == before
    assert (await school.step(receipt, "withdrawal", 1, a_withdrawal())).status_code == 200


async def test_of_two_front_door_workers_at_once_one_wins(
    school: Partner, front_door: Partner, service: Service
) -> None:
    for _ in range(10):
        receipt = await school.refer()

        answers = await asyncio.gather(
            front_door.step(receipt, "acknowledgement", 1),
            front_door.colleague().step(receipt, "acknowledgement", 1),
        )

        assert sorted(answer.status_code for answer in answers) == [200, 412]
    announced = await service.rows(
        "select count(*) from outbox where type like '%acknowledged%' group by key"
    )
    assert announced == [1] * 10


async def test_of_a_decision_and_a_withdrawal_at_once_one_wins(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()
    await front_door.step(receipt, "acknowledgement", 1)
    await front_door.step(receipt, "triage", 2)

    answers = await asyncio.gather(
        front_door.step(receipt, "decision", 3, a_decision()),
        school.step(receipt, "withdrawal", 3, a_withdrawal()),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    ended = (await school.get(f"/{receipt['id']}")).json()
    assert ended["version"] == 4
    assert ("decision" in ended) != ("withdrawal_reason" in ended)


async def test_a_step_that_is_not_on_the_way_says_where_the_referral_stands(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()

    answer = await front_door.step(receipt, "decision", 1, a_decision())

    assert (answer.status_code, answer.json()["status_now"]) == (409, "submitted")
    assert answer.json()["type"] == "/problems/referral-not-allowed-now"
