"""Grading: a submission is run, its exercises are probed as it goes, and the verdicts add up to a grade."""

import ast
import base64
import binascii
import datetime
import difflib
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import nbformat

from grader import __version__
from grader.course import LoadedCourse
from grader.execution import CellEnd, Session
from grader.exercise import Exercise
from grader.judging import Judge
from grader.kernel import Room
from grader.limits import Limits
from grader.notebook import (
    Submission,
    answering_cells,
    names_in,
    python_of,
    tagged_exercise,
    without_comments,
)
from grader.probes import Probe
from grader.progress import Tell, quietly
from grader.results import PNG_SIGNATURE, CellRecord, ExerciseResult, Grade, Outcome, Picture, Verdict
from grader.showing import one_line
from grader.values import Answer

LIMIT_PICTURES = 20
KINDS: dict[str, Literal["code", "markdown", "raw"]] = {"code": "code", "markdown": "markdown"}

# How good a verdict is, to choose between two attempts at the same check.
RANK: dict[Outcome, int] = {
    "missing": 0,
    "timeout": 1,
    "error": 2,
    "needs review": 3,
    "failed": 3,
    "passed": 4,
}


def grade(
    submission: Submission,
    course: LoadedCourse,
    data: Path,
    limits: Limits,
    tell: Tell = quietly,
    room: Room | None = None,
) -> Grade:
    """Runs a submission and grades it by the exercises of the course.

    data: where the course's data was prepared. tell: called as cells are done, with what is done, how many of
    them and of how many. room: what the notebook runs in; by default the grader's Python, without walls.
    Raises UserError if no kernel starts.
    """
    room = room or Room()
    started, clock = datetime.datetime.now(datetime.UTC), time.monotonic()
    answering = {name: answering_cells(submission.notebook, name, e.names) for name, e in course.exercises.items()}
    attempts = {name: Attempt(course, name, submission, answering) for name in course.exercises}
    cells = submission.notebook.cells
    for attempt in attempts.values():
        attempt.prepare()  # now, while the zygote still imports what notebooks import
    with Session(submission.notebook, submission.file.resolve().parent, data, limits, room) as session:
        for index, cell in enumerate(cells):
            tell("cells", index, len(cells))
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            session.run_cell(index)
            for attempt in attempts.values():
                if index in attempt.cells:
                    attempt.probe(session)
        tell("cells", len(cells), len(cells))
        for attempt in attempts.values():
            if not attempt.cells:
                attempt.probe(session)
        notes = list(submission.notes)
        if session.restarts:
            often = "once" if session.restarts == 1 else f"{session.restarts} times"
            notes.append(f"The kernel ended {often} and was started again.")
    results = tuple(attempt.result(session.ends) for attempt in attempts.values())
    return Grade(
        submission=submission.file.name,
        sha256=submission.sha256,
        course=course.course.title,
        grader_version=__version__,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
        points=sum(result.points for result in results),
        possible=sum(result.possible for result in results),
        is_isolated=room.is_isolated,
        exercises=results,
        notebook=tuple(record(index, cell, session.ends.get(index)) for index, cell in enumerate(cells)),
        notes=tuple(notes),
        isolation_problem=room.problem,
        limits=limits,
    )


class Attempt:
    """One exercise in one submission: the cells that may answer it, and the best verdicts so far.

    The names of an exercise may be defined more than once (the chapter itself defines `train_epoch` twice). The
    exercise is probed after each cell that does, and each check's best verdict counts.
    """

    def __init__(
        self, course: LoadedCourse, name: str, submission: Submission, answering: dict[str, list[int]]
    ) -> None:
        """Begins with nothing probed. answering: the indices of the cells that may answer each exercise."""
        self.name = name
        self.exercise: Exercise = course.exercises[name]
        self.notebook = submission.notebook
        self.cells = answering[name]
        sources = [self.notebook.cells[index].source for index in self.cells]
        self.code = "\n\n".join(sources)
        self.unanswered = unanswered_names(sources)
        self.judge = Judge(course, name, submission.salt)
        if self.unanswered:
            self.judge.shrinking_s = 0
        taken: set[int] = set().union(*answering.values())
        codes = [i for i, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"]
        self.suspects = self.cells or [i for i in codes if i not in taken]
        self.best: list[Verdict] = []

    @property
    def is_untouched(self) -> bool:
        """Whether there is nothing to probe: all that the exercise asks for is still to be written."""
        return self.unanswered >= set(self.exercise.names)

    def prepare(self) -> None:
        """Does what can be done before the notebook runs."""
        if self.cells and not self.is_untouched:
            self.judge.prepare()

    def probe(self, session: Session) -> None:
        """Probes the exercise as the notebook stands now."""
        if self.best and all(verdict.outcome == "passed" for verdict in self.best):
            return
        if self.is_untouched:
            answers = [Answer((), "missing", ", ".join(self.unanswered))] * len(self.exercise.checks)
        else:
            answers = ask_once(session, self.judge.probes)
        verdicts = self.judge.verdicts(answers, session.ask)
        is_better = [not self.best or RANK[v.outcome] > RANK[b.outcome] for v, b in self.pairs(verdicts)]
        self.best = [v if better else b for (v, b), better in zip(self.pairs(verdicts), is_better, strict=True)]

    def pairs(self, verdicts: Sequence[Verdict]) -> list[tuple[Verdict, Verdict]]:
        """Each new verdict with the best so far."""
        return list(zip(verdicts, self.best or verdicts, strict=True))

    def result(self, ends: dict[int, CellEnd]) -> ExerciseResult:
        """The exercise's result, with a reason for what is missing."""
        verdicts = tuple(
            self.explained(check.of or self.exercise.names, verdict, ends)
            for check, verdict in zip(self.exercise.checks, self.best, strict=True)
        )
        return ExerciseResult(
            name=self.name,
            title=self.exercise.title,
            statement=self.exercise.statement.strip(),
            points=sum(verdict.points for verdict in verdicts),
            possible=self.exercise.points,
            verdicts=verdicts,
            cells=tuple(index + 1 for index in self.cells),
            source=self.code,
        )

    def explained(self, subjects: tuple[str, ...], verdict: Verdict, ends: dict[int, CellEnd]) -> Verdict:
        """A verdict with what only the notebook's text can tell: an unanswered cell, an error, a misspelt name."""
        if verdict.outcome == "passed":
            return verdict
        dots = next((name for name in subjects if name in self.unanswered), None)
        if dots:
            return missing(verdict, f"`{dots}` is not answered yet: the dots are still there.")
        if verdict.outcome != "missing":
            return verdict
        for index in self.suspects:
            source = without_comments(self.notebook.cells[index].source)
            for misconception in self.exercise.misconceptions:
                if misconception.pattern and re.search(misconception.pattern, source):
                    error = self.first_error([index], ends)
                    outcome: Outcome = "error" if error else "failed"
                    reason = error or self.absence(subjects)
                    return replaced(verdict, outcome, reason, misconception.name, misconception.hint)
        error = self.first_error(self.cells, ends)
        if error and not self.is_well_defined(subjects, ends):
            return replaced(verdict, "error", error)
        return missing(verdict, self.absence(subjects))

    def first_error(self, cells: Sequence[int], ends: dict[int, CellEnd]) -> str:
        """The error that one of the cells ended with, in a sentence; empty if none did."""
        for index in cells:
            end = ends.get(index)
            if end and end.error:
                message = one_line(end.error.message)[:300]
                return f"Cell {index + 1} ended with {end.error.type}{f': {message}' if message else '.'}"
        return ""

    def is_well_defined(self, subjects: tuple[str, ...], ends: dict[int, CellEnd]) -> bool:
        """Whether cells that ended well should have defined all of the names."""
        fine = [self.notebook.cells[i].source for i in self.cells if i in ends and ends[i].error is None]
        return set(subjects) <= {name for source in fine for name in names_in(source)}

    def absence(self, subjects: tuple[str, ...]) -> str:
        """A sentence for names that are nowhere defined, with the likely reason."""
        everything = {n for c in self.notebook.cells if c.cell_type == "code" for n in names_in(c.source)}
        name = next((name for name in subjects if name not in everything), subjects[0])
        close = difflib.get_close_matches(name, everything - set(self.exercise.names), n=1, cutoff=0.75)
        if close:
            return f"The notebook defines no `{name}`, but a `{close[0]}`. Is it the same with another spelling?"
        tags = {tagged_exercise(cell) for cell in self.notebook.cells} - {""}
        if tags and self.name not in tags:
            return f"Not attempted: the notebook has no cell for this and defines no `{name}`."
        return f"The notebook defines no `{name}`. Give the answer exactly this name."


def ask_once(session: Session, probes: Sequence[Probe]) -> list[Answer]:
    """Answers to all probes; equal ones are asked once."""
    distinct = list({id_of(probe): probe for probe in probes}.values())
    answers = dict(zip(map(id_of, distinct), session.ask(distinct), strict=True))
    return [answers[id_of(probe)] for probe in probes]


def id_of(probe: Probe) -> tuple[object, ...]:
    """What makes two probes the same question."""
    return probe.source, probe.names, repr(probe.cases), probe.seed


def missing(verdict: Verdict, reason: str) -> Verdict:
    """The verdict on an answer that is not there."""
    return replaced(verdict, "missing", reason)


def replaced(verdict: Verdict, outcome: Outcome, reason: str, misconception: str = "", hint: str = "") -> Verdict:
    """The same check with another outcome, without points and evidence."""
    return Verdict(
        verdict.description,
        outcome,
        0,
        verdict.possible,
        reason,
        misconception,
        hint or verdict.hint,
        verdict.cases,
    )


def unanswered_names(sources: Sequence[str]) -> set[str]:
    """The names that the cells define as the starter's `...`, and that none of them defines as anything else."""
    dots = [names_of_dots(source) for source in sources]
    answered = [names_in(source) - names for source, names in zip(sources, dots, strict=True)]
    return set().union(*dots) - set().union(*answered)


def names_of_dots(source: str) -> set[str]:
    """The functions, classes and variables whose definition in a cell is still the starter's `...`."""
    try:
        tree = ast.parse(python_of(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: dict[str, bool] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names[node.name] = is_unanswered(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    names[target.id] = is_dots(node.value)
    return {name for name, is_open in names.items() if is_open}


def is_unanswered(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether nothing but a docstring, dots and empty methods is in a body."""
    return all(
        (
            isinstance(part, ast.Expr)
            and isinstance(part.value, ast.Constant)
            and (is_dots(part.value) or part is node.body[0])
        )
        or (isinstance(part, ast.FunctionDef) and is_unanswered(part))
        for part in node.body
    )


def is_dots(node: ast.expr) -> bool:
    """Whether an expression is `...`."""
    return isinstance(node, ast.Constant) and node.value is ...


# The notebook as it ran


def record(index: int, cell: nbformat.NotebookNode, end: CellEnd | None) -> CellRecord:
    """A cell with what it gave, bounded."""
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
        source=cell.source,
        text="".join(texts),
        pictures=tuple(pictures),
        error=end.error if end else None,
        seconds=round(end.seconds, 3) if end else None,
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
