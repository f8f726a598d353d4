"""Inventshire does not exist: a sixth council goes its own way by its file of settings alone."""

from pathlib import Path

import pytest

from hub.site import ROOT
from shared.authority import load
from shared.settings import SHIPPED
from tests.authorities import INVENTED
from tests.builders import a_child, a_need, a_submission, an_address
from tests.hub_fixture import Hub
from tests.journeys.councils import Council, Family

COUNCILS = [load(file) for file in (*sorted(SHIPPED.glob("*.yaml")), INVENTED)]
NAMES_SOURCES = Path("shared/authority/sources.py")
"""Lists the published strategies that a setting may quote; nothing is decided by it."""


@pytest.mark.asyncio(loop_scope="session")
async def test_the_round_table_looks_first_and_the_conversation_comes_before_the_allocation(
    every_council: Hub,
) -> None:
    county = await Council.joined(every_council, "inventshire")
    settings = await county.settings()
    assert settings["way"] == ["panel", "assessment", "allocation"]
    teacher = county["teacher"]
    child = a_child(addresses=[an_address(postcode="ZZ4 1VV")])
    need = a_need(groups=["health"], indicators=["tired", "moved"], level="amber")
    receipt = await teacher.system.refer(teacher.number, a_submission(child, need=need))
    family = Family(county, receipt["id"], receipt)
    moved = await family.decided(level="amber_plus")
    assert (moved["area"], moved["hub"]) == ("valley", "mill")
    assert moved["level_suggested"] == "amber_plus"
    assert family.clock("decide") == (48, "hours", "met")

    charity, lead = county["manager"].agency, str(county["key-worker"].id)
    await family.refused("chair", "assessment-request", "comes first: panel")
    await family.refused("chair", "allocation", "panel, assessment", agency_id=charity)
    moved = await family.step("practitioner", "panel-listing", panel="round_table")
    assert settings["panels"][moved["panel"]]["rhythm"] == "fortnightly"
    await family.refused("chair", "allocation", "comes first: assessment", agency_id=charity)
    await family.step("chair", "assessment-request")
    assert family.clock("assess") == (20, "working_days", "due")
    await family.assessed("teacher")
    assert family.clock("allocate") == (3, "calendar_days", "due")
    moved = await family.allocated("manager", lead_professional_id=lead)
    assert moved["hub"] == "mill"
    await family.step("manager", "acceptance")
    assert family.clock("first_circle") == (21, "calendar_days", "due")
    await family.step("key-worker", "start")
    await family.meets("key-worker")
    assert settings["words"]["lead_professional"]["name"] == "family friend"
    await family.ends(
        told="submitted acknowledged triage_started decided listed_for_panel "
        "assessment_requested assessment_completed allocated accepted started meeting_held closed"
    )


@pytest.mark.asyncio(loop_scope="session")
async def test_what_one_council_holds_does_not_exist_for_another(every_council: Hub) -> None:
    county = await Council.joined(every_council, "inventshire")
    borough = await Council.joined(every_council, "reading")
    family = await county.refers(groups=["health"])
    assert (await county["practitioner"].ask("GET", family.path)).status_code == 200
    assert (await borough["practitioner"].ask("GET", family.path)).status_code == 404


def test_no_council_is_named_in_the_code() -> None:
    """Settings differ between councils, and nothing else: no line of code knows any of them."""
    named = {name for one in COUNCILS for name in (f'"{one.id}"', one.name)}
    named |= {one.id.replace("-", " ") for one in COUNCILS if one.id not in ("sample", "reading")}
    files = [
        file.relative_to(ROOT)
        for package in ("services", "gateway", "shared")
        for file in (ROOT / package).rglob("*.py")
    ]
    assert len(files) > 100
    knows = {
        (file, name)
        for file in files
        for name in named
        if name.lower() in (ROOT / file).read_text().lower()
    }
    assert {file for file, _ in knows} == {NAMES_SOURCES}


def test_every_council_that_ships_has_its_journey() -> None:
    stories = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    assert len(COUNCILS) == 7
    for council in COUNCILS:
        assert f'every_council, "{council.id}")' in stories or council.id == "sample", council.id
