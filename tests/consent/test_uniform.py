"""By what a list may be filtered: what needs nothing of a single family, and who is left out."""

from typing import Any
from uuid import uuid4

import pytest

from shared.auth import AgencyKind, Role
from tests.consent.builders import a_clause, on_consent, under_the_duty
from tests.consent.served import Json, Service, Town

BECAUSE = "The father works there and would learn where they live."
ASKED = ["needs.level", "plan.actions", "education.attendance", "health", "referral"]


async def _asked(town: Town, categories: list[str] | None = None, **changed: Any) -> Json:
    body = {"purpose": "early_help", "categories": categories or ASKED} | changed
    answer = await town.school.ask("POST", "/decisions/uniform", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
async def town(service: Service) -> Town:
    """Need in a public task, plans on consent, attendance under the duty, health for reasons."""
    return await Town.founded(
        service,
        a_clause(),
        on_consent(id="plan", categories=["plan"]),
        under_the_duty(id="attendance", categories=["education.attendance"]),
        a_clause(id="health", categories=["health"], condition="9(2)(g)", paragraph=18),
        a_clause(id="parents", categories=["referral"], people=["parent"]),
    )


async def test_only_what_needs_nothing_of_the_family_is_the_same_for_every_child(
    town: Town,
) -> None:
    helped = {"welfare": True, "reason": "cannot_be_given", "works_with": True}
    await town.school.created("/consents", town.consent(categories=["plan"]))
    seen = await town.school.sees(town.child, *ASKED, relationship=helped)
    assert seen == {"needs.level", "plan.actions", "education.attendance", "health"}

    found = await _asked(town)

    assert (found["permitted"], found["except_people"]) == (["needs.level"], [])
    made = await town.school.disclosed(town.child)
    assert found["policy_hash"] == made["policy_hash"]


async def test_whoever_is_refused_or_no_longer_worked_with_is_left_out(town: Town) -> None:
    other = uuid4()
    first = {"people": [str(town.child)], "because": BECAUSE, "categories": ["needs"]}
    refusal = await town.school.created("/refusals-to-share", first)
    assert (await _asked(town))["except_people"] == [str(town.child)]
    assert (await _asked(town, ["education.attendance"]))["except_people"] == []

    person = {"people": [{"person_id": str(other), "kind": "child"}]}
    [joined] = (await town.introduce(town.school, **person))["involvements"]
    assert (await _asked(town))["except_people"] == [str(town.child)]
    await town.front_door.changed(f"/involvements/{joined}/end", 1)
    await town.school.changed(f"/refusals-to-share/{refusal['id']}/lifting", 1)

    for categories in (ASKED, ["education.attendance"]):
        assert (await _asked(town, categories))["except_people"] == [str(other)]
    await town.introduce(town.school, **person)
    assert (await _asked(town))["except_people"] == []


async def test_what_is_held_back_from_another_agency_or_for_another_purpose_is_not_left_out(
    town: Town,
) -> None:
    gp = await town.service.partner(AgencyKind.GP, Role.LEAD_PROFESSIONAL)
    said: Json = {"people": [str(town.child)], "because": BECAUSE, "categories": ["needs"]}
    for named in ({"agencies": [str(gp.agency_id)]}, {"purposes": ["safeguarding"]}):
        await town.school.created("/refusals-to-share", said | named)

    assert (await _asked(town))["except_people"] == []
    assert (await _asked(town, purpose="safeguarding"))["except_people"] == [str(town.child)]


async def test_who_has_not_signed_has_nothing_to_filter_by(town: Town) -> None:
    assert (await _asked(town))["permitted"] == ["needs.level"]
    stranger = await town.service.partner(AgencyKind.SCHOOL, Role.LEAD_PROFESSIONAL)

    town.school = stranger

    assert (await _asked(town))["permitted"] == []


async def test_for_whoever_is_not_left_out_a_disclosure_permits_what_is_uniform(
    town: Town,
) -> None:
    family = [uuid4() for _ in range(5)]
    works = {"relationship": {"works_with": True}}
    said = {"people": [str(family[0])], "because": BECAUSE, "categories": ["needs.level"]}
    person = {"people": [{"person_id": str(family[0]), "kind": "child"}]}
    await town.introduce(town.school, **person)
    await town.school.created("/refusals-to-share", said)

    uniform = await _asked(town)
    found = await town.school.disclosed(*family, categories=ASKED, **works)

    for one in found["permitted"]:
        left_out = one["person_id"] in uniform["except_people"]
        assert (set(uniform["permitted"]) <= set(one["categories"])) is not left_out
