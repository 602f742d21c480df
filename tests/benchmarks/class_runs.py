"""A class in a course of one exercise: what a second run takes, and whether the memory stays flat."""

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figures import proportional_bytes
from tests.benchmarks.overhead import seconds
from tests.grader.batch.classes import RIGHT, WRONG, SmallClass, workers
from tests.grader.small_course import write_files

SECOND_RUNS = 3
EVERY_S = 0.2
MARKS = (0.1, 0.25, 0.5, 0.75, 1.0)  # of the class: the first is when all has warmed up


@dataclass(frozen=True)
class Memory:
    """What a run had in memory when so many submissions had been graded, in bytes (proportional set size).

    grader: its own process. workers: its worker processes together, without the kernels.
    """

    done: int
    grader: int
    workers: int


@dataclass(frozen=True)
class ClassRun:
    """A class, graded and then looked at again. memory: at each of the marks. again_s: the median of some runs."""

    count: int
    first_s: float
    again_s: float
    memory: tuple[Memory, ...]


def small_class(folder: Path, count: int) -> SmallClass:
    """The class: one in ten is wrong, and no two are the same."""
    folder.mkdir()
    made = SmallClass(folder, write_files(folder / "course"))
    for number in range(count):
        made.hand_in(f"student{number:04}", f"# by student {number}\n{RIGHT if number % 10 else WRONG}")
    return made


def class_run(small: SmallClass, count: int, gradebook: str, size: int) -> ClassRun:
    """Grades a class, and again when nothing has changed. size: how many workers."""
    options = ("--gradebook", gradebook, "--workers", str(size))
    began = time.perf_counter()
    memory = watched(small.started(*options), small.root / "reports" / "numbers", f"{count:,}  graded now")
    first_s = time.perf_counter() - began

    def again() -> None:
        expect(small.graded(*options), f"{count:,}  unchanged")

    again_s = statistics.median(seconds(again) for _ in range(SECOND_RUNS))
    return ClassRun(count, first_s, again_s, tuple(at(memory, int(mark * count)) for mark in MARKS))


def watched(process: "subprocess.Popen[str]", reports: Path, said: str) -> list[Memory]:
    """The memory of a run as it went on. reports: where each graded submission leaves a file. said: its result."""
    samples: list[Memory] = []

    def watch() -> None:
        while process.poll() is None:
            done = len(list(reports.glob("*.html")))
            others = sum(map(proportional_bytes, workers(process.pid)))
            found = Memory(done, proportional_bytes(process.pid), others)
            if found.grader and found.workers:  # else it begins or ends just now
                samples.append(found)
            time.sleep(EVERY_S)

    watching = threading.Thread(target=watch)
    watching.start()
    out, errors = process.communicate()
    watching.join()
    expect((process.returncode, out, errors), said)
    return samples


def at(samples: Sequence[Memory], done: int) -> Memory:
    """The first sample with so many done; the last one if there is none."""
    return next((sample for sample in samples if sample.done >= done), samples[-1])


def expect(ended: tuple[int, str, str], said: str) -> None:
    """Ends the benchmark unless a run did what it should: else something else was measured."""
    status, out, errors = ended
    if status or said not in out:
        sys.exit(f"grader grade ended with status {status} and did not say {said!r}:\n{out[-2000:]}\n{errors[-2000:]}")
