"""The decision aid: answers light up indicators, and each authority's rules suggest a level."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referral.domain.submission import Need
from services.referral.domain.thresholds import advise, refuse_unknown, suggested_level
from shared.authority import Authorities
from shared.errors import Unprocessable
from tests.builders import a_need, a_submission
from tests.referral.conftest import SERVED, Partner, Service

ALL = Authorities.load(SERVED)
ADVICE = "/api/v1/threshold-advice"


@pytest.mark.parametrize(
    ("whose", "answers", "level"),
    [
        ("sample", [], None),
        ("sample", ["missing_school"], "2"),
        ("sample", ["missing_school", "low_mood"], "2"),
        ("sample", ["missing_school", "low_mood", "losing_home"], "3"),
        ("sample", ["missing_school", "unsafe_at_home"], "4"),
        # Tower Hamlets: a single issue is level 1, two or more are level 2
        ("tower-hamlets", ["school"], "1"),
        ("tower-hamlets", ["school", "neglect"], "2"),
        ("tower-hamlets", ["school", "statutory"], "3"),
        # Hounslow splits tier 2: one agency, several, or Families First
        ("hounslow", ["single_agency"], "2a"),
        ("hounslow", ["several_agencies", "single_agency"], "2b"),
        ("hounslow", ["intensive_support", "persistent_absence"], "2c"),
        # Herefordshire: two of the six issues tell of a programme and of no level
        ("herefordshire", ["crime", "school"], None),
        ("herefordshire", ["emerging_problems", "complex_needs"], "3"),
        ("inventshire", ["moved"], None),
        ("inventshire", ["moved", "tired"], "amber_plus"),
        ("inventshire", ["alone", "tired"], "red"),
    ],
)
def test_the_highest_level_that_a_reason_names_is_suggested(
    whose: str, answers: list[str], level: str | None
) -> None:
    assert advise(ALL[whose], answers).level == level


def test_every_suggestion_says_its_reasons() -> None:
    advice = advise(ALL["tower-hamlets"], ["school", "neglect"])
    single, several = advice.reasons
    assert (single.level, several.level) == ("1", "2")
    assert several.words == "two or more issues that require integrated targeted support"
    assert several.indicators == advice.lit == ("school", "neglect")


def test_a_rule_without_a_level_is_told_all_the_same() -> None:
    alone, together = (
        advise(ALL["herefordshire"], answers).reasons for answers in (["crime"], ["crime", "work"])
    )
    assert alone == ()
    assert [reason.words for reason in together] == ["at least two of the six main headline issues"]


@given(st.sampled_from(sorted(ALL)), st.data())
def test_saying_more_never_suggests_less(whose: str, data: st.DataObject) -> None:
    council = ALL[whose]
    codes = st.sets(st.sampled_from(sorted(council.thresholds.indicators)))
    some, more = data.draw(codes), data.draw(codes)
    order = [None, *council.levels]

    fewer, all_of_them = advise(council, some), advise(council, some | more)

    assert order.index(fewer.level) <= order.index(all_of_them.level)
    assert (fewer.level is None) == all(reason.level is None for reason in fewer.reasons)
    assert set(fewer.lit) == some


def test_a_need_is_advised_on_as_it_is_sent() -> None:
    need = Need.model_validate(a_need(indicators=["low_mood", "unsafe_at_home"], level="2"))
    assert suggested_level(ALL["sample"], need).level == "4"
    refuse_unknown(ALL["sample"], need)


def test_codes_of_another_authority_are_refused_each_by_its_place() -> None:
    need = Need.model_validate(a_need(indicators=["moved", "low_mood"], level="2"))
    with pytest.raises(Unprocessable) as refused:
        refuse_unknown(ALL["inventshire"], need)
    told = {error.pointer: error.detail for error in refused.value.errors}
    assert list(told) == ["/need/indicators/1", "/need/level"]
    assert told["/need/level"] == "Use one of: green, amber, amber_plus, red"


async def test_the_answers_suggest_a_level_and_nothing_is_stored(
    service: Service, school: Partner
) -> None:
    before = await service.counts()

    told = await school.ask("POST", ADVICE, json={"indicators": ["low_mood", "unsafe_at_home"]})

    assert told.status_code == 200, told.text
    assert told.json() == {
        "level": "4",
        "name": "Statutory help",
        "reasons": [
            {
                "words": "A child or parent is often sad, anxious or angry",
                "level": "2",
                "indicators": ["low_mood"],
            },
            {
                "words": "Somebody at home is hurt or threatened",
                "level": "4",
                "indicators": ["unsafe_at_home"],
            },
        ],
        "lit": ["low_mood", "unsafe_at_home"],
    }
    assert await service.counts() == before


async def test_nothing_said_suggests_nothing(school: Partner) -> None:
    told = await school.ask("POST", ADVICE, json={"indicators": []})
    assert told.json() == {"reasons": [], "lit": []}


async def test_an_indicator_of_nobody_is_named_by_its_place(school: Partner) -> None:
    told = await school.ask("POST", ADVICE, json={"indicators": ["low_mood", "rich"]})
    assert told.status_code == 422
    assert [error["pointer"] for error in told.json()["errors"]] == ["/indicators/1"]
    assert "GET /api/v1/authority" in told.json()["detail"]


@pytest.mark.parametrize(
    ("need", "pointer"),
    [
        (a_need(level="5"), "/need/level"),
        (a_need(level="universal"), "/need/level"),
        (a_need(indicators=["school"]), "/need/indicators/0"),
    ],
)
async def test_a_referral_uses_the_codes_of_its_authority(
    school: Partner, need: dict[str, Any], pointer: str
) -> None:
    await school.refer(a_submission(need=a_need(level="2", indicators=["low_mood"])))
    refused = await school.send(a_submission(need=need))
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_what_the_referrer_thought_and_what_was_suggested_are_kept(
    service: Service, school: Partner
) -> None:
    receipt = await school.refer(
        a_submission(need=a_need(level="2", indicators=["unsafe_at_home"]))
    )
    query = "select level_referrer, level_suggested from referral where id = :id"
    assert await service.rows(query, id=receipt["id"]) == [("2", "4")]
