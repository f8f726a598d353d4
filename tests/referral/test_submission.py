"""What a referral must say, field by field: what is right is taken, what is wrong is named."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.referral.domain.steps import FrontDoorDecision, Withdrawal
from services.referral.domain.submission import (
    Child,
    NhsNumber,
    Submission,
    Upn,
    identity_of,
    refuse_days_to_come,
)
from services.referral.routes.example import REFERRAL
from shared.errors import Unprocessable
from tests.builders import (
    a_child,
    a_decision,
    a_need,
    a_parent,
    a_submission,
    a_upn,
    a_withdrawal,
    agreed,
    an_address,
    an_nhs_number,
    an_unborn_child,
    on_other_basis,
)

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 18)
Json = dict[str, Any]
GROUPS = """
education exploitation violence_or_abuse radicalisation early_abuse_or_neglect health
emotional_wellbeing crime_or_antisocial_behaviour homelessness other
""".split()

TAKEN: dict[str, Json] = {
    "the least": a_submission(household=[]),
    "an unborn child": a_submission(an_unborn_child()),
    "brothers and sisters": a_submission(a_child(), a_child(), an_unborn_child()),
    "an NHS number with spaces": a_submission(a_child(nhs_number="999 000 0042")),
    "a UPN in lower case": a_submission(a_child(upn="x873999900001")),
    "a temporary UPN, which ends with a letter": a_submission(a_child(upn="H87399990000A")),
    "a UPN of Dorset, an authority since 2019": a_submission(a_child(upn="F838999900001")),
    "several disabilities": a_submission(a_child(disabilities=["AUT", "LD"])),
    "no disability": a_submission(a_child(disabilities=["NONE"])),
    "a confidential address": a_submission(a_child(addresses=[an_address(confidential=True)])),
    "no factors": a_submission(need=a_need(factors=["21"])),
    "several factors": a_submission(need=a_need(factors=["3B", "24A"])),
    "every group of need": a_submission(need=a_need(groups=GROUPS)),
    "another basis": a_submission(basis=on_other_basis()),
    "a name of one letter": a_submission(a_child(given_name="O")),
    "a name in another script": a_submission(a_child(given_name="Żółć", family_name="مثال")),
}

REFUSED: dict[str, tuple[Json, str]] = {
    "no child": (a_submission() | {"children": []}, "children"),
    "too many children": (a_submission(*[a_child()] * 21), "children"),
    "a child without a name": (a_submission(a_child(given_name=" ")), "children.0.given_name"),
    "a name with a line break": (
        a_submission(a_child(given_name="A\nB")),
        "children.0.given_name",
    ),
    "a name with a control sign": (
        a_submission(a_child(family_name="A\x00")),
        "children.0.family_name",
    ),
    "a name of 201 letters": (
        a_submission(a_child(family_name="a" * 201)),
        "children.0.family_name",
    ),
    "no date": (a_submission(a_child(date_of_birth=None)), "children.0"),
    "born and expected": (a_submission(a_child(expected_date="2027-01-01")), "children.0"),
    "a day that never was": (
        a_submission(a_child(date_of_birth="2015-02-29")),
        "children.0.date_of_birth",
    ),
    "an NHS number with a wrong digit": (
        a_submission(a_child(nhs_number="9990000043")),
        "children.0.nhs_number",
    ),
    "an NHS number of nine digits": (
        a_submission(a_child(nhs_number="999000004")),
        "children.0.nhs_number",
    ),
    "a UPN with a wrong letter": (a_submission(a_child(upn="A873999900001")), "children.0.upn"),
    "a UPN that is too short": (a_submission(a_child(upn="X87399990000")), "children.0.upn"),
    "no sex of the census": (a_submission(a_child(sex="X")), "children.0.sex"),
    "an unknown ethnicity": (a_submission(a_child(ethnicity="ABCD")), "children.0.ethnicity"),
    "an unknown disability": (
        a_submission(a_child(disabilities=["XX"])),
        "children.0.disabilities.0",
    ),
    "none and a disability": (
        a_submission(a_child(disabilities=["NONE", "LD"])),
        "children.0.disabilities",
    ),
    "a disability twice": (
        a_submission(a_child(disabilities=["LD", "LD"])),
        "children.0.disabilities",
    ),
    "a language in words": (
        a_submission(a_child(first_language="Polish")),
        "children.0.first_language",
    ),
    "an address without lines": (
        a_submission(a_child(addresses=[an_address(lines=[])])),
        "children.0.addresses.0.lines",
    ),
    "a member of nobody": (
        a_submission(household=[a_parent(relationship="")]),
        "household.0.relationship",
    ),
    "no reason": (a_submission(need=a_need(reason="")), "need.reason"),
    "no group of need": (a_submission(need=a_need(groups=[])), "need.groups"),
    "an unknown group": (a_submission(need=a_need(groups=["money"])), "need.groups.0"),
    "a group twice": (a_submission(need=a_need(groups=["health", "health"])), "need.groups"),
    "a factor twice": (a_submission(need=a_need(factors=["3B", "3B"])), "need.factors"),
    "none and a factor": (a_submission(need=a_need(factors=["21", "3B"])), "need.factors"),
    "a retired factor": (a_submission(need=a_need(factors=["18A"])), "need.factors.0"),
    "a level that is no code": (a_submission(need=a_need(level="Level 5")), "need.level"),
    "an indicator twice": (
        a_submission(need=a_need(indicators=["low_mood", "low_mood"])),
        "need.indicators",
    ),
    "no answer about danger": (a_submission(safeguarding={}), "safeguarding.immediate_danger"),
    "no basis": (a_submission(basis=None), "basis"),
    "a basis of no kind": (a_submission(basis={"kind": "hope"}), "basis"),
    "agreed by nobody": (a_submission(basis=agreed(by="")), "basis.agreed.by"),
    "agreed never": (a_submission(basis=agreed(on=None)), "basis.agreed.on"),
    "another basis without a reason": (
        a_submission(basis=on_other_basis(reason="because")),
        "basis.other.reason",
    ),
    "another basis of no code": (
        a_submission(basis=on_other_basis(code="curiosity")),
        "basis.other.code",
    ),
    "another for the same child without a reason": (
        a_submission(despite_open_referral="again"),
        "despite_open_referral",
    ),
    "an unknown source": (a_submission(referrer={"source": "2Z"}), "referrer.source"),
    "a field that nobody knows": (a_submission(colour="blue"), "colour"),
}


@pytest.mark.parametrize("sent", TAKEN.values(), ids=TAKEN)
def test_what_is_right_is_taken(sent: Json) -> None:
    submission = Submission.model_validate(sent)

    refuse_days_to_come(submission, TODAY)


@pytest.mark.parametrize(("sent", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_refused_at_its_field(sent: Json, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Submission.model_validate(sent)

    assert field in {".".join(str(step) for step in e["loc"]) for e in refused.value.errors()}


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (a_submission(a_child(date_of_birth="2026-11-19")), "/children/0/date_of_birth"),
        (a_submission(household=[a_parent(date_of_birth="2026-11-19")]), "/household/0/date_of"),
        (a_submission(basis=agreed(on="2026-11-19")), "/basis/on"),
    ],
)
def test_nobody_was_born_and_nobody_agreed_tomorrow(sent: Json, pointer: str) -> None:
    submission = Submission.model_validate(sent)
    refuse_days_to_come(submission, date(2026, 11, 19))

    with pytest.raises(Unprocessable) as refused:
        refuse_days_to_come(submission, TODAY)

    assert [error.pointer.startswith(pointer) for error in refused.value.errors] == [True]


@pytest.mark.parametrize("kind", [NhsNumber, Upn])
def test_one_wrong_sign_in_a_number_is_found(kind: Any) -> None:
    number = an_nhs_number() if kind is NhsNumber else a_upn()
    known = TypeAdapter(kind)
    assert known.validate_python(number) == number

    wrong = {
        number[:place] + other + number[place + 1 :]
        for place in range(len(number))
        for other in "0123456789"
        if number[place].isdigit() and other != number[place]
    }

    for one in wrong:
        with pytest.raises(ValidationError):
            known.validate_python(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"given_name": "O'Made-Up"}, {"given_name": "o made up"}),
        ({"given_name": "Zoë"}, {"given_name": "ZOE"}),
        ({"given_name": "Rene\u0301"}, {"given_name": "René"}),
        ({"family_name": "Groß"}, {"family_name": "GROSS"}),
    ],
)
def test_a_name_written_another_way_is_the_same_child(one: Json, other: Json) -> None:
    same = {"given_name": "Zoë", "family_name": "Madeupname"}

    first, second = (Child.model_validate(a_child(**same | given)) for given in (one, other))

    assert identity_of(first) == identity_of(second)


def test_twins_and_namesakes_are_not_the_same_child() -> None:
    child = a_child()
    others = [
        child | {"given_name": "Twin"},
        child | {"family_name": "Otherfamily"},
        child | {"date_of_birth": "2016-03-01"},
    ]

    who = identity_of(Child.model_validate(child))

    assert [who == identity_of(Child.model_validate(other)) for other in others] == [False] * 3


def test_no_further_action_says_where_to_go_instead_and_another_reason_is_explained() -> None:
    taken = [a_decision(outcome) for outcome in ("early_help", "advice", "no_further_action")]
    for words in taken:
        FrontDoorDecision.model_validate(words)
    Withdrawal.model_validate(a_withdrawal())

    with pytest.raises(ValidationError):
        FrontDoorDecision.model_validate(a_decision("no_further_action", where_to_go_instead=None))
    with pytest.raises(ValidationError):
        FrontDoorDecision.model_validate(a_decision("accepted"))
    with pytest.raises(ValidationError):
        Withdrawal.model_validate(a_withdrawal(reason="other"))


def test_the_documentations_example_is_taken_and_is_the_file_that_the_readme_sends() -> None:
    Submission.model_validate(REFERRAL)

    file = json.loads((ROOT / "deploy" / "examples" / "referral.json").read_text())

    assert file == REFERRAL
