"""Watching a notebook: when it was saved, whether there is anything new to grade in it, and how things stand.

It is looked at a few times a second, which works on every file system. What the kernel tells of changes (inotify, and
packages such as watchfiles that use it) leaves out those that another machine makes on a shared folder; and of a file
that is replaced, as Jupyter and editors do, it tells only those who watch its folder.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from nbformat import NotebookNode

from grader.errors import UserError
from grader.notebook import Submission, is_given, read_notebook, tagged_exercise
from grader.results import Grade
from grader.showing import counted, points_text

POLL_S = 0.3
NAMED = 5  # exercises whose points have changed, so that a line stays one
PATIENCE = 10  # looks at a file that is not there, before it is taken for gone: it may just be replaced


class Stamp(NamedTuple):
    """What is another after a file was saved."""

    modified_ns: int
    size: int
    inode: int


class State(msgspec.Struct, frozen=True):
    """How things stand. stage: "waiting" for another save if the last one can't be graded, and `problem` says why.

    at: when this came about, as a clock shows it. grade: the last one, if there is any. number: of the grade, from 1.
    change: which points the last grade has gained and lost.
    """

    stage: Literal["grading", "graded", "waiting"] = "grading"
    at: str = ""
    grade: Grade | None = None
    number: int = 0
    change: str = ""
    problem: str = ""


def states(
    file: Path, saves: Iterable[Stamp | None], grade: Callable[[Submission], Grade], clock: Callable[[], str]
) -> Iterator[State]:
    """How things stand with a notebook, whenever that changes, as it is graded after each of its saves.

    saves: gives whatever a save has made of the file, as `settled` does; it isn't asked for the next while a grading
    goes on, so of several saves meanwhile only the last is graded. grade: may raise UserError. A save that has changed
    no code is not graded again.
    """
    last, graded, is_waiting = State(), None, False
    for _ in saves:
        work = None
        try:
            submission = read_notebook(file)
            work = work_in(submission.notebook)
            if work != graded:
                yield msgspec.structs.replace(last, stage="grading", at=clock())
                found = grade(submission)
                last = State("graded", clock(), found, last.number + 1, change_in_words(last.grade, found))
                graded, is_waiting = work, False
                yield last
            elif is_waiting:  # it was damaged for a while
                is_waiting = False
                yield last
        except UserError as error:
            graded = graded if work is None else None  # what could not be graded is, once it is saved again
            is_waiting = True
            yield msgspec.structs.replace(last, stage="waiting", at=clock(), problem=str(error))


def work_in(notebook: NotebookNode) -> list[tuple[str, ...]]:
    """What of a notebook decides about its grade, cell by cell: the code, and which exercise the cell is for.

    Of other cells only that they are there: reports call a cell by its place.
    """
    return [
        ("code", cell.source, tagged_exercise(cell), "given" if is_given(cell) else "")
        if cell.cell_type == "code"
        else (cell.cell_type,)
        for cell in notebook.cells
    ]


# What is said


def change_in_words(before: Grade | None, after: Grade) -> str:
    """Which points an exercise has gained or lost: "+2: spread, -1: total". Empty for the first grade."""
    if before is None:
        return ""
    had = {exercise.name: exercise.points for exercise in before.exercises}
    changes = {exercise.name: round(exercise.points - had.get(exercise.name, 0), 2) for exercise in after.exercises}
    words = [
        f"{'+' if points > 0 else '-'}{points_text(abs(points))}: {name}" for name, points in changes.items() if points
    ]
    more = [f"{len(words) - NAMED} more"] if len(words) > NAMED else []
    return ", ".join([*words[:NAMED], *more]) or "the same points"


def points_in_words(grade: Grade) -> str:
    """A grade's points in words, as in "3 of 4 points"."""
    return f"{points_text(grade.points)} of {counted(grade.possible, 'point')}"


def line_of(state: State) -> str:
    """A state in one line, for the terminal."""
    if state.stage == "graded" and state.grade:
        return "  ".join(filter(None, (state.at, points_in_words(state.grade), state.change)))
    return f"{state.at}  {state.problem or 'Grading'}"


def sentence_of(state: State) -> str:
    """A state in a sentence, for the page."""
    if state.stage == "grading":
        return "Grading what you have saved…" if state.grade else "Grading your notebook for the first time…"
    if state.stage == "graded" and state.grade:
        change = f" ({state.change})" if state.change else ""
        return f"Graded at {state.at}: {points_in_words(state.grade)}{change}. Save the notebook to grade it again."
    below = " Below is the report of the last save that could be graded." if state.grade else ""
    return f"{state.problem}{below}"


def news_of(state: State) -> bytes:
    """A state as pages that are open are told of it: one line of JSON. They know their grade's number."""
    return msgspec.json.encode({"stage": state.stage, "number": state.number, "sentence": sentence_of(state)})


# When a file was saved


def settled(stamps: Iterable[Stamp | None]) -> Iterator[Stamp | None]:
    """Of what a file was at one look after another: the first, and then each that is new and has lasted for two looks.

    A file that is not there (None) is new only after a while: one that is replaced is away for a moment.
    """
    told: Stamp | None = None
    before: Stamp | None = None
    lasting, has_begun = 0, False
    for stamp in stamps:
        lasting = lasting + 1 if stamp == before else 1
        before = stamp
        is_settled = lasting >= (PATIENCE if stamp is None else 2)
        if not has_begun or (is_settled and stamp != told):
            told, has_begun = stamp, True
            yield stamp


def stamps_of(file: Path, poll_s: float = POLL_S) -> Iterator[Stamp | None]:
    """What a file is, as it is looked at again and again, for ever; None while it is not there."""
    while True:
        yield stamp_of(file)
        time.sleep(poll_s)


def stamp_of(file: Path) -> Stamp | None:
    """What a file is now; None if it is not there, or can't be looked at."""
    try:
        found = file.stat()
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size, found.st_ino)
