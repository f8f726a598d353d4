"""The pages of docs/journeys are true: calls, events and files they name are there."""

import re

import pytest

from hub.site import ROOT
from shared.contracts.catalogue import EVENTS
from shared.contracts.referral import ReferralEvent
from tests.hub_fixture import Hub

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOLDER = ROOT / "docs" / "journeys"
PAGES = {page.stem: page.read_text() for page in FOLDER.glob("*.md")}


async def test_every_call_on_a_page_is_offered(hub: Hub) -> None:
    document = (await hub.http.get("/openapi.json")).json()
    offered = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in operations
    }
    named = {
        call
        for text in PAGES.values()
        for call in re.findall(r"^\| `([A-Z]+ /\S+)` \|", text, re.MULTILINE)
    }
    assert len(named) >= 9
    assert named <= offered


async def test_the_whole_ways_page_names_every_event_of_a_referral_and_no_page_another() -> None:
    named = {page: set(re.findall(r"`(uk\.earlyhelp\.\S+)`", text)) for page, text in PAGES.items()}
    announced = {type_ for type_, event in EVENTS.items() if issubclass(event, ReferralEvent)}
    assert announced
    assert named["the-whole-way"] == announced
    assert set[str]().union(*named.values()) == announced


@pytest.mark.parametrize("page", PAGES)
async def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)", PAGES[page])
    assert links
    assert all((FOLDER / link).exists() for link in links)
