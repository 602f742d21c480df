"""What grading gives: frozen data with a JSON form, which the report, the terminal and other programs read.

`grader check --json FILE` writes a Grade; its JSON schema is in reports/grade.schema.json.
"""

from typing import Literal

import msgspec

from grader.limits import Limits
from grader.values import Value

FORMAT = 2
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

Outcome = Literal["passed", "failed", "error", "timeout", "missing", "needs review"]


class Argument(msgspec.Struct, frozen=True):
    """One input of a case: its name in the call, and its value."""

    name: str
    value: Value


class Evidence(msgspec.Struct, frozen=True):
    """The case that shows a verdict: what went in, what came back, and what was expected.

    call: the call as a reader would write it, such as "mnist_distance(a, b)".
    observed, expected: None where there is nothing to show, such as a property that has no one right value.
    printed: what the call printed.
    """

    call: str
    arguments: tuple[Argument, ...] = ()
    observed: Value | None = None
    expected: Value | None = None
    printed: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """A check's outcome, with its evidence.

    description: the check in one line, as its author wrote it.
    reason: in plain words, what differs or what happened; empty when it passed.
    misconception: the name of the known mistake whose behaviour this is; empty if none.
    hint: what to think about next; empty if there is none. remark: what there is to say of one that passed.
    cases: how many inputs were tried; passed_cases: how many of them came out right.
    """

    description: str
    outcome: Outcome
    points: float
    possible: float
    reason: str = ""
    misconception: str = ""
    hint: str = ""
    cases: int = 0
    passed_cases: int = 0
    evidence: Evidence | None = None
    remark: str = ""


class ExerciseResult(msgspec.Struct, frozen=True):
    """The verdicts of one exercise.

    name: the exercise's file name, as `--exercise` takes it. statement: the task, in Markdown.
    cells: positions of the notebook's cells that were graded, from 1, as a reader counts them.
    source: the student's code in those cells. stand_ins: for names of the exercise, those of the notebook that were
    graded instead. seconds: how long the cells ran that it alone needs, and budget_s: how long they might; both 0
    without such a limit.
    """

    name: str
    title: str
    statement: str
    points: float
    possible: float
    verdicts: tuple[Verdict, ...]
    cells: tuple[int, ...] = ()
    source: str = ""
    stand_ins: dict[str, str] = {}
    seconds: float = 0
    budget_s: float = 0

    @property
    def is_attempted(self) -> bool:
        """Whether anything of it was found."""
        return any(verdict.outcome != "missing" for verdict in self.verdicts)


class CellError(msgspec.Struct, frozen=True):
    """Why a cell did not end well: an exception, or the grader's stop of it."""

    type: str
    message: str
    line: str = ""
    number: int = 0
    explanation: str = ""


class Picture(msgspec.Struct, frozen=True):
    """A PNG image that a cell displayed."""

    png: bytes


class CellRecord(msgspec.Struct, frozen=True):
    """One cell of the notebook as it ran.

    position: from 1. text: what the cell printed or displayed as plain text, cut off at a limit.
    seconds: how long it ran; None for a cell that was not run. left_out: why it was not, if nothing depends on it.
    """

    position: int
    kind: Literal["code", "markdown", "raw"]
    source: str
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    error: CellError | None = None
    seconds: float | None = None
    left_out: str = ""


class FirstError(msgspec.Struct, frozen=True):
    """The first error in a notebook that cost something.

    cell: its position. message: the error in one line. exercises: the titles of those that depend on the cell and did
    not pass.
    """

    cell: int
    message: str
    exercises: tuple[str, ...]


class DeviceUse(msgspec.Struct, frozen=True):
    """What a notebook that might use a GPU has used of it, as its kernel told: nothing, if name is empty.

    peak_bytes: the most of its memory that tensors took at once. total_bytes: all of its memory.
    """

    name: str = ""
    peak_bytes: int = 0
    total_bytes: int = 0


class LaterCheck(msgspec.Struct, frozen=True):
    """A check that only runs at grading, since a released course has no record of what is right.

    exercise: the title. why: after "since"; for who made the course.
    """

    exercise: str
    description: str
    points: float
    why: str = ""


class Grade(msgspec.Struct, frozen=True):
    """The verdicts and points of one submission.

    submission: the notebook's file name. sha256: of the file as it was read, in hex.
    started: UTC, ISO 8601. seconds: wall time of running and grading.
    is_isolated: whether the notebook ran without network and without access to the user's files.
    isolation_problem: why it did not, if so. limits: what it might take.
    notes: what a reader should know about the run, one sentence each. first_error: the one that mattered, if any did.
    gpu: None if the notebook was to have none. seed: what the cases of its checks were drawn from.
    only_at_grading: checks that did not run here, whose points are not in `possible`; none but of a released course.
    """

    submission: str
    sha256: str
    course: str
    grader_version: str
    started: str
    seconds: float
    points: float
    possible: float
    is_isolated: bool
    exercises: tuple[ExerciseResult, ...]
    notebook: tuple[CellRecord, ...]
    notes: tuple[str, ...] = ()
    isolation_problem: str = ""
    limits: Limits = Limits()
    first_error: FirstError | None = None
    gpu: DeviceUse | None = None
    seed: str = ""
    only_at_grading: tuple[LaterCheck, ...] = ()
    format: int = FORMAT

    @property
    def is_passed(self) -> bool:
        """Whether every check of every graded exercise passed."""
        return all(verdict.outcome == "passed" for exercise in self.exercises for verdict in exercise.verdicts)

    @property
    def attempted(self) -> float:
        """The points of the checks for which something was found to look at."""
        return sum(v.possible for exercise in self.exercises for v in exercise.verdicts if v.outcome != "missing")


def grade_json(grade: Grade) -> bytes:
    """A grade as JSON, indented for readers."""
    return msgspec.json.format(msgspec.json.encode(grade), indent=2) + b"\n"


def grade_schema() -> bytes:
    """The JSON schema of `grade_json`'s result."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Grade)), indent=2) + b"\n"
