"""What who answers for sharing reports: R31 and R38."""

import csv
import io
from datetime import UTC, datetime, timedelta

from shared.auth import AgencyKind, Role
from tests.consent.builders import a_clause, on_consent
from tests.consent.served import Json, Service, Town


def _span(**narrowed: object) -> Json:
    now = datetime.now(UTC)
    hours = timedelta(hours=72)
    return {"since": (now - hours).isoformat(), "until": (now + hours).isoformat()} | narrowed


async def _shared_with_two(service: Service) -> Town:
    """A school saw two people, a nurse one of them, and a stranger was refused."""
    everybody = [AgencyKind.SCHOOL, AgencyKind.HEALTH]
    clauses = [
        a_clause(categories=["needs.level"], kinds=everybody, people=["child", "parent"]),
        on_consent(id="health", categories=["plan"]),
    ]
    town = await Town.founded(service, *clauses)
    nurse = await service.partner(AgencyKind.HEALTH, Role.LEAD_PROFESSIONAL, client_id="nurse-app")
    stranger = await service.partner(AgencyKind.HEALTH, Role.LEAD_PROFESSIONAL)
    await town.introduce(nurse)
    await town.sign(nurse)
    await town.sign(stranger)
    await town.school.disclosed(town.child, town.mother, categories=["needs.level", "plan.actions"])
    await town.school.disclosed(town.child, categories=["needs.level"])
    await nurse.disclosed(town.child, categories=["needs.level"])
    await stranger.disclosed(town.child, categories=["needs.level"])
    return town


async def test_after_a_breach_one_query_lists_people_categories_and_recipients(
    service: Service,
) -> None:
    """R38."""
    town = await _shared_with_two(service)

    answer = await town.council.get("/breach-reports", **_span())

    assert answer.status_code == 200, answer.text
    report = answer.json()
    counted = [report[name] for name in ("people", "agencies", "disclosures", "categories")]
    assert counted == [2, 2, 3, ["needs.level"]]
    lines = {
        (one["person_id"], one["agency"]): (one["disclosures"], one["categories"])
        for one in report["reached"]
    }
    assert lines == {
        (str(town.child), "Made-up school"): (2, ["needs.level"]),
        (str(town.mother), "Made-up school"): (1, ["needs.level"]),
        (str(town.child), "Made-up health"): (1, ["needs.level"]),
    }


async def test_a_breach_report_is_narrowed_to_a_time_an_agency_a_worker_or_a_system(
    service: Service,
) -> None:
    """R38."""
    town = await _shared_with_two(service)
    school = town.school
    before = datetime.now(UTC) - timedelta(hours=2)
    earlier = {"since": (before - timedelta(1)).isoformat(), "until": before.isoformat()}

    async def reached(**asked: object) -> int:
        answer = await town.council.get("/breach-reports", **asked)
        assert answer.status_code == 200, answer.text
        return len(answer.json()["reached"])

    assert await reached(**_span()) == 3
    assert await reached(**_span(agency_id=school.agency_id)) == 2
    assert await reached(**_span(worker_id=school.caller.worker_id)) == 2
    assert await reached(**_span(client_id="nurse-app")) == 1
    assert await reached(**_span(client_id="nobody")) == 0
    assert await reached(**earlier) == 0


async def test_a_breach_report_is_a_sheet_too_and_is_for_who_answers_for_sharing_alone(
    service: Service,
) -> None:
    """R38 and R20."""
    town = await _shared_with_two(service)

    answer = await town.council.get("/breach-reports/export", **_span())
    refused = [
        (await town.school.get(path, **_span())).status_code
        for path in ("/breach-reports", "/breach-reports/export")
    ]
    elsewhere = town.council.but(authority="barnet")
    other = await elsewhere.get("/breach-reports", **_span())

    lines = [*csv.DictReader(io.StringIO(answer.text))]
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(lines) == 3
    assert {line["person_id"] for line in lines} == {str(town.child), str(town.mother)}
    assert refused == [403, 403]
    assert other.json()["reached"] == []


async def test_a_record_of_processing_is_made_from_every_clause_in_use(service: Service) -> None:
    """R31."""
    town = await _shared_with_two(service)

    listed = (await town.council.get("/processing-records")).json()
    sheet = await town.council.get("/processing-records/export")
    refused = await town.school.get("/processing-records")

    assert [one["clause"] for one in listed["rows"]] == ["early-help/needs", "early-help/health"]
    needs, consented = listed["rows"]
    assert listed["controller"].startswith("Sampleton Council")
    assert (needs["purpose"], needs["basis"]) == ("early_help", "6(1)(e)")
    assert consented["basis"] == "6(1)(a)"
    assert needs["dpia"]
    assert needs["recipients"]
    assert needs["retention"]
    lines = [*csv.DictReader(io.StringIO(sheet.text))]
    assert [line["clause"] for line in lines] == [one["clause"] for one in listed["rows"]]
    assert refused.status_code == 403
    await town.council.changed("/agreements/early-help/suspension", 2)
    assert (await town.council.get("/processing-records")).json()["rows"] == []
