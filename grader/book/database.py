"""A database of ours, such as a gradebook: opened, made or brought to this version, and its errors in words."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, column, create_engine, event, inspect, select, table, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from grader.book.tables import REVISION, VERSION_TABLE, metadata
from grader.errors import UserError

BUSY_TIMEOUT_S = 30  # how long one process waits for another's transaction, which takes milliseconds
CONNECT_TIMEOUT_S = 10
MIGRATION_LOCK = 0x67726164  # of PostgreSQL's locks that mean what programs agree on, one that is ours
MIGRATIONS = Path(__file__).parent / "migrations"
INSUFFICIENT_PRIVILEGE = "42501"  # PostgreSQL's documentation, appendix A

# What SQLite's result codes (sqlite.org/rescode.html) mean for the one who reads the message; extended ones begin
# with them.
SQLITE_PROBLEMS = {
    "SQLITE_NOTADB": "not a {noun} (it is no SQLite database). Give another file, or move this one away.",
    "SQLITE_CORRUPT": "a damaged database. Restore it from a backup, or move it away, and grade again.",
    "SQLITE_READONLY": "can't be written (no permission). Give {option} a file in a folder of your own.",
    "SQLITE_PERM": "can't be written (no permission). Give {option} a file in a folder of your own.",
    "SQLITE_CANTOPEN": "can't be opened or made. Give {option} a file in a folder of your own.",
    "SQLITE_BUSY": "in use by another program, for too long. Close that one, and start again: what is done is kept.",
    "SQLITE_LOCKED": "in use by another program, for too long. Close that one, and start again: what is done is kept.",
    "SQLITE_FULL": "can't be written (the disk is full). Make room, and start again: what is done is kept.",
    "SQLITE_IOERR": "can't be read or written (the disk reports an error). Give {option} a file on another disk.",
}


@dataclass(frozen=True)
class Store:
    """What is kept in a database: its tables, how they came about, and how messages call it.

    noun: what it is. option: the command line's, by which another place is given. origin: a sentence's end that says
    where one comes from. versions: the folder of the migrations, of which `revision` is the newest.
    """

    noun: str
    option: str
    origin: str
    metadata: MetaData
    revision: str
    version_table: str
    versions: Path


GRADEBOOK = Store(
    "gradebook", "--gradebook", "`grader grade` makes one", metadata, REVISION, VERSION_TABLE, MIGRATIONS / "versions"
)


def opened(where: str | Path, *, must_exist: bool = False, store: Store = GRADEBOOK) -> tuple[Engine, str]:
    """An engine whose database has this version's tables, and the database's name for readers, without a password.

    where: a file, which is made if there is none, or a URL of SQLite or PostgreSQL. must_exist: whether it has to be
    there already, as for one who only wants to read. store: what is kept there. Raises UserError if the database can't
    be used, is none of that kind, or one of a newer grader; then nothing in it was changed.
    """
    engine, name = engine_of(where, store)
    if must_exist and engine.dialect.name == "sqlite" and not Path(name).exists():  # to connect would make it
        raise UserError(f"{name}: {not_there(store)}")
    try:
        migrate(engine, name, must_exist, store)
        if engine.dialect.name == "sqlite":
            with words_for_errors(name, store), engine.connect() as connection:
                use_write_ahead_log(connection.connection.driver_connection)
    except BaseException:
        engine.dispose()
        raise
    return engine, name


def not_there(store: Store) -> str:
    """What is said where there is no database and one has to be."""
    return f"there is no {store.noun}. Look at the spelling and the folder; {store.origin}."


def engine_of(where: str | Path, store: Store = GRADEBOOK) -> tuple[Engine, str]:
    """An engine, whatever its database holds, and the database's name for readers."""
    url = url_of(where)
    if url.get_backend_name() == "sqlite":
        return sqlite_engine(url, str(url.database), store), str(url.database)
    name = url.set(drivername="postgresql").render_as_string(hide_password=True)
    return postgresql_engine(url, name), name


def url_of(where: str | Path) -> URL:
    """The database's URL: a path's is that of an SQLite file."""
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
        backend = {"postgres": "postgresql"}.get(url.get_backend_name(), url.get_backend_name())
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise UserError(f"{without_password(where)}: not a URL of a database. {EXAMPLES}") from None
    if backend not in ("sqlite", "postgresql"):
        raise UserError(f"{without_password(where)}: gradebooks are SQLite files or PostgreSQL databases. {EXAMPLES}")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise UserError(f"{where}: names no file, and nothing would be kept. {EXAMPLES}")
    return url.set(drivername="sqlite" if backend == "sqlite" else "postgresql+psycopg")


EXAMPLES = "Give a file, such as grades.db, or postgresql://USER@HOST/DATABASE."


def without_password(url: str) -> str:
    """A text that may be a URL, as it may be shown."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def sqlite_engine(url: URL, name: str, store: Store) -> Engine:
    """An engine for an SQLite file; raises UserError if it can't be one."""
    file = Path(name)
    try:
        if file.is_dir():
            raise UserError(f"{file}: a folder. Give {store.option} the name of a file in it.")
        if not file.parent.is_dir():
            raise UserError(f"{file}: can't be made, there is no folder {file.parent}. Make it, or give another file.")
    except OSError as error:
        raise UserError(f"{file}: can't be opened ({error.strerror}). Give another file.") from error
    engine = create_engine(url, connect_args={} if "timeout" in url.query else {"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the sqlite3 module begins no transactions by itself, `begin` does
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # what is committed outlives a power cut, too

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and wants to write later is refused at once, without the busy timeout, if
        # another one has written in between (sqlite.org/isolation.html). Those that write say so from the start.
        is_writing = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def postgresql_engine(url: URL, name: str) -> Engine:
    """An engine for a PostgreSQL database; raises UserError if its driver is not installed."""
    settings = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT_S}
    try:
        return create_engine(url, connect_args=settings, pool_pre_ping=True)
    except ImportError as error:
        raise UserError(
            f"{name}: PostgreSQL needs the package psycopg, which can't be imported ({error}). "
            "Install it: pip install 'chapter4-grader[postgresql]'."
        ) from error


@contextlib.contextmanager
def reading(engine: Engine, name: str, store: Store = GRADEBOOK) -> Iterator[Connection]:
    """A connection whose queries all see the database as it is now."""
    with words_for_errors(name, store), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")  # SQLite's transactions are like that
        with connection.begin():
            yield connection


@contextlib.contextmanager
def writing(engine: Engine, name: str, store: Store = GRADEBOOK) -> Iterator[Connection]:
    """A connection whose changes are kept together, or not at all."""
    with (
        words_for_errors(name, store),
        engine.connect().execution_options(is_writing=True) as connection,
        connection.begin(),
    ):
        yield connection


def use_write_ahead_log(connection: Any) -> None:
    """Lets readers of an SQLite file read while another process writes; where its disk can't do that, they wait."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            # Where two do this at once, one is refused without the busy timeout.
            if not is_sqlite_problem(error, "SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def migrate(engine: Engine, name: str, must_exist: bool, store: Store) -> None:
    """Makes the tables, or those of an older version into this version's.

    Raises UserError for a database of a newer version, or of another program, or where there has to be one and is
    none.
    """
    with reading(engine, name, store) as connection:
        revision = revision_of(connection, store)
        if revision == store.revision:
            return
        check_is_ours(connection, revision, name, store)
        if revision is None and must_exist:
            raise UserError(f"{name}: {not_there(store)}")
    with writing(engine, name, store) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        revision = revision_of(connection, store)  # again: another process may have been faster
        if revision != store.revision:
            upgrade(connection, store)


def revision_of(connection: Connection, store: Store) -> str | None:
    """Which of the migrations the database has had; None if it is none of ours yet."""
    if not inspect(connection).has_table(store.version_table):
        return None
    there = table(store.version_table)
    revision = connection.execute(select(column("version_num")).select_from(there)).scalar_one_or_none()
    return None if revision is None else str(revision)


def check_is_ours(connection: Connection, revision: str | None, name: str, store: Store) -> None:
    """Refuses databases that this version must not change."""
    known = {script.revision for script in scripts(store).walk_revisions()}
    if revision is not None and revision not in known:
        raise UserError(
            f"{name}: a {store.noun} of a newer grader (its version is {revision}, "
            f"this grader knows {store.revision}). Install the newer grader, or give {store.option} another place."
        )
    there = set(inspect(connection).get_table_names()) if revision is None else set()
    # A file belongs to one program; a server's database may hold more than ours.
    foreign = there if connection.dialect.name == "sqlite" else there & set(store.metadata.tables)
    if foreign:
        raise UserError(
            f"{name}: a database of another program (with a table {min(foreign)!r}). Give {store.option} another place."
        )


def scripts(store: Store = GRADEBOOK) -> Any:
    """Alembic's directory of migrations."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(configuration(store))


def configuration(store: Store) -> Any:
    """Alembic's configuration, which needs no file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")  # what no folder of ours has in its name
    config.set_main_option("version_locations", str(store.versions).replace("%", "%%"))
    config.attributes["store"] = store
    return config


def upgrade(connection: Connection, store: Store) -> None:
    """Runs the migrations that are left, in the connection's transaction."""
    from alembic import command

    config = configuration(store)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextlib.contextmanager
def words_for_errors(name: str, store: Store) -> Iterator[None]:
    """Turns what a user can do something about into a UserError; the rest are mistakes of ours."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        found = problem_of(error, store)
        if found is None:
            raise
        raise UserError(f"{name}: {found}") from error


def problem_of(error: DBAPIError | sqlite3.Error, store: Store) -> str | None:
    """What is wrong with a database, and what to do; None if it is our mistake."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    for code, problem in SQLITE_PROBLEMS.items():
        if is_sqlite_problem(cause, code):
            return problem.format(noun=store.noun, option=store.option)
    said = next((line.strip() for line in str(cause).splitlines() if line.strip()), "no reason given")
    if getattr(cause, "sqlstate", None) == INSUFFICIENT_PRIVILEGE:
        return f"the user may not do that ({said}). Ask for the right to make and use tables there."
    if isinstance(error, OperationalError) and hasattr(cause, "sqlstate"):
        return f"the server can't be used ({said}). Look at the URL's user, password, host and database."
    return None


def is_sqlite_problem(error: BaseException | None, code: str) -> bool:
    """Whether an error is SQLite's with this result code, or with one that extends it."""
    return str(getattr(error, "sqlite_errorname", "")).startswith(code)
