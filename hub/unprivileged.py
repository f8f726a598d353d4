"""The account that PostgreSQL runs under when root starts the hub: it refuses to be root."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from hub.trouble import Trouble

ACCOUNT = "early_help_postgres"


class NoAccount(Trouble):
    """The account is missing and cannot be made here."""


def account() -> str | None:
    """The account to start PostgreSQL under: made once for root, an ordinary user needs none."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        _make_account()
    return ACCOUNT


def give(folder: Path, owner: str) -> None:
    """Make the account the folder's owner, unless it is already."""
    entry = pwd.getpwnam(owner)
    if folder.stat().st_uid != entry.pw_uid:
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def let_through(path: Path) -> list[Path]:
    """Let other accounts pass through the folders above `path`; answer those that were changed.

    Passing through is all that is opened: nobody can list a folder that was closed before.
    """
    closed = [
        folder for folder in path.resolve().parents if not folder.stat().st_mode & stat.S_IXOTH
    ]
    for folder in closed:
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
    return closed


def let_read(tree: Path) -> None:
    """Let other accounts read and run what lies under `tree` (an install made under umask 077)."""
    for path in [tree, *tree.rglob("*")]:
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def _make_account() -> None:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise NoAccount(
            "PostgreSQL does not run as root and useradd is missing: "
            "run the hub as an ordinary user, or run `apt-get install passwd`."
        )
    shell = "/usr/sbin/nologin"
    made = subprocess.run(
        [program, "--system", "--no-create-home", "--shell", shell, ACCOUNT],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise NoAccount(f"The account {ACCOUNT} could not be made: {made.stderr.strip()}")
