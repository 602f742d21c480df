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
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.course import LoadedCourse, load_course
from grader.places import data_folder
from grader.starter import starter_notebook
from tests.benchmarks.class_runs import MARKS, ClassRun, class_run, small_class
from tests.benchmarks.class_soak import soaked
from tests.benchmarks.class_speed import our_speed, peer_speeds
from tests.benchmarks.synthetic import synthetic_class
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
    parser.add_argument("--hostile", type=float, default=0.05, help="the share of hostile ones in soak")
    parser.add_argument("--distinct", type=int, default=200, help="different honest notebooks in soak")
    wanted = parser.parse_args()
    if 0 < wanted.sample <= wanted.workers:
        parser.error("--sample: more than there are workers, or 0")
    return wanted


# Speed


def speed(folder: Path, course: LoadedCourse, data: Path, wanted: argparse.Namespace) -> None:
    """Prints the table of submissions a minute."""
    course = course.selected(tuple(name for name in course.exercises if name != LEFT_OUT))
    works = synthetic_class(course, data, wanted.submissions)
    rows = [our_speed(folder / "chapter", course, data, works, wanted.workers)]
    if wanted.sample:
        blank = starter_notebook(course, str(data))
        rows += peer_speeds(folder, blank, list(course.exercises), works[: wanted.sample], wanted.workers)
    head = f"{len(works):,} synthetic submissions of {len(course.exercises)} exercises, {wanted.workers} cores"
    print(f"\n| {head} | a minute | seconds for each | `grader grade` is as many times as fast |")
    print("| --- | ---: | ---: | ---: |")
    for one in rows:
        row(one.what, [f"{60 / one.each_s:.1f}", f"{one.each_s:.2f} s", f"{one.each_s / rows[0].each_s:.2f}"])
    print("\n" + "\n".join(f"- {one.what}: {one.note}" for one in rows))


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
    print("\nMedians of three second runs. Memory: proportional set size, without kernels and their zygotes.")


def row(what: str, values: Sequence[str]) -> None:
    """Prints a row."""
    print(f"| {what} | {' | '.join(values)} |")


# The soak


def soak(folder: Path, course: LoadedCourse, data: Path, wanted: argparse.Namespace) -> bool:
    """Prints what came of the soak. False if a grade was another one than it should be."""
    found = soaked(folder / "soak", course, data, wanted.soak, wanted.hostile, wanted.distinct, wanted.workers)
    print(f"\n| soak of {found.count:,} submissions, {wanted.hostile:.0%} of them hostile, {wanted.workers} cores | |")
    print("| --- | ---: |")
    row("graded in", [f"{found.seconds / 60:.1f} min"])
    row(f"the {found.distinct:,} different honest ones, alone", [f"{found.seconds_alone / 60:.1f} min"])
    row("honest submissions", [f"{found.honest:,}"])
    row("of them without a grade", [f"{len(found.missing):,}"])
    row("of them with another grade than the notebook gets alone", [f"{len(found.different):,}"])
    endings = ", ".join(f"{name} {count}" for name, count in found.endings.most_common())
    print(f"\nThe attacks' cells ended with: {endings}.")
    for student in found.missing[:10]:
        print(f"\n{student} has no grade.")
    for student, (there, here) in list(found.different.items())[:10]:
        print(f"\n{student} in the class: {there}\nalone: {here}")
    return not (found.missing or found.different)


if __name__ == "__main__":
    sys.exit(main())
