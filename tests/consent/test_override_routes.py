"""Overrides and claims over HTTP: whoever answers for sharing hears of them, and looks at them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.consent.actions.overriding import tell_overdue
from shared.auth import AgencyKind, Role
from shared.partners import know_roles
from tests.consent.builders import a_clause
from tests.consent.served import Json, Partner, Service, Town, soon

LATER = timedelta(hours=73)
FOUND = {"justified": True, "words": "The child was in danger, and is safe now."}


async def _announced(service: Service, kind: str) -> list[tuple[Json, set[UUID]]]:
    """What is said in each event of a kind, and who hears it."""
    rows = await service.rows(
        "select data, concerns from outbox where type = :type order by number",
        type=f"uk.earlyhelp.consent.{kind}.v1",
    )
    return [(data, set(concerns)) for data, concerns in rows]


async def _worker(service: Service, partner: Partner, *roles: Role) -> Partner:
    """Another worker of the agency, of whom the service has heard."""
    other = partner.as_(*roles)
    agency_id, worker_id = other.caller.acting()
    async with service.db.transaction() as connection:
        await know_roles(connection, worker_id, agency_id, roles)
    return other


def _declared(town: Town, at: datetime, **said: Any) -> Json:
    return town.override(until=(at + timedelta(hours=20)).isoformat(), **said)


async def test_who_answers_for_sharing_is_told_of_an_override_without_a_word_about_the_family(
    town: Town,
) -> None:
    """R21 and R24."""
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    declared = await lead.created("/overrides", town.override())

    [(said, heard)] = await _announced(town.service, "override_declared")

    assert heard == {town.council.agency_id, town.school.agency_id}
    assert said["record_id"] == declared["id"]
    names = {"authority", "record_id", "detail_url", "by_agency_id", "review_due"}
    assert said.keys() == names
    assert str(town.child) not in str(said)
    detail = said["detail_url"].partition("/api/v1")[2]
    assert (await town.council.get(detail)).json()["words"]
    assert (await town.front_door.as_(Role.SAFEGUARDING_LEAD).get(detail)).status_code == 404


async def test_an_override_sent_again_is_the_first_one(town: Town) -> None:
    lead, said = town.school.as_(Role.SAFEGUARDING_LEAD), town.override()
    first = await lead.send("/overrides", said, key="once")
    again = await lead.send("/overrides", said, key="once")
    other = await lead.send("/overrides", said | {"danger": "missing"}, key="once")

    assert (first.status_code, again.json()) == (201, first.json())
    assert other.status_code == 422
    assert len(await _announced(town.service, "override_declared")) == 1


async def test_a_review_is_somebody_elses_and_is_written_once(town: Town) -> None:
    """R21: nobody reviews what it has declared, or answers for."""
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    path = f"/overrides/{(await lead.created('/overrides', town.override()))['id']}"
    both = town.council.as_(Role.INFORMATION_GOVERNANCE_LEAD, Role.SAFEGUARDING_LEAD)
    own = await both.created("/overrides", town.override())

    itself = await both.change(f"/overrides/{own['id']}/review", 1, FOUND)
    stale = await town.council.change(f"{path}/review", 2, FOUND)
    reviewed = await town.council.changed(f"{path}/review", 1, FOUND)
    again = await town.council.change(f"{path}/review", 2, FOUND)

    assert (itself.status_code, stale.status_code, again.status_code) == (403, 412, 409)
    assert (reviewed["justified"], reviewed["review_words"]) == (True, FOUND["words"])
    assert (await lead.get(path)).json()["review_words"] == FOUND["words"]
    queue = (await town.council.get("/overrides")).json()["overrides"]
    assert [one["id"] for one in queue] == [own["id"]]
    everything = (await town.council.get("/overrides", unreviewed="false")).json()["overrides"]
    assert len(everything) == 2


@pytest.mark.parametrize(("authority", "limit"), [("sample", 24), ("barnet", 12)])
async def test_an_override_ends_within_its_authoritys_limit(
    service: Service, authority: str, limit: int
) -> None:
    """R21."""
    lead = await service.partner(AgencyKind.SCHOOL, Role.SAFEGUARDING_LEAD, authority=authority)
    town = Town(service, lead, lead, lead)

    async def declared(hours: float) -> Any:
        until = (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
        return await lead.send("/overrides", town.override(until=until))

    assert (await declared(limit - 0.1)).status_code == 201
    [wrong] = (await declared(limit + 0.1)).json()["errors"]
    assert wrong == {"pointer": "/until", "detail": f"An override ends within {limit} hours"}


@pytest.mark.parametrize("justified", [True, False])
async def test_an_override_that_was_not_justified_releases_nothing_from_its_review_on(
    town: Town, justified: bool
) -> None:
    """R21: and goes on where it was."""
    lead, asked = town.school.as_(Role.SAFEGUARDING_LEAD), {"purpose": "safeguarding"}
    path = f"/overrides/{(await lead.created('/overrides', town.override()))['id']}"
    assert "needs.level" in await lead.sees(town.child, "needs.level", **asked)

    reviewed = await town.council.changed(f"{path}/review", 1, FOUND | {"justified": justified})

    assert reviewed["live"] is justified
    assert (await lead.get(path)).json()["live"] is justified
    assert (await lead.sees(town.child, "needs.level", **asked) != set()) is justified


async def test_while_a_review_is_overdue_somebody_who_can_answers_for_the_next_override_too(
    town: Town,
) -> None:
    """R22."""
    service, later = town.service, datetime.now(UTC) + LATER
    lead = await _worker(service, town.school, Role.SAFEGUARDING_LEAD)
    colleague = await _worker(service, town.school, Role.SAFEGUARDING_LEAD)
    teacher = await _worker(service, town.school, Role.LEAD_PROFESSIONAL)
    of_another = await _worker(service, town.front_door, Role.SAFEGUARDING_LEAD)
    governing = await _worker(service, town.council, Role.INFORMATION_GOVERNANCE_LEAD)
    first = await lead.created("/overrides", town.override())
    service.at(later)

    approvers = [None, lead, teacher, of_another, colleague, governing]
    ids = [str(one.caller.worker_id) if one else None for one in [*approvers]] + [str(uuid4())]
    answers = [
        await lead.send("/overrides", _declared(town, later, second_approver=one)) for one in ids
    ]
    await town.council.changed(f"/overrides/{first['id']}/review", 1, FOUND)

    assert [one.status_code for one in answers] == [422, 422, 422, 422, 201, 201, 422]
    for refused in (one for one in answers if one.status_code == 422):
        assert [one["pointer"] for one in refused.json()["errors"]] == ["/second_approver"]
    assert (await lead.send("/overrides", _declared(town, later))).status_code == 201


async def test_a_review_that_nobody_has_made_in_time_is_told_once_and_stands_in_the_queue(
    town: Town,
) -> None:
    """R22."""
    assert town.service.app is not None
    desk, now = town.service.app.state.desk, datetime.now(UTC)
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    overdue, reviewed = [await lead.created("/overrides", town.override()) for _ in range(2)]
    await town.council.changed(f"/overrides/{reviewed['id']}/review", 1, FOUND)

    told = [await tell_overdue(desk, now + timedelta(hours=one)) for one in (71, 73, 74)]

    assert told == [0, 1, 0]
    [(said, heard)] = await _announced(town.service, "override_review_overdue")
    assert said["record_id"] == overdue["id"]
    assert heard == {town.council.agency_id, town.school.agency_id}
    town.service.at(now + LATER)
    [waiting] = (await town.council.get("/overrides")).json()["overrides"]
    assert (waiting["id"], waiting["review_overdue"]) == (overdue["id"], True)


async def test_a_claim_to_work_with_somebody_is_told_and_who_answers_for_sharing_ends_it(
    service: Service,
) -> None:
    """R17."""
    town = await Town.founded(service, a_clause())
    claiming = await service.partner(AgencyKind.SCHOOL, Role.LEAD_PROFESSIONAL)
    await town.sign(claiming)
    assert await _announced(service, "involvement_claimed") == [], "an introduction is no claim"
    assert await claiming.sees(town.child) == set()

    people = [{"person_id": str(town.child), "kind": "child"}]
    claim = {"people": people, "until": soon(9)}
    [claimed] = (await claiming.created("/involvements", claim))["involvements"]

    [(said, heard)] = await _announced(service, "involvement_claimed")
    assert heard == {town.council.agency_id}
    assert said.keys() == {"authority", "record_id", "detail_url", "by_agency_id"}
    assert (said["record_id"], said["by_agency_id"]) == (claimed, str(claiming.agency_id))
    assert await claiming.sees(town.child) == {"needs.level"}
    by_school = await town.school.change(f"/involvements/{claimed}/end", 1)
    await town.council.changed(f"/involvements/{claimed}/end", 1)
    assert by_school.status_code == 403
    assert await claiming.sees(town.child) == set()


async def test_who_only_claims_says_nothing_else_of_itself_and_introduces_nobody(
    town: Town,
) -> None:
    claiming = await town.service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL)
    people = [{"person_id": str(town.child), "kind": "child"}]
    claim = {"people": people, "until": soon(9)}
    await claiming.created("/involvements", claim)

    marked = await claiming.send("/involvements", claim | {"welfare": True})
    other = claim | {"agency_id": str(town.council.agency_id)}
    introduced = await claiming.send("/involvements", other)

    assert (marked.status_code, marked.json()["type"]) == (422, "/problems/own-word")
    assert introduced.status_code == 404
    assert (await town.school.send("/involvements", other)).status_code == 201


async def test_a_refusal_to_share_is_lifted_by_the_agency_that_judged(service: Service) -> None:
    """R4: against every permit; and whoever is refused reads nothing of why."""
    town = await Town.founded(service, a_clause())
    charity = await service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL)
    await town.introduce(charity)
    because = "The father works at the school and would learn where they live."
    said = {"people": [str(town.child)], "categories": ["needs"], "because": because}
    short = await charity.send("/refusals-to-share", said | {"because": "He works there."})
    refusal = await charity.created("/refusals-to-share", said)
    path, seen = f"/refusals-to-share/{refusal['id']}", [await town.school.sees(town.child)]

    foreign = await town.school.change(f"{path}/lifting", 1)
    listed = await town.school.get("/refusals-to-share", person_id=str(town.child))
    await charity.changed(f"{path}/lifting", 1)
    seen.append(await town.school.sees(town.child))

    assert [one["pointer"] for one in short.json()["errors"]] == ["/because"]
    assert (foreign.status_code, listed.json()["refusals"]) == (404, [])
    assert seen == [set(), {"needs.level"}]
    assert (await town.council.get(path)).json()["because"] == because
