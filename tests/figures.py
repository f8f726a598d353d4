"""What the proofs measured, printed when all tests are done, with how many there were of a kind."""

from collections.abc import Callable
from typing import Any

import pytest

LINES = pytest.StashKey[list[str]]()
KINDS: dict[str, Callable[[pytest.TestReport], bool]] = {
    "Kafka": lambda report: "kafka" in report.keywords,
    "journey": lambda report: "journey" in report.keywords,
    "fault": lambda report: report.nodeid.startswith("tests/faults/"),
}
"""The kinds of tests that are counted; a test can be of several."""

Figures = Callable[..., None]


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Leaves a line for the end: `figures("Kafka stopped", seconds=15, taken=210)`."""
    lines = request.config.stash.setdefault(LINES, [])

    def leave(what: str, **found: Any) -> None:
        said = (f"{name.replace('_', ' ')} {value}" for name, value in found.items())
        lines.append(f"{what}: {', '.join(said)}")

    return leave


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes hands its lines to the one that prints."""
    if handed := getattr(session.config, "workeroutput", None):
        handed["figures"] = session.config.stash.get(LINES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    lines = node.config.stash.setdefault(LINES, [])
    lines += getattr(node, "workeroutput", {}).get("figures", [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The lines that tests left, and the counts of each kind by outcome."""
    lines = config.stash.get(LINES, [])
    for kind, is_one in KINDS.items():
        counts = {
            outcome: sum(map(is_one, _of_tests(terminalreporter.getreports(outcome))))
            for outcome in ("passed", "failed", "error", "skipped")
        }
        if told := ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count):
            lines.append(f"{kind} tests: {told}")
    if lines:
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


def _of_tests(reports: list[Any]) -> list[pytest.TestReport]:
    """Without those of files that could not be read."""
    return [report for report in reports if isinstance(report, pytest.TestReport)]
