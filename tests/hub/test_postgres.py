"""The embedded PostgreSQL starts whatever was left behind, and wherever it is started."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hub.postgres import PostgresFailed, PostgresServer
from shared.db import Database
from tests.hub.conftest import open_folder


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """A folder whose data goes from one test to the next."""
    with open_folder() as folder:
        yield folder


@pytest.fixture
def server(kept: Path) -> Iterator[PostgresServer]:
    with PostgresServer(kept, durable=False) as server:
        yield server


def test_it_speaks_over_a_socket_that_only_its_owner_can_reach(server: PostgresServer) -> None:
    assert server.sql("show listen_addresses") == ""
    assert server.socket_folder.stat().st_mode & 0o077 == 0
    assert server.url("referral").startswith("postgresql+asyncpg://referral@/referral?host=")


def test_it_sorts_and_folds_letters_the_same_everywhere(server: PostgresServer) -> None:
    assert server.sql("select lower('É'), datcollate from pg_database limit 1") == "é|C.UTF-8"


def test_every_database_is_closed_to_the_other_roles(server: PostgresServer) -> None:
    server.create_database("gateway")
    server.create_database("referral")
    can = "select has_database_privilege('{}', 'referral', 'connect')"
    assert server.sql(can.format("referral")) == "t"
    assert server.sql(can.format("gateway")) == "f"


def test_a_database_is_copied_from_a_template_and_removed(server: PostgresServer) -> None:
    server.create_database("pattern")
    server.sql("create table kept (number int)", "pattern")
    server.create_database("copy", owner="pattern", template="pattern")
    assert server.sql("select count(*) from kept", "copy") == "0"
    server.drop_database("copy")
    assert server.sql("select count(*) from pg_database where datname = 'copy'") == "0"


def test_what_was_committed_is_there_after_a_kill(server: PostgresServer) -> None:
    server.sql("create table if not exists survived (number int); insert into survived values (1)")
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.start()
    assert server.pid != pid
    assert server.sql("select number from survived") == "1"


def test_a_server_left_by_a_killed_launcher_is_stopped_and_started_anew(kept: Path) -> None:
    launch = "from pathlib import Path; from hub.postgres import PostgresServer; import os, sys; "
    launch += "PostgresServer(Path(sys.argv[1])).start(); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", launch, str(kept)], check=False)
    left = PostgresServer(kept, durable=False)
    pid = left.pid
    assert pid is not None
    with left as server:
        assert server.pid not in (None, pid)
        assert server.sql("show fsync") == "off"
    assert left.pid is None


def test_a_pid_file_that_names_somebody_else_is_not_believed(kept: Path) -> None:
    server = PostgresServer(kept, durable=False)
    server.start()
    noted = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        (server.data / "postmaster.pid").write_text("\n".join([str(sleeper.pid), *noted[1:]]))
        assert server.pid is None
        with server:
            assert server.sql("select 1") == "1"
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_locale_that_was_never_generated_and_a_narrow_umask_do_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    monkeypatch.setenv("PGPORT", "1")
    before = os.umask(0o077)
    try:
        with PostgresServer(folder / "fresh", durable=False) as server:
            assert server.sql("select 1") == "1"
    finally:
        os.umask(before)


def test_a_folder_with_a_long_name_gets_a_short_socket(folder: Path) -> None:
    with PostgresServer(folder / ("long" * 30), durable=False) as server:
        assert server.sql("select 1") == "1"
        assert len(str(server.socket_folder)) < 100


def test_a_data_folder_half_made_is_made_again(folder: Path) -> None:
    server = PostgresServer(folder / "half", durable=False)
    (server.folder / "data.unfinished" / "base").mkdir(parents=True)
    with server:
        assert server.sql("select 1") == "1"


def test_data_of_another_version_is_refused_with_what_to_do(folder: Path) -> None:
    server = PostgresServer(folder / "old", durable=False)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(PostgresFailed, match=r"written by PostgreSQL 15.*pg_dump"):
        server.start()


def test_a_taken_port_is_told_from_its_log(folder: Path, free_port: int) -> None:
    with PostgresServer(folder / "one", port=free_port, durable=False) as server:
        server.set_password("postgres", "invented")
        with pytest.raises(PostgresFailed, match="Address already in use"):
            PostgresServer(folder / "two", port=free_port, durable=False).start()


async def test_a_folder_with_a_space_is_no_harm(folder: Path) -> None:
    with PostgresServer(folder / "my hub", durable=False) as server:
        assert server.sql("show listen_addresses") == ""
        db = Database.open(server.url("postgres"), connections=1)
        async with db.reading() as connection:
            assert await connection.scalar(text("select 1")) == 1
        await db.close()


def test_no_statement_stands_among_the_arguments_of_a_process(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, seen = subprocess.run, list[str]()

    def noting(command: Sequence[str], **told: Any) -> Any:
        seen.extend(command)
        return run(command, **told)

    monkeypatch.setattr(subprocess, "run", noting)
    server.set_password("postgres", "invented-password")
    assert any(word.endswith("/psql") for word in seen)
    assert not any("password" in word for word in seen)
    assert (
        server.sql("select rolpassword like 'SCRAM%' from pg_authid where rolname = 'postgres'")
        == "t"
    )
