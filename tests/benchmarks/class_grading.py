"""What it costs to grade a class, and whether anything harms it: python -m tests.benchmarks.class_grading [PART ...]

The parts, all of them if none is named; each prints a table in Markdown:

- speed: synthetic submissions of the chapter without full MNIST, with `grader grade` and, a sample of the same ones,
  with nbgrader and otter-grader, which get an instructor's asserts for the same exercises; see class_peers.py. `make
  bench` makes the peers' environments. Whether each graded what it should is told: every reference solution must pass.
- small: a course of one exercise, in SQLite and in PostgreSQL, where that is installed: the memory on the way, and a
  second run in which nothing has changed.
- soak: many submissions, 5 % of them hostile; see class_soak.py. Ends with status 1 if an honest grade is another one
  than the same notebook gets alone.

All on as many cores as there are workers, with the machine's own `grader grade` as a process of its own. The default
sizes take some 15 minutes for speed and small, and half an hour for soak, on two cores. Needs Linux and bubblewrap.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from grader.book.gradebook import Gradebook
from grader.course import LoadedCourse, load_course
from grader.places import content_folder, data_folder
from grader.results import Grade
from grader.starter import starter_notebook
from tests.benchmarks.class_peers import nbgrader_class, nbgrader_course, otter_class, otter_exam
from tests.benchmarks.class_runs import MARKS, ClassRun, class_run, expect, small_class
from tests.benchmarks.class_soak import SHARE, soaked
from tests.benchmarks.peers import NBGRADER, OTTER
from tests.benchmarks.synthetic import SampleWork, synthetic_class
from tests.grader.batch.classes import SmallClass
from tests.postgresql import cluster

LEFT_OUT = "full_mnist"


def main() -> int:
    """Runs the parts; 1 if something is not as it must be."""
    wanted = arguments()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: wanted.workers])
    data = data_folder()
    course = load_course()
    course.prepare(data)
    os.environ["GRADER_DATA"] = str(data)
    is_well = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)  # where root grades, the isolated are another user
        if "speed" in wanted.parts:
            speed(folder, course, data, wanted)
        if "small" in wanted.parts:
            small(folder, wanted)
        if "soak" in wanted.parts:
            is_well = soak(folder, course, data, wanted)
    return 0 if is_well else 1


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=["speed", "small", "soak"], default=["speed", "small", "soak"])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--submissions", type=int, default=200, help="in speed")
    parser.add_argument("--sample", type=int, default=10, help="those of them that the peers grade too; 0 for none")
    parser.add_argument("--small", type=int, default=1000, help="submissions in small")
    parser.add_argument("--soak", type=int, default=2000, help="submissions in soak")
    parser.add_argument("--distinct", type=int, default=200, help="different honest notebooks in soak")
    return parser.parse_args()


# Speed


@dataclass(frozen=True)
class Speed:
    """How quickly something grades: seconds of wall time for each submission of a class without end, or of this one.

    note: what it graded rightly.
    """

    what: str
    each_s: float
    note: str


def speed(folder: Path, course: LoadedCourse, data: Path, wanted: argparse.Namespace) -> None:
    """Prints the table of submissions a minute."""
    course = course.selected(tuple(name for name in course.exercises if name != LEFT_OUT))
    works = synthetic_class(course, data, wanted.submissions)
    rows = [our_speed(folder / "chapter", course, data, works, wanted.workers)]
    if wanted.sample:
        blank = starter_notebook(course, str(data))
        rows += peer_speeds(folder, blank, list(course.exercises), works[: wanted.sample], wanted.workers)
    head = f"{len(works):,} synthetic submissions of {len(course.exercises)} exercises, {wanted.workers} cores"
    print(f"\n| {head} | a minute | seconds for each | `grader grade` is so many times as fast |")
    print("| --- | ---: | ---: | ---: |")
    for row in rows:
        print(f"| {row.what} | {60 / row.each_s:.1f} | {row.each_s:.2f} s | {row.each_s / rows[0].each_s:.1f} |")
    print("\n" + "\n".join(f"- {row.what}: {row.note}" for row in rows))


def our_speed(folder: Path, course: LoadedCourse, data: Path, works: Sequence[SampleWork], size: int) -> Speed:
    """`grader grade`, from the command to the last report, divided by the number of submissions."""
    submissions = folder / "class"
    submissions.mkdir(parents=True)
    for work in works:
        nbformat.write(work.notebook, submissions / f"{work.student}.ipynb")
    chosen = [part for name in course.exercises for part in ("--exercise", name)]
    began = time.perf_counter()
    ended = SmallClass(folder, content_folder()).graded(
        "--assignment", "lab", "--workers", str(size), *chosen, GRADER_DATA=str(data)
    )
    time_s = time.perf_counter() - began
    expect(ended, f"{len(works):,}  graded now")
    with Gradebook(folder / "gradebook.db", must_exist=True) as book:
        note = graded_note(dict(book.grades("lab")), works)
    return Speed(f"`grader grade --workers {size}`", time_s / len(works), note)


def graded_note(grades: Mapping[str, Grade], works: Sequence[SampleWork]) -> str:
    """How many of the right answers have all points, and how many of the mistakes are called by their names."""
    right, full, mistakes, failed, named = 0, 0, 0, 0, 0
    for work in works:
        results = {result.name: result for result in grades[work.student].exercises}
        right += len(work.right)
        full += sum(results[name].points == results[name].possible for name in work.right)
        mistakes += len(work.mistaken)
        failed += sum(results[name].points < results[name].possible for name in work.mistaken)
        named += sum(
            any(verdict.misconception == work.answers[name].name for verdict in results[name].verdicts)
            for name in work.mistaken
        )
    seconds = statistics.median(grade.seconds for grade in grades.values())
    return (
        f"{full:,} of {right:,} right answers have all points, {failed:,} of {mistakes:,} mistakes do not, "
        f"{named:,} of them are named; a worker's median for a notebook: {seconds:.2f} s"
    )


def peer_speeds(
    folder: Path, blank: nbformat.NotebookNode, exercises: Sequence[str], works: Sequence[SampleWork], size: int
) -> Iterator[Speed]:
    """nbgrader as it is, nbgrader and otter-grader in as many processes as the grader has workers."""
    for environment in (NBGRADER, OTTER):
        if not (environment / "installed").exists():
            sys.exit(f"{environment} is missing or incomplete; run `make bench`, which makes it.")
    with home(folder / "home"):
        course, exam = nbgrader_course(folder / "course", blank), otter_exam(folder / "exam", exercises)
        one_s, _ = nbgrader_class(course, works[:1])
        many_s, scores = nbgrader_class(course, works)
        yield Speed("`nbgrader autograde`", (many_s - one_s) / (len(works) - 1), peer_note(scores, works))
        with threads(1):
            two_s, _ = nbgrader_class(course, works[:size], size)
            many_s, scores = nbgrader_class(course, works, size)
            each_s = (many_s - two_s) / (len(works) - size)
            yield Speed(f"`nbgrader autograde`, {size} processes", each_s, peer_note(scores, works))
            many_s, scores = otter_class(exam, works, size)
            yield Speed(f"`otter run`, {size} processes", many_s / len(works), peer_note(scores, works))


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
def home(folder: Path) -> Iterator[None]:
    """A home folder of its own for what runs within, where nobody's settings are found."""
    folder.mkdir()
    with changed_environment({"HOME": str(folder), "TMPDIR": str(folder)}):
        yield


def threads(count: int) -> "contextmanager[None]":
    """As many threads for torch as there are cores for a process, as the grader gives its own: else they get in each
    other's way."""
    return changed_environment({"OMP_NUM_THREADS": str(count)})


@contextmanager
def changed_environment(changes: Mapping[str, str]) -> Iterator[None]:
    """Other environment variables for the processes that are started within."""
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


# A small course


def small(folder: Path, wanted: argparse.Namespace) -> None:
    """Prints the tables of second runs and of memory."""
    runs: dict[str, ClassRun] = {}
    made = small_class(folder / "sqlite", wanted.small)
    runs["SQLite"] = class_run(made, wanted.small, str(folder / "sqlite" / "gradebook.db"), wanted.workers)
    with cluster() as running:
        if isinstance(running, str):
            print(f"\nNot measured with PostgreSQL: {running}.")
        else:
            made = small_class(folder / "postgresql", wanted.small)
            runs["PostgreSQL"] = class_run(made, wanted.small, running.new_schema()[0], wanted.workers)
    print(
        f"\n| {wanted.small:,} submissions of a course of one exercise, {wanted.workers} cores | {' | '.join(runs)} |"
    )
    print(f"| --- |{' ---: |' * len(runs)}")
    row("graded, a minute", [f"{60 * run.count / run.first_s:,.0f}" for run in runs.values()])
    row("a second run, nothing changed", [f"{run.again_s:.2f} s" for run in runs.values()])
    for index, mark in enumerate(MARKS):
        found = [run.memory[index] for run in runs.values()]
        texts = [f"{one.grader / 2**20:.1f} + {one.workers / 2**20:.1f} MiB" for one in found]
        row(f"memory after {int(mark * wanted.small):,}: the grader + its workers", texts)
    print(
        "\nMedians of three second runs; memory is the proportional set size, without kernels and their zygotes' own."
    )


def row(what: str, values: Sequence[str]) -> None:
    """Prints a row."""
    print(f"| {what} | {' | '.join(values)} |")


# The soak


def soak(folder: Path, course: LoadedCourse, data: Path, wanted: argparse.Namespace) -> bool:
    """Prints what came of the soak. False if a grade was another one than it should be."""
    found = soaked(folder / "soak", course, data, wanted.soak, wanted.distinct, wanted.workers)
    print(f"\n| soak of {found.count:,} submissions, {SHARE:.0%} of them hostile, {wanted.workers} cores | |")
    print("| --- | ---: |")
    row("graded in", [f"{found.seconds / 60:.1f} min"])
    row("attacks", [f"{found.attacks:,}"])
    row("honest grades, of so many different notebooks", [f"{found.honest:,}, {found.distinct:,}"])
    row("other than the notebook gets alone", [f"{len(found.different):,}"])
    endings = ", ".join(f"{name} {count}" for name, count in found.endings.most_common())
    print(f"\nThe attacks' cells ended with: {endings}.")
    for student, (there, here) in list(found.different.items())[:10]:
        print(f"\n{student} in the class: {there}\nalone: {here}")
    return not found.different


if __name__ == "__main__":
    sys.exit(main())
