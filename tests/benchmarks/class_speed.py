"""How quickly the grader, nbgrader and otter-grader grade the same synthetic class."""

import os
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from grader.book.gradebook import Gradebook
from grader.course import LoadedCourse
from grader.places import content_folder
from grader.results import Grade
from tests.benchmarks.class_peers import nbgrader_class, nbgrader_course, otter_class, otter_exam
from tests.benchmarks.class_runs import expect
from tests.benchmarks.overhead import seconds
from tests.benchmarks.peers import NBGRADER, OTTER
from tests.benchmarks.synthetic import SampleWork
from tests.grader.batch.classes import SmallClass


@dataclass(frozen=True)
class Speed:
    """How many seconds of wall time something takes for each submission. note: what it graded rightly."""

    what: str
    each_s: float
    note: str


def our_speed(folder: Path, course: LoadedCourse, data: Path, works: Sequence[SampleWork], size: int) -> Speed:
    """`grader grade`, from the command to the last report, divided by the number of submissions."""
    submissions = folder / "class"
    submissions.mkdir(parents=True)
    for work in works:
        nbformat.write(work.notebook, submissions / f"{work.student}.ipynb")
    chosen = [part for name in course.exercises for part in ("--exercise", name)]
    options = ("--assignment", "lab", "--workers", str(size), *chosen)

    def grade() -> None:
        ended = SmallClass(folder, content_folder()).graded(*options, GRADER_DATA=str(data))
        expect(ended, f"{len(works):,}  graded now")

    time_s = seconds(grade)
    with Gradebook(folder / "gradebook.db", must_exist=True) as book:
        note = graded_note(dict(book.grades("lab")), works)
    return Speed(f"`grader grade --workers {size}`", time_s / len(works), note)


def graded_note(grades: Mapping[str, Grade], works: Sequence[SampleWork]) -> str:
    """How many of the right answers have all points, and how many of the mistakes are called by their names.

    Mistakes that another cell mends are left out: solutions hold the functions that they build on, and the best
    definition of a name counts.
    """
    right, full, mistakes, failed, named = 0, 0, 0, 0, 0
    for work in works:
        results = {result.name: result for result in grades[work.student].exercises}
        right += len(work.right)
        full += sum(results[name].points == results[name].possible for name in work.right)
        mistaken = [name for name in work.mistaken if len(results[name].cells) == 1]
        mistakes += len(mistaken)
        failed += sum(results[name].points < results[name].possible for name in mistaken)
        named += sum(
            any(verdict.misconception == work.answers[name].name for verdict in results[name].verdicts)
            for name in mistaken
        )
    median_s = statistics.median(grade.seconds for grade in grades.values())
    return (
        f"{full:,} of {right:,} right answers have all points, {failed:,} of {mistakes:,} mistakes do not, "
        f"{named:,} of them are named; a worker's median for a notebook: {median_s:.2f} s"
    )


def peer_speeds(
    folder: Path, blank: nbformat.NotebookNode, exercises: Sequence[str], works: Sequence[SampleWork], size: int
) -> Iterator[Speed]:
    """nbgrader as it is, nbgrader and otter-grader in as many processes as the grader has workers."""
    for environment in (NBGRADER, OTTER):
        if not (environment / "installed").exists():
            sys.exit(f"{environment} is missing or incomplete; run `make bench`, which makes it.")
    (folder / "home").mkdir()
    with changed_environment({"HOME": str(folder / "home"), "TMPDIR": str(folder / "home")}):  # nobody's settings
        course, exam = nbgrader_course(folder / "course", blank), otter_exam(folder / "exam", exercises)
        start_s, _ = nbgrader_class(course, works[:1])
        time_s, scores = nbgrader_class(course, works)
        yield Speed("`nbgrader autograde`", (time_s - start_s) / (len(works) - 1), peer_note(scores, works))
        with changed_environment({"OMP_NUM_THREADS": "1"}):  # or torch's threads would wait for each other
            start_s, _ = nbgrader_class(course, works[:size], size)
            time_s, scores = nbgrader_class(course, works, size)
            each_s = (time_s - start_s) / (len(works) - size)
            yield Speed(f"`nbgrader autograde`, {size} processes", each_s, peer_note(scores, works))
            time_s, scores = otter_class(exam, works, size)
            yield Speed(f"`otter run`, {size} processes", time_s / len(works), peer_note(scores, works))


def peer_note(scores: Mapping[str, float], works: Sequence[SampleWork]) -> str:
    """How many tests a peer found passed. Ends the benchmark if those are fewer than what must pass."""
    solved = sum(answer.kind == "solution" for work in works for answer in work.answers.values())
    passed = sum(scores.values())
    if set(scores) != {work.student for work in works} or passed < solved:
        sys.exit(f"{solved} answers are the reference's own, and {passed:g} passed: the time means nothing.")
    return (
        f"{passed:g} of {sum(len(work.answers) for work in works)} exercises passed in {len(works)} of the notebooks "
        f"({sum(len(work.right) for work in works)} are right)"
    )


@contextmanager
def changed_environment(changes: Mapping[str, str]) -> Iterator[None]:
    """Other environment variables for the processes that are started within."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
