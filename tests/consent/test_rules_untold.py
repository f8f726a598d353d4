"""What it is unsafe to tell is told nowhere that the family reads: R23 and R33."""

from uuid import uuid4

import pytest

from services.consent.domain.looks import look_of, tells_of
from shared.auth import AgencyKind, Role
from shared.categories import CATEGORIES
from tests.consent.builders import a_clause
from tests.consent.served import Json, Partner, Service, Town

UNSAFE = {"family_told": False, "untold_because": "The father would come to the refuge."}
EMERGENCY = "in an emergency"
EVERYTHING = list(CATEGORIES)


async def _page(town: Town) -> str:
    answer = await town.school.get("/looks/page", person_id=town.child)
    assert answer.status_code == 200, answer.text
    return answer.text


async def _listed(town: Town) -> list[Json]:
    found = await town.school.get("/looks", person_id=town.child, limit=100)
    return list(found.json()["looks"])


async def _exported(town: Town) -> Json:
    """What the council hands over to the mother."""
    said = {"person_id": str(town.child), "asked_by": str(town.mother)}
    said["capacity"] = "parental_responsibility"
    request = await town.school.created("/access-requests", said)
    answer = await town.council.get(f"/access-requests/{request['id']}/export")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _police(town: Town) -> Partner:
    """A safeguarding lead of the police, whom the front door has introduced."""
    police = await town.service.partner(AgencyKind.POLICE, Role.SAFEGUARDING_LEAD)
    await town.introduce(police)
    await town.sign(police)
    return police


@pytest.mark.parametrize("told_last", [True, False])
async def test_a_release_on_several_overrides_is_told_where_the_family_is_told_of_all_of_them(
    town: Town, told_last: bool
) -> None:
    """R23: an override that is told covers none that is not, whichever was declared first."""
    police = await _police(town)
    told, untold = {"categories": ["send"]}, {"categories": ["narrative", "health"], **UNSAFE}
    for said in (untold, told) if told_last else (told, untold):
        await police.created("/overrides", town.override(**said))
    alone = {"purpose": "safeguarding", "categories": ["send.support"]}
    await police.disclosed(town.child, **alone)
    assert (await _page(town)).count(EMERGENCY) == 1, "what is told alone is told"

    both = await police.disclosed(town.child, purpose="safeguarding")

    assert "narrative.concerns" in both["permitted"][0]["categories"]
    page, export = await _page(town), await _exported(town)
    assert page.count(EMERGENCY) == 1
    assert "what the child said" not in page
    [recipient] = export["recipients"]
    assert recipient["categories"] == ["send.support"]
    [seen] = [one for one in await _listed(town) if one.get("audit_index") == both["audit_index"]]
    assert (seen["family_told"], len(seen["override_ids"])) == (False, 2)
    why = (await town.council.get(f"/looks/{both['audit_index']}/rationale")).json()
    assert [one["family_told"] for one in why["looks"]] == [False]
    assert {one["id"] for one in why["overrides"]} == set(seen["override_ids"])


def test_a_leaf_that_was_written_when_it_named_one_override_is_read_as_naming_it() -> None:
    """R23: the log is kept for ever."""
    person, override = uuid4(), uuid4()
    entry = {"kind": "decision", "at": "2026-01-02T03:04:05Z", "by": {"client_id": "made-up"}}

    look = look_of(entry | {"override_id": str(override)}, person, "", 1)

    assert tells_of(look, [override])
    assert look_of(entry, person, "", 1).overrides == ()


async def test_an_override_that_covers_nothing_of_what_was_released_is_not_named(
    town: Town,
) -> None:
    """R23: nor is what the family may be told kept from it for the sake of another override."""
    police = await _police(town)
    told = await police.created("/overrides", town.override(categories=["send"]))
    await police.created("/overrides", town.override(categories=["health"], **UNSAFE))

    await police.disclosed(town.child, purpose="safeguarding", categories=["send.support"])

    assert (await town.service.leaves("decision"))[-1]["override_ids"] == [told["id"]]
    assert EMERGENCY in await _page(town)


async def test_what_a_clause_permits_to_whom_an_override_alone_lets_in_rests_on_the_override(
    service: Service,
) -> None:
    """R23: without it the agency would see nothing, for it does not work with the child."""
    clause = a_clause(purpose="safeguarding", kinds=[AgencyKind.POLICE])
    town = await Town.founded(service, clause)
    police = await service.partner(AgencyKind.POLICE, Role.SAFEGUARDING_LEAD)
    await town.sign(police)
    asked = {"purpose": "safeguarding", "categories": ["needs.level"]}
    before = await police.disclosed(town.child, **asked)
    assert [one["why"] for one in before["answers"]] == ["not_involved"]
    override = await police.created("/overrides", town.override(**UNSAFE))

    await police.disclosed(town.child, **asked)

    leaf = (await service.leaves("decision"))[-1]
    assert [one["why"] for one in leaf["answers"]] == ["permitted"]
    assert leaf["override_ids"] == [override["id"]]
    assert "Could see" not in await _page(town)


async def test_who_looks_at_an_override_of_which_the_family_is_not_told_is_not_told_either(
    town: Town,
) -> None:
    """R23."""
    police = await _police(town)
    for more in ({}, UNSAFE):
        override = await police.created("/overrides", town.override(**more))
        assert (await police.get(f"/overrides/{override['id']}")).status_code == 200

    looks = [one for one in await _listed(town) if one["operation"] == "override.look"]

    assert [one["family_told"] for one in looks] == [False, True]
    exported = (await _exported(town))["looks"]
    assert [one["operation"] for one in exported].count("override.look") == 1


async def test_nobody_is_obliged_to_tell_the_family_of_what_it_is_unsafe_to_tell(
    town: Town,
) -> None:
    """R23."""
    police = await _police(town)
    await police.created("/overrides", town.override(categories=["send"]))
    await police.created("/overrides", town.override(categories=["health"], **UNSAFE))
    categories = ["send.support", "health.physical"]
    asked = {"purpose": "safeguarding", "people": [str(town.child)], "categories": categories}

    answer = await police.ask("POST", "/decisions", json=asked)

    obliged = {tuple(one["categories"]): one["obligations"] for one in answer.json()["answers"]}
    assert obliged == {
        ("send.support",): ["record_why", "tell_the_family"],
        ("health.physical",): ["record_why"],
    }


async def _exempted(town: Town, **said: object) -> Json:
    """The mother asks, and this is kept out of the answer."""
    asking = {"person_id": str(town.child), "asked_by": str(town.mother)}
    asking["capacity"] = "parental_responsibility"
    request = await town.school.created("/access-requests", asking)
    because = "It would put the child in danger at home, says the paediatrician."
    exemption = {"ground": "serious_harm", "because": because, "categories": EVERYTHING} | said
    await town.council.changed(f"/access-requests/{request['id']}/exemptions", 1, exemption)
    return request


async def _answer(town: Town, request: Json) -> Json:
    answer = await town.council.get(f"/access-requests/{request['id']}/export")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
async def seen(service: Service) -> tuple[Town, Partner]:
    """The police and the school have each seen the child's needs, and asked what they may see."""
    kinds = [AgencyKind.POLICE, AgencyKind.SCHOOL]
    clause = a_clause(categories=["needs.level", "plan.actions"], kinds=kinds)
    town = await Town.founded(service, clause)
    police = await _police(town)
    body = {"purpose": "early_help", "people": [str(town.child)]}
    for partner in (police, town.school):
        await partner.sees(town.child, "needs.level", "plan.actions")
        assert (await partner.ask("POST", "/decisions", json=body)).status_code == 200
    return town, police


@pytest.mark.parametrize("told", [True, False])
async def test_an_agency_all_of_which_is_exempted_is_in_no_page_and_no_answer(
    seen: tuple[Town, Partner], told: bool
) -> None:
    """R33: neither what it saw nor what it did, nor that it works with the person."""
    town, police = seen
    before = (await _page(town), str(await _exported(town)))
    assert all(said in before[0] for said in ("Made-up police", "Made-up school"))
    assert str(police.agency_id) in before[1]

    request = await _exempted(town, agencies=[str(police.agency_id)], told=told)

    page, answer = await _page(town), await _answer(town, request)
    assert "Made-up police" not in page
    assert str(police.caller.worker_id) not in page
    assert "Made-up school" in page
    assert str(police.agency_id) not in str(answer)
    assert str(town.school.agency_id) in str(answer)
    operations = [one["operation"] for one in answer["looks"] if "operation" in one]
    assert ("access_request.exempt" in operations) is told
    assert "decision.preview" in operations, "the school's"
    assert len(answer["withheld"]) == told
    whose = {one["agency_id"]: one["family_told"] for one in await _listed(town) if "agency" in one}
    assert whose[str(police.agency_id)] is False
    assert whose[str(town.school.agency_id)] is True


async def test_an_exemption_of_some_categories_keeps_them_alone_from_the_page(
    seen: tuple[Town, Partner],
) -> None:
    """R33: and a look of which not all may be told is marked for who tells the family."""
    town, police = seen
    assert (await _page(town)).count("the level of need") == 2

    await _exempted(town, categories=["needs"], agencies=[str(police.agency_id)])

    page = await _page(town)
    assert page.count("the level of need") == 1
    assert "Made-up police" in page
    disclosures = [one for one in await _listed(town) if one["kind"] == "disclosure"]
    assert {one["agency"]: one["family_told"] for one in disclosures} == {
        "Made-up police": False,
        "Made-up school": True,
    }


async def test_a_later_answer_does_not_tell_that_something_was_exempted_in_secret(
    seen: tuple[Town, Partner],
) -> None:
    """R33: whoever asks once more learns nothing of the decision about the first asking."""
    town, police = seen
    await _exempted(town, agencies=[str(police.agency_id)], told=True)
    assert "access_request.exempt" in str(await _exported(town))

    await _exempted(town, agencies=[str(police.agency_id)], told=False)

    assert str(await _exported(town)).count("access_request.exempt") == 1
