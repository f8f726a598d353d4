"""What a hub is told about its place: ports that are none, and data whose keys are gone."""

from pathlib import Path

import pytest

from gateway.door.table import ROUTES
from hub.services import BEHIND
from hub.site import SERVICES, Ports, Site
from hub.trouble import Trouble
from shared import keys
from tests.hub.conftest import Hub


@pytest.mark.parametrize("port", ["abc", "99999", "0", "-1", ""])
def test_a_port_that_is_none_is_told(hub: Hub, port: str) -> None:
    hub.environment["HUB_PORT"] = port
    said = hub("up", check=False)
    assert said.startswith("1 ")
    assert f"HUB_PORT={port} is no port" in said
    assert "Traceback" not in said


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A hub that has had data."""
    made = Site(tmp_path / "var", Ports.model_construct())
    made.create_secrets()
    (made.postgres / "data").mkdir(parents=True)
    return made


@pytest.mark.parametrize("service", SERVICES)
def test_no_new_key_is_made_over_old_data(site: Site, service: str) -> None:
    lost = site.keys / f"{service}.fields.json"
    kept = lost.rename(site.var / "backup.json")
    with pytest.raises(Trouble, match=rf"from your backup: {lost}\. "):
        site.create_secrets()
    assert not lost.exists()
    kept.rename(lost)
    site.create_secrets()


def test_the_key_that_checkpoints_are_signed_with_is_missed_like_a_data_key(site: Site) -> None:
    lost = site.keys / "checkpoints.json"
    lost.unlink()
    with pytest.raises(Trouble, match=rf"from your backup: {lost}\. "):
        site.create_secrets()


def test_a_service_that_comes_with_an_update_gets_its_keys_over_the_others_data(
    site: Site,
) -> None:
    new = [
        site.keys / "consent.fields.json",
        site.keys / "checkpoints.json",
        site.password_file("consent"),
        site.keys / "directory.fields.json",
        site.password_file("directory"),
    ]
    for file in new:
        file.unlink()
    others = (site.keys / "referral.fields.json").read_bytes()
    site.create_secrets()
    assert all(file.exists() for file in new)
    assert (site.keys / "referral.fields.json").read_bytes() == others


def test_where_no_key_and_no_password_is_left_nothing_passes_for_an_update(site: Site) -> None:
    for name in SERVICES:
        site.password_file(name).unlink()
        (site.keys / f"{name}.fields.json").unlink()
    with pytest.raises(Trouble, match="from your backup"):
        site.create_secrets()


def test_every_list_of_services_is_the_same_list() -> None:
    assert {"gateway", *BEHIND} == set(SERVICES) == {route.service for route in ROUTES}
    assert {f"{name}_port" for name in SERVICES} <= set(Ports.model_fields)


def test_a_lost_signing_key_is_made_again(site: Site) -> None:
    (site.keys / "tokens.json").unlink()
    site.create_secrets()
    assert keys.signing_keys(site.keys / "tokens.json")().keys


def test_a_hub_whose_data_key_is_gone_does_not_start(hub: Hub) -> None:
    hub("migrate")  # makes the database, and the keys before it
    lost = hub.var / "keys" / "referral.fields.json"
    lost.rename(hub.var / "backup.json")
    for words in (["up"], ["keys", "create"]):
        said = hub(*words, check=False)
        assert said.startswith("1 ")
        assert str(lost) in said
    assert not lost.exists()
