"""Start-up time and memory of `hub up`, first and second start, against their limits."""

import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.accepted import hub
from benchmarks.table import show
from hub.postgres import PostgresServer

LIMIT_SECONDS = 10.0
LIMIT_MEGABYTES = 500.0


def run() -> None:
    """Two starts on the same data; memory of every process, shared pages counted once (PSS)."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        Path(folder).chmod(0o755)
        for start in ("first start", "second start, the same data"):
            began = time.monotonic()
            with hub(Path(folder) / "var"):
                seconds = time.monotonic() - began
                time.sleep(2)
                used = _megabytes(Path(folder) / "var")
            rows.append([start, seconds, seconds / LIMIT_SECONDS, used, used / LIMIT_MEGABYTES])
    show(
        f"`hub up` (limits: {LIMIT_SECONDS:.0f} s, {LIMIT_MEGABYTES:.0f} MB resident in all)",
        ["", "seconds", "of the limit", "MB", "of the limit"],
        rows,
    )


def _megabytes(var: Path) -> float:
    """What the hub's process and PostgreSQL with all its own hold resident."""
    server = PostgresServer(var / "postgres").pid
    assert server is not None, "PostgreSQL is not running"
    roots = [*psutil.Process().children(), psutil.Process(server)]
    family = [process for root in roots for process in (root, *root.children(recursive=True))]
    return sum(process.memory_full_info().pss for process in family) / 1e6
