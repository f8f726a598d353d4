"""Consent: R9 to R15."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.consent.domain.consents import Capacity, Consent, ConsentStatus, Speakers, live
from services.consent.domain.facts import Why
from shared.purposes import Purpose
from tests.consent.builders import (
    CHARITY,
    CHILD,
    FATHER,
    MOTHER,
    NOW,
    SCHOOL,
    a_clause,
    a_consent,
    a_person,
    answer,
    on_consent,
)

A_SMALL_CHILD = Speakers(CHILD, is_child=True, parents=frozenset({MOTHER, FATHER}))
A_COMPETENT_CHILD = Speakers(
    CHILD, is_child=True, is_competent=True, parents=frozenset({MOTHER, FATHER})
)
THE_FATHER = Speakers(FATHER, is_child=False)
ASKED = ("needs.level", "health.mental", "police.incidents")
NEEDS_AND_HEALTH = {"needs.level", "health.mental"}


def covered(
    *consents: Consent,
    speakers: Speakers = A_SMALL_CHILD,
    agency: UUID = SCHOOL,
    purpose: Purpose = Purpose.EARLY_HELP,
    **when: Any,
) -> set[str]:
    """What the consents cover of what is asked for."""
    at = when.get("at", NOW)
    found = live(consents, speakers, agency=agency, purpose=purpose, at=at, categories=ASKED)
    return set(found.categories)


@pytest.mark.parametrize(
    "missing",
    "people categories agencies purposes recorded_by notice channel evidence until".split(),
)
def test_a_consent_that_lacks_anything_is_not_valid(missing: str) -> None:
    """R9."""
    whole = a_consent()
    empty: frozenset[str] = frozenset()
    nothing = empty if missing in ("people", "categories", "agencies", "purposes") else None
    lacking = a_consent(**{missing: nothing})

    assert (whole.missing(), covered(whole)) == ([], NEEDS_AND_HEALTH)
    assert (lacking.missing(), covered(lacking)) == ([missing], set())


def test_a_withdrawn_consent_denies_from_that_instant_on() -> None:
    """R10."""
    withdrawn = a_consent(withdrawn_at=NOW)

    assert covered(withdrawn, at=NOW - timedelta(microseconds=1)) == NEEDS_AND_HEALTH
    assert covered(withdrawn, at=NOW) == set()
    assert withdrawn.status(NOW) is ConsentStatus.WITHDRAWN


def test_a_consent_ends_at_its_end_and_a_newer_one_takes_its_place() -> None:
    """R10."""
    over = a_consent(until=NOW)
    replaced = a_consent(superseded_at=NOW - timedelta(days=2))
    newer = a_consent(said_at=NOW - timedelta(days=2), categories=frozenset({"needs"}))

    assert covered(over, at=NOW - timedelta(seconds=1)) == NEEDS_AND_HEALTH
    assert (covered(over), over.status(NOW)) == (set(), ConsentStatus.EXPIRED)
    assert covered(replaced, newer) == {"needs.level"}
    assert replaced.status(NOW) is ConsentStatus.SUPERSEDED


LATER: dict[str, Any] = {"id": UUID(int=51), "said_at": NOW - timedelta(days=2)}
TAKE_ITS_PLACE: list[dict[str, Any]] = [
    {},
    {"refuses": True},
    {"until": NOW - timedelta(days=1)},
    {"withdrawn_at": NOW - timedelta(days=1)},
    {"categories": frozenset({"needs", "health", "plan"}), "people": frozenset({CHILD, FATHER})},
]
DO_NOT: list[dict[str, Any]] = [
    {"said_at": NOW - timedelta(days=20)},
    {"said_at": NOW - timedelta(days=30), "refuses": True},
    {"given_by": FATHER},
    {"capacity": Capacity.SELF},
    {"categories": frozenset({"needs"})},
    {"agencies": frozenset({CHARITY})},
    {"purposes": frozenset({Purpose.QUALITY})},
    {"people": frozenset({FATHER})},
]


@pytest.mark.parametrize(
    ("said", "takes_its_place"),
    [*((one, True) for one in TAKE_ITS_PLACE), *((one, False) for one in DO_NOT)],
)
@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("speakers", [A_SMALL_CHILD, A_COMPETENT_CHILD, THE_FATHER])
def test_a_later_word_on_all_of_it_takes_its_place_and_no_decision_changes_by_that(
    said: dict[str, Any], takes_its_place: bool, refused: bool, speakers: Speakers
) -> None:
    """R10: where it says less, or is no later word, both stand."""
    earlier, newer = a_consent(refuses=refused), a_consent(**LATER | said)
    marked = replace(earlier, superseded_at=NOW) if takes_its_place else earlier

    assert newer.supersedes(earlier) is takes_its_place
    assert covered(marked, newer, speakers=speakers) == covered(earlier, newer, speakers=speakers)


def test_after_a_withdrawal_what_rests_on_another_basis_keeps_working() -> None:
    """R11."""
    clauses = [on_consent(categories=["education"]), a_clause(id="task")]
    consented = a_person(consented=frozenset({"education.place"}))

    assert answer(clauses, "education.place", consented).permitted
    assert answer(clauses, "education.place").why is Why.NO_CONSENT
    assert answer(clauses, "needs.level").bases == ("6(1)(e)",)


def test_a_consent_is_for_its_agency_purpose_and_categories_alone() -> None:
    """R12."""
    consent = a_consent(categories=frozenset({"needs"}))

    assert covered(consent) == {"needs.level"}
    assert covered(consent, agency=CHARITY) == set()
    assert covered(consent, purpose=Purpose.QUALITY) == set()
    assert "health.mental" not in covered(consent)


def test_a_competent_child_speaks_for_itself_whatever_its_parents_say() -> None:
    """R13."""
    own = a_consent(given_by=CHILD, capacity=Capacity.COMPETENT_CHILD)
    mothers_no = a_consent(refuses=True, said_at=NOW)

    assert covered(own, mothers_no, speakers=A_COMPETENT_CHILD) == NEEDS_AND_HEALTH
    assert covered(a_consent(), speakers=A_COMPETENT_CHILD) == set(), "a parent's word is not its"
    assert covered(own, speakers=A_SMALL_CHILD) == set(), "nor is its own while it is too young"


def test_when_one_parent_withdraws_the_others_own_data_follow_their_own_record() -> None:
    """R13."""
    mothers = a_consent(people=frozenset({CHILD, MOTHER, FATHER}), withdrawn_at=NOW)
    fathers = a_consent(people=frozenset({FATHER, CHILD}), given_by=FATHER, capacity=Capacity.SELF)

    assert covered(mothers, fathers, speakers=THE_FATHER) == NEEDS_AND_HEALTH
    assert covered(a_consent(people=frozenset({FATHER})), speakers=THE_FATHER) == set()


def test_what_two_parents_dispute_is_not_relied_on_for_a_small_child() -> None:
    """R13: the hub's own reading where both may speak."""
    mothers = a_consent()
    fathers_no = a_consent(given_by=FATHER, refuses=True, categories=frozenset({"health"}))

    assert covered(mothers) == NEEDS_AND_HEALTH
    assert covered(mothers, fathers_no) == {"needs.level"}


def test_an_attorney_speaks_for_an_adult_that_cannot_and_nobody_else_does() -> None:
    """R13."""
    by_mother = a_consent(people=frozenset({FATHER}), capacity=Capacity.ATTORNEY)
    represented = Speakers(FATHER, is_child=False, attorneys=frozenset({MOTHER}))

    assert covered(by_mother, speakers=represented) == NEEDS_AND_HEALTH
    assert covered(by_mother, speakers=THE_FATHER) == set()


def test_a_refusal_takes_nothing_from_what_help_itself_rests_on() -> None:
    """R14."""
    refused = a_consent(refuses=True, notice=None, until=None)

    assert covered(a_consent()) == NEEDS_AND_HEALTH
    assert covered(refused) == set()
    assert answer([on_consent()], "needs.level").why is Why.NO_CONSENT
    assert answer([a_clause()], "needs.level").permitted


def test_where_no_consent_is_found_nothing_rests_on_it() -> None:
    """R15."""
    consented = a_person(consented=frozenset({"needs.level"}))

    assert answer([on_consent()], "needs.level", consented).permitted
    assert covered() == set()
    assert answer([on_consent()], "needs.level").why is Why.NO_CONSENT


def test_special_categories_on_explicit_consent_need_express_words() -> None:
    """R1 and R15."""
    clause = a_clause(categories=["health"], condition="9(2)(a)")
    codes = frozenset({"health.mental"})
    implied, express = a_person(consented=codes), a_person(consented=codes, explicit=codes)
    found = {
        explicit: live(
            [a_consent(explicit=explicit)],
            A_SMALL_CHILD,
            agency=SCHOOL,
            purpose=Purpose.EARLY_HELP,
            at=NOW,
            categories=ASKED,
        ).explicit
        for explicit in (True, False)
    }

    assert answer([clause], "health.mental", express).permitted
    assert answer([clause], "health.mental", implied).why is Why.NO_EXPLICIT_CONSENT
    assert found == {True: NEEDS_AND_HEALTH, False: set()}
