"""Which agencies work with a family while its referral is on its way: the table and its complement.

The expected effects are written by hand here, in words.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import HttpUrl

from services.consent.domain.following import EFFECTS, after
from services.consent.domain.people import Involvement, Part
from shared.contracts import referral as facts
from shared.contracts.referral import PersonNamed, ReferralEvent
from shared.people import PersonKind
from tests.consent.builders import NOW
from tests.consent.served import Json

REFERRAL, CHILD, MOTHER = uuid4(), uuid4(), uuid4()
SCHOOL, HOLDER, ASKED = uuid4(), uuid4(), uuid4()
WHO = {
    "front door": (Part.FRONT_DOOR, None),
    "school": (Part.REFERRER, SCHOOL),
    "holder": (Part.RECEIVER, HOLDER),
    "asked": (Part.RECEIVER, ASKED),
}
AT_WORK = "front door, school, holder"
"""Who works with the family before the event, where the referral is on its way."""
AFTERWARDS: dict[type[ReferralEvent], str] = {
    facts.ReferralSubmitted: "front door, school, holder",
    facts.ReferralAllocated: "front door, school, asked",
    facts.ReferralReRouted: "front door, school, asked",
    facts.ReferralSteppedUp: "front door, school, holder, asked",
    facts.ReferralSteppedDown: "front door, school, holder, asked",
    facts.ReferralSteppedAcross: "front door, school, holder, asked",
    facts.ReferralAccepted: "front door, school, asked",
    facts.ReferralDeclined: "front door, school",
    facts.ReferralClosed: "",
    facts.ReferralWithdrawn: "",
    facts.ReferralEnteredInError: "",
    facts.ReferralReopened: "front door, school",
}
"""Who works with it after the event; every other event changes nobody."""
WHEN_OVER: dict[type[ReferralEvent], str] = {
    facts.ReferralSubmitted: "front door, school",
    facts.ReferralAllocated: "asked",
    facts.ReferralReRouted: "asked",
    facts.ReferralSteppedUp: "asked",
    facts.ReferralSteppedDown: "asked",
    facts.ReferralSteppedAcross: "asked",
    facts.ReferralAccepted: "asked",
    facts.ReferralReopened: "front door, school",
}
"""The same where everybody's part had ended."""


def said(event: type[ReferralEvent], *people: PersonNamed) -> ReferralEvent:
    """The event as the referral service would tell it, of the agency `asked`."""
    told_of: Json = {
        "authority": "sample",
        "referral_id": REFERRAL,
        "detail_url": HttpUrl("https://hub.example/api/v1/referrals/1"),
        "people": people,
        "to_agency_id": ASKED,
        "agency_id": ASKED,
        "referring_agency_id": SCHOOL,
    }
    return event.model_construct(**told_of)


def at_work(names: str, people: Iterable[UUID] = (CHILD, MOTHER)) -> list[Involvement]:
    """The involvements by which these work with the family."""
    return [
        Involvement(
            id=uuid4(),
            authority="sample",
            person_id=person,
            agency_id=agency,
            referral_id=REFERRAL,
            part=part,
            recorded_by_agency=None,
            recorded_by=None,
            claimed=False,
            since=NOW - timedelta(days=9),
            until=None,
        )
        for part, agency in (WHO[name] for name in filter(None, names.split(", ")))
        for person in people
    ]


def over(involvements: Collection[Involvement]) -> list[Involvement]:
    return [replace(one, until=NOW - timedelta(days=1)) for one in involvements]


def told(event: ReferralEvent, before: Collection[Involvement]) -> list[Involvement]:
    """All involvements after the event."""
    new, changed = after(event, before, at=NOW, new_id=uuid4)
    anew = {one.id: one for one in changed}
    assert all(moved.version == 2 for moved in changed)
    return [*(anew.get(one.id, one) for one in before), *new]


def live(involvements: Collection[Involvement]) -> set[tuple[str, UUID]]:
    """Who works with whom now, by name."""
    names = {role: name for name, role in WHO.items()}
    return {
        (names[one.part, one.agency_id], one.person_id)
        for one in involvements
        if one.part and one.is_live(NOW)
    }


def of_both(names: str) -> set[tuple[str, UUID]]:
    return {(name, person) for name in names.split(", ") if name for person in (CHILD, MOTHER)}


@pytest.mark.parametrize("event", AFTERWARDS)
def test_an_event_on_the_way_begins_and_ends_what_the_table_says(
    event: type[ReferralEvent],
) -> None:
    before = at_work(AT_WORK)
    assert live(before) == of_both(AT_WORK)

    assert live(told(said(event), before)) == of_both(AFTERWARDS[event])
    assert live(told(said(event), over(before))) == of_both(WHEN_OVER.get(event, ""))


@pytest.mark.parametrize("event", [one for one in facts.ALL if one not in AFTERWARDS])
def test_every_other_event_leaves_everybody_what_they_are(event: type[ReferralEvent]) -> None:
    for before in (at_work(AT_WORK), over(at_work(AT_WORK))):
        if event in EFFECTS:
            assert after(said(event), before, at=NOW, new_id=uuid4) == ([], [])
    assert event not in EFFECTS or event is facts.ReferralAmended


@pytest.mark.parametrize("event", AFTERWARDS)
def test_an_event_that_comes_again_changes_nothing(event: type[ReferralEvent]) -> None:
    once = told(said(event), at_work(AT_WORK))
    assert live(once) == of_both(AFTERWARDS[event])

    assert after(said(event), once, at=NOW, new_id=uuid4) == ([], [])


def test_a_new_referral_begins_with_everybody_it_names() -> None:
    family = [
        PersonNamed(person_id=CHILD, kind=PersonKind.CHILD),
        PersonNamed(person_id=MOTHER, kind=PersonKind.PARENT),
    ]

    assert live(told(said(facts.ReferralSubmitted, *family), [])) == of_both("front door, school")


def test_whoever_is_added_joins_the_others_towards_those_who_still_work_with_them() -> None:
    lodger = uuid4()
    before = [*at_work("front door, school, asked"), *over(at_work("holder"))]
    added = said(facts.ReferralAmended, PersonNamed(person_id=lodger, kind=PersonKind.CHILD))

    found = live(told(added, before)) - live(before)

    assert found == {(name, lodger) for name in ("front door", "school", "asked")}


def test_what_people_have_ended_no_event_begins_again() -> None:
    ended = [replace(one, ended_at=NOW - timedelta(days=2)) for one in at_work(AT_WORK)]

    for event in AFTERWARDS:
        again = {one for one in live(told(said(event), over(ended))) if one[0] != "asked"}
        assert again == set()
