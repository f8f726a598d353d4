"""An authority's settings: what they say of places, days and the way, and whom a hub serves."""

from datetime import date, datetime

import pytest

from shared.authority import Authorities, Authority, load
from shared.authority.brand import contrast
from shared.calendar import ENGLAND
from shared.errors import Forbidden
from shared.settings import SHIPPED, authority_files
from tests.authorities import INVENTED


def test_the_sample_is_read() -> None:
    authority = load(SHIPPED / "sample.yaml")
    assert authority.id == "sample"
    assert authority.clocks["decide"].length == 1
    assert authority.emergency.unacknowledged_minutes == 60
    assert (authority.draft_days, authority.re_referral_months) == (28, 12)


@pytest.fixture(scope="module")
def invented() -> Authority:
    """The council that does not exist."""
    return load(INVENTED)


@pytest.mark.parametrize(
    ("postcode", "area", "hub"),
    [
        ("ZZ1 1AA", "harbour", "lighthouse"),
        (" zz21aa ", "harbour", "lighthouse"),
        ("ZZ3 9ZZ", "dunes", "lighthouse"),
        ("ZZ4 1AA", "valley", "mill"),
        ("ZZ44 1AA", None, None),
        ("ZZ1", None, None),
        ("somewhere", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_postcode_lies_in_an_area_of_a_hub(
    invented: Authority, postcode: str | None, area: str | None, hub: str | None
) -> None:
    assert invented.area_of(postcode) == area
    assert invented.hub_of_area(area) == hub


def test_the_steps_of_the_way_are_in_the_authoritys_order(invented: Authority) -> None:
    assert invented.way == ("panel", "assessment", "allocation")
    assert load(SHIPPED / "herefordshire.yaml").way == ("assessment", "panel", "allocation")
    assert load(SHIPPED / "barnet.yaml").way[:2] == ("panel", "allocation")


def test_nobody_works_on_the_authoritys_own_closures(invented: Authority) -> None:
    assert not invented.calendar.is_working_day(date(2026, 12, 24))
    assert invented.calendar.is_working_day(date(2026, 12, 23))
    noon = datetime(2026, 12, 23, 12, tzinfo=ENGLAND)
    assert invented.answers_now(noon) == invented.emergency.front_door
    assert invented.answers_now(noon.replace(day=24)) == invented.emergency.out_of_hours


def test_one_hub_serves_several_authorities() -> None:
    authorities = Authorities.load(authority_files(f"sample, barnet,{INVENTED}"))
    assert list(authorities) == ["sample", "barnet", "inventshire"]
    assert authorities.of("barnet").name == "London Borough of Barnet"
    assert len(authorities) == 3


@pytest.mark.parametrize("whose", ["reading", "", None])
def test_an_authority_that_is_not_served_does_nothing(whose: str | None) -> None:
    authorities = Authorities.load(authority_files("sample"))
    assert authorities.of("sample")
    with pytest.raises(Forbidden):
        authorities.of(whose)


def test_contrast_is_what_the_standard_computes() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
