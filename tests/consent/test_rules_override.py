"""Override and refusal to share: R4, R21 to R23."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.consent.domain.facts import Why
from services.consent.domain.overrides import OverrideIncomplete, declare, overridden, refused
from shared.auth import Role
from shared.errors import Forbidden
from shared.purposes import Purpose
from tests.consent.builders import (
    CHARITY,
    CHILD,
    COLLEAGUE,
    FATHER,
    NOW,
    SCHOOL,
    a_caller,
    a_lead,
    a_person,
    a_refusal,
    an_override,
    answer,
)

SAFEGUARDING = a_caller(purpose=Purpose.SAFEGUARDING)


def test_where_nothing_permits_a_declared_override_releases_and_is_flagged() -> None:
    """R21."""
    declared = declare(an_override(), a_lead(), [])
    codes = overridden([declared], agency=SCHOOL, person=CHILD, at=NOW)
    person = a_person(overridden=codes, involved=False)

    found = answer([], "health.mental", person, SAFEGUARDING)

    assert found.why is Why.PERMITTED_BY_OVERRIDE
    assert found.obligations == ("record_why", "tell_the_family")
    assert found.conditions == ("9(2)(g)/18",)
    assert declared.review_due() == NOW + timedelta(hours=72)


def test_an_override_releases_only_its_categories_for_safeguarding_alone() -> None:
    """R21."""
    codes = overridden([an_override()], agency=SCHOOL, person=CHILD, at=NOW)
    person = a_person(overridden=codes)

    assert answer([], "health.mental", person, SAFEGUARDING).permitted
    assert answer([], "needs.level", person, SAFEGUARDING).why is Why.NO_CLAUSE
    assert answer([], "health.mental", person).why is Why.NO_CLAUSE
    assert overridden([an_override()], agency=CHARITY, person=CHILD, at=NOW) == frozenset()
    assert overridden([an_override()], agency=SCHOOL, person=FATHER, at=NOW) == frozenset()


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"words": "Danger of harm now."}, "/words"),
        ({"words": " " * 30}, "/words"),
        ({"until": NOW + timedelta(hours=24, seconds=1)}, "/until"),
        ({"until": NOW}, "/until"),
        ({"people": frozenset()}, "/people"),
        ({"categories": frozenset()}, "/categories"),
        ({"categories": frozenset({"favourite_colour"})}, "/categories"),
        ({"family_told": False}, "/untold_because"),
    ],
)
def test_an_override_that_does_not_say_enough_cannot_be_declared(
    wrong: dict[str, Any], pointer: str
) -> None:
    """R21 and R23."""
    assert declare(an_override(), a_lead(), [])
    with pytest.raises(OverrideIncomplete) as refusal:
        declare(an_override(**wrong), a_lead(), [])
    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_only_a_safeguarding_lead_of_the_agency_declares_an_override() -> None:
    """R21."""
    assert declare(an_override(), a_lead(), [])
    for other in (a_lead(roles=frozenset({Role.RECEIVING_WORKER})), a_lead(agency_id=CHARITY)):
        with pytest.raises(Forbidden):
            declare(an_override(), other, [])


@pytest.mark.parametrize(
    ("after", "live"), [(-1, False), (0, True), (24 * 3600 - 1, True), (24 * 3600, False)]
)
def test_an_override_ends_within_a_day_whatever_was_kept(after: int, live: bool) -> None:
    """R21."""
    kept = an_override(until=NOW + timedelta(days=9))

    assert kept.is_live(NOW + timedelta(seconds=after)) is live
    assert not an_override(ended_at=NOW).is_live(NOW)


def test_while_a_review_is_overdue_a_second_person_answers_for_the_next_override() -> None:
    """R22."""
    earlier = an_override(declared_at=NOW - timedelta(hours=72, seconds=1))
    reviewed = replace(earlier, reviewed_at=NOW)
    of_another = replace(earlier, people=frozenset({FATHER}))

    assert declare(an_override(), a_lead(), [reviewed, of_another])
    assert declare(an_override(second_approver=COLLEAGUE), a_lead(), [earlier])
    for approver in (None, a_lead().worker_id):
        with pytest.raises(OverrideIncomplete):
            declare(an_override(second_approver=approver), a_lead(), [earlier])


def test_the_family_is_told_unless_it_is_unsafe_and_why_is_said() -> None:
    """R23."""
    assert declare(an_override(), a_lead(), []).family_told
    unsafe = an_override(family_told=False, untold_because="The father reads the post.")
    assert declare(unsafe, a_lead(), []).untold_because


def test_a_refusal_to_share_stands_against_an_override() -> None:
    """R4: what a worker found more detrimental is lifted first, by whoever answers for it."""
    override, refusal = an_override(), a_refusal(categories=frozenset({"health"}))
    codes = overridden([override], agency=SCHOOL, person=CHILD, at=NOW)
    person = a_person(overridden=codes)
    held_back = refused(
        [refusal],
        agency=SCHOOL,
        purpose=Purpose.SAFEGUARDING,
        person=CHILD,
        at=NOW,
        categories=["health.mental"],
    )

    assert answer([], "health.mental", person, SAFEGUARDING).permitted
    refused_too = replace(person, held_back=held_back)
    assert answer([], "health.mental", refused_too, SAFEGUARDING).why is Why.REFUSED_TO_SHARE


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({}, True),
        ({"agencies": frozenset()}, True),
        ({"agencies": frozenset({CHARITY})}, False),
        ({"purposes": frozenset({Purpose.EARLY_HELP})}, True),
        ({"purposes": frozenset({Purpose.QUALITY})}, False),
        ({"people": frozenset({FATHER})}, False),
        ({"until": NOW}, False),
        ({"lifted_at": NOW}, False),
        ({"refused_at": NOW + timedelta(seconds=1)}, False),
    ],
)
def test_a_refusal_holds_back_what_it_names_and_nothing_else(
    changed: dict[str, Any], holds: bool
) -> None:
    """R4."""
    found = refused(
        [a_refusal(**changed)],
        agency=SCHOOL,
        purpose=Purpose.EARLY_HELP,
        person=CHILD,
        at=NOW,
        categories=["needs", "needs.level", "plan"],
    )

    assert found == ({"needs", "needs.level"} if holds else set())


def test_a_suspended_agency_has_no_override() -> None:
    """R21 and R29."""
    person = a_person(overridden=frozenset({"health.mental"}))
    suspended = replace(SAFEGUARDING, takes_part=False)

    assert answer([], "health.mental", person, SAFEGUARDING).permitted
    assert answer([], "health.mental", person, suspended).why is Why.AGENCY_SUSPENDED
