"""Install the hub into `.venv`, with nothing but Python 3.11: no pip, no venv, no root.

It downloads the `uv` that uv.lock names, checks its hash and lets it install the rest. What is
already installed is not touched: a second run takes a tenth of a second.
"""

import argparse
import hashlib
import io
import os
import platform
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHUNK = 1 << 18
PLATFORMS = {
    ("Linux", "x86_64"): "manylinux_2_17_x86_64",
    ("Linux", "aarch64"): "manylinux_2_17_aarch64",
    ("Darwin", "arm64"): "macosx_11_0_arm64",
    ("Darwin", "x86_64"): "macosx_10_12_x86_64",
}


class CannotInstall(Exception):
    """What stands in the way, and what to do about it."""


def main() -> None:
    """Install what is missing, or say in one sentence what to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    dev = parser.parse_args().dev
    os.umask(0o022)  # root's PostgreSQL runs under another account, which must read the wheels
    try:
        install(ROOT, dev=dev)
    except CannotInstall as problem:
        sys.exit(f"\n{problem}")


def install(root: Path, *, dev: bool) -> None:
    """Bring `.venv` in step with uv.lock, unless it is."""
    if sys.version_info[:2] != (3, 11):
        raise CannotInstall(
            f"The hub runs on Python 3.11, this is {platform.python_version()}. "
            "Say which to use: make PYTHON=/path/to/python3.11"
        )
    stamp, wanted = root / "var" / "installed", fingerprint(root)
    done = stamp.read_text().split() if stamp.exists() else []
    enough = {"dev"} if dev else {"dev", "run"}
    if done[:1] == [wanted] and enough & set(done[1:]) and (root / ".venv/bin/hub").exists():
        return
    uv = fetch_uv(root)
    stamp.unlink(missing_ok=True)
    sync(uv, root, dev=dev)
    stamp.write_text(f"{wanted} {'dev' if dev else 'run'}\n")


def fingerprint(root: Path) -> str:
    """What the installation depends on: the lock, the project and its place."""
    parts = [(root / name).read_bytes() for name in ("uv.lock", "pyproject.toml")]
    return hashlib.sha256(b"\0".join([*parts, os.fsencode(root)])).hexdigest()


def locked_wheel(lock: dict[str, Any], system: str, machine: str) -> dict[str, Any]:
    """The entry of uv.lock for the `uv` wheel of this platform."""
    tag = PLATFORMS.get((system, machine))
    packages = [package for package in lock["package"] if package["name"] == "uv"]
    for wheel in packages[0]["wheels"] if packages else []:
        if tag and tag in wheel["url"]:
            return dict(wheel)
    raise CannotInstall(
        f"There is no ready `uv` for {system} on {machine}. "
        "Install uv yourself, then run: uv sync --locked"
    )


def fetch_uv(root: Path) -> Path:
    """The locked `uv`, downloaded once into var/bin."""
    wheel = locked_wheel(
        tomllib.loads((root / "uv.lock").read_text()), platform.system(), platform.machine()
    )
    expected = wheel["hash"].removeprefix("sha256:")
    program = root / "var" / "bin" / f"uv-{expected[:12]}"
    if program.exists():
        return program
    content = download(wheel["url"], wheel.get("size", 0))
    if hashlib.sha256(content).hexdigest() != expected:
        raise CannotInstall(
            f"What came from {wheel['url']} is not what uv.lock names: something on the way "
            "changed it. Nothing was installed. Ask who runs your network's proxy."
        )
    program.parent.mkdir(parents=True, exist_ok=True)
    unfinished = program.with_suffix(".part")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".data/scripts/uv"))
        unfinished.write_bytes(archive.read(name))
    unfinished.chmod(0o755)
    unfinished.replace(program)
    return program


def download(url: str, size: int) -> bytes:
    """The content of a URL, with its progress on the terminal."""
    got = io.BytesIO()
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - from uv.lock
            while chunk := answer.read(CHUNK):
                got.write(chunk)
                show_progress(got.tell(), size)
    except (urllib.error.URLError, OSError) as error:
        raise CannotInstall(
            f"{url} cannot be reached: {getattr(error, 'reason', error)}. The first start needs "
            "the internet; behind a proxy set https_proxy, for its certificate SSL_CERT_FILE."
        ) from error
    return got.getvalue()


def show_progress(done: int, size: int) -> None:
    """One line that grows, on a terminal; in a log only the last."""
    if sys.stderr.isatty() or done == size:
        end = "\n" if done == size else ""
        line = f"\rDownloading uv  {done / 1e6:5.1f} of {size / 1e6:.1f} MB{end}"
        print(line, end="", file=sys.stderr, flush=True)  # noqa: T201 - the script's own output


def sync(uv: Path, root: Path, *, dev: bool) -> None:
    """Let uv install what the lock names, with this Python and the machine's own certificates."""
    choice = ["--all-groups"] if dev else ["--no-dev", "--inexact"]
    command = [str(uv), "sync", "--locked", "--compile-bytecode", *choice]
    command += ["--python", sys.executable]
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "true"}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(command, cwd=root, env=environment, check=False)  # noqa: S603
    if done.returncode != 0:
        raise CannotInstall("uv could not install the hub; what it said stands above.")


if __name__ == "__main__":
    main()
