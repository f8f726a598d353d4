"""Reading: from the Single Point of Access to an offer in ten days, and nobody forgotten."""

from datetime import datetime, timedelta

import pytest

from tests.hub_fixture import Hub
from tests.journeys.councils import Council

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_takes_ten_days_from_the_single_point_of_access_to_an_offer(
    every_council: Hub,
) -> None:
    """ "It will take a maximum of 10 days for families to move from SPA to offer" """
    borough = await Council.joined(every_council, "reading")
    settings = await borough.settings()
    assert settings["words"]["front_door"]["name"] == "Single Point of Access"
    family = await borough.refers(groups=["education"], indicators=["school", "health"])
    moved = await family.decided(level="targeted")
    assert family.clock("offer") == (10, "calendar_days", "due")
    (offer,) = [clock for clock in moved["clocks"] if clock["clock"] == "offer"]
    due = datetime.fromisoformat(offer["due"]) - datetime.fromisoformat(moved["submitted_at"])
    assert timedelta(days=10, hours=-1) <= due <= timedelta(days=10, hours=1)  # summer time

    # "Referrals from the SPA will be discussed weekly and the most appropriate agency will be
    # allocated the case."
    nurse, charity = borough["nurse"].agency, borough["manager"].agency
    await family.refused("practitioner", "allocation", "panel", agency_id=charity)
    moved = await family.step("practitioner", "panel-listing", panel="allocations_meeting")
    meeting = settings["panels"][moved["panel"]]
    assert (meeting["name"], meeting["rhythm"]) == ("Early Help Allocations Meeting", "weekly")
    await family.allocated("manager")
    await family.step("practitioner", "re-routing", agency_id=nurse)
    await family.step("nurse", "decline", reason="no_capacity")
    assert family.held_by("practitioner")
    assert family.clock("offer")[2] == "due"
    await family.allocated("manager")
    lead = str(borough["key-worker"].id)
    await family.step("manager", "acceptance", lead_professional_id=lead)
    assert family.clock("offer")[2] == "met"

    # "All families have an Early Help Assessment, Family Plan and identified Lead
    # Professional/Key Worker"
    assert settings["words"]["lead_professional"]["name"] == "Lead Professional/Key Worker"
    await family.step("key-worker", "start")
    await family.assessed("key-worker")
    await family.ends(
        told="submitted acknowledged triage_started decided listed_for_panel allocated re_routed "
        "declined allocated accepted started assessment_completed closed"
    )


async def test_those_deemed_nfa_at_the_front_door_come_before_the_allocations_meeting(
    every_council: Hub,
) -> None:
    """ "We will include families identified in data and those deemed NFA at the front door at
    Allocations meetings" """
    borough = await Council.joined(every_council, "reading")
    family = await borough.refers(groups=["health"])
    where = "The drop-in of the made-up children's centre, Tuesdays."
    moved = await family.decided(outcome="no_further_action", where_to_go_instead=where)
    assert moved["decision"] == "no_further_action"
    charity = borough["manager"].agency
    only = "Only after the decision for early help"
    await family.refused("practitioner", "allocation", only, agency_id=charity)
    await family.step("practitioner", "panel-listing", panel="allocations_meeting")
    await family.refused("chair", "allocation", only, agency_id=charity)
    rationale = "The agencies at the meeting know more of the family together."
    await family.step("chair", "decision", outcome="early_help", rationale=rationale)
    await family.allocated("manager")
    lead = str(borough["key-worker"].id)
    await family.step("manager", "acceptance", lead_professional_id=lead)
    await family.ends(
        told="submitted acknowledged triage_started decided listed_for_panel decided allocated "
        "accepted closed"
    )
