"""An override may name whom the hub has not heard of yet: danger does not wait. R21, R36."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.consent.actions.erasing import erase_when_due
from services.consent.store import deciding
from shared.auth import Role
from tests.consent.builders import a_clause
from tests.consent.rights import desk_of
from tests.consent.served import Service, Town, soon


async def test_what_is_said_of_somebody_unknown_is_found_and_erased_when_its_time_is_over(
    town: Town,
) -> None:
    child, adult = uuid4(), uuid4()
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    await lead.created("/overrides", town.override(people=[str(child)]))
    at_risk = town.override(people=[str(adult)], protects="adult_at_risk")
    await lead.created("/overrides", at_risk)
    assert "needs.level" in await lead.sees(child, purpose="safeguarding")
    kept = [await town.council.get(f"/retentions/{one}") for one in (child, adult)]
    assert [one.status_code for one in kept] == [200, 200]

    years = [datetime.now(UTC).year + one for one in (8, 30)]
    desk = desk_of(town.service)
    left = []
    for year in years:
        await erase_when_due(desk, datetime(year, 1, 1, tzinfo=UTC))
        left += await town.service.rows("select count(*) from override")

    assert left == [1, 0]


async def test_what_a_service_states_of_somebody_goes_before_what_an_override_takes_it_for(
    service: Service,
) -> None:
    town = await Town.founded(service, a_clause(people=["parent"]))
    adult = uuid4()
    stated = {"kind": "parent", "relationship": {"works_with": True}}
    assert await town.school.sees(adult, **stated) == {"needs.level"}

    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    await lead.created("/overrides", town.override(people=[str(adult)], categories=["contact"]))

    assert "needs.level" in await town.school.sees(adult, **stated)
    assert "needs.level" not in await town.school.sees(adult, relationship={"works_with": True})


async def test_what_is_over_decides_nothing_any_more_and_is_not_read(town: Town) -> None:
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    because = "The father works there and would learn where they live."
    said = {"people": [str(town.child)], "categories": ["health"], "because": because}
    lifted = await town.school.created("/refusals-to-share", said)
    await town.school.changed(f"/refusals-to-share/{lifted['id']}/lifting", 1)
    await town.school.created("/refusals-to-share", said | {"until": soon(2)})
    lasting = await town.school.created("/refusals-to-share", said)
    await lead.created("/overrides", town.override())

    async def read(days: int) -> tuple[set[str], int]:
        now, desk = datetime.now(UTC) + timedelta(days), desk_of(town.service)
        async with desk.db.transaction() as connection:
            held = await deciding.held(
                connection,
                [town.child],
                agency=town.school.agency_id,
                authority="sample",
                now=now,
            )
        return {str(one.id) for one in held.known.refusals}, len(held.known.overrides)

    today, later = await read(0), await read(3)

    assert (len(today[0]), today[1]) == (2, 1)
    assert later == ({lasting["id"]}, 0)
