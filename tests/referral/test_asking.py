"""A family asks for help itself: through nobody's hands, and held by the front door at once."""

from datetime import timedelta
from typing import Any

import pytest

from services.referral.domain.asking import AskerKind
from shared.auth import Role
from shared.ids import is_reference
from tests.builders import a_withdrawal
from tests.referral.asking import AT, FORMS, Family, a_request
from tests.referral.conftest import Partner, Service

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def desk(service: Service, front_door: Partner) -> Partner:
    """The sample's front door, of which the service has heard."""
    await service.known(front_door)
    return front_door


@pytest.fixture
def family(service: Service, desk: Partner) -> Family:
    return Family(service)


async def the_referral(service: Service, desk: Partner, reference: str) -> dict[str, Any]:
    """As the front door sees it."""
    [found] = await service.rows(
        "select id from referral where reference = :reference", reference=reference
    )
    seen = await desk.get(f"/{found}")
    assert seen.status_code == 200, seen.text
    return dict(seen.json())


async def test_a_family_asks_and_the_front_door_holds_it(
    service: Service, desk: Partner, family: Family
) -> None:
    answer = await family.ask()

    assert answer.status_code == 201, answer.text
    taken = answer.json()
    assert is_reference(taken["reference"])
    assert taken["telephone"] == {"name": "Sampleton front door", "number": "01632 960001"}
    assert (taken["urgency"], "emergency" in taken) == ("routine", False)
    seen = await the_referral(service, desk, taken["reference"])
    assert seen["status"] == "submitted"
    assert seen["holding_agency_id"] == seen["referring_agency_id"] == str(desk.agency_id)
    assert "referring_worker_id" not in seen
    assert seen["referrer"] == {
        "source": "1C",
        "telephone": "01632 960011",
        "contact_safely": "Text me first.",
        "do_not_contact": "Never after six.",
    }
    assert seen["need"] == {
        "reason": "My son does not sleep and I am very tired.",
        "groups": ["emotional_wellbeing"],
        "factors": [],
        "indicators": [],
    }
    assert seen["basis"] == {"kind": "agreed", "by": "Florentina Madeupname", "on": "2026-03-04"}
    mother, other = seen["household"]
    assert (mother["parental_responsibility"], mother["telephone"]) == (True, "01632 960011")
    assert (other["relationship"], other["safe_to_contact"]) == ("stepfather", False)
    assert [child["date_of_birth"] for child in seen["children"]] == ["2016-02-29"]


async def test_what_is_announced_names_nobody_and_the_way_goes_on_as_ever(
    service: Service, desk: Partner, family: Family
) -> None:
    taken = (await family.ask()).json()
    [referral_id] = await service.rows("select id from referral")
    steps = [
        await desk.step({"id": referral_id}, "acknowledgement", 1),
        await desk.step({"id": referral_id}, "triage", 2),
        await desk.step(
            {"id": referral_id},
            "decision",
            3,
            {"outcome": "early_help", "rationale": "They need help at home.", "level": "2"},
        ),
    ]

    assert [step.status_code for step in steps] == [200] * 3, [step.text for step in steps]
    events = await service.rows("select type from outbox order by position")
    assert events[0] == "uk.earlyhelp.referral.submitted.v1"
    history = (await desk.get(f"/{referral_id}/history")).json()["entries"]
    assert history[0]["action"] == "submit"
    assert not {"agency_id", "worker_id"} & set(history[0])
    assert taken["reference"]


@pytest.mark.parametrize("kind", AskerKind)
async def test_a_parent_a_child_or_somebody_else_of_the_family_may_ask(
    service: Service, desk: Partner, family: Family, kind: AskerKind
) -> None:
    asker = {"kind": kind, "given_name": "Ask", "family_name": "Madeupname"}
    children = a_request()["children"]
    if kind is AskerKind.CHILD:
        asker["date_of_birth"], children = "2011-03-05", []
    if kind is AskerKind.FAMILY_MEMBER:
        asker["relationship"] = "grandmother"

    answer = await family.ask(asker=asker, children=children)

    assert answer.status_code == 201, answer.text
    seen = await the_referral(service, desk, answer.json()["reference"])
    said = {
        AskerKind.PARENT: ("Testchild", [("parent", True), ("stepfather", False)]),
        AskerKind.CHILD: ("Ask", [("stepfather", False)]),
        AskerKind.FAMILY_MEMBER: ("Testchild", [("grandmother", False), ("stepfather", False)]),
    }
    household = [(one["relationship"], one["parental_responsibility"]) for one in seen["household"]]
    assert (seen["children"][0]["given_name"], household) == said[kind]


async def test_a_day_to_come_is_when_the_baby_is_due(
    service: Service, desk: Partner, family: Family
) -> None:
    unborn = {"given_name": "Baby", "family_name": "Madeupname", "born_or_due": "2026-06-01"}

    answer = await family.ask(children=[unborn])

    seen = await the_referral(service, desk, answer.json()["reference"])
    assert seen["children"][0]["expected_date"] == "2026-06-01"
    assert "date_of_birth" not in seen["children"][0]


async def test_known_children_are_taken_again_and_it_is_not_said_that_they_are_known(
    service: Service, desk: Partner, family: Family
) -> None:
    first = await family.ask()
    again = await family.ask()
    third = await family.ask()

    assert {answer.status_code for answer in (first, again, third)} == {201}
    answers = [answer.json() for answer in (first, again, third)]
    assert len({answer.pop("reference") for answer in answers}) == 3
    assert answers[0] == answers[1] == answers[2]
    seen = await the_referral(service, desk, first.json()["reference"])
    assert len(seen["possible_duplicates"]) == 2


async def test_no_address_need_be_told_and_a_secret_one_stays_sealed(
    service: Service, desk: Partner, family: Family
) -> None:
    hidden = {"lines": ["13 Hidden Mews"], "postcode": "ZZ98 1AA", "confidential": True}

    without = await family.ask({k: v for k, v in a_request().items() if k != "address"})
    secret = await family.ask(address=hidden)

    assert (without.status_code, secret.status_code) == (201, 201)
    seen = await the_referral(service, desk, secret.json()["reference"])
    assert "Hidden Mews" not in str(seen)
    assert seen["children"][0]["addresses"] == [{"confidential": True}]
    assert "area" not in seen


NOTHING_SAID = {"kind": "child", "given_name": "A", "family_name": "B"}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no way to be reached": ({"contact": {"do_not_contact": "x"}}, "/contact/telephone"),
    "no child": ({"children": []}, "/children"),
    "a child without its age": ({"asker": NOTHING_SAID}, "/asker/date_of_birth"),
    "no need": ({"help": " "}, "/help"),
    "a baby due in years": (
        {"children": [{"given_name": "A", "family_name": "B", "born_or_due": "2029-01-01"}]},
        "/children/0/born_or_due",
    ),
    "an asker from the future": (
        {"asker": NOTHING_SAID | {"date_of_birth": "2030-01-01"}},
        "/asker/date_of_birth",
    ),
    "an unknown field": ({"nonsense": 1}, "/nonsense"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_missing_is_named_and_nothing_is_kept(
    service: Service, family: Family, what: str
) -> None:
    given, pointer = REFUSED[what]
    assert (await family.ask()).status_code == 201
    before = await service.counts()

    answer = await family.ask(**given)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await service.counts() == before


async def test_a_council_can_switch_it_off_and_says_whom_to_call(
    service: Service, desk: Partner
) -> None:
    family = Family(service)
    council = service.desk.authorities["sample"]
    assert (await family.ask()).status_code == 201
    closed = council.requests_for_help.model_copy(update={"open": False})
    council.__dict__["requests_for_help"] = closed

    answers = [await family.ask(), await family.get(f"{FORMS}/sample")]
    listed = (await family.get(FORMS)).json()["authorities"]

    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (
            409,
            "/problems/requests-for-help-closed",
        )
        assert "01632 960001" in answer.json()["detail"]
    assert "sample" not in {one["id"] for one in listed}
    assert "barnet" in {one["id"] for one in listed}


async def test_without_a_front_door_nobody_is_lost_in_silence(service: Service) -> None:
    answer = await Family(service).ask()

    assert answer.status_code == 503
    assert "01632 960001" in answer.json()["detail"]
    assert await service.rows("select count(*) from referral") == [0]


async def test_a_form_is_given_out_with_whom_to_call_and_nothing_is_kept(
    service: Service, family: Family
) -> None:
    before = await service.counts()

    form = (await family.get(f"{FORMS}/sample")).json()
    service.at(AT + timedelta(minutes=2))
    sent = await family.ask(stamp=form["stamp"])

    assert form["emergency"]["telephone"]["number"] == "01632 960001"
    assert set(form["need_groups"]) >= {"education", "other"}
    assert sent.status_code == 201
    assert (await service.counts())["access"] == before["access"] + 1
    assert (await family.get(f"{FORMS}/nowhere")).status_code == 404
    assert (await family.ask(authority="nowhere")).status_code == 404


async def test_a_colleague_of_the_front_door_can_answer_for_the_family(
    service: Service, desk: Partner, family: Family
) -> None:
    await family.ask()
    both = desk.but(roles=frozenset({Role.REFERRER, Role.FRONT_DOOR_WORKER}))
    [referral_id] = await service.rows("select id from referral")

    withdrawn = await both.step({"id": referral_id}, "withdrawal", 1, a_withdrawal())

    assert withdrawn.status_code == 200, withdrawn.text
