"""The installer takes what uv.lock names, and nothing that somebody changed on the way."""

import hashlib
import importlib.util
import io
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def script(name: str) -> ModuleType:
    """A script of deploy/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "deploy" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = script("bootstrap")
system_packages = script("system_packages")


@pytest.fixture(scope="module")
def lock() -> dict[str, Any]:
    return tomllib.loads((ROOT / "uv.lock").read_text())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose lock names a wheel that is a file beside it."""
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("uv-1.data/scripts/uv", "#!/bin/sh\n")
    file = tmp_path / "uv-1-py3-none-manylinux_2_17_x86_64.whl"
    file.write_bytes(wheel.getvalue())
    entry = f'{{ url = "{file.as_uri()}", hash = "sha256:{_sha256(file)}", size = 1 }}'
    (tmp_path / "uv.lock").write_text(f'[[package]]\nname = "uv"\nwheels = [{entry}]\n')
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(("system", "machine"), bootstrap.PLATFORMS)
def test_the_lock_has_a_uv_for_every_platform_we_name(
    lock: dict[str, Any], system: str, machine: str
) -> None:
    wheel = bootstrap.locked_wheel(lock, system, machine)
    assert wheel["hash"].startswith("sha256:")


def test_an_unknown_platform_is_told_what_to_do(lock: dict[str, Any]) -> None:
    with pytest.raises(bootstrap.CannotInstall, match="Install uv yourself"):
        bootstrap.locked_wheel(lock, "Linux", "vax")


def test_uv_is_taken_out_of_its_wheel_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: "x86_64")
    program = bootstrap.fetch_uv(project)
    assert program.stat().st_mode & 0o111
    assert program.parent == project / "var" / "bin"
    monkeypatch.setattr(bootstrap, "download", None)
    assert bootstrap.fetch_uv(project) == program


def test_a_wheel_that_was_changed_on_the_way_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: "x86_64")
    next(project.glob("*.whl")).write_bytes(b"something else")
    with pytest.raises(bootstrap.CannotInstall, match="not what"):
        bootstrap.fetch_uv(project)
    assert not (project / "var").exists()


def test_without_the_network_it_says_what_the_first_start_needs(tmp_path: Path) -> None:
    with pytest.raises(bootstrap.CannotInstall, match="https_proxy"):
        bootstrap.download((tmp_path / "nowhere").as_uri(), 0)


def test_a_second_run_installs_nothing_until_the_lock_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[bool] = []
    (project / "var").mkdir()
    (project / ".venv/bin").mkdir(parents=True)
    (project / ".venv/bin/hub").touch()
    monkeypatch.setattr(bootstrap, "fetch_uv", lambda _: Path("uv"))
    monkeypatch.setattr(bootstrap, "sync", lambda *_, dev: runs.append(dev))
    for dev in (False, False, True, True, False):
        bootstrap.install(project, dev=dev)
    assert runs == [False, True]
    (project / "pyproject.toml").write_text("# changed")
    bootstrap.install(project, dev=False)
    assert runs == [False, True, False]


def test_another_python_is_told_which_one_is_needed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 13, 0))
    with pytest.raises(bootstrap.CannotInstall, match=r"Python 3\.11"):
        bootstrap.install(project, dev=False)


def test_no_registry_is_named_in_the_installer() -> None:
    text = (ROOT / "deploy" / "bootstrap.py").read_text()
    assert "://" not in text


def test_an_ordinary_user_is_given_the_one_line_to_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda *_, path: None)
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as ended:
        system_packages.main()
    assert (
        "apt-get install --yes --no-install-recommends "
        "default-jre-headless maven nginx docker-compose chromium" in str(ended.value)
    )


def test_nothing_is_asked_for_when_everything_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda *_, path: "/usr/bin/true")
    system_packages.main()
