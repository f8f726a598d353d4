"""Nothing grows beyond what one reads at one sitting: files of 300 lines, functions of 40."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("services", "gateway", "shared", "hub", "deploy", "tests", "benchmarks")
FILE_LINES = 300
FUNCTION_LINES = 40


def code_files() -> list[Path]:
    """Our Python, without migrations: those are written once and read seldom."""
    files = [file for part in CODE for file in (ROOT / part).rglob("*.py")]
    return sorted(file for file in files if not {"versions", "node_modules"} & set(file.parts))


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Each function with its length, from `def` to its last line; decorators do not count."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_there_is_code_to_look_at() -> None:
    assert len(code_files()) > 20


@pytest.mark.parametrize("file", code_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_files_and_functions_stay_small(file: Path) -> None:
    lines = len(file.read_text().splitlines())
    assert lines <= FILE_LINES, f"{lines} lines: split it by noun"
    long = {name: length for name, length in functions(file) if length > FUNCTION_LINES}
    assert not long, f"split these functions by what they do: {long}"
