"""Grading: a submission is run, its exercises are probed as it goes, and the verdicts add up to a grade."""

import base64
import binascii
import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import nbformat
from nbformat import NotebookNode

from grader import __version__
from grader.attempt import Attempt
from grader.budgets import Budget, budgets_of
from grader.course import LoadedCourse
from grader.device_memory import PROBE, device_use
from grader.endings import NOT_INSTALLED
from grader.execution import CellEnd, Session
from grader.finding import Found, find, is_of_course
from grader.judging import Judge
from grader.kernel import Room
from grader.limits import Limits
from grader.notebook import Submission, is_asking
from grader.offline import offline_notebook, prelude
from grader.places import RECORD
from grader.results import PNG_SIGNATURE, CellRecord, DeviceUse, ExerciseResult, FirstError, Grade, Picture
from grader.showing import counted, one_line
from grader.slicing import Cells, Slice
from grader.telling import Tell, quietly

LIMIT_PICTURES = 20
RELEASED = f"Checked with the right answers recorded in {RECORD}. At grading, the checks have other inputs."
WIDER = 2  # how often a slice that turned out too small is made larger, before the whole notebook is run
KINDS: dict[str, Literal["code", "markdown", "raw"]] = {"code": "code", "markdown": "markdown"}


@dataclass
class Run:
    """A notebook as it ran: with its outputs, how each cell ended, and what was found in it."""

    notebook: NotebookNode
    attempts: list[Attempt]
    ends: dict[int, CellEnd]
    restarts: int
    budgets: Mapping[str, Budget]
    gpu: DeviceUse | None = None


def grade(
    submission: Submission,
    course: LoadedCourse,
    data: Path,
    limits: Limits,
    tell: Tell = quietly,
    room: Room | None = None,
    *,
    is_sliced: bool = False,
    judges: Mapping[str, Judge] | None = None,
) -> Grade:
    """Runs a submission and grades it by the exercises of the course.

    data: where the course's data was prepared. tell: called as cells are done, with what is done, how many of
    them and of how many. room: what the notebook runs in; by default the grader's Python, without walls.
    is_sliced: run only what the exercises need, if the notebook is not the course's own. judges: who judges the
    exercises; by default those whose cases are drawn from the submission's own seed.
    Raises UserError if no kernel starts.
    """
    room = room or Room()
    started, clock = datetime.datetime.now(datetime.UTC), time.monotonic()
    notebook, notes = offline_notebook(submission.notebook)
    cells = Cells({i: c.source for i, c in enumerate(notebook.cells) if c.cell_type == "code" and c.source.strip()})
    judges = judges or judges_of(course, submission.seed)
    is_ours = is_of_course(submission.notebook)
    found = found_in(submission.notebook, course, course.callables)
    attempts = attempts_at(submission, judges, found, cells)
    demands = [demand for attempt in attempts for demand in attempt.demands]
    is_sliced = is_sliced and not is_ours
    part = cells.sliced(demands) if is_sliced else whole(cells)
    for width in range(WIDER + 1):
        run = Run(nbformat.from_dict(notebook), attempts, {}, 0, budgets_of(attempts, cells, limits))
        run_through(run, part, submission, data, limits, tell, room)
        failed = frozenset(index for index, end in run.ends.items() if end.error)
        wider = cells.sliced(demands, failed) if is_sliced else part
        if wider.run <= part.run:
            break
        part = wider if width < WIDER - 1 else whole(cells)
        attempts = attempts_at(submission, judges, found, cells)
    results = tuple(result_of(attempt, run) for attempt in run.attempts)
    return Grade(
        submission=submission.file.name.encode("utf-8", "replace").decode(),  # a file's name may be no text
        sha256=submission.sha256,
        course=course.course.title,
        grader_version=__version__,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
        points=sum(result.points for result in results),
        possible=sum(result.possible for result in results),
        is_isolated=room.is_isolated,
        exercises=results,
        notebook=tuple(
            record(index, shown, cell, run.ends.get(index), part.left_out.get(index, ""))
            for index, (shown, cell) in enumerate(zip(submission.notebook.cells, run.notebook.cells, strict=True))
            if is_telling(shown)
        ),
        notes=(*submission.notes, *notes, *notes_on(run, part, cells), *([RELEASED] if course.records else [])),
        isolation_problem=room.problem,
        limits=limits,
        first_error=first_error(run, cells),
        gpu=run.gpu,
        seed="" if course.records else next((judge.seed for judge in judges.values()), ""),
        only_at_grading=course.only_at_grading,
    )


def found_in(
    notebook: NotebookNode, course: LoadedCourse, callables: Callable[[str], frozenset[str]]
) -> dict[str, Found]:
    """Where a notebook answers each exercise of a course. callables: as the course's own, which asks the reference."""
    is_ours = is_of_course(notebook)
    return {
        name: find(notebook, name, exercise, frozenset() if is_ours else callables(name), course.given)
        for name, exercise in course.exercises.items()
    }


def judges_of(course: LoadedCourse, seed: str) -> dict[str, Judge]:
    """Who judges the exercises of a course that have checks. seed: what the cases are drawn from."""
    return {name: Judge(course, name, seed) for name, exercise in course.exercises.items() if exercise.checks}


def attempts_at(
    submission: Submission, judges: Mapping[str, Judge], found: Mapping[str, Found], cells: Cells
) -> list[Attempt]:
    """An attempt at each exercise, with nothing probed."""
    return [Attempt(judge, submission, found, cells) for judge in judges.values()]


def whole(cells: Cells) -> Slice:
    """All cells."""
    return Slice(frozenset(cells.effects), frozenset(cells.effects), {})


def run_through(
    run: Run, part: Slice, submission: Submission, data: Path, limits: Limits, tell: Tell, room: Room
) -> None:
    """Runs the cells of a slice, and probes after each whatever it answers."""
    cells = run.notebook.cells
    for attempt in run.attempts:
        attempt.prepare()  # now, while the zygote still imports what notebooks import
    folder = submission.file.resolve().parent
    with Session(run.notebook, folder, data, limits, room, prelude(run.notebook)) as session:
        for index in range(len(cells)):
            tell("cells", index, len(cells))
            if index in part.run:
                run_cell(session, index, run)
                for attempt in run.attempts:
                    if index in attempt.places:
                        attempt.probe(session.ask)
        tell("cells", len(cells), len(cells))
        for attempt in run.attempts:
            if not attempt.best:
                attempt.probe(session.ask)
        run.ends, run.restarts = session.ends, session.restarts
        run.gpu = device_use(session.ask([PROBE])[0]) if room.has_gpu else None


def run_cell(session: Session, index: int, run: Run) -> None:
    """Runs a cell, for no longer than the exercise whose cell it is allows."""
    budget = next((budget for budget in run.budgets.values() if index in budget.cells), None)
    if budget is None:
        session.run_cell(index)
    elif budget.left_s > 0:
        session.ends[index] = budget.ended(session.run_cell(index, budget.left_s))
    else:
        session.ends[index] = CellEnd(0, budget.error)


def result_of(attempt: Attempt, run: Run) -> ExerciseResult:
    """An exercise's result, with the time that its own cells took if there is a limit to it."""
    result = attempt.result(run.ends)
    budget = run.budgets.get(attempt.name)
    if budget is None:
        return result
    return msgspec.structs.replace(result, seconds=round(budget.used_s, 3), budget_s=budget.seconds)


def notes_on(run: Run, part: Slice, cells: Cells) -> list[str]:
    """What a reader should know about how a notebook ran."""
    notes = []
    if run.restarts:
        often = "once" if run.restarts == 1 else f"{run.restarts} times"
        notes.append(f"The kernel ended {often} and was started again.")
    needing: dict[str, list[int]] = {}
    for index, end in sorted(run.ends.items()):
        package = NOT_INSTALLED.search(end.error.message) if end.error else None
        if package:
            needing.setdefault(package[1], []).append(index + 1)
    for name, positions in needing.items():
        who = f"Cell {positions[0]} needs" if len(positions) == 1 else f"Cells {listing(positions)} need"
        notes.append(f"{who} {name}, which is not installed: pip install 'chapter4-grader[fastai]'")
    if part.left_out:
        notes.append(
            f"Of {counted(len(cells.effects), 'cell')} with code, {len(part.run)} were run: those that the exercises "
            "found in this notebook depend on. --full runs all."
        )
    return notes


def listing(positions: list[int]) -> str:
    """Numbers in a sentence: 1, 2 and 3."""
    return " and ".join(filter(None, [", ".join(map(str, positions[:-1])), str(positions[-1])]))


def first_error(run: Run, cells: Cells) -> FirstError | None:
    """The first cell error on which an exercise depends that did not pass."""
    failed = sorted(index for index, end in run.ends.items() if end.error)
    if not failed:
        return None
    needed = {a.name: cells.sliced(a.demands).needed for a in run.attempts if a.demands and not a.is_passed}
    for index in failed:
        affected = tuple(a.exercise.title for a in run.attempts if index in needed.get(a.name, ()))
        error = run.ends[index].error
        if affected and error:
            return FirstError(index + 1, one_line(f"{error.type}: {error.message}")[:300], affected)
    return None


# The notebook as it ran


def is_telling(cell: NotebookNode) -> bool:
    """Whether a cell says anything in a report: not what asks the grader, nor the empty place for a written answer."""
    return not is_asking(cell) and bool(cell.cell_type == "code" or cell.source.strip())


def record(index: int, shown: NotebookNode, cell: NotebookNode, end: CellEnd | None, left_out: str) -> CellRecord:
    """A cell as its author wrote it, with what it gave, bounded. left_out: why it was not run, if it was not."""
    texts: list[str] = []
    pictures: list[Picture] = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        picture = png_of(data.get("image/png"))
        if picture and len(pictures) < LIMIT_PICTURES:
            pictures.append(picture)
        elif output.output_type == "stream":
            texts.append(str(output.text))
        elif "text/plain" in data:
            texts.append(str(data["text/plain"]) + "\n")
    return CellRecord(
        position=index + 1,
        kind=KINDS.get(cell.cell_type, "raw"),
        source=shown.source,
        text="".join(texts),
        pictures=tuple(pictures),
        error=end.error if end else None,
        seconds=round(end.seconds, 3) if end else None,
        left_out=left_out,
    )


def png_of(text: object) -> Picture | None:
    """The picture in an output's base64 text, if it is one."""
    if not isinstance(text, str):
        return None
    try:
        content = base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return None
    return Picture(content) if content.startswith(PNG_SIGNATURE) else None
