"""A leaf names fields, codes and ids, in one way of writing, and has no room for what was said."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.consent.actions.verifying import verify
from services.consent.domain.canonical import canonical
from services.consent.domain.facts import Answer, Why
from services.consent.domain.leaves import (
    Answered,
    By,
    Decided,
    Record,
    Released,
    Written,
    committed,
)
from shared.auth import AgencyKind, Caller
from tests.consent.conftest import NOW, Kept, a_decision

BY = By(client_id="school-mis", agency_id=uuid4(), worker_id=uuid4())
RELEASED: dict[str, Any] = {
    "at": NOW,
    "by": BY,
    "people": (uuid4(),),
    "decision_index": 7,
    "operation": "referral.read",
    "fields": ("people[].nhs_number", "need.groups"),
    "values": 3,
}


def test_a_decision_says_who_asked_for_what_and_on_which_basis_it_was_decided() -> None:
    child, mother = uuid4(), uuid4()
    clause = Answer(True, Why.PERMITTED, ("isa-1/2/health",), ("6(1)(e)",), ("9(2)(h)",))
    refused = Answer(False, Why.NO_CONSENT)
    answers = {
        child: {"identity": clause, "health": clause, "contact": refused},
        mother: {"identity": refused, "health": refused, "contact": refused},
    }

    leaf = Decided(
        at=NOW,
        by=BY,
        people=(child, mother),
        purpose="early_help",
        answers=Answered.each(answers),
        policy_hash="ab12",
    )

    entry = Record(leaf).entry(b"")
    assert (entry["kind"], entry["purpose"], entry["policy_hash"]) == (
        "decision",
        "early_help",
        "ab12",
    )
    assert entry["by"] == {
        "client_id": "school-mis",
        "agency_id": str(BY.agency_id),
        "worker_id": str(BY.worker_id),
    }
    told = [(a["people"], a["categories"], a["why"], a["bases"]) for a in entry["answers"]]
    assert told == [
        ([str(child)], ["health", "identity"], "permitted", ["6(1)(e)"]),
        ([str(child)], ["contact"], "no_consent", []),
        ([str(mother)], ["contact", "health", "identity"], "no_consent", []),
    ]


def test_one_answer_for_a_whole_family_is_said_once() -> None:
    family = [uuid4() for _ in range(5)]
    clause = Answer(True, Why.PERMITTED, ("isa-1/2/health",))

    (said,) = Answered.each({one: {"health": clause, "identity": clause} for one in family})

    assert (said.people, said.categories) == (tuple(family), ("health", "identity"))


def test_the_one_who_acts_is_whom_the_internal_token_names() -> None:
    caller = Caller("mis", uuid4(), AgencyKind.SCHOOL, uuid4())

    by = By.caller(caller)

    assert (by.client_id, by.agency_id, by.worker_id) == ("mis", caller.agency_id, caller.worker_id)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"fields": ("Her father drinks",)},
        {"fields": ("people.9434765919",)},
        {"operation": "9434765919"},
        {"fields": ("Zebediah",)},
        {"operation": "She said that he came back"},
        {"operation": ""},
        {"reason": "She said that he came back"},
        {"values": -1},
        {"decision_index": -1},
        {"at": datetime(2026, 11, 18, 12)},  # noqa: DTZ001 -- nobody knows when that was
        {"people": ("Zebediah",)},
    ],
)
def test_a_sentence_or_a_name_has_no_place_in_a_leaf(spoilt: dict[str, Any]) -> None:
    assert Released(**RELEASED).fields == ("people[].nhs_number", "need.groups")

    with pytest.raises(ValidationError):
        Released(**RELEASED | spoilt)


def test_an_instant_is_written_in_utc_whatever_its_offset() -> None:
    summer = datetime.fromisoformat("2026-07-01T13:00:00+01:00")

    entry = Record(Written(at=summer, by=BY, operation="agreement.withdraw")).entry(b"")

    assert entry["at"] == "2026-07-01T12:00:00Z"


def test_what_is_canonical_is_written_as_rfc_8785_writes_it() -> None:
    """Its own example of text, section 3.2.2, without fractions, and the order of section 3.2.3."""
    value = {"string": '\u20ac$\u000f\nA\'B"\\\\"/', "literals": [None, True, False], "b": 1}

    written = canonical(value)

    assert written.decode() == (
        '{"b":1,"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
said = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@given(said)
def test_what_is_read_again_gives_the_same_bytes(value: Any) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


async def test_what_postgresql_gives_back_has_the_hash_that_was_stored(kept: Kept) -> None:
    """Names in any order, signs outside the first plane, large numbers."""
    odd = [
        {"client_id": "ünï-\U0001f600-\ufb33"},
        {"client_id": 'quo"te\\back/slash'},
        {"client_id": "\u2028\u2029\x80\xa0"},
    ]
    await kept.append(*(a_decision(by=By(**by)) for by in odd))
    stored = kept.ask("select entry -> 'by' ->> 'client_id' from audit_leaf order by index")

    assert '"te' in stored
    assert (await verify(kept.log)).finding is None


def test_the_salted_hash_of_what_was_said_differs_with_every_salt() -> None:
    detail = {"reason": "Because."}
    one, other = bytes(32), bytes(31) + b"\1"

    assert committed(detail, one) == committed(dict(detail), one)
    assert committed(detail, one) != committed(detail, other)
    assert committed(detail, one) != committed({"reason": "because."}, one)
    with_detail = a_decision(detail=detail)
    assert with_detail.entry(one)["detail"] == committed(detail, one).hex()
    assert "detail" not in Record(with_detail.leaf).entry(one)
