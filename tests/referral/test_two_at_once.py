"""Two workers at once on one referral: one wins, the other is told why, and nothing is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from services.referral.actions.clocks import look_at_clocks
from shared.auth import Role
from tests.builders import a_need
from tests.referral.conftest import Partner, Service
from tests.referral.test_overdue import LATE, SENT
from tests.referral.the_way import NOUNS, THE_WAY, who_may
from tests.referral.town import Json, Town
from tests.referral.truths import check

WHERE = {
    action: next(status for status, taken, _ in THE_WAY if taken == action) for action in NOUNS
} | {"step_up": "in_progress", "complete_assessment": "in_progress", "reopen": "closed"}
"""A status in which each action can be taken."""
_WAITING = """
    select count(*) from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database() and query like '%referral%'
"""


async def together(
    service: Service, referral: Json, *requests: Callable[[], Awaitable[httpx2.Response]]
) -> list[httpx2.Response]:
    """All of them at once: each has seen the referral and waits for it before any gets it."""
    async with service.db.transaction() as holder:
        of = {"id": referral["id"]}
        await holder.execute(text("select 1 from referral where id = :id for update"), of)
        sent = [asyncio.ensure_future(request()) for request in requests]
        async with asyncio.timeout(10):
            while (await service.rows(_WAITING))[0] < len(requests):  # noqa: ASYNC110 -- no bell
                await asyncio.sleep(0.005)
    return list(await asyncio.gather(*sent))


async def _counted(service: Service, referral: Json) -> tuple[int, int]:
    """Its entries in the history, and its events."""
    entries = "select count(*) from history where referral_id = :id"
    events = "select count(*) from outbox where key = :key"
    (written,) = await service.rows(entries, id=referral["id"])
    (told,) = await service.rows(events, key=referral["id"])
    return written, told


def _refused_as_stale(answers: list[httpx2.Response]) -> None:
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 412), lost.text
    assert lost.json()["type"] == "/problems/changed-meanwhile"
    assert "again" in lost.json()["detail"]


async def test_of_two_workers_with_the_same_step_one_wins_and_the_other_is_told(
    service: Service,
) -> None:
    town = await Town.of(service)
    for action in NOUNS:
        referral = await town.at(WHERE[action])
        by = town.worker(who_may(referral["status"], action)[0], referral)
        await _same_step(town, referral, action, by, by.colleague())


async def _same_step(town: Town, referral: Json, action: str, *workers: Partner) -> None:
    said = town.said(action, workers[0])
    written, told = await _counted(town.service, referral)

    answers = await together(
        town.service,
        referral,
        *(partial(town.step, referral, action, worker, said) for worker in workers),
    )

    _refused_as_stale(answers)
    assert await _counted(town.service, referral) == (written + 1, told + 1)
    now = await check(town.service, referral["id"])
    winner = [answer.status_code for answer in answers].index(200)
    won = answers[winner].json()
    assert (now["status"], now["version"]) == (won["status"], referral["version"] + 1)
    (who,) = await town.service.rows(
        "select worker_id from history where referral_id = :id and version = :version",
        id=referral["id"],
        version=now["version"],
    )
    assert who == workers[winner].caller.worker_id


@pytest.mark.parametrize(
    ("place", "one", "other"),
    [
        ("triaging", "decide", "withdraw"),
        ("allocated", "accept", "re_route"),
        ("stepped_up", "decline", "enter_in_error"),
    ],
)
async def test_of_two_different_steps_one_wins_and_the_other_is_told(
    service: Service, place: str, one: str, other: str
) -> None:
    town = await Town.of(service)
    referral = await town.at(place)
    steps = [
        partial(town.step, referral, action, town.worker(who_may(place, action)[0], referral))
        for action in (one, other)
    ]

    _refused_as_stale(await together(service, referral, *steps))

    assert (await check(service, referral["id"]))["version"] == referral["version"] + 1


async def test_of_a_step_and_an_amendment_one_wins_and_the_other_can_be_said_again(
    service: Service,
) -> None:
    town = await Town.of(service)
    referral = await town.at("triaging")
    school = town.workers[Role.REFERRER]
    door = town.workers[Role.FRONT_DOOR_WORKER]
    need = a_need(reason="The family has lost its home since.")
    amended: Any = {"part": "need", "value": need, "reason": "The mother has told us more."}

    answers = await together(
        service,
        referral,
        lambda: town.step(referral, "decide", door),
        lambda: school.step(referral, "amendments", referral["version"], amended),
    )

    _refused_as_stale(answers)
    now = await check(service, referral["id"])
    if answers[0].status_code == 200:
        again = await school.step(referral, "amendments", now["version"], amended)
    else:
        again = await town.step(now, "decide", door)
    assert again.status_code == 200
    seen = await town.seen(referral["id"])
    assert (seen["status"], seen["need"]["reason"]) == ("decided", need["reason"])
    assert (await check(service, referral["id"]))["version"] == referral["version"] + 2


async def test_a_step_while_the_clocks_are_looked_at_loses_nothing_and_nobody_is_told_twice(
    service: Service,
) -> None:
    town = await Town.of(service)
    service.at(SENT)
    referrals = [await town.at("acknowledge triage") for _ in range(6)]
    service.at(LATE)
    door = town.workers[Role.FRONT_DOOR_WORKER]

    steps = [town.step(referral, "decide", door) for referral in referrals]
    looks = [look_at_clocks(service.desk, LATE + timedelta(seconds=n)) for n in range(3)]
    done = await asyncio.gather(*steps[:3], *looks, *steps[3:])
    await look_at_clocks(service.desk, LATE + timedelta(seconds=5))

    assert [a.status_code for a in done if isinstance(a, httpx2.Response)] == [200] * 6
    for referral in referrals:
        now = await check(service, referral["id"])
        assert (now["status"], now["version"]) == ("decided", referral["version"] + 1)
