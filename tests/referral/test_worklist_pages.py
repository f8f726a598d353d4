"""Pages of a worklist: every referral once, in the order asked for, whatever others write."""

import asyncio
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from shared.auth import AgencyKind, Role
from tests.referral.conftest import REFERRALS, Partner, Service
from tests.referral.planted import NOON, listed, places, planted

SORTS = ("newest", "oldest", "due", "urgency")
NEVER = datetime.max.replace(tzinfo=NOON.tzinfo)


def _facts(random: Random) -> dict[str, Any]:
    """Few dues, so that many are the same; some have none."""
    due = random.choice([None, *(NOON + timedelta(hours=hours) for hours in (-2, 0, 1, 30))])
    return {"next_due": due, "urgency": random.choice(["routine", "urgent"])}


def _expected(sort: str, told: list[dict[str, Any]]) -> list[int]:
    """The numbers of the referrals in order, as plain Python sorts them."""
    numbers = list(range(len(told)))
    if sort == "newest":
        return numbers[::-1]
    dues = [(one["next_due"] or NEVER, number) for number, one in enumerate(told)]
    if sort == "due":
        return sorted(numbers, key=dues.__getitem__)
    if sort == "urgency":
        return sorted(numbers, key=lambda n: (told[n]["urgency"] != "urgent", dues[n]))
    return numbers


@pytest.mark.parametrize("sort", SORTS)
async def test_the_pages_of_every_order_give_each_referral_once_and_in_order(
    service: Service, school: Partner, front_door: Partner, sort: str
) -> None:
    random = Random(sort)  # noqa: S311 -- the same ones each time
    told = [_facts(random) for _ in range(60)]
    ids = await planted(service, school, *told)

    for partner, limit in ((front_door, 1), (front_door, 7), (school, 13), (school, 60)):
        found = await listed(partner, f"sort={sort}", limit)
        assert places(ids, found) == _expected(sort, told)


@pytest.mark.parametrize("sort", SORTS)
async def test_what_does_not_move_comes_exactly_once_while_others_write(
    service: Service, school: Partner, front_door: Partner, sort: str
) -> None:
    random = Random(sort)  # noqa: S311 -- the same ones each time
    told = [_facts(random) for _ in range(40)]
    ids = await planted(service, school, *told)
    moving = set(random.sample(ids, 8))
    found: list[str] = []
    following: str | None = f"{REFERRALS}?sort={sort}&limit=3"

    while following:
        page = (await front_door.ask("GET", following)).json()
        found += [referral["id"] for referral in page["referrals"]]
        following = page.get("next")
        await planted(service, school, _facts(random))
        moved = UUID(random.choice(sorted(moving)))
        async with service.db.transaction() as connection:
            await connection.exec_driver_sql(
                "update referral set next_due = $1, version = version + 1 where id = $2",
                (_facts(random)["next_due"], moved),
            )

    staying = [one for one in found if one in ids and one not in moving]
    expected = [ids[number] for number in _expected(sort, told)]
    assert staying == [one for one in expected if one not in moving]
    if sort in ("newest", "oldest"):
        assert [one for one in found if one in ids] == expected


async def test_a_cursor_has_one_length_and_is_never_the_same_twice(
    service: Service, school: Partner
) -> None:
    await planted(service, school, {}, {"next_due": NOON, "urgency": "urgent"}, {}, {})

    cursors = [
        (await school.get(f"?sort={sort}&limit={limit}")).json()["next"].split("cursor=")[1]
        for sort in SORTS
        for limit in (1, 2, 3, 1)
    ]

    assert len(set(map(len, cursors))) == 1
    assert len(set(cursors)) == len(cursors)


OTHER_LISTS = (
    *("sort=oldest", "sort=due", "sort=urgency", "status=submitted", "urgency=routine"),
    *("due=due", "area=north", "of=mine", "worker=me", "need=education"),
)


@pytest.mark.parametrize("other", OTHER_LISTS)
async def test_a_cursor_leads_on_in_its_own_list_alone(
    service: Service, school: Partner, other: str
) -> None:
    await planted(service, school, {}, {}, {})
    following = (await school.get("?limit=1")).json()["next"]
    assert (await school.ask("GET", following)).status_code == 200
    assert (await school.ask("GET", following.replace("limit=1", "limit=2"))).status_code == 200

    refused = await school.ask("GET", f"{following}&{other}")

    assert refused.status_code == 400
    assert refused.json()["type"] == "/problems/cursor-unknown"


async def test_a_cursor_of_another_agency_is_answered_like_a_made_up_one(
    service: Service, school: Partner, gp: Partner
) -> None:
    await planted(service, school, {}, {})
    await planted(service, gp, {}, {})
    following = (await school.get("?limit=1")).json()["next"]
    assert (await school.colleague().ask("GET", following)).status_code == 200
    elsewhere = school.but(authority="elsewhere")

    answers = [
        await gp.ask("GET", following),
        await gp.ask("GET", following[:-6] + "madeup"),
        await gp.get("?limit=1&cursor=1"),
    ]

    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert (await elsewhere.ask("GET", following)).status_code == 403


async def test_each_page_leaves_one_access_record_of_what_it_showed_and_no_more(
    service: Service, school: Partner
) -> None:
    ids = await planted(service, school, *[{} for _ in range(5)])

    await listed(school, "sort=oldest", 2)

    rows = await service.rows(
        "select operation, worker_id, subjects::text[] from access order by id"
    )
    worker = school.caller.worker_id
    assert rows == [("referral.list", worker, ids[at : at + 2]) for at in (0, 2, 4)]


@pytest.mark.parametrize("path", ["?sort=due", "/counts?by=area", "/export?"])
async def test_where_a_look_at_many_cannot_be_recorded_nothing_is_shown(
    service: Service, school: Partner, path: str
) -> None:
    (referral_id,) = await planted(service, school, {"area": "north"})
    shown = await school.get(path)
    assert shown.status_code == 200
    assert referral_id in shown.text or '"code":"north"' in shown.text
    await service.run("alter table access add constraint never check (false) not valid")

    answer = await school.get(path)

    assert answer.status_code == 500
    assert referral_id not in answer.text
    assert "north" not in answer.text


async def test_many_read_at_once_and_each_sees_its_own(
    service: Service, school: Partner, gp: Partner
) -> None:
    of_school = await planted(service, school, *[{} for _ in range(9)])
    of_gp = await planted(service, gp, *[{} for _ in range(5)])
    other = service.partner(AgencyKind.POLICE, Role.REFERRER)

    found = await asyncio.gather(
        *(listed(partner, "sort=oldest", 2) for partner in (school, gp, other, school, gp))
    )

    assert found == [of_school, of_gp, [], of_school, of_gp]
