"""Databases that can't be used, or are none of ours, and how old ones become new ones."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from grader.book.database import engine_of, opened, reading, scripts, writing
from grader.book.gradebook import Gradebook
from grader.book.tables import REVISION, VERSION_TABLE, metadata
from grader.errors import UserError
from tests.grader.book.gradebook_writer import hand_in

ROOT = Path(__file__).resolve().parents[2]


def refusal(where):
    """What is said when a gradebook can't be opened."""
    with pytest.raises(UserError) as refused:
        Gradebook(where).close()
    said = str(refused.value)
    assert len(said.splitlines()) == 1
    return said


def test_the_migrations_make_the_tables(gradebook_url):
    engine, name = opened(gradebook_url)
    with reading(engine, name) as connection:
        found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        differences = compare_metadata(found, metadata)
    engine.dispose()

    assert differences == []
    assert scripts().get_current_head() == REVISION


def test_the_file_is_made_and_kept(tmp_path):
    with Gradebook(tmp_path / "grades.db") as book:
        book.register([hand_in("ada")])

    assert [file.name for file in tmp_path.iterdir()] == ["grades.db"]
    with Gradebook(f"{tmp_path}/grades.db") as book:
        assert book.assignments() == ["lab4"]


def test_sqlite_is_set_up_for_several_processes(tmp_path):
    engine, name = opened(tmp_path / "grades.db")

    with reading(engine, name) as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
            for pragma in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
    engine.dispose()

    assert pragmas == ["wal", 1, 30_000, 2]


def test_who_reads_sees_one_moment(gradebook_url):
    engine, name = opened(gradebook_url)
    count = text("SELECT count(*) FROM hand_ins")

    with Gradebook(gradebook_url) as book, reading(engine, name) as connection:
        before = connection.execute(count).scalar_one()
        book.register([hand_in("ada")])
        after = connection.execute(count).scalar_one()
    engine.dispose()

    assert (before, after) == (0, 0)


def test_a_failed_migration_leaves_nothing(gradebook_url):
    # The last table's name is taken by a view: the migration fails when the other tables are made.
    engine, name = opened(gradebook_url)
    with writing(engine, name) as connection:
        for table in (*reversed(metadata.sorted_tables), VERSION_TABLE):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("CREATE VIEW overrides AS SELECT 1 AS one"))
    engine.dispose()

    with pytest.raises(Exception, match="overrides"):
        Gradebook(gradebook_url)

    engine, name = engine_of(gradebook_url)
    with reading(engine, name) as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


def test_a_gradebook_of_a_newer_grader_is_left_alone(gradebook_url):
    engine, name = opened(gradebook_url)
    with writing(engine, name) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    engine.dispose()

    assert "a gradebook of a newer grader (its version is 9999, this grader knows 0001)" in refusal(gradebook_url)


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    file = tmp_path / "grades.csv"
    file.write_text("student,points\nada,3\n" * 100)

    assert refusal(file) == (
        f"{file}: not a gradebook (it is no SQLite database). Give another file, or move this one away."
    )
    assert file.read_text() == "student,points\nada,3\n" * 100


def test_a_damaged_file_is_said_to_be_damaged(tmp_path):
    file = tmp_path / "grades.db"
    with Gradebook(file) as book:
        book.register([hand_in(f"student{number}") for number in range(200)])
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))

    assert "a damaged database" in refusal(file)


def test_a_database_of_another_program_is_left_alone(tmp_path):
    file = tmp_path / "history.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE visits (url TEXT)")
    connection.close()
    before = file.read_bytes()

    assert "a database of another program (with a table 'visits')" in refusal(file)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"history.db": before}


def test_who_only_reads_makes_no_gradebook(tmp_path):
    for where in (tmp_path / "grads.db", f"sqlite:///{tmp_path}/grads.db"):
        with pytest.raises(UserError, match=r"grads\.db: there is no gradebook"):
            Gradebook(where, must_exist=True)

    assert list(tmp_path.iterdir()) == []


def test_who_only_reads_makes_no_tables(gradebook_url):
    engine, name = engine_of(gradebook_url)
    with writing(engine, name) as connection:
        connection.execute(text("SELECT 1"))  # where there is no file yet, there is an empty one now

    with pytest.raises(UserError, match="there is no gradebook"):
        Gradebook(gradebook_url, must_exist=True)

    with reading(engine, name) as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
    Gradebook(gradebook_url).close()
    Gradebook(gradebook_url, must_exist=True).close()


def test_a_gradebook_on_a_server_may_have_neighbours(postgresql):
    url, schema = postgresql.new_schema()
    postgresql.execute(f"CREATE TABLE {schema}.visits (url TEXT)")

    with Gradebook(url) as book:
        book.register([hand_in("ada")])
        assert book.assignments() == ["lab4"]


def test_a_table_of_a_neighbour_is_left_alone(postgresql):
    url, schema = postgresql.new_schema()
    postgresql.execute(f"CREATE TABLE {schema}.students (name TEXT)")

    assert "a database of another program (with a table 'students')" in refusal(url)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_where_nothing_can_be_written_is_refused(public_folder, is_there, without_privileges):
    file = public_folder / "grades.db"
    if is_there:
        Gradebook(file).close()
    public_folder.chmod(0o555)
    without_privileges()

    said = refusal(file)

    assert said.startswith(f"{file}: can't be ")
    assert said.endswith("Give --gradebook a file in a folder of your own.")


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    assert "there is no folder" in refusal(tmp_path / "nowhere" / "grades.db")


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    assert "can't be opened (File name too long)" in refusal(tmp_path / ("x" * 5_000))


def test_a_folder_is_no_file(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path}: a folder. Give --gradebook the name of a file in it."


def test_a_file_in_the_hands_of_another_program_is_said_to_be(tmp_path):
    file = tmp_path / "grades.db"
    Gradebook(file).close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with Gradebook(f"sqlite:///{file}?timeout=0.05") as book, pytest.raises(UserError, match="in use by another"):
        book.register([hand_in("ada")])
    other.close()


def test_a_full_disk_is_said_and_what_was_written_is_kept(tmp_path):
    with Gradebook(tmp_path / "grades.db") as book:
        book.register([hand_in("ada")])
        with book._engine.connect() as connection:  # the only one; SQLite's own limit has the same error as a disk's
            connection.connection.driver_connection.execute("PRAGMA max_page_count = 1")

        with pytest.raises(UserError, match="the disk is full"):
            book.register([hand_in(f"student{number}") for number in range(2_000)])

        assert [standing.student for standing in book.standings("lab4")] == ["ada"]


def test_a_connection_that_breaks_between_gradings_is_made_again(postgresql):
    url, _ = postgresql.new_schema()
    with Gradebook(url) as book:
        book.register([hand_in("ada")])
        postgresql.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

        book.register([hand_in("bob")])

        assert [standing.student for standing in book.standings("lab4")] == ["ada", "bob"]


def test_a_wrong_password_is_said_and_not_shown(postgresql):
    said = refusal(postgresql.url(password="guess"))

    assert "password authentication failed" in said
    assert "guess" not in said


@pytest.mark.parametrize("query", [{}, {"connect_timeout": "5"}])
def test_a_database_that_is_not_there_is_said(postgresql, query):
    assert 'database "nowhere" does not exist' in refusal(postgresql.url("nowhere", **query))


def test_a_server_that_is_not_there_is_said(tmp_path):
    pytest.importorskip("psycopg")

    assert "the server can't be used" in refusal(f"postgresql://me@/grades?host={tmp_path}")


def test_a_user_who_may_make_no_tables_is_told(postgresql):
    postgresql.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")

    said = refusal(postgresql.url(user="guest", password="guest"))

    assert "the user may not do that (permission denied for schema public)" in said


def test_the_protocol_s_old_name_is_understood(postgresql):
    url, _ = postgresql.new_schema()

    with Gradebook(url.replace("postgresql://", "postgres://")) as book:
        assert book.assignments() == []


def test_without_psycopg_it_is_said_what_to_install():
    code = """\
import sys
sys.modules["psycopg"] = None  # as if it were not installed
from grader.errors import UserError
from grader.book.gradebook import Gradebook
try:
    Gradebook("postgresql://me:secret@localhost/grades")
except UserError as error:
    print(error)
"""

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "Install it: pip install 'chapter4-grader[postgresql]'." in ran.stdout
    assert ran.stdout.startswith("postgresql://me:***@localhost/grades: ")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://me:secret@host/grades", "mysql://host/grades: gradebooks are SQLite files or PostgreSQL databases."),
        ("nonsense://me:secret@host", "nonsense://host: gradebooks are SQLite files or PostgreSQL databases."),
        ("a b://host/grades", "a b://host/grades: not a URL of a database."),
        ("postgresql://me:secret@host:port/x", "postgresql://host:port/x: not a URL of a database."),
        ("sqlite://", "sqlite://: names no file, and nothing would be kept."),
        ("sqlite:///:memory:", "sqlite:///:memory:: names no file, and nothing would be kept."),
    ],
)
def test_other_urls_are_refused(url, said):
    assert refusal(url) == f"{said} Give a file, such as grades.db, or postgresql://USER@HOST/DATABASE."
