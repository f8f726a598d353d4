"""What a newcomer is told is true: commands, files and links of the README and the Makefile."""

import re
import subprocess

import pytest

from hub import banner
from hub.site import ROOT, Ports, Site

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE)


def test_the_makefile_fits_on_one_screen() -> None:
    assert 2 <= len(TARGETS) <= 12
    declared = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert declared is not None
    assert set(declared[1].split()) == set(TARGETS)


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in TARGETS:
        assert f"make {target} " in listed


def test_the_two_commands_are_targets_and_continuous_integration_runs_the_second() -> None:
    for command in re.findall(r"^make ([a-z]+)", README, re.MULTILINE):
        assert command in TARGETS
    assert "exec make test" in (ROOT / ".ci" / "run").read_text()
    assert re.search(r"^make test ", README, re.MULTILINE)


def test_the_first_referral_is_the_one_that_the_hub_prints() -> None:
    site = Site(ROOT / "var", Ports.model_construct())
    for line in banner.referral(site).splitlines():
        assert line in README


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)]+)\)", README))
def test_links_of_the_readme_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_decisions_are_numbered_once_and_have_their_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [file.name[:4] for file in decisions]
    assert len(decisions) > 5
    assert len(numbers) == len(set(numbers))
    for file in decisions:
        text = file.read_text()
        parts = ("\nArea: ", "\n## Context\n", "\n## Decision\n", "\n## Consequences\n")
        assert text.startswith(f"# {int(file.name[:4])}. "), file.name
        assert all(part in text for part in parts), file.name
