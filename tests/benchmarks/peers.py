"""What nbgrader and otter-grader take for the notebook of the overhead benchmark: python -m tests.benchmarks.peers

Each grades the same 15 cells and one trivial test, with its own command, from an environment of its own (`make bench`
makes both). One for the two would be unfair: nbgrader brings JupyterLab, and what comes with that more than doubles
the time of `otter run`, as it makes `import jsonschema` take seconds, in otter's process and in its kernel.

Making the assignment (`nbgrader generate_assignment`, `otter generate`) and handing the submissions in are outside of
the clock; the start of the command and of the kernels, and the writing of the scores, are inside. "Without start-up"
is what each submission after a process's first one adds: (time of many - time of one) / (many - 1). `otter run` takes
one submission at a time, so that figure is of one process that calls otter's Python interface for each.

All on one core, in a temporary folder that is also the home folder, and in turns with the overhead benchmark's cold
run, by which the two tables compare. Every score is read back, and the test holds in a kernel of the peer's own
environment only. Needs Linux.
"""

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from textwrap import indent

import nbformat
from nbformat.v4 import new_code_cell

from tests.benchmarks.overhead import cold, notebook, seconds

NBGRADER, OTTER = (Path(__file__).parents[2] / ".venv-bench" / name for name in ("nbgrader", "otter-grader"))
ROUNDS, MANY, STDERR_LINES = 5, 5, 5

VERSIONS = """
import platform, sys
from importlib.metadata import version
names = (sys.argv[1], "torch", "ipykernel", "nbclient")
print(", ".join([*(f"{name} {version(name)}" for name in names), f"Python {platform.python_version()}"]))
"""
TEST = """
import os, sys
assert os.path.samefile(sys.prefix, {!r})
assert f(2) == 4
"""
OTTER_TEST = """
from otter.test_files import test_case
OK_FORMAT = False
name, points = "f", 1
@test_case()
def test_f(f):
"""
OTTER_GRADES = """
import sys
from otter.api import grade_submission
for submission in sys.argv[1:]:
    results = grade_submission(submission, "autograder.zip", quiet=True)
    assert results.total == results.possible == 1, results.summary()
"""


def main() -> None:
    """Prints the table in Markdown."""
    for environment in (NBGRADER, OTTER):
        if not (environment / "installed").exists():
            sys.exit(f"{environment} is missing or incomplete; run `make bench`, which makes it.")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ |= {"HOME": scratch, "TMPDIR": scratch}
        course, exam = nbgrader_course(folder / "course"), otter_exam(folder / "exam")
        rounds = [measured(folder, course, exam) for _ in range(ROUNDS)]
        print(table({what: statistics.median(times[what] for times in rounds) for what in rounds[0]}))
        print(f"\nMedians of {ROUNDS} rounds.")
        for environment in (NBGRADER, OTTER):
            print(f"- {run(environment, folder, '-c', VERSIONS, environment.name).strip()}")


def measured(folder: Path, course: Path, exam: Path) -> dict[str, float]:
    """The seconds that each command takes, in a round of all of them."""
    return {
        "nbgrader one": nbgrader_seconds(course, 1),
        "nbgrader many": nbgrader_seconds(course, MANY),
        "otter run": otter_run_seconds(exam),
        "otter one": otter_process_seconds(exam, 1),
        "otter many": otter_process_seconds(exam, MANY),
        "cold": seconds(lambda: cold(folder)),
    }


def table(medians: Mapping[str, float]) -> str:
    """The rows, in seconds for each notebook."""
    added = {name: (medians[f"{name} many"] - medians[f"{name} one"]) / (MANY - 1) for name in ("nbgrader", "otter")}
    rows = (
        ("cold: nbclient, a new kernel, no test", medians["cold"]),
        ("`nbgrader autograde`, one submission", medians["nbgrader one"]),
        (f"`nbgrader autograde`, {MANY} submissions: time / {MANY}", medians["nbgrader many"] / MANY),
        ("`nbgrader autograde`, without start-up", added["nbgrader"]),
        ("`otter run`, one submission", medians["otter run"]),
        ("`otter.api.grade_submission`, without start-up", added["otter"]),
    )
    head = [
        "| a notebook of 15 cells, graded | median time for each | times as long as cold |",
        "| --- | ---: | ---: |",
    ]
    return "\n".join(head + [f"| {what} | {time_s:.3f} s | {time_s / medians['cold']:.1f} |" for what, time_s in rows])


def nbgrader_course(course: Path) -> Path:
    """A course folder with a gradebook and one assignment, "lab", as it is released to students."""
    made = python_notebook()
    mark = {"schema_version": 3, "grade_id": "f", "grade": True, "points": 1}
    mark |= {"locked": True, "solution": False, "task": False}
    made.cells.append(new_code_cell(TEST.format(str(NBGRADER)), metadata={"nbgrader": mark}))
    source = course / "source" / "lab"
    source.mkdir(parents=True)
    nbformat.write(made, source / "lab.ipynb")
    run(NBGRADER, course, "-m", "nbgrader", "generate_assignment", "lab")
    return course


def nbgrader_seconds(course: Path, count: int) -> float:
    """The time of one `nbgrader autograde` over that many submissions, in a new copy of the course."""
    with tempfile.TemporaryDirectory(dir=course.parent) as copy:
        folder = shutil.copytree(course, Path(copy) / "course")
        for number in range(count):
            shutil.copytree(folder / "release" / "lab", folder / "submitted" / f"student{number}" / "lab")
        time_s = seconds(lambda: run(NBGRADER, folder, "-m", "nbgrader", "autograde", "lab"))
        with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
            scores = [score for (score,) in gradebook.execute("SELECT auto_score FROM grade")]
        expect_full_marks("nbgrader", scores, count)
    return time_s


def otter_exam(exam: Path) -> Path:
    """A folder with autograder.zip and one submission, lab.ipynb."""
    tests = exam / "tests"
    tests.mkdir(parents=True)
    (tests / "f.py").write_text(OTTER_TEST + indent(TEST.format(str(OTTER)), "    "))
    nbformat.write(python_notebook(), exam / "lab.ipynb")
    run(OTTER, exam, "-m", "otter", "generate", "--no-environment", "--no-requirements")
    return exam


def otter_run_seconds(exam: Path) -> float:
    """The time of one `otter run`, which grades one submission."""
    results = exam / "results.json"
    results.unlink(missing_ok=True)
    time_s = seconds(lambda: run(OTTER, exam, "-m", "otter", "run", "lab.ipynb"))
    tests = json.loads(results.read_text())["tests"]  # one of them is a summary without a score
    expect_full_marks("otter run", [test["score"] for test in tests if "score" in test], 1)
    return time_s


def otter_process_seconds(exam: Path, count: int) -> float:
    """The time of one process that grades that many submissions by otter's Python interface, and checks the scores."""
    return seconds(lambda: run(OTTER, exam, "-c", OTTER_GRADES, *["lab.ipynb"] * count))


def python_notebook() -> nbformat.NotebookNode:
    """The benchmark's notebook, which names its kernel as the peers demand."""
    made = notebook()
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


def expect_full_marks(peer: str, scores: Sequence[float | None], count: int) -> None:
    """Ends the benchmark unless there are that many scores, all of them 1: else something else was timed."""
    if list(scores) != [1] * count:
        sys.exit(f"{peer}: expected {count} times the score 1, and got {scores}: the time means nothing.")


def run(environment: Path, folder: Path, *arguments: str) -> str:
    """What an environment's Python prints. Ends the benchmark with the last lines of its standard error if it fails."""
    command = [str(environment / "bin" / "python"), *arguments]
    done = subprocess.run(command, cwd=folder, env=variables(environment), capture_output=True, text=True)
    if done.returncode:
        last = "\n  ".join(done.stderr.strip().splitlines()[-STDERR_LINES:])
        sys.exit(f"{environment.name}: failed with status {done.returncode}:\n  {last}")
    return done.stdout


def variables(environment: Path) -> dict[str, str]:
    """Environment variables by which, in a new home folder, only this environment's kernel and settings are found."""
    foreign = ("JUPYTER", "IPYTHON", "PYTHON", "VIRTUAL_ENV", "XDG_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"}


if __name__ == "__main__":
    main()
