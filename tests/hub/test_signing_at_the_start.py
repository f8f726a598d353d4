"""At its first start a hub publishes and signs the samples; later starts leave what they find."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hub import agreements, sample, sample_agreements
from hub.agreements import Acting
from hub.authorities import served
from hub.sample import Party
from hub.site import Ports, Site
from hub.trouble import Trouble
from services.consent.actions import agreeing, signing
from services.consent.actions.agreeing import Changing
from services.consent.actions.desk import Desk
from services.consent.domain.agreeing import Standing
from services.consent.store import policies
from shared.auth import AgencyKind, Caller, Role
from shared.crypto import FieldCipher
from shared.db import Database
from shared.idempotency import Once
from shared.partners import know_agency, know_roles

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BOTH = {"principles@1", "early-help@1"}


class Place:
    """The sample's partners as they are registered, and the consent service's fresh database."""

    def __init__(self, desk: Desk, parties: list[Party]) -> None:
        self.desk, self.parties = desk, parties

    async def start(self) -> None:
        await sample_agreements.create(self.desk, self.parties, NOW)

    def party(self, kind: AgencyKind) -> Party:
        return next(one for one in self.parties if one.agency.kind is kind)

    def lead(self) -> Caller:
        return self.party(AgencyKind.COUNCIL).acting(Role.INFORMATION_GOVERNANCE_LEAD)

    def school(self) -> Caller:
        return self.party(AgencyKind.SCHOOL).acting(Role.AGENCY_ADMINISTRATOR)

    async def signed(self, by: Caller) -> set[str]:
        """What the caller's agency has signed and not left."""
        async with self.desk.db.reading() as connection:
            return set(await policies.signed_by(connection, by.acting()[0]))

    async def standing(self, name: str = "early-help") -> Standing:
        return (await agreeing.get(self.desk, name, by=self.lead(), now=NOW)).standing


@pytest.fixture
async def place(databases: Callable[[str], str], tmp_path: Path) -> AsyncIterator[Place]:
    site = Site(tmp_path / "var", Ports.model_construct())
    site.create_secrets()
    councils = served(site.authorities)
    gateway, consent = (
        Database.open(databases(name), connections=2) for name in ("gateway", "consent")
    )
    cipher = FieldCipher(site.keys / "gateway.fields.json")
    parties = await sample.create(gateway, cipher, site, councils, NOW)
    yield Place(agreements.desk_of(site, consent, councils), parties)
    await gateway.close()
    await consent.close()


async def test_the_first_start_publishes_both_and_every_partner_has_signed_them(
    place: Place,
) -> None:
    await place.start()

    assert len(place.parties) == len(AgencyKind)
    for party in place.parties:
        assert await place.signed(party.acting(Role.AGENCY_ADMINISTRATOR)) == BOTH


async def test_a_second_start_changes_nothing(place: Place) -> None:
    await place.start()
    before = await place.standing()

    await place.start()

    assert await place.standing() == before


async def test_a_start_that_was_killed_is_finished_by_the_next(place: Place) -> None:
    sign = agreements.sign

    async def dying(*given: Any, **told: Any) -> None:
        if told["by"] == place.school():
            raise TimeoutError
        await sign(*given, **told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreements, "sign", dying)
        with pytest.raises(TimeoutError):
            await place.start()
    assert await place.signed(place.school()) == set()

    await place.start()

    assert await place.signed(place.school()) == BOTH


async def test_the_leads_later_version_stays_and_nobody_is_signed_under_it(place: Place) -> None:
    await place.start()
    said = (await place.standing()).draft.model_copy(update={"title": "Our own, made up"})
    await agreements.publish(place.desk, said, by=place.lead(), now=NOW)

    await place.start()

    published = (await place.standing()).published
    assert published
    assert (published.version, published.agreement.title) == (2, "Our own, made up")
    assert "early-help@2" not in await place.signed(place.school())


async def test_who_has_left_stays_away_and_what_is_suspended_stays_suspended(place: Place) -> None:
    await place.start()
    once = Once.of("made-up", "a key", b"leave")
    await signing.leave(place.desk, "early-help", by=place.school(), once=once, now=NOW)
    principles = await place.standing("principles")
    changing = Changing(place.desk, "principles", place.lead(), principles.version, NOW)
    await agreeing.suspend(changing, None)

    await place.start()

    assert "early-help@1" not in await place.signed(place.school())
    assert (await place.standing("principles")).suspended_at == NOW


async def test_the_operator_signs_for_an_agency_by_its_administrator_alone(place: Place) -> None:
    await place.start()
    school = place.party(AgencyKind.SCHOOL)
    admin, _ = school.workers["T-100-admin"], school.workers["T-100"]
    acting = Acting(school.agency.name)
    with pytest.raises(Trouble, match="knows no agency called"):
        await acting.caller(place.desk, Role.AGENCY_ADMINISTRATOR)
    async with place.desk.db.transaction() as connection:
        told = (school.agency.id, school.agency.name, school.agency.kind, "sample")
        await know_agency(connection, *told)
    with pytest.raises(Trouble, match="holds the role agency_administrator yet"):
        await acting.caller(place.desk, Role.AGENCY_ADMINISTRATOR)
    async with place.desk.db.transaction() as connection:
        await know_roles(connection, admin, school.agency.id, [Role.AGENCY_ADMINISTRATOR])

    by = await acting.caller(place.desk, Role.AGENCY_ADMINISTRATOR)

    assert by.acting() == (school.agency.id, admin)
    assert set(await agreements.sign_all(place.desk, by=by, now=NOW)) == BOTH
