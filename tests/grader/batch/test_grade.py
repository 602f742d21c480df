"""`grader grade` as an instructor runs it: what is kept, what is graded again, and what is said."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.book.gradebook import Gradebook
from grader.isolation import missing
from tests.grader.batch.classes import FATAL, RIGHT, WAITS, WRONG, SmallClass, children, until, workers

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"submissions are isolated: {missing()}")


def test_a_class_is_graded_once_and_nobody_s_trouble_is_another_s(small_class: SmallClass) -> None:
    for student, cells in {"ada": (RIGHT,), "bob": (WRONG,), "eve": (RIGHT, FATAL)}.items():
        small_class.hand_in(student, *cells)
    (small_class.submissions / "mal.ipynb").write_text("{")

    status, said, _ = small_class.graded("--workers", "2")

    assert status == 1  # mal's can't be read
    assert small_class.points() == {"ada": 3, "bob": 1, "eve": 3, "mal": None}
    assert "3  graded now" in said
    assert "mal" in said.partition("Could not be graded")[2]
    assert "Not a notebook" in said
    assert sorted(file.name for file in (small_class.root / "reports" / "numbers").iterdir()) == [
        "ada.html",
        "bob.html",
        "eve.html",
    ]
    assert max(map(len, said.partition("Gradebook:")[0].splitlines())) <= 80

    status, said, _ = small_class.graded()  # nothing has changed

    assert status == 1
    assert "0  graded now" in said
    assert "3  unchanged" in said
    assert "Not a notebook" in said
    assert len(small_class.gradings()) == 4


def test_a_grade_is_the_one_that_the_same_notebook_gets_alone(small_class: SmallClass) -> None:
    notebook = small_class.hand_in("bob", WRONG)
    small_class.graded()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "grader",
            "check",
            str(notebook),
            "--course",
            str(small_class.course),
            "--json",
            "a.json",
        ],
        cwd=small_class.root,
        env={**os.environ, "GRADER_DATA": str(small_class.root / "data")},
        check=False,
        capture_output=True,
    )
    alone = json.loads((small_class.root / "a.json").read_text())

    with Gradebook(small_class.root / "gradebook.db") as book:
        ((_, found),) = book.grades("numbers")

    assert found.is_isolated
    assert found.sha256 == alone["sha256"]
    assert [verdict.outcome for verdict in found.exercises[0].verdicts] == ["failed", "passed"]
    assert [verdict.reason for verdict in found.exercises[0].verdicts] == [
        verdict["reason"] for verdict in alone["exercises"][0]["verdicts"]
    ]


def test_what_changes_is_graded_again_and_what_is_asked_for(small_class: SmallClass) -> None:
    for student in ("ada", "bob"):
        small_class.hand_in(student, RIGHT)
    small_class.graded()

    small_class.hand_in("bob", WRONG)
    small_class.graded()
    assert (len(small_class.gradings("ada")), small_class.gradings("bob")) == (1, [3, 1])

    small_class.graded("--redo", "--only", "ada")
    assert (small_class.gradings("ada"), len(small_class.gradings("bob"))) == ([3, 3], 2)

    exercise = small_class.course / "exercises" / "spread.py"
    exercise.write_text(exercise.read_text().replace("points=2", "points=5"))
    small_class.graded()
    assert small_class.points() == {"ada": 6, "bob": 1}


def test_an_earlier_notebook_that_comes_back_has_its_report_back(small_class: SmallClass) -> None:
    report = small_class.root / "reports" / "numbers" / "ada.html"
    small_class.hand_in("ada", RIGHT)
    small_class.graded()
    first = (small_class.submissions / "ada.ipynb").read_bytes()
    small_class.hand_in("ada", WRONG)
    small_class.graded()
    assert "min(numbers)" not in report.read_text()

    (small_class.submissions / "ada.ipynb").write_bytes(first)
    small_class.graded()

    assert "min" in report.read_text()
    assert small_class.points() == {"ada": 3}
    assert len(small_class.gradings()) == 2


def test_a_worker_that_is_killed_is_replaced(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)
    small_class.hand_in("bob", WAITS, RIGHT)
    run = small_class.started("--workers", "1")
    until(lambda: small_class.kept() == 1, run)
    (first,) = workers(run.pid)
    os.kill(first, signal.SIGKILL)
    small_class.go()

    said, errors = run.communicate()

    assert run.returncode == 0, errors
    assert "2  graded now" in said
    assert small_class.points() == {"ada": 3, "bob": 3}


def test_ctrl_c_keeps_what_is_finished_and_the_next_run_goes_on(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)
    small_class.hand_in("bob", WAITS, RIGHT)
    run = small_class.started("--workers", "1")
    until(lambda: small_class.kept() == 1, run)
    started = children(run.pid)

    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate()

    assert run.returncode == 130
    assert "1 of 2 are done and kept" in errors
    assert "Traceback" not in errors
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))
    assert small_class.points() == {"ada": 3, "bob": None}

    small_class.go()
    status, said, _ = small_class.graded()
    assert (status, "1  graded now" in said, "1  unchanged" in said) == (0, True, True)
    assert small_class.points() == {"ada": 3, "bob": 3}


def test_a_run_that_is_killed_loses_nothing_and_its_workers_end(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)
    small_class.hand_in("bob", WAITS, RIGHT)
    run = small_class.started("--workers", "1")
    until(lambda: small_class.kept() == 1, run)
    started = children(run.pid)

    run.kill()
    run.communicate()

    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))
    small_class.go()
    status, said, _ = small_class.graded()
    assert (status, "1  graded now" in said) == (0, True)
    assert small_class.gradings() == [3, 3]


def test_two_runs_at_once_keep_every_grading_once(small_class: SmallClass) -> None:
    for number in range(4):
        small_class.hand_in(f"student{number}", RIGHT)
    runs = [small_class.started("--workers", "1") for _ in range(2)]

    ended = [(run.communicate(), run.returncode) for run in runs]

    assert [status for _, status in ended] == [0, 0], ended
    assert small_class.gradings() == [3, 3, 3, 3]


def test_nothing_is_run_where_nothing_can_be_isolated(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)

    status, _, errors = small_class.graded(PATH="/nowhere")

    assert status == 2
    assert "grader doctor" in errors
    assert "--no-isolation" in errors
    assert small_class.gradings() == []

    status, _, _ = small_class.graded("--no-isolation", PATH="/nowhere")
    assert status == 0
    assert small_class.points() == {"ada": 3}
