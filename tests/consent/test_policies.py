"""The policies themselves: what does not fit is not made, and what fails denies."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cedarpy import PolicySet, policies_to_json_str

from services.consent.domain import cedar
from services.consent.domain.deciding import decide
from services.consent.domain.facts import OfCaller, Request, Why
from services.consent.domain.policies import GUARD_RAILS, PoliciesInvalid, compiled
from shared.categories import CATEGORIES, Group, groups_of, parent_of
from shared.purposes import Purpose
from tests.consent import oracle
from tests.consent.builders import (
    CHARITY,
    CHILD,
    FATHER,
    NOW,
    POLICE,
    SCHOOL,
    a_caller,
    a_clause,
    a_person,
    an_agreement,
    published,
)

PERMIT_ALL = '@id("all") permit (principal, action, resource);'
FAILS = f"""{PERMIT_ALL}
@id("sealed") forbid (principal, action, resource)
when {{ context.now + 9223372036854775807 > 0 }};"""
"""Its guard-rail overflows, and Cedar skips what fails."""


def policies(*clauses: Any, **changed: Any) -> Any:
    return compiled([published(an_agreement(*clauses, **changed))])


def test_every_slice_begins_with_every_guard_rail() -> None:
    slices = policies().slices

    assert [*slices] == list(Purpose)
    for one in slices.values():
        assert all(text.strip() in one.text for text in GUARD_RAILS.values())


def test_a_clause_is_one_policy_that_says_on_what_it_rests() -> None:
    text = policies(a_clause(condition="9(2)(h)", paragraph=2)).slices[Purpose.EARLY_HELP].text

    assert text.count("permit (") == 2, "the clause, and the override"
    assert '"@id' not in policies_to_json_str(text)
    for note in ('@id("early-help@1/needs")', '@basis("6(1)(e)")', '@conditions("9(2)(h)/2")'):
        assert note in text
    assert '@obligations("no_onward_sharing")' in text


def test_a_policy_that_does_not_fit_the_schema_is_not_made() -> None:
    typo = {Why.SEALED: "forbid (principal, action, resource) when { context.porpose };"}

    with pytest.raises(PoliciesInvalid, match="porpose"):
        compiled([published(an_agreement())], guard_rails=typo)


@pytest.mark.parametrize(
    "clause",
    [
        a_clause(basis=None),
        a_clause(people=[]),
        a_clause(categories=[]),
        a_clause(categories=['needs"] || true || resource in [Category::"plan']),
    ],
)
def test_a_clause_that_should_not_have_been_published_is_not_made(clause: Any) -> None:
    assert policies(a_clause())
    with pytest.raises(PoliciesInvalid):
        policies(clause)


def test_two_clauses_of_one_key_are_not_made() -> None:
    with pytest.raises(PoliciesInvalid, match="same key"):
        policies(a_clause(), a_clause())


def test_a_guard_rail_that_fails_denies_and_opens_nothing() -> None:
    made = policies()
    broken = replace(made.slices[Purpose.EARLY_HELP], always=FAILS)
    failing = replace(made, slices={**made.slices, Purpose.EARLY_HELP: broken})

    def why(of: Any) -> Why:
        found = decide(of, a_caller(), {CHILD: a_person()}, ["needs.level"])
        return found[CHILD]["needs.level"].why

    assert (why(made), why(failing)) == (Why.PERMITTED, Why.POLICY_ERROR)
    by_cedar = cedar.verdicts(
        PolicySet.from_str(PERMIT_ALL),
        a_caller(),
        [Request(a_caller(), a_person(), "needs.level")],
    )
    assert by_cedar[0].permits == ("all",)


def test_answers_belong_to_their_requests_when_some_cannot_be_asked() -> None:
    caller, unknown = a_caller(), a_person(involved=None)
    people = (unknown, a_person(), unknown)
    own = policies().slices[Purpose.EARLY_HELP].own(caller).policies

    found = cedar.verdicts(own, caller, [Request(caller, one, "needs.level") for one in people])

    missing = cedar.Verdict(fault=Why.FACTS_MISSING)
    assert found == [missing, cedar.Verdict(permits=("early-help@1/needs",)), missing]


def test_a_caller_is_asked_the_policies_that_could_be_its_own() -> None:
    of_police = a_clause(id="police", kinds=["police"])
    by_name = a_clause(id="named", kinds=[], agencies=[SCHOOL])
    every = policies(a_clause(), of_police, by_name).slices[Purpose.EARLY_HELP]

    def named(caller: OfCaller) -> set[str]:
        return {key.rpartition("/")[2] for key in every.own(caller).bounds}

    assert named(a_caller()) == {"needs", "named"}
    assert named(a_caller(agency=POLICE, kind="police")) == {"police"}
    assert named(a_caller(agency=CHARITY)) == {"needs"}
    assert all(one in every.text for one in ("needs", "police", "named"))


def test_two_versions_in_use_answer_beside_each_other() -> None:
    versions = [published(an_agreement(), version=number) for number in (1, 2)]
    both, caller = compiled(versions), a_caller()
    newer = replace(caller, signed=frozenset({"early-help@2"}))

    def clauses(by: Any) -> tuple[str, ...]:
        found = decide(both, by, {CHILD: a_person()}, ["needs.level"])
        return found[CHILD]["needs.level"].clauses

    assert clauses(caller) == ("early-help@1/needs", "early-help@2/needs")
    assert clauses(newer) == ("early-help@2/needs",)


def test_asking_for_nobody_or_nothing_is_answered_with_nothing() -> None:
    assert decide(policies(), a_caller(), {}, ["needs.level"]) == {}
    assert decide(policies(), a_caller(), {FATHER: a_person()}, []) == {FATHER: {}}


def test_the_instant_of_the_end_denies_and_the_one_before_it_permits() -> None:
    ends = published(an_agreement()).window()[1]
    left = ends - NOW.timestamp()
    found = [
        decide(
            policies(),
            a_caller(now=NOW + timedelta(seconds=left - before)),
            {CHILD: a_person()},
            ["needs.level"],
        )[CHILD]["needs.level"].why
        for before in (0.000001, 0)
    ]

    assert found == [Why.PERMITTED, Why.NOT_IN_FORCE]


def test_the_tree_of_categories_has_every_parent_and_the_groups_that_the_oracle_lists() -> None:
    by_hand = {
        Group.SPECIAL: oracle.SPECIAL,
        Group.OFFENCE: oracle.OFFENCE,
        Group.SEALED: oracle.SEALED,
        Group.IDENTIFYING: oracle.IDENTIFYING,
        Group.DESIGNATED: oracle.NUMBER,
    }

    assert sorted(CATEGORIES) == oracle.EVERY
    assert {parent_of(code) for code in CATEGORIES} - {None} <= CATEGORIES.keys()
    for group, codes in by_hand.items():
        assert {code for code in CATEGORIES if group in groups_of(code)} == set(codes)
