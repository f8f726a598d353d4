"""Barnet: the weekly panel allocates a lead professional, in one of three locality hubs."""

import pytest

from tests.builders import Json
from tests.hub_fixture import Hub
from tests.journeys.councils import Council, Family

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def the_panel_comes_first(borough: Council) -> Family:
    """A family at the panel; nothing that the council puts after it was possible before."""
    family = await borough.refers(
        groups=["homelessness"], indicators=["housing", "school"], level="universal_plus"
    )
    moved = await family.decided(level="targeted")
    assert (moved["level_referrer"], moved["level_suggested"]) == ("universal_plus", "targeted")
    charity = borough["manager"].agency
    await family.refused("chair", "allocation", "comes first: panel", agency_id=charity)
    await family.refused("chair", "assessment-request", "comes first: panel, allocation")
    await family.step("practitioner", "panel-listing", panel="early_help_panel")
    assert family.clock("allocate") == (7, "calendar_days", "due")
    return family


async def the_panel_allocates(borough: Council, family: Family, settings: Json) -> None:
    """To a lead professional in one of the "three locality based Early Help Hubs"."""
    assert settings["panels"][family.now["panel"]]["rhythm"] == "weekly"
    assert len(settings["hubs"]) == 3
    charity, lead = borough["manager"].agency, str(borough["key-worker"].id)
    await family.refused_as_unknown("chair", "allocation", "/hub", agency_id=charity, hub="north")
    agencies = (await borough["chair"].get("/api/v1/agencies"))["items"]
    assert lead in next(one["lead_professionals"] for one in agencies if one["id"] == charity)
    who = await borough["practitioner"].get(f"/api/v1/workers/by-id/{lead}")
    assert who["roles"] == ["lead_professional"]  # "a skilled and trusted Lead Professional"
    moved = await family.allocated("manager", hub="west", lead_professional_id=lead)
    assert settings["hubs"][moved["hub"]]["name"] == "West Hub"
    assert family.clock("allocate")[2] == "met"

    # "There are no hand off points": the professional who noticed holds the child's hand until
    # somebody else does.
    assert family.held_by("teacher")
    moved = await family.step("manager", "acceptance")
    assert moved["lead_professional_id"] == lead
    assert family.held_by("manager")


async def test_the_panel_that_meets_weekly_allocates_a_lead_professional(
    every_council: Hub,
) -> None:
    """ "Early Help delivery is coordinated through a multi-agency panel that meets weekly and
    allocates a skilled and trusted Lead Professional" """
    borough = await Council.joined(every_council, "barnet")
    settings = await borough.settings()
    assert settings["way"] == ["panel", "allocation", "assessment"]
    family = await the_panel_comes_first(borough)
    await the_panel_allocates(borough, family, settings)

    # "building a Team Around the Family", "a single Early Help Assessment and multi-agency plan"
    await family.step("key-worker", "start")
    await family.assessed("key-worker")
    await family.meets("key-worker")
    assert settings["words"]["plan"]["name"] == "multi-agency plan"
    await family.ends(
        told="submitted acknowledged triage_started decided listed_for_panel allocated accepted "
        "started assessment_completed meeting_held closed"
    )


async def test_a_family_for_whom_nothing_follows_does_not_come_before_this_panel(
    every_council: Hub,
) -> None:
    """Whom a panel looks at is the authority's own: here only those with a decision for help."""
    borough = await Council.joined(every_council, "barnet")
    family = await borough.refers(groups=["health"])
    where = "The drop-in of the made-up children's centre, Tuesdays."
    await family.decided(outcome="no_further_action", where_to_go_instead=where)
    because = "No panel of this authority looks at no_further_action"
    await family.refused("chair", "panel-listing", because, panel="early_help_panel")
