"""From a published agreement to a disclosure, and what a withdrawal and an override make of it."""

from shared.auth import AgencyKind, Role
from tests.consent.served import Town

NEEDS = {"needs.level"}


async def test_a_withdrawal_denies_the_next_disclosure_and_an_override_is_another_ground(
    town: Town,
) -> None:
    child = town.child
    assert await town.school.sees(child) == set()

    given = await town.school.created("/consents", town.consent())
    permitted = await town.school.disclosed(child)

    assert set(permitted["permitted"][0]["categories"]) == NEEDS
    [leaf] = [
        one for one in await town.service.leaves() if one["index"] == permitted["audit_index"]
    ]
    assert leaf["consent_ids"] == [given["id"]]
    assert leaf["policy_hash"] == permitted["policy_hash"]

    await town.school.created(f"/consents/{given['id']}/withdrawal")
    denied = await town.school.disclosed(child, categories=["needs.level"])

    assert denied["permitted"][0]["categories"] == []
    assert [one["why"] for one in denied["answers"]] == ["no_consent"]

    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    declared = await lead.created("/overrides", town.override())
    released = await lead.disclosed(child, purpose="safeguarding")

    seen = set(released["permitted"][0]["categories"])
    assert {"needs.level", "contact.address"} <= seen
    assert "contact.confidential_address" not in seen
    assert (await town.service.leaves("decision"))[-1]["override_ids"] == [declared["id"]]
    assert await town.school.sees(child) == set(), "for early help nothing was released"
    assert await town.service.events() == [
        "agreement_published",
        "agreement_published",
        "given",
        "withdrawn",
        "override_declared",
    ]


async def test_nothing_is_seen_before_the_agency_has_signed_and_after_it_has_left(
    town: Town,
) -> None:
    charity = await town.service.partner(AgencyKind.SCHOOL, Role.LEAD_PROFESSIONAL)
    await town.introduce(charity)
    agencies = [str(charity.agency_id), str(town.school.agency_id)]
    await town.school.created("/consents", town.consent(agencies=agencies))
    assert await town.school.sees(town.child) == NEEDS

    seen = [await charity.sees(town.child)]
    await town.sign(charity, "early-help")
    seen.append(await charity.sees(town.child))
    await town.sign(charity, "principles")
    seen.append(await charity.sees(town.child))
    await charity.as_(Role.AGENCY_ADMINISTRATOR).created("/agreements/early-help/leaving")
    seen.append(await charity.sees(town.child))

    assert seen == [set(), set(), NEEDS, set()]
    assert await town.school.sees(town.child) == NEEDS
