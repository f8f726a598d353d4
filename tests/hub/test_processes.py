"""`hub up --processes`: nginx, every service, PostgreSQL and Kafka, watched over."""

import io
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest
from rich.console import Console

from hub.processes import watch
from hub.program import Program, answers
from hub.site import Ports
from hub.trouble import Trouble
from tests.hub.conftest import Hub
from tests.hub.test_up import children_of
from tests.kafka_fixture import free_port, jars

PORTS = [name.upper() for name in Ports.model_fields if name != "hub_port"]


@pytest.fixture
def program(folder: Path) -> Iterator[Program]:
    """A program that answers on a port and leaves a child behind when it is killed."""
    port = free_port()
    listen = f"os.fork() and setattr(os, 's', socket.create_server(('127.0.0.1', {port})))"
    code = f"import os, socket, time; {listen}; time.sleep(600)"  # who answers has its child
    made = Program("sample", ["python3", "-c", code], port=port, folder=folder, environment={})
    yield made
    made.stop()


def family(pid: int) -> list[int]:
    """Every process of this session."""
    return [one for one in psutil.pids() if _session(one) == pid]


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def test_a_program_is_started_found_again_and_stopped(program: Program) -> None:
    program.start()
    pid = program.pid
    assert pid is not None
    assert len(family(pid)) == 2
    assert program.log.stat().st_mode & 0o777 == 0o600
    program.stop()
    assert program.pid is None
    assert family(pid) == []


def test_what_a_killed_program_left_behind_makes_way_for_the_next(program: Program) -> None:
    program.start()
    first = program.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first)], 5)
    assert program.pid is None
    program.start()
    assert program.pid not in (None, first)
    assert [one for one in family(first) if psutil.pid_exists(one)] == []


def test_a_stranger_with_the_same_number_is_left_alone(program: Program, folder: Path) -> None:
    (folder / "sample.pid").write_text(f"{os.getpid()} 1.0")
    assert program.pid is None
    program.start()
    assert psutil.pid_exists(os.getpid())


def test_a_program_that_does_not_start_is_told_with_its_log(folder: Path) -> None:
    words = ["python3", "-c", "raise SystemExit('no such luck')"]
    broken = Program("broken", words, port=free_port(), folder=folder, environment={})
    with pytest.raises(Trouble, match="no such luck"):
        broken.start()


def test_a_child_that_keeps_dying_stops_the_hub() -> None:
    class Dying:
        pid = None
        starts = 0

        def start(self) -> None:
            self.starts += 1

        def stop(self) -> None:
            """Nothing to stop."""

    child, said = Dying(), io.StringIO()
    with pytest.raises(Trouble, match="died 5 times"):
        watch({"referral": child}, Console(file=said))
    assert child.starts == 4
    assert "referral died and is started again" in said.getvalue()


@pytest.fixture
def hub_with_kafka(hub: Hub) -> Hub:
    """A hub with ports of its own for everything, and the jars that are there already."""
    hub.environment |= {name: str(free_port()) for name in PORTS}
    (hub.var / "kafka").mkdir(parents=True)
    (hub.var / "kafka" / "libs").symlink_to(jars())
    return hub


@pytest.mark.kafka
def test_one_process_with_a_real_broker_opens_the_listener_for_partners(
    hub_with_kafka: Hub,
) -> None:
    printed = hub_with_kafka.up("--kafka")
    port = hub_with_kafka.environment["KAFKA_PARTNER_PORT"]
    assert f"Kafka, for the front door 127.0.0.1:{port}" in printed
    assert answers(int(port))
    assert "The family's reference is" in hub_with_kafka("demo")
    assert hub_with_kafka.end() == 0
    assert not answers(int(port))


@pytest.mark.kafka
def test_the_same_processes_as_under_docker_refer_and_come_back_after_a_kill(
    hub_with_kafka: Hub,
) -> None:
    hub = hub_with_kafka
    assert "Kafka, for the front door" in hub.up("--processes")
    assert "The family's reference is" in hub("demo")
    gateway = int((hub.var / "run" / "gateway.pid").read_text().split()[0])
    os.kill(gateway, signal.SIGKILL)
    _wait_until_ready(hub)
    assert "gateway died and is started again" in hub.var.with_suffix(".out").read_text()
    assert "The family's reference is" in hub("demo")
    assert hub.end() == 0
    assert children_of(hub) == []


def _wait_until_ready(hub: Hub) -> None:
    """Until the door answers again, with another gateway behind it."""
    deadline = time.monotonic() + 60
    out = hub.var.with_suffix(".out")
    while "gateway died" not in out.read_text() or not _is_ready(hub):
        assert time.monotonic() < deadline, out.read_text()
        time.sleep(0.2)


def _is_ready(hub: Hub) -> bool:
    try:
        return httpx2.get(f"{hub.url}/readyz").status_code == 200
    except httpx2.TransportError:
        return False
