"""What stands beside every change and every look, in the same transaction: all of it or nothing."""

from typing import Any

import pytest

from services.referral.actions.clocks import escalate_unseen, look_at_clocks
from tests.builders import a_decision, a_submission, a_withdrawal
from tests.referral.conftest import REFERRALS, Partner, Service
from tests.referral.test_overdue import LATE, SENT
from tests.referral.the_way import NOUNS
from tests.referral.town import Town
from tests.referral.truths import ANNOUNCED

NOTE_EVERY_INSERT = (
    "create table written (by xid8 default pg_current_xact_id(), what text)",
    """create function note() returns trigger language plpgsql as $$
    begin insert into written (what) values (tg_table_name); return null; end $$""",
)
OBSERVED = ("referral", "person", "child_index", "history", "access", "outbox", "idempotency")


async def _observe(service: Service) -> None:
    """From here on every inserted row is noted with its transaction."""
    triggers = [
        f"create trigger noted after insert on {table} for each row execute function note()"
        for table in OBSERVED
    ]
    await service.run(*NOTE_EVERY_INSERT, *triggers)


async def _written(service: Service) -> list[list[str]]:
    """For each transaction so far, the tables it inserted into; then it is forgotten."""
    noted = await service.rows(
        "select array_agg(distinct what order by what) from written group by by order by by"
    )
    await service.run("delete from written")
    return noted


async def test_a_referral_and_all_that_stands_beside_it_are_one_transaction(
    school: Partner, service: Service
) -> None:
    await _observe(service)

    await school.refer()

    assert await _written(service) == [sorted(OBSERVED)]


async def test_every_step_has_its_history_its_access_and_its_announcement_in_one_transaction(
    service: Service,
) -> None:
    town = await Town.of(service)
    ways = [
        "acknowledge triage ask answer decide request_assessment complete_assessment"
        " list_for_panel allocate re_route assign accept start record_meeting appoint"
        " hold release step_across decline",
        "acknowledge triage decide:step_up step_up accept step_down accept close reopen",
        "withdraw",
        "enter_in_error",
    ]
    referrals = [await town.refer() for _ in ways]
    await _observe(service)

    for referral, way in zip(referrals, ways, strict=True):
        for word in way.split():
            action, _, outcome = word.partition(":")
            referral |= await town.go(referral, action, **(a_decision(outcome) if outcome else {}))

    steps = " ".join(ways).replace(":step_up", "").split()
    assert set(steps) == set(NOUNS), "every step there is"
    looks = [["access"]]
    written = [one for one in await _written(service) if one not in looks]
    assert written == [["access", "history", "outbox"]] * len(steps)
    for referral, way in zip(referrals, ways, strict=True):
        told = await service.rows(
            "select split_part(type, '.', 4) from outbox where key = :key order by number",
            key=referral["id"],
        )
        done = ["submit", *(word.partition(":")[0] for word in way.split())]
        assert told == [ANNOUNCED[action] for action in done]


async def test_what_the_clocks_say_by_themselves_stands_in_one_transaction_too(
    school: Partner, service: Service
) -> None:
    service.at(SENT)
    await school.refer(a_submission(safeguarding={"immediate_danger": True}))
    await _observe(service)

    await look_at_clocks(service.desk, LATE)
    await escalate_unseen(service.desk, LATE)

    assert await _written(service) == [["access", "history", "outbox"]] * 2


async def test_every_access_says_who_did_what_to_which_referral(
    school: Partner, front_door: Partner, service: Service
) -> None:
    receipt = await school.refer()
    for path in ("", "/history", "/actions"):
        await front_door.get(f"/{receipt['id']}{path}")
    await front_door.get("")

    rows = await service.rows(
        "select operation, worker_id, agency_id, client_id, subjects[1]::text"
        " from access order by at"
    )

    assert [row[0].removeprefix("referral.") for row in rows] == [
        "submit",
        "look",
        "history",
        "actions",
        "list",
    ]
    assert {row[4] for row in rows} == {receipt["id"]}
    caller = front_door.caller
    assert {row[1:4] for row in rows[1:]} == {
        (caller.worker_id, caller.agency_id, caller.client_id)
    }


async def test_who_is_told_of_another_referral_for_the_child_has_looked_at_it(
    school: Partner, gp: Partner, front_door: Partner, service: Service
) -> None:
    family = a_submission()
    of_school, of_gp = await school.refer(family), await gp.refer(family)
    assert (await school.send(family)).status_code == 409
    await front_door.get(f"/{of_gp['id']}")

    rows = await service.rows("select operation, subjects::text[] from access order by at offset 2")

    assert rows == [
        ("referral.duplicate", [of_school["id"]]),
        ("referral.look", [of_gp["id"], of_school["id"]]),
    ]


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/history", "/{id}/actions"])
async def test_a_look_changes_nothing_but_its_access_record(
    school: Partner, service: Service, path: str
) -> None:
    receipt = await school.refer()
    before, state = await service.counts(), await _state(service)

    for method in ("GET", "HEAD"):
        answer = await school.ask(method, REFERRALS + path.format(id=receipt["id"]))
        assert answer.status_code == 200

    after = await service.counts()
    assert after == before | {"access": before["access"] + 2}
    assert await _state(service) == state


async def _state(service: Service) -> list[Any]:
    return await service.rows("select referral::text from referral order by id")


@pytest.mark.parametrize("table", OBSERVED)
async def test_when_one_row_cannot_be_written_there_is_no_referral(
    school: Partner, service: Service, table: str
) -> None:
    before = await service.counts()
    await service.run(f"alter table {table} add constraint never check (false)")

    failed = await school.send()

    assert (failed.status_code, failed.json()["type"]) == (500, "/problems/fault")
    assert await service.counts() == before
    await service.run(f"alter table {table} drop constraint never")
    await school.refer()


@pytest.mark.parametrize("table", ["history", "access", "outbox"])
async def test_when_one_row_cannot_be_written_there_is_no_step(
    school: Partner, service: Service, table: str
) -> None:
    receipt = await school.refer()
    before, state = await service.counts(), await _state(service)
    await service.run(f"alter table {table} add constraint never check (false) not valid")

    failed = await school.step(receipt, "withdrawal", 1, a_withdrawal())

    assert failed.status_code == 500
    assert (await service.counts(), await _state(service)) == (before, state)
    await service.run(f"alter table {table} drop constraint never")
    assert (await school.step(receipt, "withdrawal", 1, a_withdrawal())).status_code == 200


async def test_without_an_access_record_nothing_of_the_family_is_released(
    school: Partner, service: Service
) -> None:
    receipt = await school.refer()
    await service.run("alter table access add constraint never check (false) not valid")

    answers = [
        await school.get(path.format(id=receipt["id"]))
        for path in ("", "/{id}", "/{id}/history", "/{id}/actions")
    ]

    assert [answer.status_code for answer in answers] == [500] * 4
    assert not any("Madeupname" in answer.text for answer in answers)
