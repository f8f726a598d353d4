"""Lists, counts and exports tell nothing that may not be seen: not by who is in them either."""

import csv
import io

import pytest

from shared.auth import AgencyKind, Role
from tests.builders import a_child, a_need, a_submission
from tests.referral.amendments import child_of
from tests.referral.conftest import REFERRALS, Partner, Service
from tests.referral.planted import NOON, listed
from tests.referral.test_sharing import only

TELLING = {
    "needs.groups": ["need=education"],
    "involvement": ["of=mine", "holder={}", "worker=me", "agency={}", "offered_to={}"],
    "referral": [
        *("status=submitted", "due=overdue", "urgency=urgent", "sort=due", "sort=urgency"),
        *("area=north", "hub=north", "escalated=true", "decision=advice"),
    ],
}
COUNTED = {
    "needs.groups": ["need"],
    "involvement": ["worker"],
    "referral": ["status", "due", "urgency", "area", "hub"],
}


async def test_each_row_shows_what_may_leave_of_it(
    service: Service, school: Partner, front_door: Partner
) -> None:
    first, second = await school.refer(), await school.refer()
    child = await child_of(school, first)
    service.deciding.permits = lambda _, person, category: (
        person == child or category == "needs.level"
    )

    rows = (await front_door.get("")).json()["referrals"]

    of_second, of_first = rows
    assert (of_first["id"], of_second["id"]) == (first["id"], second["id"])
    assert of_first["status"] == "submitted"
    assert of_second.keys() <= {"id", "links", "version", "level_referrer", "level_suggested"}


async def test_a_page_is_asked_about_at_once(
    service: Service, school: Partner, front_door: Partner
) -> None:
    receipts = [await school.refer() for _ in range(5)]

    await listed(front_door)

    (asked,) = service.deciding.asked
    assert asked["operation"] == "referral.list"
    assert sorted(asked["records"]) == sorted(one["id"] for one in receipts)
    assert [one["kind"] for one in asked["people"]] == ["child"] * 5


@pytest.mark.parametrize("category", TELLING)
async def test_a_filter_or_an_order_that_would_tell_what_may_not_be_seen_is_refused(
    service: Service, school: Partner, front_door: Partner, category: str
) -> None:
    await school.refer()
    queries = [one.format(school.agency_id) for one in TELLING[category]]
    paths = [f"?{query}" for query in queries] + [f"/export?{query}" for query in queries[:1]]
    paths += [f"/counts?by={by}" for by in COUNTED[category]]
    assert [(await front_door.get(path)).status_code for path in paths] == [200] * len(paths)

    service.deciding.uniform = lambda asked: asked != category
    for path in paths:
        refused = await front_door.get(path)
        assert (refused.status_code, refused.json()["type"]) == (
            400,
            "/problems/filter-not-permitted",
        ), path
    assert (await front_door.get("?sort=oldest")).status_code == 200


async def test_refused_is_refused_whatever_the_hidden_value_is(
    service: Service, school: Partner, front_door: Partner
) -> None:
    await school.refer(a_submission(need=a_need(groups=["health"])))
    service.deciding.uniform = lambda asked: asked != "needs.groups"

    there, not_there = [await front_door.get(f"?need={code}") for code in ("health", "education")]

    assert there.content == not_there.content


async def test_of_what_an_agency_has_sent_itself_it_may_ask_all_the_same(
    service: Service, school: Partner
) -> None:
    receipt = await school.refer()
    service.deciding.uniform = lambda asked: False

    found = await listed(school, "status=submitted&sort=due&of=mine")

    assert found == [receipt["id"]]
    both = school.but(roles=frozenset({Role.REFERRER, Role.RECEIVING_WORKER}))
    assert await listed(both, "status=submitted") == [receipt["id"]]
    receiving = school.but(roles=frozenset({Role.RECEIVING_WORKER}))
    assert (await receiving.get("?status=submitted")).status_code == 400


async def test_of_whom_something_is_held_back_is_in_no_list_that_would_tell_it(
    service: Service, school: Partner, front_door: Partner
) -> None:
    receipts = [await school.refer() for _ in range(2)]
    held_back, other = (receipt["id"] for receipt in receipts)
    assert sorted(await listed(front_door, "status=submitted")) == sorted([held_back, other])

    service.deciding.except_people = [await child_of(school, receipts[0])]

    assert await listed(front_door, "status=submitted") == [other]
    counts = (await front_door.get("/counts?by=status")).json()["counts"]
    assert counts == [{"code": "submitted", "count": 1}]
    assert sorted(await listed(front_door)) == sorted([held_back, other]), "no filter tells it"
    assert held_back in await listed(school, "status=submitted"), "it has sent it itself"


async def test_an_export_has_the_same_columns_and_leaves_empty_what_may_not_be_seen(
    service: Service, school: Partner, front_door: Partner
) -> None:
    await school.refer(a_submission(a_child(), need=a_need(groups=["health"])))
    whole = await front_door.get("/export")
    service.deciding.permits = only("needs.groups")

    less = await front_door.get("/export")

    (full,), (some,) = [list(csv.DictReader(io.StringIO(one.text))) for one in (whole, less)]
    assert full.keys() == some.keys()
    assert full["status"] == "submitted"
    assert {name for name, cell in some.items() if cell} == {"id", "version", "need_groups"}


async def test_list_detail_history_and_export_agree(
    service: Service, school: Partner, front_door: Partner
) -> None:
    service.at(NOON)
    receipt = await school.refer()
    for permitted in ([], ["referral"], ["involvement", "needs.level"], ["needs.groups"]):
        service.deciding.permits = only(*permitted)
        detail = (await front_door.get(f"/{receipt['id']}")).json()
        (row,) = (await front_door.get("")).json()["referrals"]
        sheet = (await front_door.get("/export")).text
        (cells,) = csv.DictReader(io.StringIO(sheet))
        entries = (await front_door.get(f"/{receipt['id']}/history")).json()["entries"]

        assert row == {name: said for name, said in detail.items() if name in row}
        shown = {name for name, cell in cells.items() if cell and name in row | detail}
        assert shown == {name for name in row if name not in ("links", "clocks") and row[name]}
        assert any("status" in entry for entry in entries) is ("referral" in permitted)
        assert any("worker_id" in entry for entry in entries) is ("involvement" in permitted)


async def test_of_a_referral_about_nobody_nothing_leaves(
    service: Service, front_door: Partner, school: Partner
) -> None:
    receipt = await school.refer()
    assert "status" in (await front_door.get("")).json()["referrals"][0]
    await service.run("delete from person")

    (row,) = (await front_door.get("")).json()["referrals"]

    assert row.keys() == {"id", "links", "version"}
    assert (await front_door.get(f"/{receipt['id']}")).json().keys() == row.keys()
    assert (await front_door.ask("GET", REFERRALS)).status_code == 200
    assert service.partner(AgencyKind.GP, Role.REFERRER).agency_id
