"""What is near or late is announced once, by whichever instance looks first."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml

from hub.site import AUTHORITY
from services.referral.actions.clocks import look_at_clocks
from shared.auth import AgencyKind, Role
from shared.authority import Authorities
from tests.builders import a_decision
from tests.referral.conftest import Partner, Service, live

SENT = datetime.fromisoformat("2027-11-17T15:10:00+00:00")  # a Wednesday to come
NEAR, LATE = SENT + timedelta(hours=23), SENT + timedelta(days=1, seconds=1)
MUCH_LATER = SENT + timedelta(days=30)
_SUBMISSION_STARTS = {"acknowledge", "decide", "offer"}
"""The sample's clocks that a submission starts."""


async def announced(service: Service) -> Counter[tuple[str, str]]:
    """The last word of each type of event with its clock, and how often it was announced."""
    found = await service.rows(
        "select split_part(type, '.', 4), data->>'clock' from outbox"
        " where type like '%.due_soon.v1' or type like '%.overdue.v1'"
    )
    return Counter(found)


async def test_what_is_near_and_then_late_is_announced_once_each_and_seen_in_the_history(
    school: Partner, service: Service
) -> None:
    service.at(SENT)
    late, withdrawn = await school.refer(), await school.refer()
    await school.step(withdrawn, "withdrawal", 1, {"reason": "family_declined"})

    told = [await look_at_clocks(service.desk, now) for now in (SENT, NEAR, NEAR, LATE, LATE)]

    assert told == [0, 2, 0, 2, 0]
    assert await announced(service) == {
        (what, clock): 1 for what in ("due_soon", "overdue") for clock in ("acknowledge", "decide")
    }
    assert set(await service.rows("select key from outbox where type like '%overdue%'")) == {
        late["id"]
    }
    entries = (await school.get(f"/{late['id']}/history")).json()["entries"]
    assert [(entry["action"], entry.get("code"), entry["version"]) for entry in entries[1:]] == [
        ("due_soon", "acknowledge", 1),
        ("due_soon", "decide", 1),
        ("overdue", "acknowledge", 1),
        ("overdue", "decide", 1),
    ]
    assert all("worker_id" not in entry for entry in entries[1:])


async def test_the_referring_agency_hears_that_it_is_late(
    school: Partner, service: Service
) -> None:
    service.at(SENT)
    late = await school.refer()
    await look_at_clocks(service.desk, LATE)

    concerns = "select key from outbox where type like '%overdue%' and :us = any(concerns)"
    assert set(await service.rows(concerns, us=school.agency_id)) == {late["id"]}


async def test_a_worker_in_the_middle_of_an_edit_is_not_told_that_it_changed(
    school: Partner, front_door: Partner, service: Service
) -> None:
    service.at(SENT)
    receipt = await school.refer()
    before = await front_door.get(f"/{receipt['id']}")
    await look_at_clocks(service.desk, LATE)
    service.at(LATE)

    after = await front_door.get(f"/{receipt['id']}")
    acknowledged = await front_door.step(receipt, "acknowledgement", before.json()["version"])

    assert after.headers["ETag"] == before.headers["ETag"]
    assert acknowledged.status_code == 200
    assert await look_at_clocks(service.desk, LATE + timedelta(days=1)) == 0


async def test_what_is_done_in_time_is_never_late_and_of_what_waits_for_an_answer_only_that(
    school: Partner, front_door: Partner, service: Service
) -> None:
    service.at(SENT)
    decided, asked = await school.refer(), await school.refer()
    for version, step in enumerate(("acknowledgement", "triage"), start=1):
        for receipt in (decided, asked):
            assert (await front_door.step(receipt, step, version)).status_code == 200
    await front_door.step(decided, "decision", 3, a_decision(outcome="advice"))
    question = {"question": "Which school does she go to?"}
    assert (await front_door.step(asked, "question", 3, question)).status_code == 200

    assert await look_at_clocks(service.desk, MUCH_LATER) == 1
    assert await announced(service) == {("overdue", "answer_question"): 1}

    service.at(MUCH_LATER)
    await school.step(asked, "answer", 4, {"answer": "To Madeup Primary, since September."})
    assert await look_at_clocks(service.desk, MUCH_LATER + timedelta(days=4)) > 0
    assert set(await service.rows("select key from outbox where type like '%overdue%'")) == {
        asked["id"]
    }


async def test_two_instances_that_look_at_the_same_time_announce_each_once(
    databases: Callable[[str], str], key_folder: Path
) -> None:
    url = databases("referral")
    async with live(url, key_folder) as one, live(url, key_folder) as other:
        school = one.partner(AgencyKind.SCHOOL, Role.REFERRER)
        one.at(SENT)
        referred = {(await school.refer())["id"] for _ in range(30)}

        told = await asyncio.gather(
            *(look_at_clocks(it.desk, MUCH_LATER) for _ in range(4) for it in (one, other))
        )

        late = {(id_, clock) for id_ in referred for clock in _SUBMISSION_STARTS}
        found = await one.rows("select key, data->>'clock' from outbox where type like '%overdue%'")
        assert (sum(told), len(found), set(found)) == (len(late), len(late), late)


async def test_more_late_ones_than_are_taken_at_once_are_all_announced(
    school: Partner, service: Service
) -> None:
    service.at(SENT)
    await asyncio.gather(*(school.refer() for _ in range(101)))

    assert await look_at_clocks(service.desk, LATE) == 202
    assert await look_at_clocks(service.desk, LATE) == 0


def closed_on(folder: Path, *days: date) -> Authorities:
    """The sample with closures, read anew as at a start."""
    settings = yaml.safe_load(AUTHORITY.read_text())
    settings["closures"] = {"days": list(days), "source": "sample"}
    changed = folder / "sample.yaml"
    changed.write_text(yaml.safe_dump(settings))
    return Authorities.load([changed])


async def test_when_a_closure_is_added_what_runs_is_due_later_and_nothing_is_said_twice(
    school: Partner, front_door: Partner, service: Service, tmp_path: Path
) -> None:
    service.at(SENT)
    told_before, runs = await school.refer(), await school.refer()
    await service.run(f"update referral set next_alarm = null where id = '{runs['id']}'")  # noqa: S608 -- our own id
    assert await look_at_clocks(service.desk, LATE) == 2
    closed = replace(
        service.desk, authorities=closed_on(tmp_path, date(2027, 11, 18), date(2027, 11, 19))
    )

    assert await look_at_clocks(closed, LATE) == 0
    for receipt in (told_before, runs):
        clocks = (await front_door.get(f"/{receipt['id']}")).json()["clocks"]
        due = {clock["clock"]: clock["due"] for clock in clocks}
        assert due["decide"] == "2027-11-22T15:10:00Z"
        assert due["offer"] == "2027-12-01T15:10:00Z"  # of calendar days
    assert await look_at_clocks(closed, SENT + timedelta(days=6)) == 2
    assert Counter(await service.rows("select key from outbox where type like '%overdue%'")) == {
        told_before["id"]: 2,
        runs["id"]: 2,
    }


async def test_a_new_calendar_leaves_what_waits_and_what_has_stopped_as_it_is(
    school: Partner, front_door: Partner, service: Service, tmp_path: Path
) -> None:
    service.at(SENT)
    withdrawn, asked = await school.refer(), await school.refer()
    await school.step(withdrawn, "withdrawal", 1, {"reason": "family_declined"})
    for version, step in enumerate(("acknowledgement", "triage"), start=1):
        await front_door.step(asked, step, version)
    question = {"question": "Which school does she go to?"}
    assert (await front_door.step(asked, "question", 3, question)).status_code == 200
    state = "select clocks, next_due, calendar from referral where id = :id"
    before = {id_: await service.rows(state, id=id_) for id_ in (withdrawn["id"], asked["id"])}

    closed = closed_on(tmp_path, date(2027, 11, 18))
    await look_at_clocks(replace(service.desk, authorities=closed), SENT)

    assert await service.rows(state, id=withdrawn["id"]) == before[withdrawn["id"]]
    [(clocks, due, calendar)] = await service.rows(state, id=asked["id"])
    [(as_before, _, other)] = before[asked["id"]]
    waiting = [clock for clock in clocks if clock["paused"]]
    assert [clock["clock"] for clock in waiting] == ["decide", "offer"]
    assert waiting == [clock for clock in as_before if clock["paused"]]
    runs = next(clock["due"] for clock in clocks if clock["clock"] == "answer_question")
    assert (due.isoformat(), calendar != other) == (runs, True)
