"""Hounslow: one referral tool, and a response as broad as the need: emerging, or targeted."""

import pytest

from tests.hub_fixture import Hub
from tests.journeys.councils import WHY, Council

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_emerging_need_is_supported_by_a_single_agency(every_council: Hub) -> None:
    """ "emerging need which can be supported by a single agency" """
    borough = await Council.joined(every_council, "hounslow")
    settings = await borough.settings()

    # "Including our services in the single referral tool for the Early Help Offer"
    family = await borough.refers(groups=["education"], indicators=["single_agency"], level="2")
    moved = await family.decided(level="2a")
    assert settings["levels"][moved["level_front_door"]]["name"] == "Emerging need"
    assert moved["level_suggested"] == "2a"
    assert moved["level_referrer"] == "2"
    seen = await borough["teacher"].get(family.path)
    assert seen["decision_words"]["why_this_level"] == WHY

    # "Emerging and targeted responses are led by a Lead Professional from Partnership services"
    await family.refused("practitioner", "assessment-request", "comes first: allocation")
    moved = await family.allocated("manager", hub="early_help_hub")
    assert settings["hubs"][moved["hub"]]["name"] == "Early Help Hub"
    assert family.held_by("teacher")
    lead = str(borough["key-worker"].id)
    await family.step("manager", "acceptance", lead_professional_id=lead)
    assert family.held_by("manager")
    await family.step("key-worker", "start")
    assert {"assess", "first_taf_meeting"} <= family.running()

    # "Utilising a single borough inter-agency early help assessment and plan template"
    assert settings["words"]["assessment"]["name"] == "Early Help Family Assessment"
    await family.assessed("key-worker")
    await family.ends(
        told="submitted acknowledged triage_started decided allocated accepted started "
        "assessment_completed closed"
    )


async def test_targeted_need_comes_before_the_community_action_partnership_panel(
    every_council: Hub,
) -> None:
    """ "targeted need which requires a co-ordinated multi-agency Team Around the Family
    response" """
    borough = await Council.joined(every_council, "hounslow")
    settings = await borough.settings()
    family = await borough.refers(groups=["health"], indicators=["several_agencies"])
    moved = await family.decided(level="2b")
    assert settings["levels"][moved["level_front_door"]]["part_of"] == "2"

    # "bringing agencies together to find the best approaches to working with individual families
    # and themes"
    moved = await family.step("practitioner", "panel-listing", panel="capp")
    panel = settings["panels"][moved["panel"]]
    assert panel["name"] == "Community Action Partnership Panel"
    assert panel["includes"] == ["referrals", "themes"]
    await family.allocated("nurse")
    await family.step("nurse", "decline", reason="not_this_service")
    assert family.held_by("practitioner")
    assert "allocate" in family.running()
    await family.allocated("manager")
    lead = str(borough["key-worker"].id)
    await family.step("manager", "acceptance", lead_professional_id=lead)

    # "Participating actively in Lead Professional and Team Around the Family"
    await family.step("key-worker", "start")
    await family.meets("key-worker")
    assert family.clock("review")[2] == "due"
    await family.ends(
        told="submitted acknowledged triage_started decided listed_for_panel allocated declined "
        "allocated accepted started meeting_held closed"
    )
