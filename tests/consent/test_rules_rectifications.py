"""What is put right is told, and what is complained of is acknowledged: R24, R35, R39."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.consent.actions.complaining import tell_overdue
from shared.auth import AgencyKind, Role
from shared.contracts.consent import ALL
from tests.consent.builders import a_clause
from tests.consent.rights import desk_of
from tests.consent.served import Json, Partner, Service, Town

WRONG = "The level of need of another child was written here."
COMPLAINT = "The housing office was told of my child's health, and nobody had asked me."


def rectification(town: Town, **said: Any) -> Json:
    """The child's level of need was wrong for a month."""
    since = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    usual = {"person_id": str(town.child), "categories": ["needs"], "since": since}
    return usual | {"because": WRONG} | said


async def _seen_by_two(service: Service) -> tuple[Town, Partner, Partner]:
    """A school that was shown the child's needs, and a nurse who asked and was not."""
    everybody = [AgencyKind.SCHOOL, AgencyKind.HEALTH]
    clause = a_clause(categories=["needs.level"], kinds=everybody)
    town = await Town.founded(service, clause)
    nurse = await service.partner(AgencyKind.HEALTH, Role.LEAD_PROFESSIONAL)
    other = await service.partner(AgencyKind.HEALTH, Role.LEAD_PROFESSIONAL)
    for one in (nurse, other):
        await town.introduce(one)
    await town.sign(other)
    await town.school.sees(town.child, "needs.level")
    await nurse.sees(town.child, "needs.level")
    await other.sees(town.mother, "needs.level")
    return town, nurse, other


async def test_after_a_rectification_every_agency_that_received_the_old_value_is_listed_and_told(
    service: Service,
) -> None:
    """R35."""
    town, nurse, other = await _seen_by_two(service)

    recorded = await town.front_door.created("/rectifications", rectification(town))

    [listed] = recorded["recipients"]
    assert listed["agency_id"] == str(town.school.agency_id)
    assert listed["agency"] == "Made-up school"
    [leaf] = [one for one in await service.leaves() if one["index"] == listed["audit_index"]]
    assert leaf["by"]["agency_id"] == str(town.school.agency_id)
    [(data, concerns)] = await service.rows(
        "select data, concerns from outbox where type like '%rectified%'"
    )
    assert town.school.agency_id in concerns
    assert not {nurse.agency_id, other.agency_id} & set(concerns)
    assert str(town.child) not in json.dumps(data)
    path = data["detail_url"].partition("/api/v1")[2]
    told = (await town.school.get(path)).json()
    assert (told["categories"], told["person_id"]) == (["needs"], str(town.child))
    assert not {"because", "recipients"} & told.keys()
    own = (await town.front_door.get(path)).json()
    assert (own["because"], own["recipients"]) == (WRONG, [str(town.school.agency_id)])


async def test_who_saw_other_data_or_saw_it_before_it_was_wrong_is_not_told(
    service: Service,
) -> None:
    """R35."""
    town, _, _ = await _seen_by_two(service)
    later = datetime.now(UTC).isoformat()

    found = [
        await town.front_door.created("/rectifications", rectification(town, **said))
        for said in ({}, {"categories": ["contact"]}, {"since": later})
    ]

    assert [len(one["recipients"]) for one in found] == [1, 0, 0]


async def test_a_rectification_is_no_business_of_who_had_received_nothing(
    service: Service,
) -> None:
    """R20."""
    town, nurse, _ = await _seen_by_two(service)
    recorded = await town.front_door.created("/rectifications", rectification(town))
    path = f"/rectifications/{recorded['id']}"
    assert (await town.school.get(path)).status_code == 200
    assert len((await town.school.get("/rectifications")).json()["rectifications"]) == 1

    unseen, nothing = await nurse.get(path), await nurse.get(f"/rectifications/{uuid4()}")
    empty = await nurse.get("/rectifications")

    assert (unseen.status_code, unseen.content) == (404, nothing.content)
    assert empty.json() == {"rectifications": []}


async def test_a_rectification_says_what_was_wrong_since_when_and_of_whom(town: Town) -> None:
    """R35."""
    to_come = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    wrong: list[Json] = [
        {"categories": []},
        {"categories": ["gossip"]},
        {"because": "Wrong."},
        {"since": to_come},
    ]

    right = await town.school.send("/rectifications", rectification(town))
    answers = [await town.school.send("/rectifications", rectification(town, **o)) for o in wrong]
    stranger = await town.school.send(
        "/rectifications", rectification(town, person_id=str(uuid4()))
    )

    assert right.status_code == 201
    assert [one.status_code for one in answers] == [422, 422, 422, 422]
    assert stranger.status_code == 404


def complaint(town: Town, **said: Any) -> Json:
    """The mother's, about her child's data."""
    usual = {"person_id": str(town.child), "lodged_by": str(town.mother), "words": COMPLAINT}
    return usual | said


async def test_a_complaint_is_lodged_electronically_and_acknowledged_within_30_days(
    town: Town,
) -> None:
    """R39."""
    receipt = await town.school.created("/complaints", complaint(town, received_on="2026-01-31"))
    path = f"/complaints/{receipt['id']}"
    early = (await town.council.get(path)).json()

    acknowledged = await town.council.changed(f"{path}/acknowledgement", 1)
    twice = await town.council.change(f"{path}/acknowledgement", 2)
    answered = await town.council.changed(f"{path}/answer", 2, {"answer": "It was so."})

    assert receipt["due"] == early["due"] == "2026-03-02"
    assert (early["words"], early["overdue"]) == (COMPLAINT, True)
    assert acknowledged["acknowledged_by"] == str(town.council.caller.worker_id)
    assert acknowledged["overdue"] is False
    assert twice.status_code == 409
    assert answered["answer"] == "It was so."
    assert (await town.council.get("/complaints")).json()["complaints"] == []
    assert await town.service.events() == [*["agreement_published"] * 2, "complaint_lodged"]


async def test_only_who_answers_for_sharing_acknowledges_and_others_do_not_see_it(
    town: Town,
) -> None:
    """R39 and R20."""
    receipt = await town.school.created("/complaints", complaint(town))
    path = f"/complaints/{receipt['id']}"
    nurse = await town.service.partner(AgencyKind.HEALTH, Role.LEAD_PROFESSIONAL)
    await town.introduce(nurse)
    assert (await town.school.get(path)).status_code == 200

    unseen, nothing = await nurse.get(path), await nurse.get(f"/complaints/{uuid4()}")
    refused = await town.school.change(f"{path}/acknowledgement", 1)

    assert (unseen.status_code, unseen.content) == (404, nothing.content)
    assert refused.status_code == 403
    assert (await nurse.get("/complaints")).json() == {"complaints": []}


async def test_a_complaint_that_nobody_has_acknowledged_is_told_once_without_personal_data(
    town: Town,
) -> None:
    """R39 and R24."""
    late = (datetime.now(UTC) - timedelta(days=32)).date().isoformat()
    receipt = await town.school.created("/complaints", complaint(town, received_on=late))
    seen_to = await town.school.created("/complaints", complaint(town, received_on=late))
    await town.council.changed(f"/complaints/{seen_to['id']}/acknowledgement", 1)

    told = [await tell_overdue(desk_of(town.service), datetime.now(UTC)) for _ in range(2)]

    assert told == [1, 0]
    [(data, concerns)] = await town.service.rows(
        "select data, concerns from outbox where type like '%complaint_overdue%'"
    )
    assert data["record_id"] == receipt["id"]
    assert UUID(str(town.council.agency_id)) in concerns


async def test_no_alert_carries_personal_data_only_its_reference(town: Town) -> None:
    """R24: of every event that this service has announced, whatever it is about."""
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    given = await town.school.created("/consents", town.consent())
    await town.school.disclosed(town.child)
    await town.school.created(f"/consents/{given['id']}/withdrawal", {"because": "She wept."})
    await lead.created("/overrides", town.override())
    await town.school.created("/rectifications", rectification(town))
    await town.school.created("/complaints", complaint(town))
    asked = {"person_id": str(town.child), "asked_by": str(town.mother)}
    await town.school.created("/access-requests", asked | {"capacity": "parental_responsibility"})

    rows = await town.service.rows("select data::text, key, type from outbox")

    types = {kind for _, _, kind in rows}
    assert len(types & {one.TYPE for one in ALL}) >= 7
    people = [str(one) for one in (town.child, town.mother, town.father)]
    words = [*people, COMPLAINT, WRONG, "wept", "threatened", "Signed form", "needs"]
    for data, key, kind in rows:
        assert not [one for one in words if one in data or one in key], kind
        assert "record_id" in data or "checkpoint" in kind
