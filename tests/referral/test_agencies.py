"""Whom a family can be given to: the agencies of the authority, and who may lead there."""

from shared.auth import AgencyKind, Role
from tests.referral.conftest import Partner, Service


async def test_whoever_allocates_finds_the_agencies_of_the_authority(
    service: Service, front_door: Partner
) -> None:
    charity = service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL)
    police = service.partner(AgencyKind.POLICE, Role.REFERRER)
    elsewhere = service.partner(AgencyKind.HEALTH, Role.RECEIVING_WORKER, authority="elsewhere")
    await service.known(charity, police, elsewhere)
    answer = await front_door.ask("GET", "/api/v1/agencies")
    found = {agency["id"]: agency for agency in answer.json()["items"]}
    assert found.keys() == {str(charity.agency_id), str(police.agency_id)}
    assert found[str(charity.agency_id)]["takes_families_over"]
    assert found[str(charity.agency_id)]["lead_professionals"] == [str(charity.caller.worker_id)]
    assert not found[str(police.agency_id)]["takes_families_over"]
