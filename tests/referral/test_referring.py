"""A family is referred: what the referrer is told, and what the front door then sees."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared.ids import is_reference
from tests.builders import a_child, a_submission
from tests.referral.conftest import REFERRALS, Partner, Service

IN_COVER_HOURS = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday
AT_NIGHT = datetime(2026, 11, 18, 23, 0, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 25, 12, 0, tzinfo=UTC)


async def test_the_referrer_is_told_the_reference_the_time_of_the_decision_and_where_to_go_on(
    school: Partner, service: Service
) -> None:
    service.at(IN_COVER_HOURS)

    answer = await school.send()

    receipt = answer.json()
    assert answer.status_code == 201
    assert is_reference(receipt["reference"])
    assert (receipt["status"], receipt["urgency"]) == ("submitted", "routine")
    assert receipt["decision_due"] == "2026-11-19T12:00:00Z"
    assert answer.headers["Location"] == receipt["links"]["self"] == f"{REFERRALS}/{receipt['id']}"
    assert "emergency" not in receipt
    for link in ("self", "history", "actions"):
        assert (await school.ask("GET", receipt["links"][link])).status_code == 200


@pytest.mark.parametrize(
    ("now", "answering"),
    [
        (IN_COVER_HOURS, "01632 960001"),
        (AT_NIGHT, "01632 960002"),
        (CHRISTMAS, "01632 960002"),
    ],
)
async def test_a_child_in_danger_is_urgent_and_the_answer_names_the_telephone_that_answers_now(
    school: Partner, service: Service, now: datetime, answering: str
) -> None:
    service.at(now)

    receipt = await school.refer(a_submission(safeguarding={"immediate_danger": True}))

    assert receipt["urgency"] == "urgent"
    assert "999" in receipt["emergency"]["advice"]
    assert receipt["emergency"]["telephone"]["number"] == answering


async def test_what_was_sent_is_what_the_front_door_reads(
    school: Partner, front_door: Partner
) -> None:
    child = a_child(upn="X873999900001", disabilities=["AUT"], first_language="pl")
    sent = a_submission(child, safeguarding={"immediate_danger": False, "concern": "None now"})

    receipt = await school.refer(sent)

    seen = (await front_door.get(f"/{receipt['id']}")).json()
    assert seen["reference"] == receipt["reference"]
    assert seen["children"][0].items() >= child.items()
    assert seen["household"][0].items() >= sent["household"][0].items()
    for part in ("need", "safeguarding", "basis"):
        assert seen[part].items() >= sent[part].items()


async def test_the_referrer_holds_the_family_until_another_agency_accepts(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()

    seen = (await front_door.get(f"/{receipt['id']}")).json()

    assert seen["holding_agency_id"] == seen["referring_agency_id"] == str(school.agency_id)
    assert seen["referring_worker_id"] == str(school.caller.worker_id)


async def test_a_body_that_is_too_large_is_refused_however_it_is_sent(school: Partner) -> None:
    async def in_pieces(pieces: int) -> AsyncIterator[bytes]:
        body = json.dumps(a_submission()).encode()
        yield body[:-1]
        for _ in range(pieces):
            yield b" " * 65_536
        yield body[-1:]

    def headers() -> dict[str, str]:
        return {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}

    small = await school.ask("POST", REFERRALS, content=in_pieces(1), headers=headers())
    large = await school.ask("POST", REFERRALS, content=in_pieces(20), headers=headers())
    assert small.status_code == 201, small.text
    assert (large.status_code, large.json()["type"]) == (413, "/problems/too-large")
