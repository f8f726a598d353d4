"""What a family says, over HTTP: recorded once, shown to those who work with it, taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.auth import AgencyKind, Role
from tests.consent.builders import a_clause
from tests.consent.served import Json, Service, Town, soon

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


async def test_a_consent_about_several_names_to_an_agency_those_alone_with_whom_it_works(
    service: Service,
) -> None:
    """R18: by the id of a sibling an agency could claim to work with it."""
    clause = a_clause(categories=["needs.level"], kinds=[AgencyKind.SCHOOL, AgencyKind.POLICE])
    town = await Town.founded(service, clause)
    sibling, police = uuid4(), await service.partner(AgencyKind.POLICE, Role.LEAD_PROFESSIONAL)
    parents = [str(town.mother), str(town.father)]
    both = [
        {"person_id": str(one), "kind": "child", "parents": parents}
        for one in (town.child, sibling)
    ]
    for partner, people in ((town.school, both), (police, both[:1])):
        agency = {"agency_id": str(partner.agency_id), "until": soon(90)}
        await town.front_door.created("/involvements", agency | {"people": people})
    await town.sign(police)
    agencies = [str(town.school.agency_id), str(police.agency_id)]
    named = [str(town.child), str(sibling)]
    given = await town.school.created("/consents", town.consent(people=named, agencies=agencies))
    one = f"/consents/{given['id']}"
    read = [f"/consents?person_id={town.child}", one, f"{one}/receipt", f"{one}/withdrawal"]

    for path in read:
        for partner in (town.school, town.council, town.front_door):
            assert str(sibling) in (await partner.ask("GET", path)).text, path
        seen = await police.ask("GET", path)
        assert seen.status_code == 200
        assert str(town.child) in seen.text
        assert str(sibling) not in seen.text, path
    await police.created(f"{one}/withdrawal")
    assert (await town.school.get(one)).json()["people"] == sorted(named)


async def test_a_consent_whose_giver_has_said_something_since_is_superseded_by_that(
    town: Town,
) -> None:
    """R10: also where what was said last is written down first."""
    first = await town.school.created("/consents", town.consent())
    of_the_father = await town.school.created("/consents", town.consent(given_by=str(town.father)))
    narrower = await town.school.created("/consents", town.consent(categories=["needs.level"]))

    async def status(given: Json) -> tuple[str, list[str]]:
        path = f"/consents/{given['id']}"
        receipt = (await town.school.get(f"{path}/receipt")).json()
        events = [one["event_state"] for one in receipt["events"]]
        return (await town.school.get(path)).json()["status"], events

    assert await status(first) == ("given", ["given"])
    newer = await town.school.created("/consents", town.consent(categories=["needs", "plan"]))
    long_ago = (datetime.now(UTC) - timedelta(30)).isoformat()
    backdated = await town.school.created("/consents", town.consent(said_at=long_ago))

    superseded = ("superseded", ["given", "superseded"])
    for one in (first, narrower, backdated):
        assert await status(one) == superseded
    assert await status(of_the_father) == await status(newer) == ("given", ["given"])
    assert await town.school.sees(town.child, "needs.level") == {"needs.level"}
    await town.school.created(f"/consents/{newer['id']}/withdrawal")
    assert await status(newer) == ("withdrawn", ["given", "withdrawn"])
    assert await status(first) == superseded
    assert await town.school.sees(town.child, "needs.level") == set(), "no earlier yes comes back"


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
