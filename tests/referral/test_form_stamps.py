"""A form is good for a day, from three seconds on, and once: robots are kept out kindly."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.referral.asking import Family
from tests.referral.conftest import Partner, Service

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def desk(service: Service, front_door: Partner) -> Partner:
    """The sample's front door, of which the service has heard."""
    await service.known(front_door)
    return front_door


@pytest.fixture
def family(service: Service, desk: Partner) -> Family:
    return Family(service)


STAMPS: dict[str, dict[str, Any]] = {
    "given out this moment": {"age": timedelta(seconds=2)},
    "older than a day": {"age": timedelta(hours=25)},
    "of tomorrow": {"age": -timedelta(hours=1)},
    "of another council": {"authority": "barnet"},
}


@pytest.mark.parametrize("what", [*STAMPS, "made up", "none"])
async def test_a_form_that_a_robot_would_send_is_refused_kindly(
    service: Service, family: Family, what: str
) -> None:
    assert (await family.ask(stamp=family.stamp(timedelta(seconds=3)))).status_code == 201
    assert (await family.ask(stamp=family.stamp(timedelta(hours=24)))).status_code == 201
    before = await service.counts()
    made_up = {"made up": "bm9uc2Vuc2U=", "none": ""}
    stamp = family.stamp(**STAMPS[what]) if what in STAMPS else made_up[what]

    answer = await family.ask(stamp=stamp)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/form-stamp-not-accepted"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/stamp"]
    assert await service.counts() == before


async def test_a_form_is_taken_once_and_sent_twice_it_has_one_answer(
    service: Service, family: Family
) -> None:
    stamp = family.stamp()
    first = await family.ask(stamp=stamp)

    again = await family.ask(stamp=stamp)
    other = await family.ask(stamp=stamp, help="Something else.")

    assert again.json() == first.json()
    assert (other.status_code, other.json()["type"]) == (422, "/problems/form-sent-already")
    assert await service.rows("select count(*) from referral") == [1]


async def test_two_of_the_same_form_at_once_make_one_referral(
    service: Service, family: Family
) -> None:
    stamp = family.stamp()

    answers = await asyncio.gather(*(family.ask(stamp=stamp) for _ in range(5)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert await service.rows("select count(*) from referral") == [1]
    assert (await family.ask(stamp=stamp)).status_code == 201
