"""Referrals accepted per second, the whole way, against one bare endpoint and against pgbench."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import uuid4

from benchmarks.pgbench import rows_per_second
from benchmarks.table import show, spread
from hub.client_files import read
from hub.postgres import PostgresServer
from hub.token import fetch
from services.referral.routes.example import REFERRAL

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = 8
CONNECTIONS = 16
HERE = Path(__file__).parent


@dataclass
class Measured:
    """One round of one candidate: requests a second, milliseconds."""

    rate: float
    p50: float
    p99: float


def run() -> None:
    """Interleaved rounds; ratios are made inside each round, and their median is shown."""
    if shutil.which("wrk") is None:
        sys.exit("This needs wrk: apt-get install wrk")
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        body = Path(folder) / "referral.json"
        body.write_text(json.dumps(REFERRAL))
        postgres = stack.enter_context(PostgresServer(Path(folder) / "bare"))
        postgres.create_database("bare")
        url = postgres.url("bare")
        plain = stack.enter_context(bare(url))
        tuned = stack.enter_context(bare(url, BARE_TUNED="1"))
        whole, var = stack.enter_context(hub(Path(folder) / "var"))
        found: dict[str, list[Measured]] = {"bare": [], "bare, collector tuned": [], "hub": []}
        for _ in range(ROUNDS):
            found["bare"].append(load(plain, body))
            found["bare, collector tuned"].append(load(tuned, body))
            school = read(var / "clients", "school")
            token = fetch(school, f"http://127.0.0.1:{whole}")
            found["hub"].append(load(whole, body, token, school.acting_worker or ""))
        limit = rows_per_second(var / "postgres")
    _report(found, limit)


def _report(found: dict[str, list[Measured]], limit: float) -> None:
    rates = {name: median(m.rate for m in rounds) for name, rounds in found.items()}
    rows: list[list[object]] = []
    for name, rounds in found.items():
        ratios = [m.rate / base.rate for m, base in zip(rounds, found["bare"], strict=True)]
        p50, p99 = median(m.p50 for m in rounds), median(m.p99 for m in rounds)
        rows.append([name, spread(ratios), rates[name], p50, p99, p99 / p50])
    rows.append(["pgbench, the same rows", limit / rates["bare"], limit, "", "", ""])
    show(
        f"Referrals accepted ({CONNECTIONS} connections, {ROUNDS} rounds in turn of {SECONDS} s)",
        ["candidate", "ratio to bare", "a second", "p50 ms", "p99 ms", "p99 / p50"],
        rows,
    )
    print(f"\nThe hub takes {rates['hub'] / limit:.2f} of what PostgreSQL takes from pgbench.")


def load(port: int, body: Path, token: str = "", worker: str = "") -> Measured:
    """One round of wrk. Any answer but 201 ends the benchmark."""
    said = subprocess.run(
        [
            *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(HERE / "refer.lua")),
            *(f"http://127.0.0.1:{port}", "--", str(body), uuid4().hex[:8], token, worker),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    match = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    if match is None:
        sys.exit(f"wrk said nothing to measure:\n{said}")
    requests, micros, p50, p99, refused, broken = map(int, match.groups())
    if refused or broken:
        sys.exit(f"{refused} answers were not 201 and {broken} did not come:\n{said}")
    return Measured(requests / micros * 1e6, p50 / 1000, p99 / 1000)


@contextmanager
def bare(url: str, **told: str) -> Iterator[int]:
    """The yardstick under uvicorn, as a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.bare:app", "--port", str(port)]
    environment = {**os.environ, **told, "BARE_DATABASE_URL": url}
    with ended([*command, "--no-access-log", "--log-level", "warning"], environment):
        answers(f"http://127.0.0.1:{port}/openapi.json")
        yield port


@contextmanager
def hub(var: Path, *flags: str) -> Iterator[tuple[int, Path]]:
    """`hub up`, whole, with a limit that a benchmark does not meet."""
    port = free_port()
    environment = {
        **os.environ,
        "HUB_PORT": str(port),
        "HUB_VAR": str(var),
        "GATEWAY_REQUESTS_PER_SECOND": "1000000",
        "GATEWAY_REQUEST_BURST": "1000000",
    }
    with ended([str(Path(sys.executable).parent / "hub"), "up", *flags], environment):
        answers(f"http://127.0.0.1:{port}/readyz")
        yield port, var


@contextmanager
def ended(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, asked first."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def answers(url: str, within: float = 60) -> float:
    """Wait until something answers there. Returns the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 -- loopback
        except OSError:
            time.sleep(0.01)
        else:
            return time.monotonic() - began
    sys.exit(f"Nothing answers at {url}")


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
