"""What a family says, over HTTP: recorded once, shown to those who work with it, taken back."""

from typing import Any
from uuid import UUID, uuid4

from shared.auth import AgencyKind, Role
from tests.consent.builders import a_clause
from tests.consent.served import Service, Town

NEEDS = {"needs.level"}


async def test_a_consent_sent_again_is_the_first_one_and_another_body_is_refused(
    town: Town,
) -> None:
    said = town.consent()
    first = await town.school.send("/consents", said, key="once")
    again = await town.school.send("/consents", said, key="once")
    other = await town.school.send("/consents", said | {"explicit": True}, key="once")
    of_another = await town.school.as_(Role.REFERRER).send("/consents", said, key="once")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    for refused in (other, of_another):
        assert (refused.status_code, refused.json()["type"]) == (
            422,
            "/problems/idempotency-key-reused",
        )
    assert await town.service.rows("select count(*) from consent") == [1]
    assert (await town.service.events()).count("given") == 1
    gives = [one for one in await town.service.leaves() if one.get("operation") == "consent.give"]
    assert len(gives) == 1


async def test_what_a_consent_lacks_is_told_field_by_field_and_nothing_is_kept(town: Town) -> None:
    """R9."""
    lacking = town.consent(notice=None, channel=None, evidence=None, until=None, agencies=[])

    refused = await town.school.send("/consents", lacking)

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/consent-incomplete")
    pointers = {one["pointer"] for one in refused.json()["errors"]}
    assert pointers == {"/notice", "/channel", "/evidence", "/until", "/agencies"}
    assert await town.service.rows("select count(*) from consent") == [0]
    refusal = {
        name: said
        for name, said in town.consent().items()
        if name not in ("notice", "channel", "evidence", "until")
    }
    assert (await town.school.send("/consents/refusals", refusal)).status_code == 201


async def test_taking_back_takes_no_more_than_giving_and_each_recipient_is_told_once(
    town: Town,
) -> None:
    """R10 and R11: one request, in which nothing need be said."""
    charity = await town.service.partner(AgencyKind.SCHOOL, Role.LEAD_PROFESSIONAL)
    agencies = [str(town.school.agency_id), str(charity.agency_id)]
    given = await town.school.created("/consents", town.consent(agencies=agencies))

    path = f"/consents/{given['id']}/withdrawal"
    first, again = await town.school.created(path), await town.school.created(path)

    assert first == again == {"id": given["id"], "version": 2}
    concerned = "select concerns from outbox where type like '%withdrawn%'"
    assert await town.service.rows(concerned) == [sorted(map(UUID, agencies))]


async def test_a_consent_is_there_for_those_who_work_with_the_person_and_its_words_for_who_asked(
    town: Town,
) -> None:
    given = await town.school.created("/consents", town.consent())
    path, about = f"/consents/{given['id']}", {"person_id": str(town.child)}
    stranger = await town.service.partner(AgencyKind.GP, Role.LEAD_PROFESSIONAL)

    own, door = (await town.school.get(path)).json(), (await town.front_door.get(path)).json()
    unseen, nothing = await stranger.get(path), await stranger.get(f"/consents/{uuid4()}")

    assert own["evidence"]
    assert {name: said for name, said in own.items() if name != "evidence"} == door
    assert unseen.status_code == nothing.status_code == 404
    assert unseen.content == nothing.content
    assert (await stranger.get("/consents", **about)).status_code == 404
    assert [one["id"] for one in (await town.school.get("/consents", **about)).json()["consents"]]


async def test_the_receipt_tells_the_person_what_was_agreed_and_how_it_is_taken_back(
    town: Town,
) -> None:
    given = await town.school.created("/consents", town.consent())
    path = f"/consents/{given['id']}"

    receipt = (await town.school.get(f"{path}/receipt")).json()
    method = receipt["withdrawal_method"].partition("/api/v1")[2]
    await town.school.created(method)
    later = (await town.school.get(f"{path}/receipt")).json()

    assert receipt["schema_version"] == "ISO/IEC TS 27560:2023"
    assert receipt["record_id"] == given["id"]
    assert receipt["principal_ids"] == [str(town.child)]
    assert (receipt["given_by"], receipt["capacity"]) == (
        str(town.mother),
        "parental_responsibility",
    )
    assert (receipt["privacy_notice"], receipt["language"]) == ("2026-01", "en")
    assert [one["party_name"] for one in receipt["recipients"]] == ["Made-up school"]
    assert [one["code"] for one in receipt["purposes"]] == ["early_help"]
    assert [one["category"] for one in receipt["pii_information"]] == ["needs"]
    assert [one["event_state"] for one in receipt["events"]] == ["given"]
    assert [one["event_state"] for one in later["events"]] == ["given", "withdrawn"]


async def _asked(partner: Any, *people: UUID, **more: Any) -> Any:
    asked = {"purpose": "early_help", "people": list(map(str, people))} | more
    return await partner.ask("POST", "/decisions", json=asked)


async def test_what_another_agency_would_see_is_what_it_sees_when_it_asks(service: Service) -> None:
    """And to ask leaves no leaf: nothing was released."""
    town = await Town.founded(service, a_clause())
    charity = await service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL)
    await town.introduce(charity)
    leaves = len(await service.leaves())

    foreseen = {}
    for asking in (town.council, town.front_door, charity):
        answer = await _asked(asking, town.child, agency_id=str(town.school.agency_id))
        assert answer.status_code == 200, answer.text
        foreseen[asking.agency_id] = answer.json()["permitted"]

    assert len(await service.leaves()) == leaves
    seen = (await town.school.disclosed(town.child))["permitted"]
    assert set(seen[0]["categories"]) == NEEDS
    assert list(foreseen.values()) == [seen] * 3
    own = (await _asked(charity, town.child)).json()["permitted"]
    assert own[0]["categories"] == []


async def test_of_a_stranger_nobody_asks_what_would_be_shared(service: Service) -> None:
    town = await Town.founded(service, a_clause())
    stranger = await service.partner(AgencyKind.GP, Role.LEAD_PROFESSIONAL)
    assert (await _asked(town.school, town.child)).status_code == 200

    asked = [
        await _asked(stranger, town.child),
        await _asked(stranger, uuid4()),
        await _asked(stranger, town.child, agency_id=str(town.school.agency_id)),
        await _asked(stranger, town.child, purpose="planning"),
        await _asked(stranger, uuid4(), purpose="planning"),
    ]

    assert {one.status_code for one in asked} == {404}
    assert len({one.content for one in asked}) == 1
