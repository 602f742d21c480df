"""The soak: a class with hostile submissions in it, in which every honest grade must be what the notebook gets alone.

The course is the chapter's, with the exercises that take least to grade, since it is about what one notebook does to
another, not about exercises. The honest notebooks are synthetic; some students hand in the same one, and what it gets
alone is worked out once for each: in the benchmark's own process, one after the other, when the class is done. The
hostile ones are honest ones with an attack of tests/hostile in one more cell, each kind of attack in its turn.
"""

import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from grader.book.gradebook import Gradebook
from grader.course import LoadedCourse
from grader.kernel import isolated_room
from grader.limits import Limits
from grader.places import content_folder
from grader.results import Grade
from tests.benchmarks.synthetic import synthetic_class
from tests.grader.batch.classes import SmallClass
from tests.grader.batch.soaking import Decided, decided_alone, differences
from tests.hostile import test_forgeries as forgeries
from tests.hostile import test_processes as processes
from tests.hostile import test_resources as resources

EXERCISES = ("list_comprehensions", "bottom_right", "zip_pairs")
SEED, ASSIGNMENT, HOSTILE = 5, "soak", "hostile"
OPTIONS = ("--timeout", "5", "--limit", "memory=1GB", "--limit", "processes=128", "--limit", "flood=20MB")
LIMITS = Limits(cell_s=5, notebook_s=75, memory_bytes=10**9, processes=128, flood_bytes=2 * 10**7)  # the same

ATTACKS: dict[str, str] = {
    "never ends": "while True: pass",
    **processes.NEVER_ENDING,
    **processes.ENDING,
    "sys.exit": "import sys\nsys.exit(3)",
    "signals to everybody": processes.SIGNALS,
    **processes.BREAKING,
    **processes.FORKING,
    "daemons": processes.DAEMONS,
    "a shutdown that hangs": processes.UNENDING_SHUTDOWN,
    **resources.AT_ONCE,
    "memory page by page": "taken = []\nwhile True: taken.append(bytearray(4096))",
    "memory of many processes": resources.MANY_PROCESSES,
    "shared memory": resources.SHARED.format(size=2 * 2**30),
    **resources.WITHOUT_LIMIT,
    "a full disk": resources.FILLING,
    "tiny files": resources.TINY_FILES,
    **resources.LARGE,
    "open files": resources.OPENING,
    **resources.FLOODS,
    **forgeries.REPLACED,
    **{f"agent: {name}": forgeries.AGENT + reply for name, reply in forgeries.REPLIES.items()},
    **{f"message: {name}": forgeries.MESSAGES + forged for name, forged in forgeries.FORGED.items()},
    **forgeries.MODES,
}


@dataclass(frozen=True)
class Soak:
    """What came of it. different: the students whose grade is another one than their notebook gets alone.

    missing: the honest students without any grade. distinct: how many notebooks the honest ones handed in. endings: how
    the attacks' cells ended, and how often.
    """

    count: int
    honest: int
    distinct: int
    seconds: float
    seconds_alone: float
    missing: Sequence[str]
    different: Mapping[str, tuple[Decided, Decided]]
    endings: Counter[str]


def soaked(folder: Path, course: LoadedCourse, data: Path, count: int, share: float, distinct: int, size: int) -> Soak:
    """Grades such a class with `grader grade`, and its honest notebooks alone.

    share: how many of them are hostile, from 0 to 1. distinct: how many of the honest notebooks differ. size: how many
    workers.
    """
    course = course.selected(EXERCISES)
    notebooks = [work.notebook for work in synthetic_class(course, data, distinct, SEED)]
    honest = hand_in(folder / "class", notebooks, count, share)
    began = time.perf_counter()
    graded_class(folder, data, size)
    middle = time.perf_counter()
    room = isolated_room(sys.executable, data, course.folder)
    with Gradebook(folder / "gradebook.db", must_exist=True) as book:
        students = [file.stem for file in honest]
        (seed,) = {found.seed for _, found in book.grades(ASSIGNMENT)}
        alone = decided_alone(honest, course, data, LIMITS, room, seed)
        ended = time.perf_counter()
        different = differences(book.grades(ASSIGNMENT, students), alone)
        graded = {found.student for found in book.standings(ASSIGNMENT) if not found.problem}
        endings = Counter(ending(found) for student, found in book.grades(ASSIGNMENT) if student.endswith(HOSTILE))
    missing = sorted(set(students) - graded)
    return Soak(count, len(honest), len(alone), middle - began, ended - middle, missing, different, endings)


def hand_in(submissions: Path, notebooks: Sequence[NotebookNode], count: int, share: float) -> list[Path]:
    """Writes the class's notebooks, and gives the honest ones."""
    submissions.mkdir(parents=True)
    chance = random.Random(SEED)
    hostile = sorted(chance.sample(range(count), round(share * count)))
    attacks = dict(zip(hostile, itertools.cycle(ATTACKS.values()), strict=False))
    honest: list[Path] = []
    for number in range(count):
        notebook = notebooks[number % len(notebooks)]
        file = submissions / f"student{number:05}{HOSTILE if number in attacks else ''}.ipynb"
        if number in attacks:
            notebook = attacked(notebook, attacks[number], chance)
        else:
            honest.append(file)
        nbformat.write(notebook, file)
    return honest


def graded_class(folder: Path, data: Path, size: int) -> None:
    """Grades the class; some of the hostile may have no grade."""
    chosen = [part for name in EXERCISES for part in ("--exercise", name)]
    options = ["--assignment", ASSIGNMENT, "--workers", str(size), *chosen, *OPTIONS]
    status, out, errors = SmallClass(folder, content_folder()).graded(*options, GRADER_DATA=str(data))
    if status > 1:
        sys.exit(f"grader grade ended with status {status}:\n{out[-2000:]}\n{errors[-2000:]}")


def attacked(notebook: NotebookNode, attack: str, chance: random.Random) -> NotebookNode:
    """The notebook with one more cell, anywhere below the first one with code."""
    made = nbformat.from_dict(notebook)
    first = next(index for index, cell in enumerate(made.cells) if cell.cell_type == "code")
    made.cells.insert(chance.randint(first + 1, len(made.cells)), new_code_cell(f"# attack\n{attack}"))
    return made


def ending(graded: Grade) -> str:
    """How the cell with the attack ended."""
    (cell,) = (cell for cell in graded.notebook if cell.source.startswith("# attack\n"))
    return cell.error.type if cell.error else "no error"
