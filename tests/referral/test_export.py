"""The export: all that a worklist shows as CSV, once each, harmless in a spreadsheet."""

import csv
import io
from typing import Any
from uuid import UUID

import pytest

from services.referral.actions import worklists
from shared.auth import AgencyKind, Role
from tests.builders import a_child, a_submission
from tests.referral.conftest import REFERRALS, Partner, Service
from tests.referral.planted import NOON, places, planted


async def _lines(partner: Partner, query: str = "") -> list[dict[str, str]]:
    answer = await partner.get(f"/export?{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


async def test_the_export_says_what_the_list_says_and_nothing_of_the_family(
    school: Partner, front_door: Partner
) -> None:
    await school.refer(a_submission(a_child(given_name="Zebedee")))
    (shown,) = (await front_door.get("")).json()["referrals"]

    answer = await front_door.get("/export")
    (line,) = await _lines(front_door)

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    plain = {name: value for name, value in shown.items() if isinstance(value, str)}
    instants = {name for name in plain if name.endswith("_at")}
    assert {name: line[name] for name in plain.keys() - instants} == {
        name: plain[name] for name in plain.keys() - instants
    }
    assert line["need_groups"] == "education"
    assert (line["version"], line["closed_at"]) == ("1", "")
    states = {clock["clock"]: clock["state"] for clock in shown["clocks"]}
    assert {clock: line[f"{clock}_state"] for clock in states} == states
    assert line["decide_due"].endswith("+00:00")
    assert "Zebedee" not in answer.text


async def test_the_name_of_the_file_says_the_day_alone(service: Service, school: Partner) -> None:
    service.at(NOON)

    answer = await school.get("/export?area=north")

    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="referrals-2026-03-04.csv"'
    )


async def test_the_export_is_all_of_it_the_oldest_first_and_what_others_have_is_not_in_it(
    service: Service, school: Partner, gp: Partner, front_door: Partner
) -> None:
    await planted(service, gp, {}, {})
    several = 2 * worklists._BATCH + 3
    ids = await planted(service, school, *[{} for _ in range(several)])
    await planted(service, gp, {})

    found = [line["id"] for line in await _lines(school)]

    assert places(ids, found) == list(range(several))
    assert len(await _lines(front_door)) == several + 3


async def test_what_is_exported_is_recorded_id_by_id_in_batches(
    service: Service, school: Partner
) -> None:
    ids = await planted(service, school, *[{} for _ in range(worklists._BATCH + 1)])

    await _lines(school)

    rows = await service.rows(
        "select operation, subjects::text[] from access where operation <> 'referral.list'"
        " order by id"
    )
    assert rows == [("referral.export", ids[:-1]), ("referral.export", ids[-1:])]


async def test_the_export_is_narrowed_like_the_list(
    service: Service, school: Partner, front_door: Partner
) -> None:
    ids = await planted(service, school, {"area": "north"}, {"status": "closed"}, {})

    assert places(ids, [line["id"] for line in await _lines(front_door, "area=north")]) == [0]
    assert [line["id"] for line in await _lines(front_door, "status=withdrawn")] == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=a,b\r\n"c"'])
async def test_no_cell_is_a_formula_and_every_cell_is_read_back(
    service: Service, school: Partner, cell: str
) -> None:
    await planted(service, school, {"area": "north", "hub": cell})

    (line,) = await _lines(school)

    assert line["area"] == "north"
    assert line["hub"] == f"'{cell}"


async def test_what_only_the_front_door_sees_is_empty_for_others(
    service: Service, school: Partner, front_door: Partner
) -> None:
    await planted(service, school, {"escalated_at": NOON, "earlier_referral_id": UUID(int=1)})

    (whole,), (part,) = await _lines(front_door), await _lines(school)

    assert whole["escalated_at"] == NOON.isoformat()
    assert (part["escalated_at"], part["earlier_referral_id"]) == ("", "")
    assert whole.keys() == part.keys()


@pytest.mark.parametrize("query", ["sort=due", "limit=5", "cursor=x", "family_name=Madeupname"])
async def test_an_export_has_one_order_and_no_pages(school: Partner, query: str) -> None:
    assert await _lines(school) == []

    assert (await school.get(f"/export?{query}")).status_code == 400


async def test_a_refusal_comes_before_the_first_line(service: Service) -> None:
    stranger: Any = service.partner(AgencyKind.HOUSING, Role.AGENCY_ADMINISTRATOR)

    answer = await stranger.ask("GET", f"{REFERRALS}/export")

    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
