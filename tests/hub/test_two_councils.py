"""One hub for two councils: tried from another terminal, which is told nothing of them."""

from collections.abc import Iterator

import pytest

from tests.hub.conftest import Hub, open_folder


@pytest.fixture(scope="module")
def two() -> Iterator[tuple[Hub, str]]:
    """A hub of Barnet and Reading, and what it printed; later commands are not told whom."""
    with open_folder() as folder:
        own = Hub(folder / "var")
        elsewhere = dict(own.environment)
        own.environment |= {"HUB_AUTHORITIES": "barnet,reading"}
        printed = own.up()
        own.environment = elsewhere
        yield own, printed
        own.end()


def test_each_council_has_its_own_partners(two: tuple[Hub, str]) -> None:
    hub, printed = two
    for client in ("barnet-school", "barnet-front-door", "reading-school"):
        assert client in printed
        assert hub("token", client)
    assert "Single Point of Access" in hub("client", "list")


@pytest.mark.parametrize(
    ("council", "told"),
    [
        ("barnet", "Early Help Multi-Agency Panel"),
        ("reading", "Early Help Allocations Meeting"),
    ],
)
def test_the_demo_goes_each_councils_own_way(two: tuple[Hub, str], council: str, told: str) -> None:
    story = two[0]("demo", "--authority", council)
    assert f"{council}-front-door" in story
    assert told in story
    assert "The family's reference is" in story


def test_the_first_one_is_played_where_none_is_named(two: tuple[Hub, str]) -> None:
    assert "London Borough of Barnet" in two[0]("demo")


def test_a_council_that_is_not_served_is_told(two: tuple[Hub, str]) -> None:
    said = two[0]("demo", "--authority", "hounslow", check=False)
    assert "This hub serves barnet, reading" in said


def test_seeding_reaches_every_council(two: tuple[Hub, str]) -> None:
    assert "20 referrals taken" in two[0]("seed", "--referrals", "20")
    for council in ("barnet", "reading"):
        events = two[0]("events", "tail", f"{council}-front-door", "--no-follow")
        assert "referral.submitted" in events
