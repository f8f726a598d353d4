"""docs/glossary.md and the code use the same words, and one word for one thing."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from services.consent.domain.facts import Why
from services.directory.domain.drafts import DraftStatus
from services.directory.domain.entries import Audience, Kind, Stage
from services.directory.domain.queues import LookAlikeOutcome, ProblemOutcome, ReportedProblem
from services.directory.domain.search.codes import (
    AgeBand,
    Cost,
    Delivery,
    Facet,
    NearKind,
    OfferLevel,
    OfferView,
    SuggestionKind,
    WayIn,
)
from services.directory.domain.shapes import Verdict
from services.referral.domain.alarms import ESCALATE
from services.referral.domain.amendments import AMEND, CORRECT
from services.referral.domain.asking import AskerKind
from services.referral.domain.clocks import Announcement
from services.referral.domain.codes import REASONS
from services.referral.domain.earlier import LINK
from services.referral.domain.worklist import By, Due, Of, Sort
from services.referral.routes.answers import ClockOut
from shared.auth import SCOPES, AgencyKind, Role, Scope
from shared.authority import GoTo
from shared.categories import CATEGORIES, Group
from shared.contracts.catalogue import EVENTS
from shared.contracts.lifecycle import Action, Status, Urgency
from shared.contracts.topics import TOPICS
from shared.db import Kept
from shared.purposes import Purpose
from tests.hub_fixture import Hub
from tests.rules.test_columns import every_table

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"

CODES: dict[str, Iterable[str]] = {
    "Statuses of a referral": Status,
    "Actions on a referral": Action,
    "Other entries of a history": (AMEND, CORRECT, LINK, *Announcement, ESCALATE),
    "Urgencies": Urgency,
    "States of a clock": get_args(ClockOut.model_fields["state"].annotation),
    "Who asks for help": AskerKind,
    "Orders of a worklist": Sort,
    "How a referral stands with its clocks": Due,
    "Whose worklist": Of,
    "What a worklist is counted by": By,
    "Roles": Role,
    "Kinds of agency": AgencyKind,
    "Scopes": Scope,
    "Events": EVENTS,
    "Topics": TOPICS,
    "Purposes": Purpose,
    "Categories of data": CATEGORIES,
    "Groups of categories": Group,
    "Why something is released, or is not": Why,
    "What the directory holds": Kind,
    "Stages of an entry": Stage,
    "Audiences of an entry": Audience,
    "Statuses of a draft of an entry": DraftStatus,
    "Problems that families report": ReportedProblem,
    "What became of a reported problem": ProblemOutcome,
    "What became of services that look alike": LookAlikeOutcome,
    "What became of what a source said": Verdict,
    "How a service reaches a family": Delivery,
    "Where a referral goes that names a service": GoTo,
    "Who may ask for a service": WayIn,
    "What a service costs": Cost,
    "Levels of the offer": OfferLevel,
    "Views of the offer": OfferView,
    "Age bands": AgeBand,
    "What a search is narrowed by": Facet,
    "As what somebody says where they are": NearKind,
    "What a suggestion names": SuggestionKind,
    "What a column keeps": get_args(Kept),
}
LISTS = {
    "Decisions": "decision",
    "Reasons for declining": "decline",
    "Reasons of withdrawal": "withdrawal",
    "Outcomes of closing": "closing",
    "Reasons for a hold": "hold",
    "Lawful bases other than agreement": "other_basis",
}
"""The hub's own code lists, whose words are said in `reasons.json`."""
_CELL = re.compile(r"`([^`]+)`")


def sections() -> dict[str, list[list[str]]]:
    """The rows of each section's table, without its head."""
    found: dict[str, list[list[str]]] = {}
    for section in GLOSSARY.read_text().split("\n## ")[1:]:
        heading, *lines = section.splitlines()
        rows = [line.strip("|").split("|") for line in lines if line.startswith("|")]
        found[heading] = [[cell.strip() for cell in row] for row in rows[2:]]
    return found


@pytest.mark.parametrize("heading", CODES)
def test_every_code_has_its_row_and_every_row_is_about_a_code(heading: str) -> None:
    rows = sections()[heading]

    words = [row[0].strip("`") for row in rows]

    assert words == list(CODES[heading])
    assert all(meaning for _, meaning in rows)


@pytest.mark.parametrize("heading", LISTS)
def test_every_reason_has_the_same_words_in_its_list_and_in_the_glossary(heading: str) -> None:
    said = {
        code: f"{meaning['label']}{'; retired' * ('retired_in' in meaning)}"
        for code, meaning in REASONS[LISTS[heading]]["codes"].items()
    }

    rows = {word.strip("`"): meaning for word, meaning in sections()[heading]}

    assert {code: meaning[0].upper() + meaning[1:] for code, meaning in rows.items()} == said
    assert list(rows) == list(said)


def test_every_list_of_reasons_stands_in_the_glossary() -> None:
    assert set(LISTS.values()) == set(REASONS)


def test_every_scope_is_explained_to_developers_too() -> None:
    assert list(SCOPES) == list(Scope)


def test_no_word_has_two_rows() -> None:
    words = [
        word.strip()
        for heading in ("Words of early help", "Words with several meanings elsewhere")
        for row in sections()[heading]
        for word in row[0].split(",")
    ]
    twice = {word for word in words if words.count(word) > 1}

    assert twice == {"referral"}, "only the referral is both a word of its own and a homonym"


def _words_never_used() -> set[str]:
    return {word for row in sections()["Words of early help"] for word in _CELL.findall(row[2])}


def _names(document: Any) -> Iterator[str]:
    """Every name in an OpenAPI document: properties, parameters, codes."""
    if isinstance(document, dict):
        yield from document.get("properties", {}) if "type" in document else ()
        yield from (code for code in document.get("enum", ()) if isinstance(code, str))
        if "in" in document and "name" in document:
            yield document["name"]
        for part in document.values():
            yield from _names(part)
    elif isinstance(document, list):
        for part in document:
            yield from _names(part)


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_has_the_name_of_another_word_for_it(hub: Hub) -> None:
    interface = set(_names((await hub.http.get("/openapi.json")).json()))
    columns = {
        name
        for _, tables in every_table().items()
        for table in tables
        for name in (table.name, *(column.name for column in table.columns))
    }
    fields = {name for event in EVENTS.values() for name in event.model_fields}
    assert {"holding_agency_id", "decision_due", "Acting-Worker", "early_help"} <= interface
    assert {"blind_index", "referral"} <= columns

    never = _words_never_used()

    assert len(never) > 40
    assert never & (interface | columns | fields) == set()
