"""`hub authority …`, and a hub that serves several authorities or cannot serve one."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from hub.authorities import parts
from shared.authority import Authorities
from shared.settings import SHIPPED, authority_files
from tests.authorities import INVENTED
from tests.hub.conftest import Hub, open_folder

NAMES = sorted(file.stem for file in SHIPPED.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shipped_can_be_used(hub: Hub, name: str) -> None:
    said = hub("authority", "check", str(SHIPPED / f"{name}.yaml"))
    assert f"({name})" in said


def test_a_bad_file_is_told_with_all_its_faults_and_exit_code_1(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    text = INVENTED.read_text().replace("decide:\n    starts: [submit", "decide:\n    starts: [fly")
    file.write_text(text.replace("drafts: { days: 14", "drafts: { day: 14"))
    lines = {
        words: number
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        for words in ("starts: [fly", "day: 14")
        if words in line
    }

    said = hub("authority", "check", str(file), check=False)

    assert said.startswith("1 ")
    assert f"{file}:{lines['starts: [fly']}:14: clocks.decide.starts.0: " in said
    assert f"{file}:{lines['day: 14']}:11: drafts.day: there is no setting of this name" in said
    assert "days is missing here" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("words", [("check", "nowhere.yaml"), ("show", "nowhere")])
def test_a_file_that_is_not_there_is_told(hub: Hub, words: tuple[str, str]) -> None:
    said = hub("authority", *words, check=False)
    assert said.startswith("1 ")
    assert "barnet, herefordshire, hounslow" in said


@pytest.mark.parametrize("name", [*NAMES, str(INVENTED)])
def test_an_authority_is_shown_with_each_figures_source(hub: Hub, name: str) -> None:
    hub.environment["COLUMNS"] = "2000"
    (authority,) = Authorities.load(authority_files(name)).values()
    said = hub("authority", "show", name)
    assert authority.name in said
    assert " → ".join(authority.way) in said
    every = list(parts(authority))
    assert len(every) > 40
    for part in every:
        assert part.place in said
        assert str(part.source) in said


@pytest.fixture(scope="module")
def several() -> Iterator[Hub]:
    """A hub that serves the sample, Barnet, and one that nobody shipped."""
    with open_folder() as folder:
        own = Hub(folder / "var")
        own.environment["HUB_AUTHORITIES"] = f"sample,barnet,{INVENTED}"
        own.up()
        yield own
        own.end()


def own_authority(hub: Hub, client: str) -> httpx2.Response:
    """What this client reads of its authority."""
    headers = {"Authorization": f"Bearer {hub('token', client).strip()}"}
    return httpx2.get(f"{hub.url}/api/v1/authority", headers=headers)


def test_each_agency_follows_its_own_authority(several: Hub) -> None:
    school = ["--agency", "Invented School", "--kind", "school"]
    several("client", "add", "barnets", *school, "--authority", "barnet")
    several("client", "add", "inventshires", *school, "--authority", "inventshire")
    assert own_authority(several, "school").json()["id"] == "sample"
    assert own_authority(several, "barnets").json()["id"] == "barnet"
    assert own_authority(several, "inventshires").json()["id"] == "inventshire"
    listed = several("client", "list")
    assert "inventshire" in listed


def test_which_of_several_is_asked(several: Hub) -> None:
    new = ["client", "add", "which", "--agency", "Nobody Knows", "--kind", "school"]
    for words in (new, [*new, "--authority", "reading"]):
        said = several(*words, check=False)
        assert said.startswith("1 ")
        assert "sample, barnet, inventshire" in said


def test_agencies_of_one_name_are_told_apart(several: Hub) -> None:
    school = ["--agency", "Twice School", "--kind", "school"]
    several("client", "add", "twice-one", *school, "--authority", "barnet")
    several("client", "add", "twice-two", *school, "--authority", "sample")
    who = ["--agency", "Twice School", "--name", "Wanda Madeup", "--job-title", "Teacher"]
    said = several("worker", "add", "W-1", *who, check=False)
    assert said.startswith("1 ")
    assert "barnet, sample" in said
    assert "W-1" in several("worker", "add", "W-1", *who, "--authority", "barnet")


@pytest.mark.parametrize(
    ("named", "told"),
    [("reeding", "cannot be read"), (",", "at least one authority"), ("bad.yaml", "bad.yaml:1:1")],
)
def test_a_hub_that_cannot_serve_says_so_before_anything_starts(
    hub: Hub, tmp_path: Path, named: str, told: str
) -> None:
    (tmp_path / "bad.yaml").write_text("id: bad\n")
    hub.environment["HUB_AUTHORITIES"] = named.replace("bad", str(tmp_path / "bad"))
    said = hub("up", check=False)
    assert said.startswith("1 ")
    assert told in said
    assert "Traceback" not in said
    assert not (hub.var / "postgres").exists()
