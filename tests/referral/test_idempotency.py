"""A referral sent again is taken once, whatever the network did."""

import asyncio

import pytest
from sqlalchemy import text

from shared.idempotency import Once
from tests.builders import a_child, a_decision, a_submission
from tests.referral.conftest import REFERRALS, Partner, Service


async def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(
    school: Partner, service: Service
) -> None:
    sent = a_submission()
    first = await school.send(sent, key="our-number-1")
    before = await service.counts()

    again = await school.send(sent, key="our-number-1")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert await service.counts() == before


async def test_it_is_answered_again_even_when_the_referral_has_gone_on(
    school: Partner, front_door: Partner
) -> None:
    sent = a_submission()
    first = await school.send(sent, key="our-number-1")
    for version, step in enumerate(("acknowledgement", "triage", "decision"), start=1):
        body = a_decision() if step == "decision" else None
        assert (await front_door.step(first.json(), step, version, body)).status_code == 200

    again = await school.send(sent, key="our-number-1")

    assert (again.status_code, again.json()) == (201, first.json())


async def test_another_client_never_gets_the_answer(school: Partner, gp: Partner) -> None:
    sent = a_submission()
    first = await school.send(sent, key="1")
    second_system = school.but(client_id="the-schools-other-system")

    of_gp = await gp.send(sent, key="1")
    of_second_system = await second_system.send(sent, key="1")

    assert of_gp.status_code == 201
    assert of_gp.json()["id"] != first.json()["id"]
    assert of_second_system.status_code == 409
    assert of_second_system.json()["type"] == "/problems/referral-open-for-this-child"


async def test_the_key_of_one_request_is_refused_for_another(school: Partner) -> None:
    sent = a_submission()
    assert (await school.send(sent, key="1")).status_code == 201

    other_body = await school.send(a_submission(), key="1")
    other_worker = await school.colleague().send(sent, key="1")

    for refused in (other_body, other_worker):
        assert refused.status_code == 422
        assert refused.json()["type"] == "/problems/idempotency-key-reused"


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({}, "idempotency-key-missing"),
        ({"Idempotency-Key": ""}, "idempotency-key-missing"),
        ({"Idempotency-Key": "k" * 256}, "bad-request"),
    ],
)
async def test_without_a_key_nothing_is_taken(
    school: Partner, service: Service, headers: dict[str, str], problem: str
) -> None:
    answer = await school.ask("POST", REFERRALS, json=a_submission(), headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (400, f"/problems/{problem}")
    assert await service.rows("select * from referral") == []


async def test_while_the_first_is_at_work_the_second_is_asked_to_wait(
    school: Partner, service: Service
) -> None:
    sent = a_submission()
    once = Once.of(school.caller.client_id, "1")
    async with service.db.transaction() as holder:
        await holder.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": once.lock})

        second = await school.send(sent, key="1")

    assert second.status_code == 409
    assert second.json()["type"] == "/problems/idempotency-key-in-flight"
    assert second.headers["Retry-After"] == "1"
    assert (await school.send(sent, key="1")).status_code == 201


async def test_many_at_once_make_one_referral(school: Partner, service: Service) -> None:
    sent = a_submission()

    answers = await asyncio.gather(*(school.send(sent, key="1") for _ in range(20)))

    taken = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    waiting = [a.json()["type"] for a in answers if a.status_code != 201]
    assert len(set(taken)) == 1
    assert set(waiting) <= {"/problems/idempotency-key-in-flight"}
    assert await service.rows("select count(*) from referral") == [1]


async def test_when_the_connection_breaks_in_the_middle_nothing_is_half_done(
    school: Partner, service: Service
) -> None:
    sent = a_submission(a_child())
    before = await service.counts()
    async with service.db.transaction() as holder:
        await holder.execute(text("lock table outbox in exclusive mode"))
        sending = asyncio.create_task(school.send(sent, key="1"))
        await _break_who_waits_for_a_lock(service)

    broken = await sending

    assert broken.status_code == 503
    assert await service.counts() == before
    assert (await school.send(sent, key="1")).status_code == 201


async def _break_who_waits_for_a_lock(service: Service) -> None:
    """With work in flight: the statement that inserts the referral."""
    waiting = """
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database() and query like '%referral%'
    """
    async with asyncio.timeout(10):
        while not (await service.rows(waiting))[0]:  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(0.01)


async def test_the_clients_own_number_is_not_kept_as_it_was_sent(
    school: Partner, service: Service
) -> None:
    key = "Zebedee Madeupname 2015"

    assert (await school.send(key=key)).status_code == 201

    (kept,) = await service.rows("select idempotency::text from idempotency")
    assert "Madeupname" not in kept
