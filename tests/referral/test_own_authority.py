"""An agency reads the public settings of its own authority, and of no other."""

from uuid import uuid4

import pytest

from shared.auth import AgencyKind, Caller, Role, Scope
from shared.authority import Authorities
from tests.referral.conftest import SERVED, Partner, Service

PATH = "/api/v1/authority"
ALL = Authorities.load(SERVED)


@pytest.mark.parametrize("whose", ALL)
async def test_everybody_reads_its_own_authority(service: Service, whose: str) -> None:
    partner = service.partner(AgencyKind.HOUSING, Role.REFERRER, authority=whose)

    told = await partner.ask("GET", PATH)

    assert told.status_code == 200, told.text
    said, council = told.json(), ALL[whose]
    assert (said["id"], said["name"]) == (whose, council.name)
    assert list(said["levels"]) == list(council.levels)
    assert said["way"] == list(council.way)
    assert set(said["clocks"]) == set(council.clocks)
    assert said["cover"]["opens"] == council.cover.opens.strftime("%H:%M")
    assert set(said["need_groups"]) == set(council.need_groups)
    assert set(said["thresholds"]["indicators"]) == set(council.thresholds.indicators)


async def test_each_figure_is_told_with_its_source(service: Service) -> None:
    reading = service.partner(AgencyKind.SCHOOL, Role.REFERRER, authority="reading")
    offer = (await reading.ask("GET", PATH)).json()["clocks"]["offer"]
    assert (offer["length"], offer["unit"], offer["starts"]) == (10, "calendar_days", ["submit"])
    assert offer["source"].startswith("Reading: Early Intervention")
    assert (
        "“It will take a maximum of 10 days for families to move from SPA to offer”"
        in (offer["source"])
    )


async def test_hubs_come_with_their_areas(service: Service) -> None:
    school = service.partner(AgencyKind.SCHOOL, Role.REFERRER, authority="inventshire")
    hubs = (await school.ask("GET", PATH)).json()["hubs"]
    assert hubs["lighthouse"]["areas"]["harbour"]["postcodes"] == ["ZZ1", "ZZ2"]


async def test_a_system_may_read_them_without_a_worker(school: Partner) -> None:
    assert (await school.but(worker_id=None).ask("GET", PATH)).status_code == 200


@pytest.mark.parametrize("whose", [None, "nowhere"])
async def test_an_authority_that_is_not_served_is_refused(
    service: Service, whose: str | None
) -> None:
    stranger = service.partner(AgencyKind.SCHOOL, Role.REFERRER, authority=whose)
    for refused in (
        await stranger.ask("GET", PATH),
        await stranger.ask("POST", "/api/v1/threshold-advice", json={"indicators": []}),
    ):
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-permitted")


async def test_a_caller_without_the_scope_is_refused(service: Service, school: Partner) -> None:
    assert (await school.ask("GET", PATH)).status_code == 200
    writer = school.but(scopes=frozenset({Scope.REFERRALS_WRITE}))
    assert (await writer.ask("GET", PATH)).status_code == 403
    nobody = Partner(service.http, Caller(str(uuid4())), service.signing)
    assert (await nobody.ask("GET", PATH)).status_code == 403
