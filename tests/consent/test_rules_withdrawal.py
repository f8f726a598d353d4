"""What is told before and after a withdrawal: R11."""

from uuid import uuid4

from shared.auth import AgencyKind, Role
from tests.consent.builders import a_clause, on_consent
from tests.consent.served import Json, Service, Town


async def _town(service: Service) -> Town:
    """The school may see the plan with consent, and the level of need as a public task."""
    clauses = [
        on_consent(id="plan", categories=["plan"]),
        a_clause(id="task", categories=["needs.level"]),
    ]
    return await Town.founded(service, *clauses)


def _codes(parts: list[Json]) -> set[str]:
    return {code for part in parts for one in part["answers"] for code in one["categories"]}


async def test_before_withdrawing_a_person_is_told_which_other_bases_stay_in_force(
    service: Service,
) -> None:
    """R11."""
    town = await _town(service)
    given = await town.school.created("/consents", town.consent(categories=["plan", "needs"]))
    path = f"/consents/{given['id']}/withdrawal"

    told = (await town.school.get(path)).json()

    assert "plan.actions" in _codes(told["ends"])
    assert _codes(told["stays"]) == {"needs.level"}
    [part] = told["stays"]
    assert (part["agency"], part["purpose"]) == ("Made-up school", "early_help")
    assert part["answers"][0]["bases"] == ["6(1)(e)"]
    assert told["past_recipients"] == []
    assert await town.school.sees(town.child) >= {"plan.actions", "needs.level"}
    await town.school.created(path)
    assert await town.school.sees(town.child) == _codes(told["stays"])


async def test_on_withdrawal_every_past_recipient_is_told_and_what_it_was_shown_stays_in_the_log(
    service: Service,
) -> None:
    """R11."""
    town = await _town(service)
    given = await town.school.created("/consents", town.consent(categories=["plan"]))
    shown = await town.school.disclosed(town.child, categories=["plan.actions"])
    before = await town.service.leaves("decision")
    path = f"/consents/{given['id']}/withdrawal"
    preview = (await town.council.get(path)).json()

    await town.school.created(path)

    [recipient] = preview["past_recipients"]
    assert recipient["agency_id"] == str(town.school.agency_id)
    assert recipient["audit_index"] == shown["audit_index"]
    [concerns] = await service.rows("select concerns from outbox where type like '%withdrawn%'")
    assert town.school.agency_id in concerns
    assert await town.service.leaves("decision") == before
    found = (await town.council.get("/looks", person_id=town.child, limit=100)).json()["looks"]
    assert shown["audit_index"] in [one.get("audit_index") for one in found]


async def test_a_preview_changes_nothing_and_is_no_business_of_strangers(service: Service) -> None:
    """R11 and R20."""
    town = await _town(service)
    given = await town.school.created("/consents", town.consent(categories=["plan"]))
    stranger = await service.partner(AgencyKind.SCHOOL, Role.LEAD_PROFESSIONAL)
    path = f"/consents/{given['id']}/withdrawal"
    leaves = await service.leaves()

    seen = await town.school.get(path)
    unseen, nothing = (
        await stranger.get(path),
        await stranger.get(f"/consents/{uuid4()}/withdrawal"),
    )

    assert seen.status_code == 200
    assert (unseen.status_code, unseen.content) == (404, nothing.content)
    assert await service.leaves() == leaves
    assert (await town.school.get(f"/consents/{given['id']}")).json()["status"] == "given"
