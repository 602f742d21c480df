"""What a class knows of one student's work: the data that the gradebook keeps and that overviews and exports read.

Frozen and small: an outline leaves out the evidence, the code and the notebook, which stand in the whole grade.
"""

import msgspec

from grader.results import Grade, Outcome


class CheckOutline(msgspec.Struct, frozen=True, array_like=True):
    """A verdict without its evidence. misconception: the known mistake's name; empty if none."""

    description: str
    outcome: Outcome
    points: float
    possible: float
    misconception: str = ""


class ExerciseOutline(msgspec.Struct, frozen=True, array_like=True):
    """An exercise of one submission, without its code. name: as `--exercise` takes it."""

    name: str
    title: str
    points: float
    possible: float
    checks: tuple[CheckOutline, ...]


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """A grade in brief. first_error: the first one that mattered, in one line; empty if none did."""

    exercises: tuple[ExerciseOutline, ...]
    seconds: float
    is_isolated: bool
    first_error: str = ""
    notes: tuple[str, ...] = ()


class Override(msgspec.Struct, frozen=True):
    """Points that a person has given, which stand above every automatic grade. made: UTC, ISO 8601."""

    points: float
    comment: str
    author: str
    made: str


class Standing(msgspec.Struct, frozen=True):
    """How one student stands in one assignment.

    student: the id by which the gradebook knows them. name, email: from the roster or the file's name, or empty.
    points: what counts: after the override, or the late penalty; None if nothing was graded. automatic: what the
    grader gave. possible: 0 if nothing was graded. handed_in: UTC, ISO 8601; empty if unknown. late_s: how long after
    the due date; 0 if in time. penalty: points taken off for it. problem: why it could not be graded; "missing" is said
    of a student of the roster of whom nothing was found. sha256: of the graded file; started: when it was graded.
    """

    student: str
    assignment: str
    name: str = ""
    email: str = ""
    points: float | None = None
    automatic: float | None = None
    possible: float = 0
    handed_in: str = ""
    late_s: float = 0
    penalty: float = 0
    override: Override | None = None
    problem: str = ""
    submission: str = ""
    sha256: str = ""
    started: str = ""
    outline: Outline | None = None


def outline_of(grade: Grade) -> Outline:
    """A grade in brief."""
    return Outline(
        exercises=tuple(
            ExerciseOutline(
                result.name,
                result.title,
                result.points,
                result.possible,
                tuple(
                    CheckOutline(v.description, v.outcome, v.points, v.possible, v.misconception)
                    for v in result.verdicts
                ),
            )
            for result in grade.exercises
        ),
        seconds=grade.seconds,
        is_isolated=grade.is_isolated,
        first_error=f"cell {grade.first_error.cell}: {grade.first_error.message}" if grade.first_error else "",
        notes=grade.notes,
    )
