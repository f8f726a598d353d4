"""Basis and duty: R1 to R8."""

from datetime import date
from typing import Any

import pytest

from services.consent.domain.agreements import Clause
from services.consent.domain.bases import Basis, Reason
from services.consent.domain.facts import Why, is_in_force
from services.consent.domain.publishing import NotPublishable, faults_in, publish
from shared.auth import AgencyKind
from tests.consent.builders import (
    CHARITY,
    NOW,
    a_caller,
    a_clause,
    a_person,
    a_refusal,
    an_agreement,
    answer,
    around,
    on_consent,
    under_the_duty,
)

SPECIAL = {"categories": ["health"], "condition": "9(2)(g)", "paragraph": 18}
OFFENCE = {"categories": ["police"], "ground": "schedule_1", "ground_paragraph": 18}


def rules(clause: Clause, **given: Any) -> set[tuple[str | None, str]]:
    """What stands in the way of publishing an agreement of this clause: clause and rule."""
    changed = given.pop("agreement", {})
    found = faults_in(an_agreement(clause, **changed), around(**given))
    return {(fault.clause, fault.rule) for fault in found}


@pytest.mark.parametrize("whole", [{}, SPECIAL, OFFENCE])
def test_a_clause_with_everything_it_needs_is_published(whole: dict[str, Any]) -> None:
    """R1, the positive control."""
    version = publish(an_agreement(a_clause(**whole)), 3, around(), NOW)

    assert (version.key, len(version.hash)) == ("early-help@3", 64)


@pytest.mark.parametrize(
    "lacking",
    [
        {"basis": None},
        {"law": None},
        {**SPECIAL, "condition": None, "paragraph": None},
        {**SPECIAL, "paragraph": None},
        {**SPECIAL, "paragraph": 2},
        {**SPECIAL, "condition": "9(2)(c)"},
        {"paragraph": 18},
        {**OFFENCE, "ground": None, "ground_paragraph": None},
        {**OFFENCE, "ground_paragraph": None},
        {**OFFENCE, "ground_paragraph": 5},
        {"ground_paragraph": 6},
    ],
)
def test_without_its_basis_condition_or_ground_a_clause_is_refused(lacking: dict[str, Any]) -> None:
    """R1."""
    assert rules(a_clause(**lacking)) == {("needs", "R1")}
    with pytest.raises(NotPublishable) as refused:
        publish(an_agreement(a_clause(id="first"), a_clause(**lacking)), 1, around(), NOW)
    assert {error.pointer for error in refused.value.errors} == {"/clauses/1"}
    assert {one["rule"] for one in refused.value.extra["faults"]} == {"R1"}


def test_the_basis_is_the_clauses_own_so_councils_can_differ() -> None:
    """R2."""
    public_task, agreed = a_clause(), on_consent()

    assert answer([public_task], "needs.level").bases == ("6(1)(e)",)
    assert answer([agreed], "needs.level").why is Why.NO_CONSENT
    consented = a_person(consented=frozenset({"needs.level"}))
    assert answer([agreed], "needs.level", consented).bases == ("6(1)(a)",)


def test_under_the_duty_to_share_no_consent_is_needed_where_it_is_marked_as_relevant() -> None:
    """R3."""
    marked = answer([under_the_duty()], "needs.level", a_person(welfare=True))
    unmarked = answer([under_the_duty()], "needs.level", a_person(welfare=False))

    assert (marked.permitted, marked.bases) == (True, ("6(1)(c)",))
    assert unmarked.why is Why.NOT_MARKED_RELEVANT


def test_what_a_worker_judges_more_detrimental_is_not_released_and_says_why() -> None:
    """R4."""
    refusal = a_refusal()
    marked = a_person(welfare=True)
    held_back = a_person(welfare=True, held_back=frozenset({"needs.level"}))

    assert answer([under_the_duty()], "needs.level", marked).permitted
    assert answer([under_the_duty()], "needs.level", held_back).why is Why.REFUSED_TO_SHARE
    assert refusal.because


def test_a_contractor_sees_nothing_outside_its_contracted_service() -> None:
    """R5."""
    clause = under_the_duty(kinds=["voluntary"], law="children_act_2004_16LA_4_c")
    marked = a_person(welfare=True)
    charity = {"agency": CHARITY, "kind": AgencyKind.VOLUNTARY}

    within = answer([clause], "needs.level", marked, a_caller(**charity, within_contract=True))
    outside = answer([clause], "needs.level", marked, a_caller(**charity))

    assert within.permitted
    assert outside.why is Why.OUTSIDE_CONTRACT
    assert rules(clause) == set()
    assert rules(clause.model_copy(update={"law": "children_act_2004_16LA"})) == {("needs", "R5")}


@pytest.mark.parametrize(
    ("commencement", "why"),
    [
        (date(2026, 11, 15), Why.PERMITTED),
        (date(2026, 11, 16), Why.PERMITTED),
        (date(2026, 11, 17), Why.BASIS_NOT_IN_FORCE),
        (None, Why.BASIS_NOT_IN_FORCE),
    ],
)
def test_before_the_duty_is_in_force_it_is_no_basis(commencement: date | None, why: Why) -> None:
    """R6."""
    caller = a_caller(commenced=is_in_force(commencement, NOW))

    assert answer([under_the_duty()], "needs.level", a_person(welfare=True), caller).why is why


def test_a_clause_under_a_duty_that_is_not_in_force_in_its_time_is_refused() -> None:
    """R6."""
    assert rules(under_the_duty()) == set()
    assert rules(under_the_duty(), commencement=None) == {("needs", "R6")}
    assert rules(under_the_duty(end="2026-09-29")) == {("needs", "R6")}


CHARITIES = {"kinds": ["voluntary"]}


@pytest.mark.parametrize(
    ("clause", "refused"),
    [
        (a_clause(**CHARITIES, basis="6(1)(ea)"), False),
        (a_clause(**CHARITIES, basis="6(1)(f)"), False),
        (a_clause(**CHARITIES), True),
        (a_clause(kinds=["school", "voluntary"]), True),
        (a_clause(kinds=["council"]), False),
        (a_clause(kinds=["council"], basis="6(1)(ea)"), True),
        (a_clause(kinds=["police"], basis="6(1)(f)"), True),
        (a_clause(kinds=["police"], categories=["police"], ground="official_authority"), False),
        (a_clause(kinds=["school"], categories=["police"], ground="official_authority"), True),
    ],
)
def test_a_basis_that_this_kind_of_agency_cannot_use_is_refused(
    clause: Clause, refused: bool
) -> None:
    """R7."""
    assert rules(clause) == ({("needs", "R7")} if refused else set())


def test_a_charity_to_which_a_public_task_was_given_can_rest_on_it() -> None:
    """R7."""
    charity = {"name": "Made-up Trust", "kind": "voluntary", "agency_id": CHARITY}
    clause = a_clause(kinds=[], agencies=[CHARITY])
    given = charity | {"public_task": "Family hub contract, lot 2"}

    assert rules(clause, agreement={"parties": [given]}) == set()
    assert rules(clause, agreement={"parties": [charity]}) == {("needs", "R7")}


@pytest.mark.parametrize("reason", [*Reason, None])
@pytest.mark.parametrize("protected", [True, False])
def test_paragraph_18_needs_its_reason_and_somebody_to_protect(
    reason: Reason | None, protected: bool
) -> None:
    """R8."""
    clause = a_clause(categories=["health", "needs.level"], condition="9(2)(g)", paragraph=18)
    person = a_person(reason=reason, protected=protected)
    met = reason is not None and protected

    found = answer([clause], "health.mental", person)

    assert found.why is (Why.PERMITTED if met else Why.PARAGRAPH_18_NOT_MET)
    assert found.conditions == (("9(2)(g)/18",) if met else ())
    assert answer([clause], "needs.level", person).permitted, "it is about health alone"


def test_paragraph_18_is_refused_where_nobody_is_protected_or_consent_is_relied_on() -> None:
    """R8."""
    assert rules(a_clause(**SPECIAL)) == set()
    assert rules(a_clause(**SPECIAL, purpose="quality")) == {("needs", "R8")}
    assert rules(a_clause(**SPECIAL, basis=Basis.CONSENT, law=None)) == {("needs", "R8")}
