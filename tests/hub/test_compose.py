"""docker-compose.yml is well-formed, keeps its secrets, and says what `hub up --processes` runs."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from hub import compose, processes
from hub.postgres import INITDB, INSTALLED, SETTINGS, PostgresServer
from hub.site import ROOT, SERVICES, Ports, Site

FILE = ROOT / "docker-compose.yml"
SCHEMA = ROOT / "tests" / "contracts" / "compose-spec" / "compose-spec.json"
HERE = Ports.model_construct()


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text()))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("var"), HERE)


def test_debians_docker_compose_reads_it() -> None:
    command = shutil.which("docker-compose")
    assert command, "docker-compose is missing: make test says what to install"
    read = subprocess.run(
        [command, "--file", FILE, "config", "--quiet"], capture_output=True, text=True, check=False
    )
    assert (read.returncode, read.stderr) == (0, "")


def test_it_follows_the_compose_specification(said: dict[str, Any]) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    assert [error.message for error in validator.iter_errors(said)] == []
    wrong = said | {"services": {"nginx": {"image": 1}}}
    assert not validator.is_valid(wrong)


def test_its_processes_are_those_that_the_command_runs(said: dict[str, Any], site: Site) -> None:
    ours = {"postgres", "kafka", *processes.programs(site)}
    once = {"migrate"}  # the command migrates before it starts anything
    assert set(said["services"]) == ours | once


@pytest.mark.parametrize("service", SERVICES)
def test_services_are_told_the_same_names(said: dict[str, Any], site: Site, service: str) -> None:
    told = site.environment(service, "postgresql://", kafka=True, processes=True)
    assert set(said["services"][service]["environment"]) == set(told)


@pytest.mark.parametrize("service", SERVICES)
def test_services_listen_on_the_same_ports_with_the_same_command(
    said: dict[str, Any], site: Site, service: str
) -> None:
    ours = processes.programs(site)[service].command[3:]
    theirs = said["services"][service]["command"]
    assert [word.replace("127.0.0.1", compose.ANYWHERE) for word in ours] == theirs


def test_what_partners_reach_is_published_on_this_machine_alone(said: dict[str, Any]) -> None:
    published = {
        name: service["ports"] for name, service in said["services"].items() if "ports" in service
    }
    assert published == {
        "nginx": [f"127.0.0.1:${{HUB_PORT:-{HERE.hub_port}}}:{HERE.hub_port}"],
        "kafka": [
            f"127.0.0.1:${{KAFKA_PARTNER_PORT:-{HERE.kafka_partner_port}}}:{HERE.kafka_partner_port}"
        ],
    }


def test_databases_are_made_with_the_same_settings(said: dict[str, Any]) -> None:
    postgres = said["services"]["postgres"]
    ours = {f"{name}={value}" for name, value in SETTINGS.items()}
    assert ours <= set(postgres["command"])
    assert f"port={HERE.postgres_port}" in postgres["command"]
    for option in postgres["environment"]["POSTGRES_INITDB_ARGS"].split():
        assert option in INITDB


def test_every_secret_is_a_file_that_the_command_makes(said: dict[str, Any], site: Site) -> None:
    site.create_secrets()
    for name, secret in said["secrets"].items():
        made = site.var / Path(secret["file"]).relative_to("var")
        assert made.stat().st_mode & 0o077 == 0, name
    given = [name for service in said["services"].values() for name in service.get("secrets", ())]
    assert set(given) == set(said["secrets"])


def test_no_password_stands_in_it(said: dict[str, Any]) -> None:
    for service in said["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name:
                assert name.endswith("_FILE")
            assert not re.search(r"://[^/@]+:[^/@]+@", str(value))


def test_everything_that_goes_on_running_says_whether_it_is_healthy(said: dict[str, Any]) -> None:
    for name, service in said["services"].items():
        if service["restart"] != "no":
            assert "healthcheck" in service, name
        for needed, wanted in service.get("depends_on", {}).items():
            assert wanted["condition"] in ("service_healthy", "service_completed_successfully")
            assert needed in said["services"]


@pytest.mark.parametrize("file", compose.rendered(), ids=lambda file: str(file.name))
def test_what_is_mounted_is_rendered_from_the_same_templates(file: Path) -> None:
    wanted = compose.rendered()[file]
    if os.environ.get("REWRITE"):
        file.write_text(wanted)
    assert file.read_text() == wanted, "run `make docs`, then look at what changed"


@pytest.fixture
def empty_server(folder: Path) -> Iterator[PostgresServer]:
    with PostgresServer(folder / "postgres", durable=False) as server:
        yield server


def test_the_containers_script_makes_a_closed_database_for_each_service(
    empty_server: PostgresServer, site: Site, tmp_path: Path
) -> None:
    site.create_secrets()
    psql, seen = tmp_path / "psql", tmp_path / "seen"
    psql.write_text(f'#!/bin/sh\necho "$@" >> {seen}\nexec {INSTALLED / "bin" / "psql"} "$@"\n')
    psql.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "PGHOST": str(empty_server.socket_folder),
        "SECRETS": str(site.var / "secrets"),
    }
    script = ROOT / "deploy" / "postgres" / "databases.sh"
    newest = site.password_file("directory")
    later = newest.rename(tmp_path / newest.name)
    subprocess.run([script], env=environment, check=True)
    assert empty_server.sql("select count(*) from pg_database where datname = 'directory'") == "0"
    later.rename(newest)  # an update has brought it
    subprocess.run([script], env=environment, check=True)
    owners = "select datname from pg_database where datname = pg_get_userbyid(datdba) order by 1"
    assert empty_server.sql(owners).split() == sorted(["postgres", *SERVICES])
    can = "select has_database_privilege('gateway', 'referral', 'connect')"
    assert empty_server.sql(can) == "f"
    arguments = seen.read_text()
    assert "--set=service=referral" in arguments
    assert not any(site.password_file(name).read_text() in arguments for name in SERVICES)
    sealed = "select count(*) from pg_authid where rolpassword like 'SCRAM%'"
    assert empty_server.sql(sealed) == str(len(SERVICES))
