"""What a person asks to be told: R32, R33, R34."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.consent.actions.requesting import tell_overdue
from services.consent.domain.access_requests import due_after
from shared.auth import Role
from shared.calendar import Calendar
from tests.consent.builders import a_clause
from tests.consent.rights import desk_of
from tests.consent.served import Json, Partner, Service, Town

WHY = "It would put the child in danger at home, says the paediatrician."


async def asked(partner: Partner, town: Town, **said: Any) -> Json:
    """The mother asks for what is held about her child."""
    usual = {
        "person_id": str(town.child),
        "asked_by": str(town.mother),
        "capacity": "parental_responsibility",
    }
    return await partner.created("/access-requests", usual | said)


async def exported(town: Town, request: str) -> Json:
    """What the council's lead hands over."""
    answer = await town.council.get(f"/access-requests/{request}/export")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-09-03", "2026-10-05"),  # the third of October is a Saturday
        ("2026-10-06", "2026-11-06"),
        ("2027-01-31", "2027-03-01"),  # the last of February is a Sunday
        ("2028-01-31", "2028-02-29"),
        ("2026-08-31", "2026-09-30"),
        ("2026-11-25", "2026-12-29"),  # Christmas, Boxing Day in lieu
    ],
)
def test_a_request_is_due_in_a_calendar_month_or_at_the_end_of_a_shorter_one(
    received: str, due: str
) -> None:
    """R32: and where nobody works on that day, the next day on which somebody does."""
    assert due_after(date.fromisoformat(received), Calendar()) == date.fromisoformat(due)


async def test_recipients_purposes_sources_and_the_access_log_of_a_person_are_produced(
    town: Town,
) -> None:
    """R32: and no professional is kept out for being named."""
    given = await town.school.created("/consents", town.consent())
    await town.school.sees(town.child, "needs.level", "contact.address")
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    override = await lead.created("/overrides", town.override())
    held_back = {
        "people": [str(town.child)],
        "categories": ["health"],
        "because": "The family would be in danger if this were known.",
    }
    refusal = await town.school.created("/refusals-to-share", held_back)
    request = await asked(town.school, town)

    found = await exported(town, request["id"])

    assert request["wish_needed"] is False
    [recipient] = found["recipients"]
    assert recipient["agency_id"] == str(town.school.agency_id)
    assert (recipient["agency"], recipient["purposes"]) == ("Made-up school", ["early_help"])
    assert recipient["categories"] == ["needs.level"]
    sources = {one["agency_id"] for one in found["sources"]}
    assert sources == {str(one.agency_id) for one in (town.school, town.front_door)}
    [look] = [one for one in found["looks"] if one["kind"] == "disclosure"]
    assert look["worker_id"] == str(town.school.caller.worker_id)
    assert [one["id"] for one in found["consents"]] == [given["id"]]
    assert found["consents"][0]["evidence"] == town.consent()["evidence"]
    assert [one["id"] for one in found["overrides"]] == [override["id"]]
    assert found["overrides"][0]["declared_by"] == str(lead.caller.worker_id)
    assert [one["id"] for one in found["refusals"]] == [refusal["id"]]
    assert "/api/v1/referrals" in [one["where"] for one in found["elsewhere"]]
    assert found["controller"].startswith("Sampleton Council")
    assert found["withheld"] == []


async def test_an_answer_tells_of_nobody_else(town: Town) -> None:
    """R32: the mother's record is told on her own asking."""
    both = town.consent(people=[str(town.child)])
    await town.school.created("/consents", both)
    await town.school.disclosed(town.child, town.father, categories=["needs.level"])
    request = await asked(town.school, town)

    found = await exported(town, request["id"])

    assert str(town.child) in str(found)
    assert str(town.father) not in str(found)


async def test_the_answer_is_made_as_a_readable_document_too(town: Town) -> None:
    """R32."""
    await town.school.created("/consents", town.consent(evidence="Podpisała Łucja Zmyślona."))
    await town.school.sees(town.child, "needs.level")
    request = await asked(town.school, town)

    answer = await town.council.get(f"/access-requests/{request['id']}/export/document")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert reader.metadata
    assert reader.metadata.title == "What is held about you about sharing"
    for said in (
        "Sampleton Council",
        "Made-up school",
        "the level of need",
        "consent",
        "Podpisała Łucja Zmyślona.",
        "ico.org.uk",
    ):
        assert said in text, said


async def test_what_a_named_worker_exempts_is_kept_out_and_the_reason_stays(
    service: Service,
) -> None:
    """R33."""
    town = await Town.founded(service, a_clause(categories=["needs.level", "plan.actions"]))
    await town.school.sees(town.child, "needs.level", "plan.actions")
    request = await asked(town.school, town)
    before = await exported(town, request["id"])
    path = f"/access-requests/{request['id']}"

    exemption = {"ground": "serious_harm", "categories": ["needs"], "because": WHY}
    await town.council.changed(f"{path}/exemptions", 1, exemption)
    after = await exported(town, request["id"])

    [told] = before["recipients"]
    [left] = after["recipients"]
    assert told["categories"] == ["needs.level", "plan.actions"]
    assert left["categories"] == ["plan.actions"]
    assert "needs.level" not in str(after["looks"])
    [withheld] = after["withheld"]
    assert withheld["ground"] == "serious_harm"
    assert withheld["decided_by"] == str(town.council.caller.worker_id)
    assert WHY not in str(after)
    kept = (await town.council.get(path)).json()
    assert kept["exemptions"][0]["because"] == WHY
    assert "exemptions" not in (await town.school.get(path)).json()


async def test_an_exemption_without_its_reason_or_by_anybody_else_is_refused(town: Town) -> None:
    """R33."""
    request = await asked(town.school, town)
    path = f"/access-requests/{request['id']}/exemptions"
    right = {"ground": "child_abuse", "categories": ["health"], "because": WHY}

    short = await town.council.change(path, 1, right | {"because": "Better not."})
    unknown = await town.council.change(path, 1, right | {"categories": ["gossip"]})
    named = await town.council.change(path, 1, right | {"ground": "professional_named"})
    other = await town.school.change(path, 1, right)
    taken = await town.council.change(path, 1, right)

    answers = [one.status_code for one in (short, unknown, named, other, taken)]
    assert answers == [422, 422, 422, 403, 200]


async def test_an_exemption_of_which_it_is_unsafe_to_tell_leaves_no_trace_in_the_answer(
    service: Service,
) -> None:
    """R33."""
    town = await Town.founded(service, a_clause(categories=["needs.level"]))
    await town.school.sees(town.child, "needs.level")
    request = await asked(town.school, town)
    exemption = {"ground": "crime", "categories": ["needs"], "because": WHY, "told": False}
    await town.council.changed(f"/access-requests/{request['id']}/exemptions", 1, exemption)

    found = await exported(town, request["id"])

    assert (found["recipients"], found["withheld"]) == ([], [])
    assert [one for one in found["looks"] if one["kind"] == "disclosure"] == []


@pytest.mark.parametrize("told", [True, False])
async def test_an_override_of_which_the_family_is_not_told_is_in_no_page_and_no_answer(
    town: Town, told: bool
) -> None:
    """R23 and R32."""
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    unsafe = {"family_told": False, "untold_because": "The father would come to the refuge."}
    declared = await lead.created("/overrides", town.override(**({} if told else unsafe)))
    await lead.disclosed(town.child, purpose="safeguarding", categories=["needs.level"])
    request = await asked(town.school, town)

    found = await exported(town, request["id"])
    page = await town.school.get("/looks/page", person_id=town.child)
    listed = (await town.school.get("/looks", person_id=town.child, limit=100)).json()["looks"]

    assert [one["id"] for one in found["overrides"]] == [declared["id"]] * told
    assert len(found["recipients"]) == told
    assert (declared["id"] in str(found)) is told
    assert ("in an emergency" in page.text) is told
    assert all(one["family_told"] for one in listed) is told


async def _competent(town: Town) -> None:
    child = {"person_id": str(town.child), "kind": "child", "competent": True}
    people = [child | {"parents": [str(town.mother)]}]
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    agency = str(town.school.agency_id)
    said = {"people": people, "until": until, "agency_id": agency}
    await town.front_door.created("/involvements", said)


async def test_before_a_parent_is_told_a_child_able_to_understand_is_asked_what_it_wishes(
    town: Town,
) -> None:
    """R34."""
    small = await asked(town.school, town)
    assert small["wish_needed"] is False
    assert (await exported(town, small["id"]))["request"]["id"] == small["id"]
    await _competent(town)

    request = await asked(town.school, town)
    path = f"/access-requests/{request['id']}"
    unasked = await town.council.get(f"{path}/export")
    unanswered = await town.council.change(f"{path}/answer", 1)
    await town.school.changed(f"{path}/wish", 1, {"wish": "does_not_agree"})
    against = await town.council.get(f"{path}/export")
    await town.school.changed(f"{path}/wish", 2, {"wish": "agrees"})

    assert request["wish_needed"] is True
    assert [unasked.status_code, unanswered.status_code, against.status_code] == [409, 409, 409]
    assert unasked.json()["type"] == "/problems/child-not-asked"
    assert against.json()["type"] == "/problems/child-does-not-wish"
    assert (await exported(town, request["id"]))["request"]["wish"] == "agrees"


async def test_who_does_not_speak_for_a_person_is_told_nothing(town: Town) -> None:
    """R34."""
    await asked(town.school, town)
    await _competent(town)
    wrong: list[Json] = [
        {"asked_by": str(town.father)},
        {"capacity": "self"},
        {"capacity": "attorney"},
        {"person_id": str(town.father), "capacity": "self"},
    ]
    usual = {
        "person_id": str(town.child),
        "asked_by": str(town.mother),
        "capacity": "parental_responsibility",
    }

    answers = [await town.school.send("/access-requests", usual | one) for one in wrong]
    own = usual | {"asked_by": str(town.child), "capacity": "competent_child"}

    assert [one.status_code for one in answers] == [422, 422, 422, 422]
    assert (await town.school.created("/access-requests", own))["wish_needed"] is False


async def test_a_request_that_nobody_has_answered_in_time_is_told_once_without_personal_data(
    town: Town,
) -> None:
    """R32 and R24."""
    late = (datetime.now(UTC) - timedelta(days=40)).date().isoformat()
    request = await asked(town.school, town, received_on=late)
    answered = await asked(town.school, town, received_on=late)
    await town.council.changed(f"/access-requests/{answered['id']}/answer", 1)

    now = datetime.now(UTC)
    told = [await tell_overdue(desk_of(town.service), now) for _ in range(2)]

    assert told == [1, 0]
    [data, concerns] = (
        await town.service.rows(
            "select data, concerns from outbox where type like '%access_request_overdue%'"
        )
    )[0]
    assert data["record_id"] == request["id"]
    assert UUID(str(town.council.agency_id)) in concerns
    assert str(town.child) not in str(data)
    queue = (await town.council.get("/access-requests")).json()["access_requests"]
    assert [one["id"] for one in queue if one["overdue"]] == [request["id"]]
