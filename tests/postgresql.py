"""A private PostgreSQL server for tests and benchmarks: in a temporary folder, on a Unix socket, gone afterwards."""

import contextlib
import ctypes
import importlib.util
import itertools
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

USER, PASSWORD = "grader", "it's private"  # a password that a URL must quote
ORDINARY_USERS = ("postgres", "nobody")  # whom root runs the server as: PostgreSQL refuses to run as root
START_S = 60
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Cluster:
    """A running server. folder: of its socket."""

    folder: Path
    names: Iterator[str] = field(default_factory=lambda: (f"place{i}" for i in itertools.count()))

    def url(self, database: str = "postgres", user: str = USER, password: str = PASSWORD, **query: str) -> str:
        """The URL of a database."""
        query = {"host": str(self.folder), **query}
        return f"postgresql://{quote(user)}:{quote(password)}@/{database}?{urlencode(query)}"

    def new_schema(self) -> tuple[str, str]:
        """The URL of a new and empty schema, and its name: to a program it is a database of its own.

        Another database would be 7 MB of files for every test.
        """
        name = next(self.names)
        self.execute(f"CREATE SCHEMA {name}")
        return self.url(options=f"-csearch_path={name}"), name

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Runs a statement as the server's owner."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster | str]:
    """A server, stopped and deleted afterwards; or the reason why there is none."""
    programs, account = newest_programs(), ordinary_user()
    if importlib.util.find_spec("psycopg") is None:
        yield "psycopg is not installed: pip install 'psycopg[binary]'"
    elif programs is None:
        yield "PostgreSQL is not installed: apt install postgresql, or its programs must be on the PATH"
    elif account is None:
        yield f"root can't run PostgreSQL, and there is no user {' or '.join(ORDINARY_USERS)} to run it as"
    else:
        # Not pytest's folder: a socket's path may have 107 bytes, and only its owner may enter that one.
        folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        try:
            with running(programs, account, folder):
                yield Cluster(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def newest_programs() -> Path | None:
    """The folder of PostgreSQL's programs: on the PATH, or where Debian has them, which is not on it."""
    found = shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(debian, key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))], default=None)


def ordinary_user() -> pwd.struct_passwd | None:
    """The user to run the server as."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ORDINARY_USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


@contextlib.contextmanager
def running(programs: Path, account: pwd.struct_passwd, folder: Path) -> Iterator[None]:
    """Makes a cluster in the folder, and runs its server."""
    secret, log, data = folder / "password", folder / "log", folder / "data"
    secret.write_text(PASSWORD)
    for path in (folder, secret):
        os.chown(path, account.pw_uid, account.pw_gid)
    # Its output goes to a file: a server that held our pipes open would keep whoever reads them waiting.
    with log.open("wb") as out:
        settings = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
        if os.geteuid() == 0:
            settings |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        options = [f"--username={USER}", f"--pwfile={secret}", "--auth=scram-sha-256"]
        make = [programs / "initdb", "-D", data, *options, "--encoding=UTF8", "--locale=C", "--no-sync"]
        try:
            subprocess.run(make, check=True, **settings)
        except subprocess.CalledProcessError:
            raise RuntimeError(log.read_text(errors="replace")) from None
        # fsync: nothing of this outlives the tests. Nobody listens on the network.
        start = [programs / "postgres", "-D", data, "-k", folder, "-h", "", "-F", "-c", "max_connections=40"]
        server = subprocess.Popen(start, **settings, process_group=0, preexec_fn=end_with_parent)
        try:
            wait_until_ready(programs, folder, server, log)
            yield
        finally:
            server.send_signal(signal.SIGQUIT)  # "immediate shutdown": it leaves nothing behind that anybody reads
            server.wait()


def end_with_parent() -> None:
    """Has the server shut down when the tests are killed, where the system can do that."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the server takes connections; raises RuntimeError with its log if it ends before."""
    deadline = time.monotonic() + START_S
    ask = [programs / "pg_isready", "--quiet", "--host", folder]
    while subprocess.run(ask, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(errors="replace"))
        time.sleep(0.05)
