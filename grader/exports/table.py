"""A class as one table, for spreadsheets: a row for each student, a column for each exercise."""

from collections.abc import Iterator, Sequence

from grader.exports.cells import Cell, csv_bytes, rounded
from grader.exports.texts import Export
from grader.standing import Standing

HEADINGS = (
    *("student", "name", "email", "assignment", "points", "possible", "percent", "automatic"),
    *("late (hours)", "penalty", "override", "override by", "override comment", "problem"),
)


def class_table(standings: Sequence[Standing]) -> Export:
    """The class as CSV that spreadsheets open as it is meant; an exercise's column is headed "exercise NAME"."""
    names = list(
        dict.fromkeys(
            exercise.name for standing in standings if standing.outline for exercise in standing.outline.exercises
        )
    )
    rows: list[Sequence[Cell]] = [[*HEADINGS, *(f"exercise {name}" for name in names)]]
    rows += [[*cells_of(standing), *exercise_cells(standing, names)] for standing in standings]
    return Export(csv_bytes(rows, for_spreadsheet=True))


def cells_of(standing: Standing) -> Iterator[Cell]:
    """What is said of a student, but for the exercises."""
    yield from (standing.student, standing.name, standing.email, standing.assignment)
    yield rounded(standing.points)
    yield rounded(standing.possible) if standing.possible else None
    yield (
        rounded(100 * standing.points / standing.possible)
        if standing.points is not None and standing.possible
        else None
    )
    yield rounded(standing.automatic)
    yield rounded(standing.late_s / 3600)
    yield rounded(standing.penalty)
    override = standing.override
    yield rounded(override.points) if override else None
    yield override.author if override else None
    yield override.comment if override else None
    yield standing.problem


def exercise_cells(standing: Standing, names: Sequence[str]) -> list[Cell]:
    """The points of these exercises; empty where one was not graded."""
    points = {exercise.name: exercise.points for exercise in standing.outline.exercises} if standing.outline else {}
    return [rounded(points.get(name)) for name in names]
