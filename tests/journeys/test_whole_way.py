"""docs/journeys/the-whole-way.md is true: its picture, its tables, and its lines when pasted."""

import re

import pytest

from hub.site import ROOT
from services.referral.domain.lifecycle import NEXT
from services.referral.routes.steps import STEPS
from shared.authority import load
from shared.contracts.lifecycle import Action, Status
from shared.settings import SHIPPED
from tests.hub.conftest import Hub
from tests.journeys.pages import WRITTEN, documents, lines_under, paste

PAGE = "docs/journeys/the-whole-way.md"
TEXT = (ROOT / PAGE).read_text()
WHO = {
    "referrer": {"referrer"},
    "front door": {"front_door_worker", "front_door_manager"},
    "manager": {"front_door_manager"},
    "chair": {"panel_chair"},
    "receiver": {"receiving_worker"},
    "lead": {"lead_professional"},
}
"""The page's words for the roles."""

Edge = tuple[str, str, str]


def rows(start: str) -> list[list[str]]:
    """The rows of the table under the head that begins so, without their backquotes."""
    body = TEXT.partition(f"\n| {start} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in body]


def drawn() -> set[Edge]:
    """What the picture shows."""
    arrows = re.findall(r"^    (\w+) --> (\w+): (\w+)$", TEXT, re.MULTILINE)
    return {(here, action, there) for here, there, action in arrows}


def beside() -> set[Edge]:
    """What the table of the steps beside the way says."""
    found: set[Edge] = set()
    for action, here, there in rows("step | from | to"):
        named = set(re.findall(r"[a-z_]{5,}", here))
        statuses = set(Status) - named if here.startswith("all but") else named
        found |= {(s, action, s if there == "the same" else there) for s in statuses}
    return found


def test_the_picture_and_the_table_beside_it_are_the_lifecycle() -> None:
    edges = {(str(here), str(action), str(there)) for (here, action, _), there in NEXT.items()}
    assert len(drawn()) > 20
    assert drawn().isdisjoint(beside())
    assert drawn() | beside() == edges


def test_the_table_of_calls_names_every_step_and_who_takes_it() -> None:
    named: dict[str, set[str]] = {}
    for call, action, who, _ in rows("call | step | who | says"):
        if action:
            assert call.endswith(f"/{STEPS[Action(action)].noun}")
            named[action] = set[str]().union(*(WHO[one] for one in who.split(", ")))
    assert named == {
        action: {role for _, taken, role in NEXT if taken is action} for action in STEPS
    }


def test_the_order_of_each_council_is_the_one_in_its_settings() -> None:
    shipped = {council.name: council.way for council in map(load, SHIPPED.glob("*.yaml"))}
    told = {
        name: tuple(order.split(", "))
        for name, order, _ in rows("council | after the decision | which means")
    }
    assert len(told) == len(shipped) - 1
    for name, order in told.items():
        (way,) = [way for council, way in shipped.items() if name in council]
        assert order == way


@pytest.mark.journey
def test_the_pages_own_lines_take_a_family_all_the_way(one_process: Hub) -> None:
    lines = lines_under("Try it", PAGE)
    assert lines.count(WRITTEN) == 1
    *moved, history = documents(paste(lines.replace(WRITTEN, one_process.url), one_process))
    assert [one["status"] for one in moved][-1] == "closed"
    assert len(history["entries"]) == len(moved) + 1
    assert history["entries"][-1]["words"]["summary"] == "They know whom to ask now."
