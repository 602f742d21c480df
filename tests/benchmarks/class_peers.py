"""A class in nbgrader and in otter-grader: the same notebooks as the grader's, with an instructor's tests.

- `nbgrader autograde` grades all submissions of an assignment one after the other, in one process: it has no option for
  more. So it is also run twice at once, on a half of the class each and with a course folder and a gradebook for each,
  which its documentation doesn't describe. The tests are locked cells below the answers.
- `otter grade` runs a Docker container for each submission, and `--containers` of them at once. Here it is `otter run`,
  which is what those containers run, in as many processes at once and without Docker. The tests are files.

Making the assignment and handing in are outside of the clock. Where a start-up is shared by a whole class (nbgrader),
the time of each submission is (time of many - time of one) / (many - 1), as if the class had no end.
"""

import builtins
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from textwrap import indent

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from grader.notebook import METADATA
from grader.sources import names_bound_in, names_used
from tests.benchmarks.instructor_tests import TESTS
from tests.benchmarks.overhead import seconds
from tests.benchmarks.peers import NBGRADER, OTTER, run
from tests.benchmarks.synthetic import SampleWork

Scores = dict[str, float]  # by student

OTTER_TEST = """\
from otter.test_files import test_case
OK_FORMAT = False
name, points = {name!r}, 1
@test_case()
def test({names}):
{asserts}
"""


def with_tests(notebook: NotebookNode) -> NotebookNode:
    """A notebook with nbgrader's cells of tests, each below the answer that it is about."""
    made = nbformat.from_dict(notebook)
    cells = []
    for cell in made.cells:
        cells.append(cell)
        marks = cell.metadata.get(METADATA, {})
        if marks.get("role") == "answer":
            name = marks["exercise"]
            mark = {"schema_version": 3, "grade_id": name, "grade": True, "points": 1}
            mark |= {"locked": True, "solution": False, "task": False}
            test = new_code_cell(TESTS[name], id=f"{name}-tests".replace("_", "-"), metadata={"nbgrader": mark})
            cells.append(test)
    made.cells = cells
    return made


def nbgrader_course(course: Path, blank: NotebookNode) -> Path:
    """A course folder with a gradebook and one assignment, "lab", as it is released. blank: the starter notebook."""
    source = course / "source" / "lab"
    source.mkdir(parents=True)
    nbformat.write(with_tests(blank), source / "lab.ipynb")
    run(NBGRADER, course, "-m", "nbgrader", "generate_assignment", "lab")
    return course


def nbgrader_class(course: Path, works: Sequence[SampleWork], processes: int = 1) -> tuple[float, Scores]:
    """The seconds that `nbgrader autograde` takes for these, and their scores. processes: each with an equal part."""
    with tempfile.TemporaryDirectory(dir=course.parent) as scratch:
        parts = [shutil.copytree(course, Path(scratch) / f"part{number}") for number in range(processes)]
        for number, work in enumerate(works):
            folder = parts[number % processes] / "submitted" / work.student / "lab"
            folder.mkdir(parents=True)
            nbformat.write(with_tests(work.notebook), folder / "lab.ipynb")

        def grade(part: Path) -> None:
            run(NBGRADER, part, "-m", "nbgrader", "autograde", "lab")

        with ThreadPoolExecutor(processes) as pool:
            time_s = seconds(lambda: list(pool.map(grade, parts)))
        return time_s, {student: score for part in parts for student, score in nbgrader_scores(part).items()}


def nbgrader_scores(course: Path) -> Scores:
    """What the gradebook of a course holds."""
    with closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
        return dict(
            gradebook.execute(
                "SELECT submitted_assignment.student_id, sum(grade.auto_score) FROM grade "
                "JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
                "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id "
                "GROUP BY submitted_assignment.student_id"
            )
        )


def otter_exam(exam: Path, exercises: Sequence[str]) -> Path:
    """A folder with autograder.zip, which tests these exercises."""
    tests = exam / "tests"
    tests.mkdir(parents=True)
    for name in exercises:
        asserts = TESTS[name]
        names = [used for used in names_used(asserts) if used not in {*names_bound_in(asserts), *dir(builtins)}]
        test = OTTER_TEST.format(name=name, names=", ".join(names), asserts=indent(asserts, "    "))
        (tests / f"{name}.py").write_text(test, "utf-8")
    run(OTTER, exam, "-m", "otter", "generate", "--no-environment", "--no-requirements")
    return exam


def otter_class(exam: Path, works: Sequence[SampleWork], processes: int) -> tuple[float, Scores]:
    """The seconds that `otter run` takes for these, so many at once, and their scores."""
    with tempfile.TemporaryDirectory(dir=exam.parent) as scratch:
        folders = [Path(scratch) / work.student for work in works]
        for folder, work in zip(folders, works, strict=True):
            folder.mkdir()
            nbformat.write(work.notebook, folder / "lab.ipynb")
            shutil.copy(exam / "autograder.zip", folder)

        def grade(folder: Path) -> None:
            run(OTTER, folder, "-m", "otter", "run", "lab.ipynb")

        with ThreadPoolExecutor(processes) as pool:
            time_s = seconds(lambda: list(pool.map(grade, folders)))
        return time_s, {folder.name: otter_score(folder) for folder in folders}


def otter_score(folder: Path) -> float:
    """What `otter run` has written there; one of its tests is a summary without a score."""
    tests = json.loads((folder / "results.json").read_text("utf-8"))["tests"]
    return sum(test["score"] for test in tests if "score" in test)
