"""What an agreement lets whom see, held against what Cedar decides, and what a version changes."""

from itertools import product

import pytest

from services.consent.domain.agreements import Agreement
from services.consent.domain.bases import Reason
from services.consent.domain.deciding import decide
from services.consent.domain.decision_table import Change, Difference, changes, decision_table
from services.consent.domain.policies import compiled
from shared.auth import AgencyKind
from shared.categories import CATEGORIES
from shared.people import PersonKind
from shared.purposes import Purpose
from tests.consent.builders import (
    CHILD,
    a_caller,
    a_clause,
    a_person,
    an_agreement,
    on_consent,
    published,
    under_the_duty,
)

CLAUSES = [
    a_clause(id="one", kinds=["school", "gp"], categories=["needs", "contact"]),
    on_consent(id="two", categories=["health"], people=["child", "parent"], condition="9(2)(a)"),
    under_the_duty(
        id="three",
        kinds=["police"],
        categories=["police", "identity.name"],
        purpose="safeguarding",
        ground="schedule_1",
        ground_paragraph=18,
    ),
    a_clause(id="four", kinds=["council"], categories=["needs", "plan"], purpose="planning"),
]


@pytest.mark.parametrize("kind", AgencyKind)
def test_the_table_is_what_cedar_permits_when_everything_is_in_order(kind: AgencyKind) -> None:
    agreement, every = an_agreement(*CLAUSES), frozenset(CATEGORIES)
    policies, table = compiled([published(agreement)]), decision_table(agreement)
    known = {"consented": every, "explicit": every, "welfare": True}
    permitted = set()
    for purpose, person in product(Purpose, PersonKind):
        caller = a_caller(kind=kind, purpose=purpose)
        facts = a_person(kind=person, reason=Reason.CANNOT_BE_GIVEN, **known)
        found = decide(policies, caller, {CHILD: facts}, [*CATEGORIES])[CHILD]
        permitted |= {(purpose, person, code) for code, said in found.items() if said.permitted}

    assert {(c.purpose, c.person, c.category) for c in table if c.recipient == kind} == permitted
    assert bool(permitted) is (kind in ("school", "gp", "police", "council"))


def test_a_cell_says_on_what_it_rests_and_what_is_asked_first() -> None:
    table = decision_table(an_agreement(*CLAUSES))

    [terms] = [
        terms
        for cell, (terms,) in table.items()
        if (cell.recipient, cell.category) == ("police", "police.incidents")
    ]

    assert (terms.basis, terms.conditions) == ("6(1)(c)", ("schedule_1/18",))
    assert set(terms.asks) >= {"commenced", "welfare", "paragraph_18"}
    assert (terms.start, terms.end) == ("2026-01-01", "2027-04-29"), "unless it is reviewed"


def of(agreement: Agreement, categories: list[str], **changed: object) -> Agreement:
    return agreement.model_copy(update={"clauses": (a_clause(categories=categories, **changed),)})


def test_a_new_version_says_what_it_changes_for_whom() -> None:
    old = of(an_agreement(), ["plan.actions", "needs.level", "education.place"])
    new = an_agreement(
        a_clause(categories=["plan.actions", "referral"]),
        on_consent(id="agreed", categories=["needs.level"]),
    )

    assert changes(old, new) == [
        Change("school", Purpose.EARLY_HELP, PersonKind.CHILD, difference, (category,))
        for difference, category in (
            (Difference.LOST, "education.place"),
            (Difference.CHANGED, "needs.level"),
            (Difference.GAINED, "referral"),
        )
    ]


@pytest.mark.parametrize(("review", "told"), [("2060-01-31", True), ("2027-01-31", False)])
def test_a_review_that_moves_changes_until_when_data_is_shared(review: str, told: bool) -> None:
    """R28: three months after its review day an agreement stops, whatever its end says."""
    old = an_agreement()

    found = changes(old, an_agreement(review=review))

    assert [one.difference for one in found] == [Difference.CHANGED] * told


def test_the_first_version_is_all_gain_and_a_new_name_changes_nothing() -> None:
    first = of(an_agreement(), ["plan.actions"])

    assert [one.difference for one in changes(None, first)] == [Difference.GAINED]
    assert changes(first, of(first, ["plan.actions"], id="renamed")) == []
