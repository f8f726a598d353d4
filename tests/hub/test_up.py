"""`hub up` prints what one needs, stops what it started, and goes on with the same data."""

import json
import re
import signal
import subprocess
from pathlib import Path

import httpx2
import psutil

from hub.sample import partners_of
from hub.site import AUTHORITY, ROOT
from services.referral.routes.example import REFERRAL
from shared.authority import load
from tests.hub.conftest import Hub


def children_of(hub: Hub) -> list[psutil.Process]:
    """Every process of this hub's folder, whoever is its parent now."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(hub.var) in word for word in process.info["cmdline"] or ())
    ]


def refer(hub: Hub, printed: str) -> dict[str, str]:
    """Do what the printed lines say, in a shell, as a newcomer would."""
    lines = printed[printed.index("TOKEN=") : printed.index("Then .venv")]
    shell = ["bash", "-euo", "pipefail", "-c", lines]
    done = subprocess.run(
        shell, cwd=ROOT, env=hub.environment, capture_output=True, text=True, check=True
    )
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def test_the_printed_lines_refer_a_family_that_is_found_again_after_a_restart(hub: Hub) -> None:
    printed = hub.up()
    for wanted in ("/docs", "/openapi.json", "school", "gp", "police", "housing", "front-door"):
        assert wanted in printed
    referral = refer(hub, printed)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{5}-[0-9A-Z]", referral["reference"])
    assert hub.end() == 0
    assert children_of(hub) == []

    hub.up()
    headers = {
        "Authorization": f"Bearer {hub('token', 'school').strip()}",
        "Acting-Worker": "T-100",
        "Purpose": "early_help",
    }
    found = httpx2.get(f"{hub.url}/api/v1/referrals/{referral['id']}", headers=headers)
    assert found.json()["reference"] == referral["reference"]


def test_keys_and_the_log_are_for_their_owner_alone(running: Hub) -> None:
    keys = list((running.var / "clients").glob("*.json"))
    partners = partners_of(load(AUTHORITY))
    assert {key.stem for key in keys} == {partner.client_id for partner in partners}
    secret = [
        running.var / "hub.log",
        *keys,
        *(running.var / "keys").iterdir(),
        *(running.var / "secrets").iterdir(),
    ]
    assert {file.stat().st_mode & 0o777 for file in secret} == {0o600}


def test_a_port_in_use_is_told_with_a_free_one(running: Hub, hub: Hub) -> None:
    hub.environment["HUB_PORT"] = str(running.port)
    said = hub("up", check=False)
    assert f"Port {running.port} is in use" in said
    assert "HUB_PORT=" in said
    assert not (hub.var / "postgres").exists()


def test_two_hubs_do_not_share_one_folder(running: Hub, hub: Hub) -> None:
    hub.environment["HUB_VAR"] = str(running.var)
    assert "A hub is running with the data in" in hub("up", check=False)


def test_a_hub_that_was_killed_starts_again_over_what_it_left(hub: Hub) -> None:
    hub.up()
    hub.end(signal.SIGKILL)
    left = [process for process in children_of(hub) if process.name() == "postgres"]
    assert left, "PostgreSQL outlives its launcher: that is the trap"
    hub.up()
    assert httpx2.get(f"{hub.url}/readyz").status_code == 200
    assert hub.end(signal.SIGTERM) == 0
    assert children_of(hub) == []


def test_the_example_to_send_is_that_of_the_documentation() -> None:
    file = ROOT / "deploy" / "examples" / "referral.json"
    assert json.loads(file.read_text()) == REFERRAL


def test_the_log_names_nobody(running: Hub, tmp_path: Path) -> None:
    running("demo")
    log = (running.var / "hub.log").read_text()
    assert "/api/v1/referrals" in log
    for name in ("Pretendle", "Examplewick", "Sampleford", "Nowhere Lane", "ZZ99", "01632"):
        assert name not in log
