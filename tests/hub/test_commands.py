"""The commands beside a running hub: clients, tokens, demo, seed, events, dead letters, keys."""

import base64
import json
from pathlib import Path

import httpx2
import pytest

from hub.site import SERVICES
from tests.hub.conftest import Hub


def workers(hub: Hub, token: str) -> int:
    """The status of a call with this token."""
    headers = {"Authorization": f"Bearer {token.strip()}", "Acting-Worker": "T-100"}
    return httpx2.get(f"{hub.url}/api/v1/workers/T-100", headers=headers).status_code


def claims(token: str) -> dict[str, str]:
    body = token.split(".")[1]
    said: dict[str, str] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return said


def test_a_token_opens_the_api(running: Hub) -> None:
    assert workers(running, running("token", "school")) == 200


def test_a_token_may_ask_for_less(running: Hub) -> None:
    token = running("token", "school", "--scope", "referrals:read")
    assert claims(token)["scope"] == "referrals:read"


def test_a_token_for_the_topics_is_meant_for_the_topics_alone(running: Hub) -> None:
    token = running("token", "front-door", "--events")
    assert claims(token)["aud"] == f"{running.url}/events"
    assert workers(running, token) == 401


def test_a_client_without_a_key_here_is_told_which_there_are(running: Hub) -> None:
    said = running("token", "nobody", check=False)
    assert said.startswith("1 ")
    assert "front-door" in said


def test_without_a_hub_it_says_how_to_start_one(running: Hub, hub: Hub) -> None:
    hub.environment["HUB_VAR"] = str(running.var)
    assert "make up" in hub("token", "school", check=False)


@pytest.mark.parametrize("proof", [["--alg", "ES256"], ["--alg", "EdDSA"], ["--secret"]])
def test_a_client_is_added_rotated_and_revoked(running: Hub, proof: list[str]) -> None:
    name = f"nursery-{proof[-1].strip('-').lower()}"
    agency = ["--agency", f"Sampleton Nursery {proof[-1]}", "--kind", "school"]
    running("client", "add", name, *agency, *proof)
    assert name in running("client", "list")
    first = running("token", name)
    key = (running.var / "clients" / f"{name}.json").read_text()
    running("client", "rotate", name)
    assert (running.var / "clients" / f"{name}.json").read_text() != key
    assert claims(running("token", name))["client_id"] == claims(first)["client_id"] == name
    running("client", "revoke", name)
    assert "no token" in running("token", name, check=False)


def test_a_new_agency_needs_its_kind(running: Hub) -> None:
    said = running("client", "add", "new-one", "--agency", "Nobody Knows", check=False)
    assert "--kind" in said
    assert "Sampleton Primary School" in said


def test_what_the_gateway_refuses_is_told_in_a_sentence(running: Hub) -> None:
    taken = ["client", "add", "school", "--agency", "Sampleton Primary School"]
    said = running(*taken, check=False)
    assert "This client_id is taken" in said
    assert "Traceback" not in said


def test_only_the_front_door_may_read_the_topics(running: Hub) -> None:
    agency = ["--agency", "Sampleton Primary School", "--events"]
    assert "front door" in running("client", "add", "school-two", *agency, check=False)


def test_a_partner_brings_its_own_public_keys(running: Hub, tmp_path: Path) -> None:
    said = json.loads((running.var / "clients" / "police.json").read_text())["jwk"]
    public = {"keys": [{name: value for name, value in said.items() if name != "d"}]}
    (tmp_path / "keys.json").write_text(json.dumps(public))
    agency = ["--agency", "Sampleton Police", "--jwks", str(tmp_path / "keys.json")]
    running("client", "add", "police-two", *agency)
    assert not (running.var / "clients" / "police-two.json").exists()


def test_a_client_is_not_registered_where_its_key_could_not_be_kept(hub: Hub) -> None:
    hub.var.mkdir()
    (hub.var / "clients").touch()
    said = hub("client", "add", "new-one", "--agency", "A", "--kind", "school", check=False)
    assert "No key can be kept" in said
    assert not (hub.var / "postgres").exists()


def test_health_is_told_by_the_exit_code(running: Hub, free_port: int) -> None:
    running("healthy", str(running.port))
    assert running("healthy", str(free_port), check=False).startswith("1 ")


def test_a_service_nobody_knows_is_told(hub: Hub) -> None:
    assert ", ".join(SERVICES) in hub("serve", "kitchen", check=False)


def test_a_service_that_is_told_nothing_says_what_it_must_be_told(hub: Hub) -> None:
    said = hub("serve", "referral", check=False)
    assert "REFERRAL_DATABASE_URL" in said
    assert "Traceback" not in said


def test_the_demo_plays_a_familys_whole_way_and_the_feed_tells_it(running: Hub) -> None:
    story = running("demo")
    assert "The family's reference is" in story
    assert story.count("curl -sS") > 30
    told = running("events", "tail", "school", "--no-follow").splitlines()
    kinds = [json.loads(event)["type"] for event in told]
    heard = ("submitted", "acknowledged", "decided", "allocated", "declined", "accepted", "closed")
    for fact in heard:
        assert f"uk.earlyhelp.referral.{fact}.v1" in kinds


def test_the_demo_plays_only_where_the_hub_serves(running: Hub) -> None:
    said = running("demo", "--authority", "nowhere", check=False)
    assert "This hub serves sample" in said


def test_seeding_sends_as_many_as_asked(running: Hub) -> None:
    assert "40 referrals taken" in running("seed", "--referrals", "40")
    told = running("events", "tail", "--no-follow").splitlines()
    submitted = [event for event in told if "referral.submitted" in event]
    assert len(submitted) >= 40


def test_nothing_is_parked_and_nothing_to_replay(running: Hub) -> None:
    assert "Nothing is parked" in running("dead", "list")
    assert "0 had their effect" in running("dead", "replay")


@pytest.mark.parametrize("which", ["tokens", "internal", *SERVICES])
def test_keys_are_renewed_with_overlap(running: Hub, which: str) -> None:
    before = running("token", "school")
    running("keys", "rotate", which)
    assert workers(running, before) == 200
    assert workers(running, running("token", "school")) == 200


def test_a_key_nobody_knows_is_told(running: Hub) -> None:
    known = ", ".join(("tokens", "internal", *SERVICES))
    assert known in running("keys", "rotate", "house", check=False)


def test_the_databases_of_a_stopped_hub_are_brought_up_to_date(hub: Hub) -> None:
    assert f"Up to date: {', '.join(SERVICES)}" in hub("migrate")
    assert f"Up to date: {', '.join(SERVICES)}" in hub("migrate")
