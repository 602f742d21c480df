"""What was practised is kept, whatever happens, in a file that is told apart from others."""

import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from grader.book.database import scripts
from grader.book.gradebook import Gradebook
from grader.errors import UserError
from grader.places import practice_file
from grader.quiz.practice import PRACTICE, Practice
from grader.quiz.schedule import Review
from tests.grader.quiz.banks import DAY, NOW

REVIEW = Review(NOW, "half", "0,5", 1, 1)

WRITER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from grader.quiz.practice import Practice
from grader.quiz.schedule import Review
with Practice(Path(sys.argv[1])) as practice:
    for number in range(20):
        practice.record(Review(datetime.now(UTC), f"{sys.argv[2]}-{number}", "", 1, 1))
    os._exit(0)  # without a word to the database
"""


def refusal(file):
    with pytest.raises(UserError) as refused, Practice(file) as practice:
        practice.record(REVIEW)
    return str(refused.value)


def test_what_was_recorded_is_there_again_the_earliest_first(tmp_path):
    later = replace(REVIEW, made=NOW + DAY, points=0.5, is_own_mark=True, said="\ud800\0ü")
    with Practice(tmp_path / "new" / "practice.db") as practice:
        practice.record(later)
        practice.record(REVIEW)

    with Practice(tmp_path / "new" / "practice.db") as practice:
        assert practice.reviews() == [REVIEW, replace(later, said="?\ufffdü")]


def test_the_migrations_make_the_tables(tmp_path):
    Practice(tmp_path / "practice.db").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'practice.db'}")

    with engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"version_table": PRACTICE.version_table})
        differences = compare_metadata(found, PRACTICE.metadata)
    engine.dispose()

    assert differences == []
    assert scripts(PRACTICE).get_current_head() == PRACTICE.revision


def test_processes_that_write_at_once_and_are_killed_lose_nothing(tmp_path):
    file = tmp_path / "practice.db"
    processes = [subprocess.Popen([sys.executable, "-c", WRITER, str(file), name]) for name in "ab"]
    for process in processes:
        assert process.wait(60) == 0

    with Practice(file) as practice:
        questions = [review.question for review in practice.reviews()]

    assert sorted(questions) == sorted(f"{name}-{number}" for name in "ab" for number in range(20))


def test_a_file_of_a_newer_grader_is_left_alone_with_a_message(tmp_path):
    file = tmp_path / "practice.db"
    Practice(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE practice_version SET version_num = '0999'")
    connection.close()

    said = refusal(file)

    assert "practice.db: a file of practised answers of a newer grader (its version is 0999, this grader knows" in said
    assert "give --practice another place" in said


def test_a_gradebook_is_not_taken_for_it_nor_it_for_a_gradebook(tmp_path):
    Gradebook(tmp_path / "grades.db").close()
    Practice(tmp_path / "practice.db").close()

    assert "a database of another program" in refusal(tmp_path / "grades.db")
    with pytest.raises(UserError, match="a database of another program"):
        Gradebook(tmp_path / "practice.db")


def test_what_is_no_database_is_said_to_be_none(tmp_path):
    (tmp_path / "notes.txt").write_text("my notes " * 1000)

    said = refusal(tmp_path / "notes.txt")

    assert "not a file of practised answers (it is no SQLite database)" in said
    assert (tmp_path / "notes.txt").read_text().startswith("my notes")


def test_a_folder_that_can_t_be_written_is_told(public_folder, without_privileges):
    public_folder.chmod(0o555)
    without_privileges()

    assert "Give --practice a file in a folder of your own." in refusal(public_folder / "practice.db")
    assert "can't be made (Permission denied)" in refusal(public_folder / "new" / "practice.db")


def test_each_course_has_a_file_of_its_own(tmp_path):
    (tmp_path / "a").mkdir()

    files = {practice_file(), practice_file(tmp_path), practice_file(tmp_path / "a")}

    assert len(files) == 3
    assert len({file.parent for file in files}) == 1
