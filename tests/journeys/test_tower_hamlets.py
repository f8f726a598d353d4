"""Tower Hamlets: Tom, as the case study of the strategy tells of him."""

import pytest

from tests.hub_fixture import Hub
from tests.journeys.councils import Council, Family

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def toms_teacher_seeks_advice(borough: Council) -> Family:
    """ "His teacher is increasingly concerned about Tom's poor school attendance and dishevelled
    appearance. The teacher telephoned the Early Help Hub (EHH) to seek advice." """
    told = {"indicators": ["school", "neglect"]}
    advice = await borough["teacher"].ask("POST", "/api/v1/threshold-advice", json=told)
    assert advice.json()["name"] == "Targeted Early Help Services"
    assert "two or more issues" in advice.json()["reasons"][-1]["words"]
    return await borough.refers(groups=["education"], level="1", **told)


async def a_full_assessment_is_completed(borough: Council, tom: Family) -> None:
    """ "However, they needed more information about the family and asked for a full Early Help
    Assessment (EHA) to be completed." """
    charity = borough["manager"].agency
    await tom.refused("chair", "panel-listing", "assessment", panel="social_inclusion_panel")
    await tom.refused("chair", "allocation", "assessment, panel", agency_id=charity)
    assert (await tom.not_yet("chair"))["allocate"].endswith("assessment, panel")
    await tom.step("practitioner", "assessment-request", note="A full Early Help Assessment.")
    assert tom.clock("assess") == (30, "working_days", "due")  # "within 30 working days"

    # "The EHA revealed that Tom's mother had on-going mental health needs and was not coping."
    await tom.assessed("teacher")
    assert tom.clock("assess")[2] == "met"
    assert tom.clock("first_taf_meeting") == (28, "calendar_days", "due")  # "within 4 weeks"
    await tom.refused("chair", "allocation", "panel", agency_id=charity)


async def level_2_has_a_named_lead_professional(borough: Council, tom: Family) -> None:
    """ "All families that are offered support at Level 2 interventions will also have: a named
    lead professional; a whole family assessment; and a whole family action plan." """
    lead = str(borough["key-worker"].id)
    moved = await tom.step("manager", "acceptance", lead_professional_id=lead)
    assert moved["lead_professional_id"] == lead
    assert moved["assessed_at"]
    assert tom.held_by("manager")
    await tom.step("key-worker", "start")
    await tom.meets("key-worker")
    assert tom.clock("first_taf_meeting")[2] == "met"


async def test_toms_way(every_council: Hub) -> None:
    """ "Tom has just started secondary school and is 11 years old." """
    borough = await Council.joined(every_council, "tower-hamlets")
    settings = await borough.settings()
    words = {key: word["name"] for key, word in settings["words"].items()}
    assert words["front_door"] == "Early Help Hub"
    assert words["assessment"] == "Early Help Assessment"
    assert words["plan"] == "whole family action plan"
    tom = await toms_teacher_seeks_advice(borough)

    # "The EHH advised that the case met the threshold for Early Help."
    assert (await tom.decided(level="2"))["level_suggested"] == "2"
    assert tom.held_by("teacher")
    await a_full_assessment_is_completed(borough, tom)

    # "The case was passed on to the Social Inclusion Panel for additional family support."
    moved = await tom.step("practitioner", "panel-listing", panel="social_inclusion_panel")
    assert settings["panels"][moved["panel"]]["name"] == "Social Inclusion Panel"
    await tom.allocated("manager")
    assert tom.held_by("teacher")
    await level_2_has_a_named_lead_professional(borough, tom)
    await tom.ends(
        told="submitted acknowledged triage_started decided assessment_requested "
        "assessment_completed listed_for_panel allocated accepted started meeting_held closed"
    )
