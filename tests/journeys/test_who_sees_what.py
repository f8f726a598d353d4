"""docs/journeys/who-sees-what.md is true: its lines when pasted, and who sees what on the way."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from tests.hub.conftest import Hub
from tests.journeys.pages import WRITTEN, documents, lines_under, paste

pytestmark = pytest.mark.journey

PAGE = "docs/journeys/who-sees-what.md"
PRINTED = "who-looked.html"
CODES = {"need_groups", "status", "urgency", "clocks", "holding_agency_id"}
FAMILY = ("Zebedee", "Madeupname", "Florentina", "Nowhere Lane", "01632 960011")
WORDS = ("has missed school on most Mondays", "Mondays were our day.")
Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What the page's lines have printed, by who has looked and when."""

    review: Json
    published: Json
    front_door: Json
    school: Json
    police: Json
    charity: Json
    after_yes: Json
    after_withdrawal: Json
    override_used: Json
    override: Json
    reviewed: Json
    charity_told: list[Json]
    council_told: list[Json]
    page: str
    """What the family is handed, without its marks."""


@pytest.fixture(scope="module")
def told(one_process: Hub, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The page's lines, pasted from the first to the last."""
    printed = tmp_path_factory.mktemp("page") / PRINTED
    lines = lines_under("Try it", PAGE).replace(WRITTEN, one_process.url)
    assert lines.count(f"> {PRINTED}") == 1
    found = documents(paste(lines.replace(f"> {PRINTED}", f"> {printed}"), one_process))
    _, review, published, _, front_door, school, _, *later = found
    text = unescape(re.sub(r"<[^>]+>", " ", printed.read_text()))
    kept = [review, published, front_door, school, *later, text]
    return Told(**dict(zip(Told.__annotations__, kept, strict=True)))


def says(answer: Json, *words: str) -> list[bool]:
    """Which of the words stand anywhere in an answer."""
    return [word in str(answer) for word in words]


def test_what_an_agreement_would_change_is_told_before_it_is_published(told: Told) -> None:
    (change,) = told.review["changes"]
    assert told.review["faults"] == []
    assert (change["recipient"], change["difference"]) == ("police", "gained")
    assert change["categories"] == ["education.place"]
    assert told.published["published"]["key"] == "back-to-school@1"


def test_whoever_decides_and_whoever_has_sent_it_see_the_family_and_what_it_says(
    told: Told,
) -> None:
    for answer in (told.front_door, told.school):
        assert all(says(answer, *FAMILY, *WORDS))
        assert answer.keys() >= CODES


def test_the_police_see_whom_to_meet_and_by_the_new_agreement_the_school_but_no_words(
    told: Told,
) -> None:
    (child,) = told.police["children"]
    assert child.keys() >= {"given_name", "date_of_birth", "addresses"}
    assert child["school"] == "Invented Primary School"
    assert not any(says(told.police, *WORDS, "need_groups", "disabilities", "ethnicity"))
    assert "need" not in told.police


def test_the_charity_that_works_with_the_family_sees_codes_until_the_family_says_yes(
    told: Told,
) -> None:
    assert told.charity.keys() >= CODES
    assert not any(says(told.charity, *FAMILY, *WORDS))
    assert all(says(told.after_yes, *FAMILY, *WORDS))


def test_the_same_referral_gives_school_police_and_charity_three_different_answers(
    told: Told,
) -> None:
    answers = (told.school, told.police, told.charity)
    assert len({one["id"] for one in answers}) == 1
    assert len({str(one.get("children")) for one in answers}) == 3


def test_what_was_taken_back_is_seen_no_more_at_the_next_look(told: Told) -> None:
    assert told.after_withdrawal == told.charity | {"clocks": told.after_withdrawal["clocks"]}
    assert not any(says(told.after_withdrawal, *FAMILY, *WORDS))


def test_an_override_releases_what_was_written_and_is_reviewed(told: Told) -> None:
    assert all(says(told.override_used, *WORDS))
    assert not any(says(told.override_used, "ethnicity"))
    assert told.override["live"] is True
    assert "reviewed_at" not in told.override
    assert (told.reviewed["justified"], told.reviewed["live"]) == (True, True)


def kinds(events: list[Json]) -> list[str]:
    """What happened, in order."""
    return [one["type"].removeprefix("uk.earlyhelp.consent.").removesuffix(".v1") for one in events]


def test_the_charity_is_told_that_the_consents_are_withdrawn_and_the_council_of_the_override(
    told: Told,
) -> None:
    charity, council = kinds(told.charity_told), kinds(told.council_told)
    assert charity[-4:] == ["given", "given", "withdrawn", "withdrawn"]
    assert "override_declared" in council
    assert not {"override_declared", "checkpointed"} & {*charity}
    assert not {"given", "withdrawn"} & {*council}
    told_of = [one["data"]["record_id"] for one in told.council_told if "override" in one["type"]]
    assert told_of == [told.override["id"]]
    assert not any(says({"events": told.charity_told + told.council_told}, *FAMILY, *WORDS))


def test_the_page_tells_the_family_who_has_looked_and_who_in_an_emergency(told: Told) -> None:
    for agency in ("Front Door", "Primary School", "Police", "Family Trust"):
        assert f"Sampleton {agency}" in told.page
    assert "in an emergency, by a safeguarding lead's decision" in told.page
    assert not any(says({"page": told.page}, *FAMILY, *WORDS))
