"""What was sent is put right with a reason, and what was said first is never lost."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shared.auth import AgencyKind, Role
from tests.builders import a_need, a_parent, a_submission, agreed, an_address, on_other_basis
from tests.referral.amendments import (
    Json,
    add,
    amend,
    changes,
    child_of,
    correct,
    end,
    seen,
    undone,
)
from tests.referral.conftest import Partner, Service

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DANGER = {"immediate_danger": True, "concern": "A made-up uncle has threatened the child."}
PARTS: list[tuple[str, Json]] = [
    ("need", a_need(reason="It is the grandmother who is ill.", groups=["health"], factors=[])),
    ("safeguarding", {"immediate_danger": False, "concern": "The door does not lock."}),
    ("referrer", {"telephone": "01632 960099"}),
    ("basis", on_other_basis()),
]


@pytest.mark.parametrize(("part", "value"), PARTS, ids=[part for part, _ in PARTS])
@pytest.mark.parametrize("who", ["school", "front door"])
async def test_each_part_is_said_anew_with_the_reason(
    school: Partner, front_door: Partner, who: str, part: str, value: Json
) -> None:
    sent = a_submission(referrer={"telephone": "01632 960010"})
    receipt = await school.refer(sent)
    by = school if who == "school" else front_door

    answer = await amend(by, receipt, part, value)

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    for reader in (school, front_door):
        now = (await seen(reader, receipt))[part]
        assert now == now | value
        (line,) = await changes(reader, receipt)
        assert (line["part"], line["version"], line["reason"]) == (
            part,
            2,
            "The mother has told us more.",
        )
        assert line["before"] == line["before"] | sent[part]
        assert line["worker_id"] == str(by.caller.worker_id)


async def test_with_every_change_taken_back_it_is_as_it_was_sent(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer(a_submission(referrer={"telephone": "01632 960010"}))
    as_sent = undone(await seen(front_door, receipt), [])
    child = await child_of(school, receipt)
    steps = [
        await amend(school, receipt, "need", a_need(reason="Another reason."), 1),
        await correct(school, receipt, child, {"sex": "M", "school": "Made-up Primary"}, 2),
        await add(front_door, receipt, "household", a_parent(given_name="Forgotten"), 3),
        await amend(front_door, receipt, "need", a_need(reason="A third reason."), 4),
        await correct(front_door, receipt, child, {"school": None, "gp": "Dr Madeup"}, 5),
        await amend(school, receipt, "basis", agreed(by="Somebody Else"), 6),
    ]
    assert [step.status_code for step in steps] == [200, 200, 201, 200, 200, 200]
    now = await seen(front_door, receipt)
    assert undone(now, []) != as_sent

    assert undone(now, await changes(front_door, receipt)) == as_sent


async def test_what_is_counted_by_follows_the_amended_need(school: Partner) -> None:
    receipt = await school.refer(a_submission(need=a_need(groups=["education"])))

    need = a_need(groups=["health", "other"], level="3", indicators=["missing_school"])
    assert (await amend(school, receipt, "need", need)).status_code == 200

    answer = await seen(school, receipt)
    assert answer["need_groups"] == ["health", "other"]
    assert (answer["level_referrer"], answer["level_suggested"]) == ("3", "2")


async def test_immediate_danger_makes_it_urgent_from_then_on_and_says_what_to_do_now(
    school: Partner, service: Service
) -> None:
    service.at(NOW)
    receipt = await school.refer()
    assert (receipt["urgency"], "emergency" in receipt) == ("routine", False)
    later = NOW + timedelta(hours=3)
    service.at(later)

    amended = (await amend(school, receipt, "safeguarding", DANGER)).json()

    assert amended["urgency"] == "urgent"
    assert "999" in amended["emergency"]["advice"]
    assert amended["emergency"]["telephone"]["number"]
    assert await service.rows("select urgent_since from referral") == [later]
    told = await service.rows("select data ->> 'urgency' from outbox where type like '%.amended.%'")
    assert told == ["urgent"]
    history = (await school.get(f"/{receipt['id']}/history")).json()["entries"]
    assert [(e["action"], e.get("code")) for e in history] == [
        ("submit", None),
        ("amend", "safeguarding"),
    ]


async def test_what_was_urgent_is_not_made_less_by_an_amendment(
    school: Partner, service: Service
) -> None:
    service.at(NOW)
    receipt = await school.refer(a_submission(safeguarding=DANGER))
    service.at(NOW + timedelta(hours=1))

    calm = (await amend(school, receipt, "safeguarding", {"immediate_danger": False})).json()
    again = (await amend(school, receipt, "safeguarding", DANGER, 2)).json()

    assert [calm["urgency"], again["urgency"]] == ["urgent", "urgent"]
    assert await service.rows("select urgent_since from referral") == [NOW]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"part": "need", "value": {"reason": "x", "groups": ["luck"]}}, "/value/groups/0"),
        ({"part": "need", "value": a_need(level="99")}, "/value/level"),
        ({"part": "need", "value": {"groups": ["health"]}}, "/value/reason"),
        ({"part": "need", "value": a_need(), "reason": "Short"}, "/reason"),
        ({"part": "need", "value": a_need(), "because": "x" * 20}, "/because"),
        ({"part": "children", "value": []}, "/"),
        ({"part": "safeguarding", "value": {"immediate_danger": False}}, "/value"),
    ],
)
async def test_what_is_said_anew_is_validated_like_the_referral(
    school: Partner, service: Service, said: Json, pointer: str
) -> None:
    receipt = await school.refer()
    before = await service.counts()
    body = {"reason": "The mother has told us more."} | said

    refused = await school.step(receipt, "amendments", 1, body)

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert await service.counts() == before


@pytest.mark.parametrize("way", ["closed", "withdrawn", "entered_in_error"])
async def test_at_its_end_what_was_sent_stays_as_it_is(
    school: Partner, front_door: Partner, way: str
) -> None:
    receipt = await school.refer()
    child = await child_of(school, receipt)
    version = await end(way, receipt, school, front_door)

    for by in (school, front_door):
        refused = [
            await amend(by, receipt, "referrer", {"telephone": "01632 960001"}, version),
            await correct(by, receipt, child, {"sex": "M"}, version),
            await add(by, receipt, "household", a_parent(given_name="Late"), version),
            await by.step(receipt, "earlier", version, {"reference": receipt["reference"]}),
        ]
        for answer in refused:
            assert answer.status_code == 409, answer.text
            assert answer.json()["type"] == "/problems/referral-not-allowed-now"
            assert answer.json()["status_now"] == way
    assert await changes(school, receipt) == []


async def test_another_agency_cannot_change_or_read_what_it_cannot_see(
    school: Partner, gp: Partner, service: Service
) -> None:
    receipt = await school.refer()
    child = await child_of(school, receipt)
    nothing = {"id": child}

    for referral in (receipt, nothing):
        answers = [
            await amend(gp, referral, "referrer", {"telephone": "01632 960001"}),
            await correct(gp, referral, child, {"sex": "M"}),
            await add(gp, referral, "household", a_parent()),
            await gp.step(referral, "earlier", 1, {"reference": receipt["reference"]}),
            await gp.get(f"/{referral['id']}/amendments"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 5
        assert len({answer.content for answer in answers}) == 1


async def test_who_works_with_the_family_reads_the_log_and_does_not_write_it(
    school: Partner, service: Service
) -> None:
    receiver = service.partner(AgencyKind.VOLUNTARY, Role.RECEIVING_WORKER)
    receipt = await school.refer()
    await amend(school, receipt, "referrer", {"telephone": "01632 960001"})
    taken = "status = 'in_progress', accepted_at = submitted_at"
    await service.run(f"update referral set {taken}, holding_agency_id = '{receiver.agency_id}'")  # noqa: S608 -- our own id

    assert len(await changes(receiver, receipt)) == 1
    refused = await amend(receiver, receipt, "referrer", {"telephone": "01632 960002"}, 2)
    assert refused.status_code == 403


async def test_of_two_who_amend_at_once_one_wins_and_the_other_is_told(
    school: Partner, front_door: Partner, service: Service
) -> None:
    for _ in range(5):
        receipt = await school.refer()

        answers = await asyncio.gather(
            amend(school, receipt, "referrer", {"telephone": "01632 960001"}),
            amend(front_door, receipt, "safeguarding", DANGER),
            front_door.step(receipt, "acknowledgement", 1),
        )

        assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
        assert (await seen(school, receipt))["version"] == 2
    lines = await service.rows("select count(*) from amendment")
    acknowledged = await service.rows("select count(*) from referral where status <> 'submitted'")
    assert lines[0] + acknowledged[0] == 5


async def test_a_confidential_address_is_in_the_log_for_nobody(
    school: Partner, front_door: Partner
) -> None:
    hidden = an_address(lines=["13 Unseen Mews"], confidential=True)
    receipt = await school.refer()
    person = a_parent(given_name="Hidden", addresses=[hidden, an_address()])
    assert (await add(school, receipt, "household", person)).status_code == 201

    for reader in (front_door, school):
        (line,) = await changes(reader, receipt)
        shown = [{"confidential": True}, an_address(confidential=False)]
        assert line["after"]["addresses"] == shown
        assert "Unseen" not in (await reader.get(f"/{receipt['id']}/amendments")).text


async def test_every_change_stands_in_one_transaction_with_all_that_belongs_to_it(
    school: Partner, service: Service
) -> None:
    receipt = await school.refer()
    for table in ("amendment", "history", "access", "outbox"):
        await service.run(f"alter table {table} add constraint never check (false) not valid")
        before = await service.counts()

        failed = await amend(school, receipt, "safeguarding", DANGER)

        assert failed.status_code == 500
        assert await service.counts() == before
        assert (await service.rows("select version, urgency from referral")) == [(1, "routine")]
        await service.run(f"alter table {table} drop constraint never")
    assert (await amend(school, receipt, "safeguarding", DANGER)).status_code == 200


async def test_whether_something_may_be_put_right_is_told_beside_the_steps(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer()
    reading = school.but(scopes=school.caller.scopes - {"referrals:write"})
    asking = (school, front_door, reading)

    async def told() -> list[bool]:
        path = f"/{receipt['id']}/actions"
        return [(await partner.get(path)).json()["may_amend"] for partner in asking]

    assert await told() == [True, True, False]
    await end("withdrawn", receipt, school, front_door)
    assert await told() == [False, False, False]
