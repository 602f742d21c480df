"""`grader grade` as an instructor runs it: what is kept, what is graded again, and what is said."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from grader.batch.orders import Setup
from grader.batch.worker import Bench
from grader.book.gradebook import Gradebook
from grader.commands.classes import settings_of
from grader.isolation import missing
from grader.limits import Limits
from grader.results import Grade
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


def test_a_grade_is_the_one_that_the_same_notebook_gets_alone_with_the_same_cases(small_class: SmallClass) -> None:
    notebook = small_class.hand_in("bob", WRONG)
    small_class.hand_in("cleo", RIGHT)
    small_class.graded()
    with Gradebook(small_class.root / "gradebook.db") as book:
        (_, bob), (_, cleo) = book.grades("numbers")
    command = ["check", str(notebook), "--course", str(small_class.course), "--seed", bob.seed, "--json", "a.json"]
    subprocess.run(
        [sys.executable, "-m", "grader", *command],
        cwd=small_class.root,
        env={**os.environ, "GRADER_DATA": str(small_class.root / "data")},
        check=False,
        capture_output=True,
    )

    alone = msgspec.json.decode((small_class.root / "a.json").read_bytes(), type=Grade)

    assert bob.seed == cleo.seed == alone.seed
    assert bob.is_isolated
    assert bob.sha256 == alone.sha256
    assert [verdict.outcome for verdict in bob.exercises[0].verdicts] == ["failed", "passed"]
    assert bob.exercises == alone.exercises


def test_each_run_draws_other_cases(small_class: SmallClass) -> None:
    small_class.hand_in("bob", WRONG)
    small_class.graded()
    small_class.hand_in("cleo", WRONG)
    small_class.graded()

    with Gradebook(small_class.root / "gradebook.db") as book:
        (_, bob), (_, cleo) = book.grades("numbers")

    assert bob.seed != cleo.seed


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
    small_class.hand_in("bob", WAITS + RIGHT)
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
    small_class.hand_in("bob", WAITS + RIGHT)
    run = small_class.started("--workers", "1")
    until(lambda: small_class.kept() == 1, run)
    started = children(run.pid)

    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate()

    assert run.returncode == 130, errors
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
    small_class.hand_in("bob", WAITS + RIGHT)
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


def test_two_runs_at_once_keep_every_grading_once(small_class: SmallClass, gradebook_url: str) -> None:
    for number in range(3):
        small_class.hand_in(f"student{number}", RIGHT)
    runs = [small_class.started("--workers", "1", "--gradebook", gradebook_url) for _ in range(2)]

    ended = [(run.communicate(), run.returncode) for run in runs]

    assert [status for _, status in ended] == [0, 0], ended
    with Gradebook(gradebook_url, must_exist=True) as book:
        assert [grading.points for grading in book.gradings()] == [3, 3, 3]


def test_who_is_missing_and_what_being_late_costs_is_said(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)
    (small_class.root / "roster.csv").write_text("id,name\nada,Ada Lovelace\nghost,Grace Hopper\n")
    (small_class.root / "policy.toml").write_text('penalty = "10%"')

    status, said, _ = small_class.graded("--roster", "roster.csv", "--due", "2026-11-20")

    assert status == 0
    assert "1  missing" in said
    assert "Grace Hopper" in said
    assert "Every started day after the due date costs 10 %" in said
    assert "Nothing tells when this was handed in: nobody is taken to be late." in " ".join(said.split())
    with Gradebook(small_class.root / "gradebook.db") as book:
        assert [(found.student, found.name, found.problem) for found in book.standings("numbers")] == [
            ("ada", "Ada Lovelace", ""),
            ("ghost", "Grace Hopper", "missing"),
        ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--only", "bob"), "--only bob"),
        (("--reports", "class/reports"), "among the submissions"),
        (("--exercise", "spred"), "no such exercise"),
        (("--policy", "penalty=lots"), "--policy"),
        (("--course", "class"), "not a course"),
    ],
)
def test_what_can_t_be_done_is_said_before_anything_is_written(
    small_class: SmallClass, options: tuple[str, str], said: str
) -> None:
    small_class.hand_in("ada", RIGHT)

    status, _, errors = small_class.graded(*options)

    assert status == 2
    assert said in errors
    assert len(errors.splitlines()) <= 2
    assert not (small_class.root / "gradebook.db").exists()


def test_the_packages_that_are_kept_are_those_that_the_notebooks_ran_with(small_class: SmallClass) -> None:
    folder = small_class.root / "other"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    (packages / "ours.pth").write_text("\n".join(path for path in sys.path if Path(path).name == "site-packages"))
    (packages / "numpy-0.1.dist-info").mkdir()
    (packages / "numpy-0.1.dist-info" / "METADATA").write_text("Name: numpy\nVersion: 0.1\n")
    small_class.hand_in("ada", RIGHT)

    status, _, errors = small_class.graded("--python", str(folder / "bin" / "python"))

    assert status == 0, errors
    with Gradebook(small_class.root / "gradebook.db") as book:
        (grading,) = book.gradings()
    assert grading.packages["numpy"] == "0.1"
    assert grading.settings == {"python": str(folder / "bin" / "python")}


def test_a_gpu_that_is_not_there_is_told_before_anything_is_written(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)

    status, _, errors = small_class.graded("--device", "cuda", CUDA_VISIBLE_DEVICES="-1")

    assert status == 2
    assert "has no GPU to use" in errors
    assert not (small_class.root / "gradebook.db").exists()


def test_a_gpu_is_a_condition_and_reaches_the_workers(small_class: SmallClass) -> None:
    common = {"course": str(small_class.course), "data": str(small_class.root / "data"), "reports": "reports"}
    without = Setup(**common, python=sys.executable, limits=Limits(), seed="a seed", is_isolated=False)
    with_gpu = msgspec.structs.replace(without, has_gpu=True)

    assert settings_of(with_gpu) == {**settings_of(without), "device": "cuda"}
    assert (Bench(without).room.has_gpu, Bench(with_gpu).room.has_gpu) == (False, True)


@pytest.mark.skipif(sys.platform != "linux", reason="there names of files are any bytes")
def test_names_that_are_no_text_are_told_and_stop_nothing_that_has_one(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)
    renamed = small_class.root / os.fsdecode(b"class\xe9")
    small_class.hand_in("bob", RIGHT).rename(small_class.submissions / os.fsdecode(b"ren\xe9.ipynb"))

    status, said, _ = small_class.graded()
    assert status == 1
    assert small_class.points() == {"ada": 3}
    assert "ren\\udce9.ipynb  Its name is not text" in said

    shutil.copytree(small_class.submissions, renamed)
    command = [sys.executable, "-m", "grader", "grade", str(renamed), "--course", str(small_class.course)]
    ran = subprocess.run(command, cwd=small_class.root, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "class\\udce9: a name in this path is not text (it is no UTF-8). Rename that folder or file." in ran.stderr


def test_no_file_among_the_submissions_is_taken_for_a_module_of_the_grader_s(small_class: SmallClass) -> None:
    small_class.hand_in("ada", RIGHT)
    marked = small_class.root / "it ran outside"
    for module in ("json", "signal", "nbformat", "torch", "grader"):
        text = f"open({str(marked)!r}, 'a').write({module!r})"
        (small_class.submissions / f"{module}.py").write_text(text)
    command = [sys.executable, "-P", "-m", "grader", "grade", ".", "--course", str(small_class.course)]  # as `grader`
    environment = {**os.environ, "GRADER_DATA": str(small_class.root / "data")}

    ran = subprocess.run(command, cwd=small_class.submissions, env=environment, capture_output=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert small_class.points() == {"ada": 3}
    assert not marked.exists()


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
