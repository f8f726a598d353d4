"""What the tests need from Debian: installed when root; otherwise the line to run is printed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGES = {  # program: Debian's package
    "java": "default-jre-headless",
    "mvn": "maven",
    "nginx": "nginx",
    "docker-compose": "docker-compose",
    "chromium": "chromium",
}
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
START_NOTHING = Path("/usr/sbin/policy-rc.d")


def main() -> None:
    """Install what is missing, or end with the line that does."""
    packages = missing()
    if not packages:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        sys.exit(
            "The tests also need programs of Debian's. Have an administrator run this, once:\n\n"
            f"    apt-get update && {' '.join(install)}\n"
        )
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with starting_nothing():
        for command in (["apt-get", "update"], install):
            done = subprocess.run(command, env=environment, check=False)  # noqa: S603
            if done.returncode != 0:
                sys.exit(f"`{' '.join(command)}` failed; what it said stands above.")


def missing() -> list[str]:
    """The packages whose program is not there."""
    return [
        package
        for program, package in PACKAGES.items()
        if shutil.which(program, path=SEARCHED) is None
    ]


@contextmanager
def starting_nothing() -> Iterator[None]:
    """Keep Debian from starting the nginx it installs: the tests bring their own, on free ports."""
    ours = not START_NOTHING.exists()
    if ours:
        START_NOTHING.write_text("#!/bin/sh\nexit 101\n")
        START_NOTHING.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            START_NOTHING.unlink()


if __name__ == "__main__":
    main()
