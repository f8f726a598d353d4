"""The life of an agreement: R26 to R31."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.consent.domain.agreements import (
    Published,
    Review,
    Tier,
    months_after,
    principles_in_force,
    review_state,
)
from services.consent.domain.deciding import decide
from services.consent.domain.facts import Why
from services.consent.domain.policies import compiled
from services.consent.domain.publishing import faults_in
from services.consent.domain.ropa import rows
from tests.consent.builders import (
    CHILD,
    NOW,
    WORDS,
    a_caller,
    a_clause,
    a_person,
    an_agreement,
    answer,
    around,
    principles,
    published,
)
from tests.consent.test_rules_basis import rules


@pytest.mark.parametrize(
    "name", "contact rights security retention breach termination start end parties clauses".split()
)
def test_an_agreement_that_leaves_something_open_is_refused(name: str) -> None:
    """R26."""
    whole = an_agreement()
    lacking = whole.model_copy(update={name: () if name in ("parties", "clauses") else None})

    assert faults_in(whole, around()) == []
    assert {fault.rule for fault in faults_in(lacking, around())} == {"R26"}


def test_a_clause_that_leaves_something_open_is_refused() -> None:
    """R26."""
    assert rules(a_clause()) == set()
    nothing: dict[str, Any] = {"categories": [], "people": [], "purpose": None, "kinds": []}
    for name, value in nothing.items():
        assert rules(a_clause(**{name: value})) == {("needs", "R26")}, name
    assert rules(a_clause(start="2027-02-01", end="2027-01-01")) == {("needs", "R26")}
    provider = {"name": "Schools", "kind": "school", "role": "provider"}
    assert rules(a_clause(), agreement={"parties": [provider]}) == {("needs", "R26")}


def test_clauses_are_told_apart_and_the_principles_have_none() -> None:
    """R26 and R27."""
    twice = an_agreement(a_clause(), a_clause())
    permissive = principles(clauses=[a_clause()])

    assert faults_in(principles(), around(principles=None)) == []
    assert {fault.rule for fault in faults_in(twice, around())} == {"R26"}
    assert {fault.rule for fault in faults_in(permissive, around())} == {"R27"}


def test_no_clause_works_for_an_agency_that_has_not_signed_principles_and_agreement() -> None:
    """R27."""
    first = published(principles())
    elsewhere = published(an_agreement(id="another"))
    works = {
        "signed": principles_in_force([first], {"principles@1"}, NOW),
        "unsigned": principles_in_force([first], {"early-help@1"}, NOW),
        "of the wrong tier": principles_in_force([elsewhere], {"another@1"}, NOW),
        "over": principles_in_force([first], {"principles@1"}, datetime(2027, 5, 1, tzinfo=UTC)),
    }

    assert works == {"signed": True, "unsigned": False, "of the wrong tier": False, "over": False}
    assert answer([a_clause()], "needs.level").permitted
    unsigned = a_caller(principles=False)
    assert answer([a_clause()], "needs.level", caller=unsigned).why is Why.PRINCIPLES_UNSIGNED
    other = a_caller(signed=frozenset({"principles@1"}))
    assert answer([a_clause()], "needs.level", caller=other).why is Why.NOT_SIGNED


def test_without_principles_nothing_under_them_is_published() -> None:
    """R27."""
    assert rules(a_clause()) == set()
    assert rules(a_clause(), principles=None) == {(None, "R27")}
    over = published(principles(end="2025-12-31"))
    assert rules(a_clause(), principles=over) == {(None, "R27")}


REVIEWED = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 10, 30), Review.IN_DATE),
        (date(2026, 10, 31), Review.DUE),
        (REVIEWED, Review.DUE),
        (date(2027, 2, 1), Review.OVERDUE),
        (date(2027, 4, 29), Review.OVERDUE),
        (date(2027, 4, 30), Review.STOPPED),
    ],
)
def test_three_months_before_its_review_the_lead_is_told_and_three_after_it_stops(
    today: date, state: Review
) -> None:
    """R28."""
    assert review_state(an_agreement(review=REVIEWED), today) is state


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), Why.NOT_IN_FORCE),
        (datetime(2026, 1, 1, tzinfo=UTC), Why.PERMITTED),
        (datetime(2027, 4, 29, 22, 59, 59, tzinfo=UTC), Why.PERMITTED),
        (datetime(2027, 4, 29, 23, tzinfo=UTC), Why.NOT_IN_FORCE),
    ],
)
def test_a_clause_works_from_its_first_day_in_england_until_its_review_is_overdue(
    now: datetime, why: Why
) -> None:
    """R28."""
    assert answer([a_clause()], "needs.level", caller=a_caller(now=now)).why is why


def test_a_clause_can_end_sooner_than_its_agreement_and_never_later() -> None:
    """R28."""
    sooner, later = a_clause(end="2026-11-15"), a_clause(end="2199-01-01", start="2001-01-01")
    after = a_caller(now=datetime(2027, 6, 1, tzinfo=UTC))

    assert answer([later], "needs.level").permitted
    assert answer([sooner], "needs.level").why is Why.NOT_IN_FORCE
    assert answer([later], "needs.level", caller=after).why is Why.NOT_IN_FORCE
    assert rules(a_clause(review="2028-01-01")) == {("needs", "R28")}


def test_an_agreement_without_a_review_day_is_refused() -> None:
    """R28."""
    assert rules(a_clause(), agreement={"review": None}) == {(None, "R28")}


def test_when_an_agency_is_suspended_all_its_permits_stop_at_once() -> None:
    """R29."""
    assert answer([a_clause()], "needs.level").permitted
    suspended = replace(a_caller(), takes_part=False)
    assert answer([a_clause()], "needs.level", caller=suspended).why is Why.AGENCY_SUSPENDED


def test_a_decision_made_under_one_version_is_the_same_when_it_is_replayed_with_it() -> None:
    """R30."""
    first = published(an_agreement(a_clause()))
    second = published(an_agreement(a_clause(categories=["plan"])), version=2)
    then, now = compiled([first]), compiled([second])
    people = {CHILD: a_person()}

    made = decide(then, a_caller(), people, ["needs.level", "plan"])
    kept = Published.model_validate_json(first.model_dump_json())
    again = compiled([kept])

    assert made[CHILD]["needs.level"].clauses == ("early-help@1/needs",)
    assert decide(again, a_caller(), people, ["needs.level", "plan"]) == made
    assert decide(now, a_caller(), people, ["needs.level", "plan"]) != made
    assert again.hash == then.hash != now.hash


def test_the_hash_is_of_what_is_said_and_not_of_the_order_of_a_set() -> None:
    """R30."""
    one = an_agreement(a_clause(kinds=["school", "gp", "police"], categories=["plan", "needs"]))
    same = an_agreement(a_clause(kinds=["police", "school", "gp"], categories=["needs", "plan"]))

    assert published(one).hash == published(same).hash
    assert published(one).hash != published(one, version=2).hash
    assert published(one).hash != published(an_agreement()).hash


def test_every_clause_has_its_row_in_the_records_of_processing() -> None:
    """R31."""
    clause = a_clause(
        categories=["health", "plan.actions"], condition="9(2)(g)", paragraph=18, kinds=["gp"]
    )

    [row] = rows(an_agreement(clause))

    assert (row.clause, row.purpose, row.basis) == ("early-help/needs", "early_help", "6(1)(e)")
    assert row.recipients == ("Every gp",)
    assert row.conditions == ("9(2)(g)/18",)
    assert set(row.categories) - set(row.special) == {"plan.actions"}
    assert (row.retention, row.security, row.dpia) == (WORDS, WORDS, "DPIA 7")


def test_a_clause_without_its_impact_assessment_is_refused() -> None:
    """R31."""
    assert rules(a_clause()) == set()
    assert rules(a_clause(dpia=None)) == {("needs", "R31")}


def test_a_month_that_is_too_short_ends_sooner() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 5, 31), -3) == date(2026, 2, 28)
    assert principles().tier is Tier.PRINCIPLES
