"""Herefordshire: a completed CAF, a Family Network Meeting, and steps up and down."""

import pytest

from tests.hub_fixture import Hub
from tests.journeys.councils import Council, Family

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def helped(county: Council) -> Family:
    """A family whom the Family Network Meeting has given a lead professional."""
    settings = await county.settings()
    family = await county.refers(
        groups=["health"], indicators=["emerging_problems", "school", "health"]
    )
    await family.decided(level="2")

    # "identify and co-ordinate support for children, young people, families and carers who have a
    # completed Common Assessment Framework (CAF)"
    await family.refused("chair", "panel-listing", "assessment", panel="family_network_meeting")
    await family.step("practitioner", "assessment-request")
    assert settings["words"]["assessment"]["name"] == "Common Assessment Framework"
    await family.assessed("teacher")
    await family.refused("chair", "allocation", "panel", agency_id=county["manager"].agency)
    moved = await family.step("practitioner", "panel-listing", panel="family_network_meeting")
    meeting = settings["panels"][moved["panel"]]
    assert meeting["each_hub"]  # "The locality based family network meetings"
    assert "plan_reviews" in meeting["includes"]  # "a forum for review of the family plan"

    # "They will identify a lead professional/key worker and agree a family plan."
    lead = str(county["key-worker"].id)
    await family.allocated("manager", lead_professional_id=lead)
    moved = await family.step("manager", "acceptance")
    assert moved["lead_professional_id"] == lead
    assert family.held_by("manager")
    await family.step("key-worker", "start")
    await family.meets("key-worker")
    return family


TOLD = (
    "submitted acknowledged triage_started decided assessment_requested assessment_completed "
    "listed_for_panel allocated accepted started meeting_held "
)


async def test_the_family_network_meeting_identifies_a_lead_professional(
    every_council: Hub,
) -> None:
    """ "one family, one worker, one plan" """
    county = await Council.joined(every_council, "herefordshire")
    family = await helped(county)
    await family.ends(told=TOLD + "closed")


async def test_when_concerns_increase_the_family_steps_up_and_comes_down_again(
    every_council: Hub,
) -> None:
    """ "effective step up and step down systems and processes" """
    county = await Council.joined(every_council, "herefordshire")
    family = await helped(county)

    # "when concerns increase about a child and family and support is needed to 'step-up' to the
    # 'higher level' social care services"
    because = "Concerns about the children have increased since the last meeting."
    social_care = county["social-worker"].agency
    await family.step("key-worker", "step-up", agency_id=social_care, because=because)
    assert family.held_by("manager")
    await family.step("social-worker", "acceptance")
    assert family.held_by("social-worker")

    # "that 'step-down' arrangements to services and support are accessed."
    charity, lead = county["manager"].agency, str(county["key-worker"].id)
    await family.step("social-worker", "step-down", agency_id=charity, because=because)
    assert family.held_by("social-worker")
    await family.step("manager", "acceptance", lead_professional_id=lead)
    assert family.held_by("manager")
    await family.ends(told=TOLD + "stepped_up accepted stepped_down accepted closed")
