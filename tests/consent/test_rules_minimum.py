"""The minimum, and the need to know: R16 to R19, R25 and R37."""

from typing import Any

import pytest

from services.consent.domain.deciding import decide
from services.consent.domain.facts import FAULTS, Why
from services.consent.domain.policies import compiled
from shared.auth import AgencyKind
from shared.categories import CATEGORIES
from shared.purposes import Purpose
from tests.consent.builders import (
    CHILD,
    FATHER,
    MOTHER,
    a_caller,
    a_clause,
    a_person,
    an_agreement,
    answer,
    published,
)
from tests.consent.test_rules_basis import rules

EVERYTHING = {
    "categories": [code for code in CATEGORIES if "." not in code],
    "people": ["child", "parent", "household_member", "third_party"],
    "condition": "9(2)(h)",
    "paragraph": 2,
    "ground": "schedule_1",
    "ground_paragraph": 6,
}
"""Where a clause grants all there is, the guard-rails alone hold something back."""


def test_only_the_categories_of_the_clause_are_released_and_unknown_ones_never() -> None:
    """R16."""
    policies = compiled([published(an_agreement(a_clause(categories=["needs.level", "plan"])))])

    found = decide(policies, a_caller(), {CHILD: a_person()}, [*CATEGORIES, "favourite_colour"])

    permitted = {code for code, said in found[CHILD].items() if said.permitted}
    assert permitted == {"needs.level", "plan", "plan.actions", "plan.reviews", "plan.outcomes"}
    assert found[CHILD]["favourite_colour"].why is Why.UNKNOWN_CATEGORY
    assert rules(a_clause(categories=["needs.level", "favourite_colour"])) == {("needs", "R16")}


def test_without_a_live_involvement_a_permitted_agency_sees_nothing() -> None:
    """R17."""
    clause = a_clause(**EVERYTHING)

    assert answer([clause], "needs.level").permitted
    uninvolved = a_person(involved=False)
    assert {answer([clause], code, uninvolved).permitted for code in CATEGORIES} == {False}
    assert answer([clause], "needs.level", uninvolved).why is Why.NOT_INVOLVED


def test_third_parties_are_hidden_unless_a_clause_names_them() -> None:
    """R18."""
    neighbour = a_person(kind="third_party")
    named = a_clause(categories=["third_parties"], people=["third_party"])

    assert answer([named], "third_parties", neighbour).permitted
    assert answer([a_clause()], "needs.level", neighbour).why is Why.PERSON_NOT_COVERED
    assert answer([a_clause()], "third_parties").why is Why.NO_CLAUSE


def test_what_is_sealed_is_never_released_an_override_included() -> None:
    """R18."""
    clause = a_clause(**EVERYTHING, purpose="safeguarding")
    refuge, home = "contact.confidential_address", "contact.address"
    caller = a_caller(purpose=Purpose.SAFEGUARDING)
    overridden = a_person(overridden=frozenset({refuge, home}), involved=False)

    assert answer([clause], home, caller=caller).permitted
    assert answer([clause], refuge, caller=caller).why is Why.SEALED
    assert answer([], home, overridden, caller).why is Why.PERMITTED_BY_OVERRIDE
    assert answer([], refuge, overridden, caller).why is Why.SEALED
    assert rules(a_clause(categories=[refuge])) == {("needs", "R18")}


@pytest.mark.parametrize(
    ("category", "why"),
    [
        ("needs.level", Why.PERMITTED),
        ("plan.outcomes", Why.PERMITTED),
        ("identity.name", Why.PLANNING_IDENTIFYING),
        ("contact.address", Why.PLANNING_IDENTIFYING),
        ("health.mental", Why.PLANNING_SENSITIVE),
        ("police.convictions", Why.PLANNING_SENSITIVE),
        ("narrative.voice", Why.PLANNING_SENSITIVE),
    ],
)
def test_whoever_plans_sees_nobody_even_where_a_clause_would_let_it(
    category: str, why: Why
) -> None:
    """R19."""
    clause = a_clause(**EVERYTHING, purpose="planning")
    planner = a_caller(purpose=Purpose.PLANNING)

    assert answer([clause], category, a_person(involved=False), planner).why is why


def test_a_clause_for_planning_that_names_somebody_is_refused() -> None:
    """R19."""
    planning = {"purpose": "planning", "obligations": ["pseudonymise"]}

    assert rules(a_clause(**planning)) == set()
    assert rules(a_clause(**planning, categories=["identity.name"])) == {("needs", "R19")}
    assert rules(a_clause(purpose="planning")) == {("needs", "R19")}


@pytest.mark.parametrize(
    "fact",
    "kind involved consented explicit held_back overridden welfare protected".split(),
)
def test_a_fact_that_is_not_known_denies_that_person_and_nobody_else(fact: str) -> None:
    """R25: never a silent permit."""
    policies = compiled([published(an_agreement(a_clause()))])
    people = {CHILD: a_person(), FATHER: a_person(**{fact: None})}

    found = decide(policies, a_caller(), people, ["needs.level"])

    assert found[CHILD]["needs.level"].permitted
    assert found[FATHER]["needs.level"].why is Why.FACTS_MISSING
    assert Why.FACTS_MISSING in FAULTS


@pytest.mark.parametrize(
    "fact", "takes_part principles signed commenced within_contract designated".split()
)
def test_a_fact_that_is_not_known_of_the_caller_denies_everything(fact: str) -> None:
    """R25."""
    assert answer([a_clause()], "needs.level").permitted
    unknown = answer([a_clause()], "needs.level", caller=a_caller(**{fact: None}))
    assert unknown.why is Why.FACTS_MISSING


@pytest.mark.parametrize(
    ("caller", "why"),
    [
        ({"purpose": "marketing"}, Why.UNKNOWN_PURPOSE),
        ({"purpose": "quality"}, Why.NO_CLAUSE),
        ({"kind": AgencyKind.POLICE}, Why.NO_CLAUSE),
    ],
)
def test_a_purpose_or_a_recipient_that_no_clause_names_sees_nothing(
    caller: dict[str, Any], why: Why
) -> None:
    """R16."""
    assert answer([a_clause()], "needs.level").permitted
    assert answer([a_clause()], "needs.level", caller=a_caller(**caller)).why is why


def test_the_consistent_identifier_is_for_designated_agencies_alone() -> None:
    """R37."""
    clause, number = a_clause(**EVERYTHING), "identity.consistent_identifier"

    assert answer([clause], number, caller=a_caller(designated=True)).permitted
    assert answer([clause], number).why is Why.NOT_DESIGNATED


def test_several_people_are_answered_at_once_each_by_its_own_facts() -> None:
    """R13 and R16."""
    clause = a_clause(basis="6(1)(a)", law=None, people=["child", "parent"])
    policies = compiled([published(an_agreement(clause))])
    people = {
        CHILD: a_person(consented=frozenset({"needs.level"})),
        MOTHER: a_person(kind="parent"),
        FATHER: a_person(kind="parent", consented=frozenset({"needs.level"}), involved=False),
    }

    found = decide(policies, a_caller(), people, ["needs.level"])

    assert {person: said["needs.level"].why for person, said in found.items()} == {
        CHILD: Why.PERMITTED,
        MOTHER: Why.NO_CONSENT,
        FATHER: Why.NOT_INVOLVED,
    }
