"""Whether a notebook gets in a class, beside hostile ones, the grade that it gets alone."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from grader.course import LoadedCourse
from grader.grading import grade, judges_of
from grader.kernel import Room
from grader.limits import Limits
from grader.notebook import read_notebook
from grader.results import Grade


class Decided(msgspec.Struct, frozen=True):
    """What of a grade depends on the notebook alone, in a form that shows the first difference.

    Neither its times, nor the counterexamples (and the words about them), which are as small as there is time for.
    """

    points: float
    verdicts: tuple[tuple[str, str, str, float, str, str, int, int], ...]
    cells: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]
    is_isolated: bool


def decided(graded: Grade) -> Decided:
    """What has been decided in a grade: every verdict with its diagnosis, and how every cell ended."""
    return Decided(
        points=graded.points,
        verdicts=tuple(
            (
                exercise.name,
                verdict.description,
                verdict.outcome,
                verdict.points,
                verdict.misconception,
                verdict.hint,
                verdict.cases,
                verdict.passed_cases,
            )
            for exercise in graded.exercises
            for verdict in exercise.verdicts
        ),
        cells=tuple((cell.position, cell.error.type if cell.error else "") for cell in graded.notebook),
        notes=graded.notes,
        is_isolated=graded.is_isolated,
    )


def decided_alone(
    files: Iterable[Path], course: LoadedCourse, data: Path, limits: Limits, room: Room, seed: str
) -> dict[str, Decided]:
    """What each of these notebooks gets by itself, with all cells run, by the hash of its file; equal files once.

    seed: what the class's cases were drawn from.
    """
    found: dict[str, Decided] = {}
    judges = judges_of(course, seed)
    for file in files:
        submission = read_notebook(file)
        if submission.sha256 not in found:
            found[submission.sha256] = decided(grade(submission, course, data, limits, room=room, judges=judges))
    return found


def differences(
    graded: Iterable[tuple[str, Grade]], alone: Mapping[str, Decided]
) -> dict[str, tuple[Decided, Decided]]:
    """The students whose grade is another one than their notebook gets alone: that, and what it gets alone."""
    pairs = {student: (decided(found), alone[found.sha256]) for student, found in graded}
    return {student: (there, here) for student, (there, here) in pairs.items() if there != here}
